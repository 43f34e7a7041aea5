"""Completing and declining user tasks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.actors import Actor, Right
from engine.cases.rights import blamed, check_open, check_visible, right_to
from engine.errors import ConflictError, InvalidError, NotFoundError
from engine.facts import Fact, Text
from engine.machine import Complete
from engine.records import cases as records
from engine.steps import Act, make_step

if TYPE_CHECKING:
    from engine.runtime import Transaction

Row = dict[str, Any]


@dataclass(frozen=True)
class Completed:
    """What a completion did: the task, its case, and the tasks that the step opened."""

    task: Row
    case: Row
    opened: list[Row]


def complete(tx: "Transaction", task_id: str, data: Mapping[str, Any], *, actor: Actor) -> Completed:
    """Complete an open task by a person who may, with data that passes the form and the procedure's own rules.

    Raises NotFoundError (no such task, or not visible), ForbiddenError (not yours), ConflictError (`already_done` with
    `by` and `at`, `held`, `suspended`, `incident`), InvalidError with field errors.
    """
    return _finish_task(tx, task_id, data, actor=actor, declined=False)


def decline(tx: "Transaction", task_id: str, reason: str, *, actor: Actor) -> Completed:
    """Decline a task where the drawing has a way for it (A-12); who may is its rule. `reason` is required."""
    return _finish_task(tx, task_id, {"reason": reason}, actor=actor, declined=True)


def _finish_task(
    tx: "Transaction", task_id: str, data: Mapping[str, Any], *, actor: Actor, declined: bool
) -> Completed:
    found = tx.look(task_id)
    if found is None:
        raise NotFoundError("Такой задачи нет.")
    task, case, state = found
    check_visible(case, actor, "Такой задачи нет.")
    command = {"act": "decline" if declined else "complete", "task": task_id, "data": dict(data), "actor": actor.login}
    with blamed(case["id"], command, task["element"], revision=case["revision"]):
        right = _right(tx, task, actor, declined=declined)
        check_open(task, case)
        if not declined and not task["fixed"] and task["assignee"] not in {None, actor.login}:
            raise ConflictError("Задачу выполняет другой участник.", slug="held", by={"login": task["assignee"]})
        act = Act(tx, tx.runtime.definitions.get(tx, case["definition"]), case, actor, right)
        variables, shown = _judge(act, task, data, declined=declined)
        kind = "task.declined" if declined else "task.completed"
        fact = {"task": task["id"], "token": task["token"], "data": shown, "variables": variables}
        act.facts.insert(0, Fact(kind, task["element"], fact))
        changed = {
            "state": "completed",
            "completed_at": tx.now,
            "completed_by": actor.login,
            "on_behalf_of": right.on_behalf_of if right else None,
            "assignee": task["assignee"] or actor.login,
            "draft": None,
            "draft_by": None,
            "completion": case["seq"] + 1,
        }
        records.update_task(tx.writes, task["id"], changed)
        records.withdraw_offer(tx.writes, task["id"])
        make_step(act, Complete(task["token"], variables), state)
        return Completed({**task, **changed}, case, list(act.opened))


def _right(tx: "Transaction", task: Row, actor: Actor, *, declined: bool) -> Right | None:
    if not declined:
        return right_to(task, actor)
    if (task["process"], task["element"]) not in tx.runtime.registry.declines:
        raise ConflictError("От этой задачи нельзя отказаться.", slug="not_declinable")
    return actor.right(*task["candidates"])


def _judge(act: Act, task: Row, data: Mapping[str, Any], *, declined: bool) -> tuple[dict[str, Any], Mapping[str, Any]]:
    """Check the data by the form and the procedure's hook; the variables, and the data as history may show it."""
    registry = act.tx.runtime.registry
    spot = (task["process"], task["element"])
    variables: dict[str, Any] = {}
    shown: Mapping[str, Any]
    if declined:
        if not str(data.get("reason") or "").strip():
            raise InvalidError(errors={"reason": ["Укажите причину отказа."]}, rule=False)
        variables["declined"] = True
        shown = {"reason": Text(data["reason"])}
    else:
        form = act.definition.form(task["element"])
        errors = form.check(data) if form is not None else {}
        if errors:
            raise InvalidError(errors=errors, rule=False)
        if form is not None:
            variables.update(form.variables(data))
        if spot in registry.declines:
            variables["declined"] = False
        shown = form.mark_free_text(data, Text) if form is not None else dict(data)
    hook = (registry.declines if declined else registry.completions).get(spot)
    if hook is not None:
        call = act.call(task["element"], task=task, variables={**act.case["data"], **task["local"]})
        variables.update(hook(call, data))
    return variables, shown
