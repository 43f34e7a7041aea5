"""Acts on a task beside completing it: take it, give it back, hand it on, hand it over, keep a draft.

Each check is a function of its own, so that a preview tells beforehand what the act would say.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from engine.actors import Actor, Right
from engine.cases import check_open, check_visible, right_to
from engine.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, RefusedError
from engine.facts import Fact
from engine.records import cases as case_records
from engine.steps import Act, finish

if TYPE_CHECKING:
    from engine.runtime import Transaction

Row = dict[str, Any]

#: Groups that may take a task from one person and give it to another of its group.
MAY_REASSIGN: Final = frozenset({"chair", "admin"})


def check_claim(task: Row, case: Row, actor: Actor) -> Right | None:
    """By which right an actor may take a task. Raises ForbiddenError, ConflictError (`held`, `already_done`)."""
    right = right_to(task, actor)
    check_open(task, case)
    if task["assignee"] not in {None, actor.login}:
        raise _held(task)
    return right


def check_unclaim(task: Row, case: Row, actor: Actor) -> Right | None:
    """By which right an actor may give a task back. Raises ForbiddenError, ConflictError."""
    right = right_to(task, actor)
    check_open(task, case)
    if task["fixed"]:
        raise ForbiddenError("Эта задача поручена лично вам: вернуть её в группу нельзя.", slug="not_yours")
    if task["assignee"] not in {None, actor.login}:
        raise _held(task)
    return right


def check_delegate(task: Row, case: Row, actor: Actor, to: Actor) -> Right | None:
    """By which right an actor may hand a task on. Raises ForbiddenError, ConflictError, InvalidError (`to`)."""
    right = right_to(task, actor)
    check_open(task, case)
    if task["fixed"]:
        raise ForbiddenError(
            "Личное поручение нельзя передать: откажитесь от него с указанием причины.", slug="not_yours"
        )
    if task["assignee"] not in {None, actor.login}:
        raise _held(task)
    _check_member(task, to)
    return right


def check_reassign(task: Row, case: Row, actor: Actor, to: Actor) -> Right | None:
    """By which right an actor may give a task that somebody holds to another person of its group.

    The chair (or whoever acts for the chair) and the administrator may; so may a stand-in for the person who holds it.
    Raises ForbiddenError, ConflictError, InvalidError (`to`).
    """
    right = _right_over(task, actor)
    check_open(task, case)
    if task["fixed"]:
        raise ForbiddenError(
            "Личное поручение переназначить нельзя: исполнитель отказывается от него, и назначается другой.",
            slug="not_yours",
        )
    _check_member(task, to)
    return right


def may_reassign(task: Row, actor: Actor) -> bool:
    """Whether an actor may take this task from whoever holds it and give it to another."""
    try:
        _right_over(task, actor)
    except ForbiddenError:
        return False
    return not task["fixed"] and task["state"] == "open"


def claim(tx: "Transaction", task_id: str, *, actor: Actor) -> Row:
    """Take an offered task; twice is as good as once. Raises ForbiddenError, ConflictError (`held`, `already_done`)."""
    task, act = _locked(tx, task_id, actor)
    with _blaming(act):
        act.right = check_claim(task, act.case, actor)
    return task if task["assignee"] == actor.login else _assign(act, task, actor.login, "task.claimed")


def unclaim(tx: "Transaction", task_id: str, *, actor: Actor) -> Row:
    """Give a taken task back to its group. Raises ForbiddenError where another holds it or the drawing assigns it."""
    task, act = _locked(tx, task_id, actor)
    with _blaming(act):
        act.right = check_unclaim(task, act.case, actor)
    return _assign(act, task, None, "task.unclaimed")


def delegate(tx: "Transaction", task_id: str, to: Actor, *, actor: Actor) -> Row:
    """Hand an open task of a group on to another of its members. `to` is that person's Actor."""
    task, act = _locked(tx, task_id, actor)
    with _blaming(act):
        act.right = check_delegate(task, act.case, actor, to)
    return _assign(act, task, to.login, "task.delegated")


def reassign(tx: "Transaction", task_id: str, to: Actor, *, actor: Actor) -> Row:
    """Give an open task of a group to another of its members, whoever holds it; see `check_reassign`."""
    task, act = _locked(tx, task_id, actor)
    with _blaming(act):
        act.right = check_reassign(task, act.case, actor, to)
    return task if task["assignee"] == to.login else _assign(act, task, to.login, "task.delegated")


def save_draft(tx: "Transaction", task_id: str, data: Mapping[str, Any], *, actor: Actor) -> None:
    """Keep partial form data for its writer; survives sign-out, is seen by nobody else, leaves no fact."""
    task, act = _locked(tx, task_id, actor)
    with _blaming(act):
        check_claim(task, act.case, actor)
    case_records.update_task(tx.writes, task_id, {"draft": dict(data), "draft_by": actor.login})


def _held(task: Row) -> ConflictError:
    return ConflictError("Задачу уже взял другой участник.", slug="held", by={"login": task["assignee"]})


def _check_member(task: Row, to: Actor) -> None:
    if to.right(*task["candidates"]) is None:
        raise InvalidError(errors={"to": ["Этот участник не входит в группу, которой адресована задача."]})


def _right_over(task: Row, actor: Actor) -> Right | None:
    standin = next((one for one in actor.standins if one.absent == task["assignee"]), None)
    if standin is not None:
        return actor.right(*task["candidates"]) or Right(
            task["candidates"][0] if task["candidates"] else "", standin.absent, standin.basis
        )
    if not actor.holds(*MAY_REASSIGN):
        raise ForbiddenError(
            "Переназначить чужую задачу может председатель, администратор или тот, кто замещает исполнителя.",
            slug="not_yours",
        )
    return actor.right(*sorted(MAY_REASSIGN, reverse=True))


def _locked(tx: "Transaction", task_id: str, actor: Actor) -> tuple[Row, Act]:
    found = case_records.lock_task(tx.connection, task_id)
    if found is None:
        raise NotFoundError("Такой задачи нет.")
    task, case = found
    check_visible(case, actor, "Такой задачи нет.")
    return task, Act(tx, tx.runtime.definitions.get(tx, case["definition"]), case, actor)


@contextmanager
def _blaming(act: Act) -> Iterator[None]:
    """Refusals that pass belong to the case."""
    try:
        yield
    except RefusedError as error:
        error.case = error.case or act.case["id"]
        raise


def _assign(act: Act, task: Row, login: str | None, kind: str) -> Row:
    writes = act.tx.writes
    case_records.update_task(writes, task["id"], {"assignee": login})
    # What waits to be written is sent together: no row may be taken and put in one go.
    if login is not None:
        case_records.withdraw_offer(writes, task["id"])
    elif task["assignee"] is not None:
        case_records.offer(writes, [task])
    act.facts.append(Fact(kind, task["element"], {"task": task["id"], "assignee": login}))
    finish(act)
    return {**task, "assignee": login}
