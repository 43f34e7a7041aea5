"""A task: what is asked, the form, and every act on it."""

from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, request

from engine import cases, inbox
from engine.clock import moscow, wall
from engine.errors import InvalidError
from engine.runtime import Transaction
from handlers.answers import write_json
from handlers.auth import SIGNED_IN
from handlers.forms_view import look_of, read_answers
from handlers.pages.desk import Answer, Desk, Pages
from handlers.pages.kept import DRAFT_HEADER
from handlers.pages.task_sheet import form_of
from handlers.pages.task_way import task_page, way_back

pages = Pages()

_UNPROCESSABLE = 422


@pages.get("/tasks/<task_id>", SIGNED_IN)
def show_task(desk: Desk, task_id: str) -> Answer:
    """Show a task with its form, filled with the draft."""
    return _page(desk, task_id)


@pages.post("/tasks/<task_id>", SIGNED_IN)
def complete_task(desk: Desk, task_id: str) -> Answer:
    """Complete a task; what is wrong is shown at its field, and nothing typed is lost."""
    data, way = read_answers(form_of(desk, task_id), desk.posted), way_back(desk)

    def act(tx: Transaction) -> dict[str, Any]:
        done = cases.complete(tx, task_id, data, actor=desk.actor)
        return {"case": done.case["id"]}

    try:
        done = desk.act(act, name="complete")
    except InvalidError as error:
        return _page(desk, task_id, data, error, _UNPROCESSABLE)
    return way.on(task_id, "completed", f"/cases/{done['case']}")


@pages.post("/tasks/<task_id>/draft", SIGNED_IN)
def save_draft(desk: Desk, task_id: str) -> Answer:
    """Keep what has been filled in so far."""
    data = read_answers(form_of(desk, task_id), desk.posted)
    desk.act(lambda tx: inbox.save_draft(tx, task_id, data, actor=desk.actor), name="draft", again=True)
    if request.headers.get(DRAFT_HEADER):
        return Response(write_json({"saved_at": f"{moscow(wall()):%H:%M}"}), content_type="application/json")
    return way_back(desk).stay(task_id, "draft", **look_of(request.form).query())


@pages.post("/tasks/<task_id>/claim", SIGNED_IN)
def claim_task(desk: Desk, task_id: str) -> Answer:
    """Take a task."""
    desk.act(lambda tx: {"task": inbox.claim(tx, task_id, actor=desk.actor)["id"]}, name="claim")
    return way_back(desk).stay(task_id, "claimed")


@pages.post("/tasks/<task_id>/unclaim", SIGNED_IN)
def unclaim_task(desk: Desk, task_id: str) -> Answer:
    """Give a task back to its group."""
    way = way_back(desk)
    desk.act(lambda tx: {"task": inbox.unclaim(tx, task_id, actor=desk.actor)["id"]}, name="unclaim")
    return way.on(task_id, "unclaimed", "/?tab=available")


@pages.post("/tasks/<task_id>/delegate", SIGNED_IN)
def delegate_task(desk: Desk, task_id: str) -> Answer:
    """Hand a task to another of its group."""
    login, way = request.form.get("to", "").strip(), way_back(desk)

    def act(tx: Transaction) -> dict[str, Any]:
        person = desk.context.find_actor(tx, login)
        if person is None:
            raise InvalidError(errors={"to": ["Выберите, кому передать задачу."]}, rule=False)
        return {"task": inbox.delegate(tx, task_id, person, actor=desk.actor)["id"]}

    try:
        desk.act(act, name="delegate")
    except InvalidError as error:
        return _page(desk, task_id, None, error, _UNPROCESSABLE)
    return way.on(task_id, "delegated", "/")


@pages.post("/tasks/<task_id>/decline", SIGNED_IN)
def decline_task(desk: Desk, task_id: str) -> Answer:
    """Decline an expert's task, with the reason."""
    reason, way = request.form.get("reason", "").strip(), way_back(desk)

    def act(tx: Transaction) -> dict[str, Any]:
        return {"case": cases.decline(tx, task_id, reason, actor=desk.actor).case["id"]}

    try:
        done = desk.act(act, name="decline")
    except InvalidError as error:
        return _page(desk, task_id, None, error, _UNPROCESSABLE)
    return way.on(task_id, "declined", f"/cases/{done['case']}")


def _page(
    desk: Desk,
    task_id: str,
    data: Mapping[str, Any] | None = None,
    error: InvalidError | None = None,
    status: int = 200,
) -> Answer:
    return make_response(task_page(desk, task_id, data, error), status)
