"""What is shown of a task wherever it is shown: on its own page, or beside the list of tasks."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from flask import request

from engine import cases, inbox
from engine.actors import Actor
from engine.errors import InvalidError
from engine.forms import Form, read_form
from engine.history.chain import served
from engine.inbox.listing import visible_task
from engine.records import history
from engine.runtime import Transaction
from handlers import acts
from handlers.context import Context
from handlers.forms_view import compare, lay_out, look_of, summary_of
from handlers.pages.desk import Desk
from handlers.pages.inbox_place import came_from
from handlers.pages.lines import line_of
from handlers.pages.talk import Refused, papers_of, talk_of
from handlers.pages.task_people import name_people
from processes.certification import access
from processes.council.people import day_of, holders

#: Facts of a task that its page tells.
_KINDS: Final = (
    "task.created",
    "task.claimed",
    "task.unclaimed",
    "task.delegated",
    "task.reminded",
    "task.escalated",
    "task.completed",
    "task.declined",
    "task.cancelled",
)


def form_of(desk: Desk, task_id: str) -> Form:
    """Return the form of a task that the person may see; an empty one where it has none. Raises NotFoundError."""
    return form_seen(desk.context, task_id, desk.actor)


def form_seen(context: Context, task_id: str, actor: Actor) -> Form:
    """Return the form of a task that somebody may see, as `form_of`. Raises NotFoundError."""

    def read(tx: Transaction) -> Form:
        task = visible_task(tx, task_id, actor)
        # Read with its procedure's version once and for all; a long one takes milliseconds.
        return tx.runtime.definitions.get(tx, task["case_definition"]).form(task["element"]) or _empty(task["element"])

    return acts.read(context, read)


def _empty(element: str) -> Form:
    return read_form(orjson.dumps({"type": "default", "id": element, "components": []}).decode())


def sheet_of(
    desk: Desk,
    task_id: str,
    data: Mapping[str, Any] | None = None,
    error: InvalidError | None = None,
    talked: Refused | None = None,
) -> dict[str, Any]:
    """Return the values of `parts/task_body.html`: the task, its case, its form filled with `data`, what is wrong.

    Without `data` the form is filled with what was entered, the person's draft, or what it begins with.
    `talked` is a comment that was refused, and why; `back` is where the person came from. Raises NotFoundError.
    """
    form, found = desk.read(lambda tx: _read(tx, desk, task_id, talked))
    task = found["task"]
    filled = data if data is not None else task["entered"] or task["draft"] or _beginning(task)
    wrong = error.errors if error else {}
    return {
        **found,
        "sections": lay_out(form, filled, task["data"], wrong, look_of(request.values)) if form else [],
        "comparison": compare(task["data"], request.args.get("rows", "")),
        "error": error,
        "back": came_from(),
        "summary": summary_of(form, wrong) if form and error else [],
        "is_open": task["state"] == "open",
        "is_mine": task["assignee"] in {None, desk.actor.login}
        and (task["assignee"] == desk.actor.login or desk.actor.holds(*task["candidates"])),
    }


def _read(tx: Transaction, desk: Desk, task_id: str, talked: Refused | None) -> tuple[Form | None, dict[str, Any]]:
    task = access.shown_task(tx, inbox.get_task(tx, task_id, desk.actor), desk.actor)
    case = cases.get_case(tx, task["case"], desk.actor)
    definition = tx.runtime.definitions.get(tx, case["definition"])
    element = definition.drawing.elements.get(task["element"])
    documents = access.list_documents(tx, case, desk.actor)
    talk = talk_of(tx, desk, case, documents, talked)
    told = {
        "task": task,
        "case": case,
        "talk": talk,
        "events": _events_of(tx, task, talk.names),
        "stage": cases.stage_of(tx, case),
        "line": line_of(tx, {**task, "case_definition": case["definition"]}),
        "documents": papers_of(documents),
        "named": name_people(task["data"], lambda login: talk.names.get(login, login)),
        "guidance": element.documentation if element else "",
        "can_decline": (task["process"], task["element"]) in tx.runtime.registry.declines,
        "may_reassign": task["state"] == "open" and inbox.may_reassign(task, desk.actor),
        "colleagues": _colleagues(tx, desk, task, talk.names),
        "drafted_by": _name_of(talk.names, _other_writer(task, desk.actor)),
        "day": inbox.follow_ups(tx, desk.actor, [task_id]).get(task_id),
        "holder": _name_of(talk.names, task["assignee"]),
    }
    return definition.form(task["element"]) if task["form"] else None, told


def _beginning(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form begins with: a returned conclusion, or recommendations that the council has already made."""
    previous = task["data"].get("previous")
    if isinstance(previous, Mapping):
        return {key: value for key, value in previous.items() if value}
    made = task["data"].get("recommendations")
    return {"recommendations": made} if isinstance(made, list) else {}


def _colleagues(
    tx: Transaction, desk: Desk, task: Mapping[str, Any], names: Mapping[str, str]
) -> list[tuple[str, str]]:
    if task["fixed"] or task["state"] != "open":
        return []
    logins = dict.fromkeys(
        login for group in task["candidates"] for login in holders(tx.connection, group, day_of(tx.now))
    )
    return [(login, names.get(login, login)) for login in logins if login != desk.actor.login]


def _other_writer(task: Mapping[str, Any], actor: Actor) -> str | None:
    """Return who else has begun to fill in a task that nobody holds."""
    return task["draft_by"] if task["assignee"] is None and task["draft_by"] != actor.login else None


def _events_of(tx: Transaction, task: Mapping[str, Any], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what happened to a task, oldest first: `kind`, `at`, `who`, and `to` where it went to somebody."""
    told = [served(row) for row in history.of_kind(tx.connection, task["case"], _KINDS)]
    mine = [event for event in told if event["data"].get("task") == task["id"]]
    return [
        {
            "kind": event["kind"],
            "at": event["at"],
            "who": None if event["actor"] == "system" else _name_of(names, event["actor"]),
            "to": _name_of(names, event["data"].get("assignee")) if event["kind"] == "task.delegated" else None,
        }
        for event in mine
    ]


def _name_of(names: Mapping[str, str], login: str | None) -> str | None:
    return names.get(login, login) if login else None
