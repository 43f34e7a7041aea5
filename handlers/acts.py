"""One act through a door: one transaction, once under its key, refused or failed acts told to the case.

What is refused outside of cases stands in the journal of administrative changes instead, so that every refused attempt
leaves a trace.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, TypeVar

from flask import request

from engine import cases, doors
from engine.actors import Actor
from engine.errors import InvalidError, NotFoundError, RefusedError
from engine.runtime import Transaction
from handlers.answers import write_json
from handlers.context import Context
from handlers.idempotency import Key, alone, once, read_key
from processes.council.administration import Matter, note_refusal

T = TypeVar("T")
_LONGEST_NAME: Final = 40
Act = Callable[[Transaction], Any]


@dataclass(frozen=True, slots=True)
class Outside:
    """An act outside of cases, with what it is about: so its refusal is told in the journal."""

    change: Act
    matter: Matter
    subject: str

    def __call__(self, tx: Transaction) -> Any:
        """Carry the act out."""
        return self.change(tx)


def read(context: Context, question: Callable[[Transaction], T]) -> T:
    """Ask something in one read-only transaction."""
    with context.runtime.reading() as tx:
        return question(tx)


def ask(context: Context, question: Callable[[Transaction], T], *, actor: Actor, name: str) -> T:
    """Ask something that a rule may refuse to show; such a refusal is told like that of an act."""
    try:
        return read(context, question)
    except RefusedError as error:
        refusal = error
        note_outside(context, actor, error, name=name)

    def refuse(_tx: Transaction) -> T:
        raise refusal

    return doors.perform(context.runtime, refuse, actor=actor, name=name)


def key_of_request(actor: Actor, key: str, body: Any) -> Key:
    """Return the idempotency key of the request being served; `body` is what it asked, as JSON values."""
    return read_key(actor.login, key, method=request.method, path=request.path, body=body)


def perform(
    context: Context,
    act: Act,
    *,
    actor: Actor,
    name: str = "act",
    case: str | None = None,
    key: Key | None = None,
    status: int = HTTPStatus.OK,
) -> Any:
    """Do an act in one transaction and return its result, or the Replay of the same key's first answer.

    `name` is what a refusal is called in the history; `case` (id or number) is the case that it is told to where the
    act does not say; without a case it is told in the journal, as that of an `Outside` where the act is one. Raises
    what the act raises, with the names of the people it mentions.
    """

    def blamed(tx: Transaction) -> Any:
        try:
            return act(tx)
        except RefusedError as error:
            error.case = error.case or _case_of(tx, case, actor)
            raise

    def keyed(tx: Transaction) -> Any:
        return once(tx, key, blamed, lambda result: (status, write_json(result))) if key else blamed(tx)

    try:
        if key is None:
            return doors.perform(context.runtime, blamed, actor=actor, name=name)
        with alone(key):
            return doors.perform(context.runtime, keyed, actor=actor, name=name)
    except RefusedError as error:
        note_outside(context, actor, error, name=name, about=act if isinstance(act, Outside) else None)
        _name_people(context, error)
        raise


def note_outside(
    context: Context, actor: Actor, error: RefusedError, *, name: str, about: Outside | None = None
) -> None:
    """Write a refusal that belongs to no case into the journal; a missing or mistyped field is no refusal by a rule."""
    if error.case is not None or (isinstance(error, InvalidError) and not error.rule):
        return
    matter = about.matter if about else Matter.ACT
    subject = about.subject if about else f"{request.method} {request.path}"
    doors.perform(
        context.runtime,
        lambda tx: note_refusal(tx, actor, matter, name[:_LONGEST_NAME], subject, error=error),
        actor=actor,
        name="refusal",
    )


def _case_of(tx: Transaction, case: str | None, actor: Actor) -> str | None:
    if case is None:
        return None
    try:
        return str(cases.get_case(tx, case, actor)["id"])
    except NotFoundError:
        return None


def _name_people(context: Context, error: RefusedError) -> None:
    # The engine knows logins only; who they are is the council's knowledge (contract, section 8, Tasks).
    by = error.data.get("by")
    if not isinstance(by, dict) or "name" in by or not isinstance(by.get("login"), str):
        return
    login = by["login"]
    found = read(context, lambda tx: context.find_actor(tx, login))
    error.data["by"] = {"login": login, "name": found.name if found else login}
