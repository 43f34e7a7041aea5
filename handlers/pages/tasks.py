"""A task: what is asked, the form, and every act on it."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import make_response, request

from engine import cases, inbox
from engine.errors import InvalidError
from engine.forms import Form, read_form
from engine.runtime import Transaction
from handlers.auth import SIGNED_IN
from handlers.forms_view import lay_out, read_answers, summary_of
from handlers.pages.desk import Answer, Desk, Pages
from handlers.pages.inbox import line_of
from processes.certification import access
from processes.council.people import day_of, holders

pages = Pages()

_UNPROCESSABLE = 422


@pages.get("/tasks/<task_id>", SIGNED_IN)
def show_task(desk: Desk, task_id: str) -> Answer:
    """Show a task with its form, filled with the draft."""
    return _page(desk, task_id)


@pages.post("/tasks/<task_id>", SIGNED_IN)
def complete_task(desk: Desk, task_id: str) -> Answer:
    """Complete a task; what is wrong is shown at its field, and nothing typed is lost."""
    data = read_answers(_form_of(desk, task_id), desk.posted)

    def act(tx: Transaction) -> dict[str, Any]:
        done = cases.complete(tx, task_id, data, actor=desk.actor)
        return {"case": done.case["id"]}

    try:
        done = desk.act(act, name="complete")
    except InvalidError as error:
        return _page(desk, task_id, data, error, _UNPROCESSABLE)
    return desk.go("show_case", case_id=done["case"], done="completed")


@pages.post("/tasks/<task_id>/draft", SIGNED_IN)
def save_draft(desk: Desk, task_id: str) -> Answer:
    """Keep what has been filled in so far."""
    data = read_answers(_form_of(desk, task_id), desk.posted)
    desk.act(lambda tx: inbox.save_draft(tx, task_id, data, actor=desk.actor), name="draft", again=True)
    return desk.go("show_task", task_id=task_id, done="draft")


@pages.post("/tasks/<task_id>/claim", SIGNED_IN)
def claim_task(desk: Desk, task_id: str) -> Answer:
    """Take a task."""
    desk.act(lambda tx: {"task": inbox.claim(tx, task_id, actor=desk.actor)["id"]}, name="claim")
    return desk.go("show_task", task_id=task_id, done="claimed")


@pages.post("/tasks/<task_id>/unclaim", SIGNED_IN)
def unclaim_task(desk: Desk, task_id: str) -> Answer:
    """Give a task back to its group."""
    desk.act(lambda tx: {"task": inbox.unclaim(tx, task_id, actor=desk.actor)["id"]}, name="unclaim")
    return desk.go("show_inbox", done="unclaimed", tab="available")


@pages.post("/tasks/<task_id>/delegate", SIGNED_IN)
def delegate_task(desk: Desk, task_id: str) -> Answer:
    """Hand a task to another of its group."""
    login = request.form.get("to", "").strip()

    def act(tx: Transaction) -> dict[str, Any]:
        person = desk.context.find_actor(tx, login)
        if person is None:
            raise InvalidError(errors={"to": ["Выберите, кому передать задачу."]}, rule=False)
        return {"task": inbox.delegate(tx, task_id, person, actor=desk.actor)["id"]}

    try:
        desk.act(act, name="delegate")
    except InvalidError as error:
        return _page(desk, task_id, None, error, _UNPROCESSABLE)
    return desk.go("show_inbox", done="delegated")


@pages.post("/tasks/<task_id>/decline", SIGNED_IN)
def decline_task(desk: Desk, task_id: str) -> Answer:
    """Decline an expert's task, with the reason."""
    reason = request.form.get("reason", "").strip()

    def act(tx: Transaction) -> dict[str, Any]:
        return {"case": cases.decline(tx, task_id, reason, actor=desk.actor).case["id"]}

    try:
        done = desk.act(act, name="decline")
    except InvalidError as error:
        return _page(desk, task_id, None, error, _UNPROCESSABLE)
    return desk.go("show_case", case_id=done["case"], done="declined")


def _form_of(desk: Desk, task_id: str) -> Form:
    task = desk.read(lambda tx: inbox.get_task(tx, task_id, desk.actor))
    return read_form(
        orjson.dumps(task["form"] or {"type": "default", "id": task["element"], "components": []}).decode()
    )


def _page(
    desk: Desk,
    task_id: str,
    data: Mapping[str, Any] | None = None,
    error: InvalidError | None = None,
    status: int = 200,
) -> Answer:
    def ask(tx: Transaction) -> dict[str, Any]:
        task = access.shown_task(tx, inbox.get_task(tx, task_id, desk.actor), desk.actor)
        case = cases.get_case(tx, task["case"], desk.actor)
        definition = tx.runtime.definitions.get(tx, case["definition"])
        element = definition.drawing.elements.get(task["element"])
        return {
            "task": task,
            "case": case,
            "stage": cases.stage_of(tx, case),
            "line": line_of(tx, {**task, "case_definition": case["definition"]}),
            "documents": access.list_documents(tx, case, desk.actor),
            "guidance": element.documentation if element else "",
            "can_decline": (task["process"], task["element"]) in tx.runtime.registry.declines,
            "colleagues": _colleagues(desk, tx, task),
            "holder": _name_of(desk, tx, task["assignee"]),
        }

    found = desk.read(ask)
    task = found["task"]
    form = read_form(orjson.dumps(task["form"]).decode()) if task["form"] else None
    filled = data if data is not None else task["entered"] or task["draft"] or _beginning(task)
    wrong = error.errors if error else {}
    values = {
        **found,
        "sections": lay_out(form, filled, task["data"], wrong) if form else [],
        "error": error,
        "summary": summary_of(form, wrong) if form and error else [],
        "is_open": task["state"] == "open",
        "is_mine": task["assignee"] in {None, desk.actor.login}
        and (task["assignee"] == desk.actor.login or desk.actor.holds(*task["candidates"])),
    }
    return make_response(desk.show("task.html", **values), status)


def _beginning(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form begins with: a returned conclusion, or recommendations that the council has already made."""
    previous = task["data"].get("previous")
    if isinstance(previous, Mapping):
        return {key: value for key, value in previous.items() if value}
    made = task["data"].get("recommendations")
    return {"recommendations": made} if isinstance(made, list) else {}


def _colleagues(desk: Desk, tx: Transaction, task: Mapping[str, Any]) -> list[tuple[str, str]]:
    if task["fixed"] or task["state"] != "open":
        return []
    logins = dict.fromkeys(
        login for group in task["candidates"] for login in holders(tx.connection, group, day_of(tx.now))
    )
    return [(login, _name_of(desk, tx, login) or login) for login in logins if login != desk.actor.login]


def _name_of(desk: Desk, tx: Transaction, login: str | None) -> str | None:
    person = desk.context.find_actor(tx, login) if login else None
    return person.name if person else login
