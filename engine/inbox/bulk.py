"""What an act would do to each of several tasks, told before it is done; each is then an act of its own."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from engine.actors import Actor
from engine.cases import check_visible
from engine.clock import moscow
from engine.errors import ConflictError, EngineError, InvalidError, NotFoundError
from engine.inbox import acting, following
from engine.records import inbox as records

if TYPE_CHECKING:
    from engine.runtime import Transaction

Row = dict[str, Any]

ACTS: Final = ("claim", "unclaim", "delegate", "follow_up")
#: How many tasks are taken at once.
MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A task and what would become of it: `refusal` is why nothing would, `changes` is false where it is so already."""

    task: Row
    refusal: str | None = None
    changes: bool = True


@dataclass(frozen=True, slots=True)
class Order:
    """An act on several tasks: `to` whom (delegate), or on which `day` to come back (follow_up; None drops it)."""

    act: str
    to: Actor | None = None
    day: date | None = None


def check_order(order: Order, tasks: Collection[str], today: date) -> None:
    """Raise InvalidError for an unknown act, no task or too many, nobody to hand them to, or a wrong day."""
    if order.act not in ACTS:
        raise InvalidError(errors={"do": ["Выберите, что сделать с задачами."]}, rule=False)
    if not tasks:
        raise InvalidError(errors={"task": ["Отметьте хотя бы одну задачу."]}, rule=False)
    if len(tasks) > MOST:
        raise InvalidError(errors={"task": [f"Не больше {MOST} задач за раз."]}, rule=False)
    if order.act == "delegate" and order.to is None:
        raise InvalidError(errors={"to": ["Выберите, кому передать задачи."]}, rule=False)
    if order.act == "follow_up":
        following.check_day(order.day, today)


def foresee(tx: "Transaction", order: Order, tasks: Collection[str], *, actor: Actor) -> list[Foreseen]:
    """Tell for each task, in the order given, what the act would do. Raises InvalidError as `check_order` does.

    Tasks that the actor may not see are left out.
    """
    check_order(order, tasks, moscow(tx.now).date())
    rows = {row["id"]: row for row in records.get_tasks(tx.connection, tasks)}
    found = []
    for row in (rows[identity] for identity in dict.fromkeys(tasks) if identity in rows):
        try:
            check_visible({"owner": row["case_owner"]}, actor)
        except NotFoundError:
            continue
        found.append(_foresee(order, row, actor))
    return found


def _foresee(order: Order, row: Row, actor: Actor) -> Foreseen:
    try:
        return Foreseen(row, changes=_check(order, row, actor))
    except InvalidError as error:
        return Foreseen(row, " ".join(text for texts in error.errors.values() for text in texts) or error.message)
    except EngineError as error:
        return Foreseen(row, error.message)


def _check(order: Order, row: Row, actor: Actor) -> bool:
    """Whether the act would change anything. Raises what the act would."""
    case = {"state": row["case_state"]}
    if order.act == "claim":
        acting.check_claim(row, case, actor)
        return bool(row["assignee"] != actor.login)
    if order.act == "unclaim":
        acting.check_unclaim(row, case, actor)
        return row["assignee"] is not None
    if order.act == "delegate" and order.to is not None:
        check = acting.check_reassign if is_reassigned(row, actor) else acting.check_delegate
        check(row, case, actor, order.to)
        return bool(row["assignee"] != order.to.login)
    if row["state"] != "open":
        raise ConflictError("Задача уже закрыта.", slug="already_done")
    return True


def is_reassigned(row: Row, actor: Actor) -> bool:
    """Whether handing this task to somebody takes it from the person who holds it, by a right to do so."""
    held = row["assignee"] not in {None, actor.login}
    return (held or actor.right(*row["candidates"]) is None) and acting.may_reassign(row, actor)


def carry_out(tx: "Transaction", order: Order, task_id: str, *, actor: Actor) -> None:
    """Do the act on one task. Raises what the act raises."""
    if order.act == "claim":
        acting.claim(tx, task_id, actor=actor)
    elif order.act == "unclaim":
        acting.unclaim(tx, task_id, actor=actor)
    elif order.act == "follow_up":
        following.follow_up(tx, task_id, order.day, actor=actor)
    elif order.to is not None:
        found = records.get_task(tx.connection, task_id)
        do = acting.reassign if found is not None and is_reassigned(found, actor) else acting.delegate
        do(tx, task_id, order.to, actor=actor)
