"""What a page's view is given, and how pages are told to the application.

A view reads, calls a use case and shows a template; who asks, the transaction, the repeated-request key and the frame
around every page are the desk's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Final, TypeAlias, TypeVar

import orjson
from flask import Flask, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from engine import cases, inbox
from engine.actors import Actor
from engine.clock import ClockMode, moscow
from engine.errors import InvalidError, NotFoundError
from engine.ids import new_id
from engine.inbox.listing import visible_task
from engine.runtime import Transaction
from handlers import acts
from handlers.auth import Permission, allow, caller, csrf_token, visitor
from handlers.context import Context
from handlers.idempotency import Replay
from handlers.pages.dates import ask_plainly

T = TypeVar("T")
Answer: TypeAlias = str | Response | tuple[str, int]
View: TypeAlias = Callable[..., Answer]

#: Fields of a posted form that are the page's own, not the person's.
OWN_FIELDS: Final = frozenset({"csrf_token", "idempotency_key", "typed_by"})


@dataclass(frozen=True, slots=True)
class Desk:
    """One request for a page."""

    context: Context

    @property
    def actor(self) -> Actor:
        """Who is signed in. Raises UnauthorizedError."""
        return caller().actor

    @property
    def posted(self) -> "MultiDict[str, str]":
        """The posted form, without the page's own fields."""
        return MultiDict((k, v) for k, v in request.form.items(multi=True) if k not in OWN_FIELDS)

    def read(self, question: Callable[[Transaction], T]) -> T:
        """Ask something in one read-only transaction."""
        return acts.read(self.context, question)

    def act(
        self, change: Callable[[Transaction], Any], *, name: str, case: str | None = None, again: bool = False
    ) -> dict[str, Any]:
        """Do an act once: the same form sent again gives the same answer and changes nothing.

        `change` returns a JSON object; raises what it raises, InvalidError with dates as the page's fields take them.
        `again`: what may be done as often as one likes.
        """
        sent = None if again else request.form.get("idempotency_key")
        body = dict(self.posted.lists()) if sent else None
        key = acts.key_of_request(self.actor, sent, body) if sent else None
        try:
            done = acts.perform(self.context, change, actor=self.actor, name=name, case=case, key=key)
        except InvalidError as error:
            error.errors = ask_plainly(error.errors)
            raise
        found = orjson.loads(done.body) if isinstance(done, Replay) else done
        return dict(found) if isinstance(found, Mapping) else {}

    def show(self, template: str, **values: Any) -> str:
        """Render a page in its frame."""
        return render_template(template, **frame_of(self.context), **values)

    def go(self, endpoint: str, **values: Any) -> Response:
        """Send the browser to another page after an act."""
        return redirect(url_for(endpoint, **values), code=303)


def frame_of(context: Context) -> dict[str, Any]:
    """What stands around every page: who asks, what waits for them, what time it is."""
    found = visitor()
    told = bare_frame()
    with context.runtime.reading() as tx:
        told["now"] = moscow(tx.now)
        if found:
            told["counts"] = inbox.counts(tx, found.actor)
            told["about"] = _spoken_of(tx, found.actor)
    told["is_virtual"] = context.runtime.mode is ClockMode.VIRTUAL
    told["demo"] = context.settings.demo
    told["done"] = request.args.get("done", "")
    return told


def bare_frame() -> dict[str, Any]:
    """What stands around a page when nothing may be asked of the database: a failure is being told."""
    found = visitor()
    return {
        "actor": found.actor if found else None,
        "counts": {},
        "demo": False,
        "is_virtual": False,
        "now": None,
        "csrf_token": csrf_token(),
        "new_key": new_id,
        "done": "",
        "about": None,
    }


def _spoken_of(tx: Transaction, actor: Actor) -> dict[str, Any] | None:
    """What the notice speaks of: a task's name and its case; None where the address names none that may be seen."""
    asked = request.args.get("about", "")
    if not asked or "done" not in request.args:
        return None
    try:
        task = visible_task(tx, asked, actor)
        case = cases.get_case(tx, task["case"], actor)
    except NotFoundError:
        return None
    return {"name": task["name"], "case": case["id"], "number": case["number"], "stage": cases.stage_of(tx, case)}


@dataclass(slots=True)
class Pages:
    """The pages of one matter: view functions by address, told to the application at its start."""

    found: list[tuple[str, str, Permission, View]] = field(default_factory=list)

    def get(self, rule: str, permission: Permission) -> Callable[[View], View]:
        """Show a page."""
        return self._add("GET", rule, permission)

    def post(self, rule: str, permission: Permission) -> Callable[[View], View]:
        """Take a form."""
        return self._add("POST", rule, permission)

    def _add(self, method: str, rule: str, permission: Permission) -> Callable[[View], View]:
        def add(view: View) -> View:
            self.found.append((method, rule, permission, view))
            return view

        return add

    def register(self, app: Flask, context: Context) -> None:
        """Open the doors."""
        for method, rule, permission, view in self.found:
            app.add_url_rule(rule, view.__name__, _bound(view, permission, context), methods=[method])


def _bound(view: View, permission: Permission, context: Context) -> View:
    @allow(permission)
    @wraps(view)
    def answer(**values: Any) -> Answer:
        if request.method == "POST":
            _refuse_strange()
        return view(Desk(context), **values)

    return answer


def _refuse_strange() -> None:
    """Raise InvalidError for a sign that no database keeps in a text, and nobody types."""
    names = [(name, file.filename or "") for name, file in request.files.items(multi=True)]
    if any("\0" in name or "\0" in text for name, text in [*request.form.items(multi=True), *names]):
        raise InvalidError("В тексте недопустимый знак NUL. Уберите его.", rule=False)
