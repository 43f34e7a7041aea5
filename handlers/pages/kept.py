"""What was typed into a form when the session had ended: kept in the browser, and put into the form again.

The server keeps nothing of somebody who is not signed in. A form of a task, or of a step of an application, that comes
without a session is answered by the sign-in page, which carries what was typed in a field of its own; after the sign-in
it becomes the draft, under all rules of drafts, and the person stands in the form again. It works without JavaScript.
The form names who typed it: somebody else who signs in on that page does not see it. A form of an older session of the
same person (signed in again elsewhere) is shown again, filled, with a fresh key.
"""

from dataclasses import dataclass
from typing import Any, Final

import orjson
from flask import make_response, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from engine import inbox
from engine.actors import Actor
from engine.errors import EngineError, InvalidError
from engine.runtime import Transaction
from handlers import acts
from handlers.answers import write_json
from handlers.auth import visitor
from handlers.context import Context
from handlers.errors import ForeignRequestError, Problem
from handlers.forms_view import read_answers
from handlers.pages.application_steps import AUTOSAVE, save_typed, show_typed
from handlers.pages.desk import OWN_FIELDS, Desk, bare_frame
from handlers.pages.task_sheet import form_seen, sheet_of

#: Views whose forms are kept.
KEEPING: Final = frozenset({"complete_task", "save_draft", "save_step"})
#: Sent by drafts.js, which wants a short answer and shows it itself.
DRAFT_HEADER: Final = "X-KES-Draft"
_LONGEST: Final = 400_000
_UNAUTHORIZED: Final = 401
_FORBIDDEN: Final = 403


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it was typed: of which task or step (as in its address), who typed it, the fields in order."""

    at: dict[str, str]
    by: str
    fields: "MultiDict[str, str]"

    def address(self, **told: str) -> str:
        """Return the address of the page with the form."""
        values: dict[str, Any] = {**self.at, **told}
        return url_for("show_task" if "task_id" in self.at else "show_step", **values)

    def written(self) -> str:
        """Return it as the sign-in page carries it."""
        pairs = [[name, value] for name, value in self.fields.items(multi=True)]
        return orjson.dumps({"at": self.at, "by": self.by, "fields": pairs}).decode()


def read_kept(text: str) -> Kept | None:
    """Return what a sign-in page carried; None for nothing, or for what no such page wrote."""
    if not text or len(text) > _LONGEST:
        return None
    try:
        found = orjson.loads(text)
        pairs = [(str(name), str(value)) for name, value in found["fields"]]
        at = {str(name): str(value) for name, value in found["at"].items()}
        by = str(found["by"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return Kept(at, by, MultiDict(pairs)) if at.keys() in ({"task_id"}, {"application_id", "slug"}) else None


def answer_unsigned(context: Context, problem: Problem) -> Response | None:
    """Return the answer to such a form that came without a session or with an older one's key; None for all else."""
    if request.method != "POST" or request.endpoint not in KEEPING or request.form.get("do") == AUTOSAVE:
        return None
    at = {name: str(value) for name, value in (request.view_args or {}).items()}
    if request.headers.get(DRAFT_HEADER):
        return Response(write_json({"title": problem.title}), problem.status, content_type="application/json")
    if problem.status == _UNAUTHORIZED:
        fields = MultiDict((k, v) for k, v in request.form.items(multi=True) if k not in OWN_FIELDS)
        kept = Kept(at, request.form.get("typed_by", ""), fields)
        values = {"following": kept.address(), "login": kept.by, "problem": None, "kept": kept.written()}
        return make_response(render_template("login.html", **bare_frame(), **values), _UNAUTHORIZED)
    if problem.status == _FORBIDDEN and problem.type == ForeignRequestError.slug and visitor() is not None:
        return _shown_again(Desk(context), at)
    return None


def _shown_again(desk: Desk, at: dict[str, str]) -> Response | None:
    stale = InvalidError("Страница устарела: вы входили заново. Проверьте заполненное и отправьте ещё раз.", rule=False)
    try:
        if "slug" in at:
            return make_response(show_typed(desk, **at, error=stale), _FORBIDDEN)
        task = at["task_id"]
        data = read_answers(form_seen(desk.context, task, desk.actor), desk.posted)
        return make_response(desk.show("task.html", **sheet_of(desk, task, data, stale)), _FORBIDDEN)
    except EngineError:
        return None


def keep(context: Context, login: str, kept: Kept) -> str:
    """Make what was typed the draft of who has signed in; returns what the page says of it (`done:` words)."""
    if kept.by != login:
        return "kept-other"

    actor = acts.read(context, lambda tx: context.find_actor(tx, login))
    if actor is None:
        return "kept-other"
    try:
        if "slug" in kept.at:
            _keep_step(context, kept, actor)
            return "kept-step"
        _keep_task(context, kept, actor)
    except EngineError:
        return "kept-lost"
    return "kept"


def _keep_task(context: Context, kept: Kept, actor: Actor) -> None:
    task = kept.at["task_id"]
    data = read_answers(form_seen(context, task, actor), kept.fields)

    def act(tx: Transaction) -> None:
        inbox.save_draft(tx, task, data, actor=actor)

    acts.perform(context, act, actor=actor, name="draft")


def _keep_step(context: Context, kept: Kept, actor: Actor) -> None:
    def act(tx: Transaction) -> None:
        save_typed(tx, **kept.at, posted=kept.fields, actor=actor)

    acts.perform(context, act, actor=actor, name="application")
