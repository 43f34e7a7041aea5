"""The task inbox: list, claim, give back, hand on, draft."""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson

from engine.actors import Actor
from engine.calls import View
from engine.cases import Page, check_open, check_visible, right_to
from engine.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, RefusedError
from engine.facts import Fact
from engine.records import cases as case_records
from engine.records import inbox as records
from engine.steps import Act, finish

if TYPE_CHECKING:
    from engine.runtime import Transaction

Row = dict[str, Any]
SCOPES = ("mine", "available", "all")


def list_tasks(
    tx: "Transaction",
    actor: Actor,
    *,
    scope: str = "mine",
    case: str | None = None,
    element: str | None = None,
    state: str = "open",
    due_before: datetime | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Page:
    """Tasks sorted by due date.

    `mine`: held by the actor (completed: done by the actor); `available`: open, unclaimed, offered to a group the actor
    holds; `all`: every task of the cases the actor may see. Raises InvalidError for an unknown scope, state or cursor.
    """
    if scope not in SCOPES:
        raise InvalidError(errors={"scope": [f"Допустимо: {', '.join(SCOPES)}."]}, rule=False)
    if state not in {"open", "completed"}:
        raise InvalidError(errors={"state": ["Допустимо: open, completed."]}, rule=False)
    asked = records.Asked(
        state=state,
        assignee=actor.login if scope == "mine" and state == "open" else None,
        groups=actor.all_groups if scope == "available" else None,
        owner=_owner(actor),
        case=case,
        element=element,
        completed_by=actor.login if scope == "mine" and state == "completed" else None,
        due_before=due_before,
    )
    rows = records.tasks(tx.connection, asked, _read_cursor(cursor), limit + 1)
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, _cursor(rows[-1]) if more else None)


def _owner(actor: Actor) -> str | None:
    """Whose cases alone an actor sees; None for everybody's."""
    return None if actor.sees_all else (actor.owner or "")


def _cursor(row: Row) -> str:
    due = row["due_at"].isoformat() if row["due_at"] else None
    return base64.urlsafe_b64encode(orjson.dumps([due, row["id"]])).decode()


def _read_cursor(cursor: str | None) -> tuple[datetime | None, str] | None:
    if not cursor:
        return None
    try:
        due, identity = orjson.loads(base64.urlsafe_b64decode(cursor.encode()))
        return (datetime.fromisoformat(due) if due else None, str(identity))
    except (ValueError, TypeError) as error:
        raise InvalidError(
            errors={"cursor": ["Неверный указатель страницы: начните список сначала."]}, rule=False
        ) from error


def get_task(tx: "Transaction", task_id: str, actor: Actor) -> Row:
    """A task row, with `form` (the form file's JSON, or None), `data` (shown with it) and `draft` (the holder's).

    `entered` is what a completed task was completed with. Raises NotFoundError.
    """
    task = _visible(tx, task_id, actor)
    definition = tx.runtime.definitions.get(tx, task["case_definition"])
    case = case_records.get_case(tx.connection, task["case"]) or {}
    form = definition.form(task["element"])
    path = f"forms/{definition.form_key(task['element'])}.json"
    provider = tx.runtime.registry.providers.get((task["process"], task["element"]))
    view = View(tx.connection, actor, tx.now, definition, case, task)
    return {
        **task,
        "form": orjson.loads(definition.bundle.files[path]) if form else None,
        "data": dict(provider(view)) if provider else {},
        "draft": task["draft"] if task["draft_by"] == actor.login else None,
        "entered": case_records.get_form(tx.connection, task_id) if task["state"] == "completed" else None,
    }


def _visible(tx: "Transaction", task_id: str, actor: Actor) -> Row:
    task = records.get_task(tx.connection, task_id)
    if task is None:
        raise NotFoundError("Такой задачи нет.")
    check_visible({"owner": task["case_owner"]}, actor)
    return task


