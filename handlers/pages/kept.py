"""What was typed into a task's form when the session had ended: kept in the browser, and put into the form again.

The server keeps nothing of somebody who is not signed in. A form of a task that comes without a session is answered by
the sign-in page, which carries what was typed in a field of its own; after the sign-in it becomes the draft of the
task, under all rules of drafts, and the person stands in the form again. It works without JavaScript. The form names
who typed it: somebody else who signs in on that page does not see it. A form of an older session of the same person
(signed in again elsewhere) is shown again, filled, with a fresh key.
"""

from dataclasses import dataclass
from typing import Final

import orjson
from flask import make_response, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from engine import inbox
from engine.errors import EngineError, InvalidError
from engine.runtime import Transaction
from handlers import acts
from handlers.answers import write_json
from handlers.auth import visitor
from handlers.context import Context
from handlers.errors import ForeignRequestError, Problem
from handlers.forms_view import read_answers
from handlers.pages.desk import OWN_FIELDS, Desk, bare_frame
from handlers.pages.task_sheet import form_seen, sheet_of

#: Views whose forms are kept.
KEEPING: Final = frozenset({"complete_task", "save_draft"})
#: Sent by drafts.js, which wants a short answer and shows it itself.
DRAFT_HEADER: Final = "X-KES-Draft"
_LONGEST: Final = 400_000
_UNAUTHORIZED: Final = 401
_FORBIDDEN: Final = 403


@dataclass(frozen=True, slots=True)
class Kept:
    """A task's form as it was typed: the task, who typed it, the fields in order."""

    task: str
    by: str
    fields: "MultiDict[str, str]"

    def written(self) -> str:
        """Return it as the sign-in page carries it."""
        pairs = [[name, value] for name, value in self.fields.items(multi=True)]
        return orjson.dumps({"task": self.task, "by": self.by, "fields": pairs}).decode()


def read_kept(text: str) -> Kept | None:
    """Return what a sign-in page carried; None for nothing, or for what no such page wrote."""
    if not text or len(text) > _LONGEST:
        return None
    try:
        found = orjson.loads(text)
        pairs = [(str(name), str(value)) for name, value in found["fields"]]
        return Kept(str(found["task"]), str(found["by"]), MultiDict(pairs))
    except (ValueError, KeyError, TypeError):
        return None


def answer_unsigned(context: Context, problem: Problem) -> Response | None:
    """Return the answer to a task's form that came without a session or with an older one's key; None for all else."""
    if request.method != "POST" or request.endpoint not in KEEPING:
        return None
    task = str((request.view_args or {})["task_id"])
    if request.headers.get(DRAFT_HEADER):
        return Response(write_json({"title": problem.title}), problem.status, content_type="application/json")
    if problem.status == _UNAUTHORIZED:
        fields = MultiDict((k, v) for k, v in request.form.items(multi=True) if k not in OWN_FIELDS)
        kept = Kept(task, request.form.get("typed_by", ""), fields)
        values = {"following": f"/tasks/{task}", "login": kept.by, "problem": None, "kept": kept.written()}
        return make_response(render_template("login.html", **bare_frame(), **values), _UNAUTHORIZED)
    if problem.status == _FORBIDDEN and problem.type == ForeignRequestError.slug and visitor() is not None:
        return _shown_again(Desk(context), task)
    return None


def _shown_again(desk: Desk, task: str) -> Response | None:
    stale = InvalidError("Страница устарела: вы входили заново. Проверьте заполненное и отправьте ещё раз.", rule=False)
    try:
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
        data = read_answers(form_seen(context, kept.task, actor), kept.fields)

        def act(tx: Transaction) -> None:
            inbox.save_draft(tx, kept.task, data, actor=actor)

        acts.perform(context, act, actor=actor, name="draft")
    except EngineError:
        return "kept-lost"
    return "kept"
