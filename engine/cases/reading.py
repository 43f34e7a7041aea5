"""Reading cases."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.actors import Actor
from engine.cases.rights import check_visible
from engine.errors import NotFoundError
from engine.records import cases as records

if TYPE_CHECKING:
    from engine.runtime import Transaction

Row = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """A page of a list; `next` is the cursor of the following one, or None."""

    items: list[Row]
    next: str | None


def get_case(tx: "Transaction", case_id: str, actor: Actor, missing: str = "Такого дела нет.") -> Row:
    """A case by id or number, if the actor may see it. Raises NotFoundError: `missing` says what is not there."""
    case = records.get_case(tx.connection, case_id)
    if case is None:
        raise NotFoundError(missing)
    check_visible(case, actor, missing)
    return case


def get_cases(tx: "Transaction", identities: Iterable[str], actor: Actor) -> dict[str, Row]:
    """The cases of these ids, by id. Raises NotFoundError where the actor may not see one of them."""
    found = {row["id"]: row for row in records.cases_by_id(tx.connection, identities)}
    for case in found.values():
        check_visible(case, actor)
    return found


def list_cases(
    tx: "Transaction",
    actor: Actor,
    *,
    q: str | None = None,
    state: str | None = None,
    process: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Page:
    """The cases an actor may see, newest first."""
    owner = None
    if not actor.sees_all:
        if actor.owner is None:
            return Page([], None)
        owner = actor.owner
    rows = records.cases_of(
        tx.connection, owner=owner, text=q, state=state, process=process, after=cursor, limit=limit + 1
    )
    return Page(rows[:limit], rows[limit - 1]["id"] if len(rows) > limit else None)


def stage_of(tx: "Transaction", case: Row) -> str:
    """The stage of a case in applicants' words, as its procedure tells it."""
    teller = tx.runtime.registry.stages.get(case["process"])
    return teller(tuple(case["at"]), case["end"], case["data"]) if teller else ""