def claim(tx: "Transaction", task_id: str, *, actor: Actor) -> Row:
    """Take an offered task; twice is as good as once. Raises ForbiddenError, ConflictError (`held`, `already_done`)."""
    task, act = _locked(tx, task_id, actor)
    with_case = act.case["id"]
    try:
        act.right = right_to(task, actor)
        check_open(task, act.case)
        if task["assignee"] == actor.login:
            return task
        if task["assignee"] is not None:
            raise ConflictError("Задачу уже взял другой участник.", slug="held", by={"login": task["assignee"]})
    except RefusedError as error:
        error.case = error.case or with_case
        raise
    return _assign(act, task, actor.login, "task.claimed")


def unclaim(tx: "Transaction", task_id: str, *, actor: Actor) -> Row:
    """Give a taken task back to its group. Raises ForbiddenError where another holds it or the drawing assigns it."""
    task, act = _locked(tx, task_id, actor)
    try:
        act.right = right_to(task, actor)
        check_open(task, act.case)
        if task["fixed"]:
            raise ForbiddenError("Эта задача поручена лично вам: вернуть её в группу нельзя.", slug="not_yours")
        if task["assignee"] not in {None, actor.login}:
            raise ConflictError("Задачу держит другой участник.", slug="held", by={"login": task["assignee"]})
    except RefusedError as error:
        error.case = error.case or act.case["id"]
        raise
    return _assign(act, task, None, "task.unclaimed")


def delegate(tx: "Transaction", task_id: str, to: Actor, *, actor: Actor) -> Row:
    """Hand an open task of a group on to another of its members. `to` is that person's Actor."""
    task, act = _locked(tx, task_id, actor)
    try:
        act.right = right_to(task, actor)
        check_open(task, act.case)
        if task["fixed"]:
            raise ForbiddenError(
                "Личное поручение нельзя передать: откажитесь от него с указанием причины.", slug="not_yours"
            )
        if task["assignee"] not in {None, actor.login}:
            raise ConflictError("Задачу держит другой участник.", slug="held", by={"login": task["assignee"]})
        if to.right(*task["candidates"]) is None:
            raise InvalidError(errors={"to": ["Этот участник не входит в группу, которой адресована задача."]})
    except RefusedError as error:
        error.case = error.case or act.case["id"]
        raise
    return _assign(act, task, to.login, "task.delegated")


def save_draft(tx: "Transaction", task_id: str, data: Mapping[str, Any], *, actor: Actor) -> None:
    """Keep partial form data for its writer; survives sign-out, is seen by nobody else, leaves no fact."""
    task, act = _locked(tx, task_id, actor)
    try:
        right_to(task, actor)
        check_open(task, act.case)
        if task["assignee"] not in {None, actor.login}:
            raise ConflictError("Задачу держит другой участник.", slug="held", by={"login": task["assignee"]})
    except RefusedError as error:
        error.case = error.case or act.case["id"]
        raise
    case_records.update_task(tx.connection, task_id, {"draft": dict(data), "draft_by": actor.login})


def counts(tx: "Transaction", actor: Actor) -> dict[str, int]:
    """How many tasks the actor holds, how many of them are overdue, how many are offered; 1,000 stands for any more."""
    return records.counts(tx.connection, actor.login, actor.all_groups, _owner(actor), tx.now)


def _locked(tx: "Transaction", task_id: str, actor: Actor) -> tuple[Row, Act]:
    found = case_records.lock_task(tx.connection, task_id)
    if found is None:
        raise NotFoundError("Такой задачи нет.")
    task, case = found
    check_visible(case, actor)
    return task, Act(tx, tx.runtime.definitions.get(tx, case["definition"]), case, actor)


def _assign(act: Act, task: Row, login: str | None, kind: str) -> Row:
    connection = act.tx.connection
    case_records.update_task(connection, task["id"], {"assignee": login})
    case_records.withdraw_offer(connection, task["id"])
    if login is None:
        case_records.offer(connection, [task])
    act.facts.append(Fact(kind, task["element"], {"task": task["id"], "assignee": login}))
    finish(act)
    return {**task, "assignee": login}
