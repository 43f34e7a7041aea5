"""A personal date to come back to a task: seen by its person alone, without a fact in the case's history."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from engine.actors import Actor
from engine.clock import moscow
from engine.errors import ConflictError, InvalidError
from engine.inbox.listing import visible_task
from engine.records import desks

if TYPE_CHECKING:
    from engine.runtime import Transaction

#: How far ahead a date may lie.
FURTHEST: Final = timedelta(days=366)


def check_day(day: date | None, today: date) -> None:
    """Raise InvalidError (`follow_up`) for a day before today or too far ahead."""
    if day is not None and not today <= day <= today + FURTHEST:
        raise InvalidError(errors={"follow_up": ["Дата возврата: сегодня или позже, не дальше года."]}, rule=False)


def follow_up(tx: "Transaction", task_id: str, day: date | None, *, actor: Actor) -> None:
    """Note the day (in Europe/Moscow) on which the actor wants to come back to an open task; None drops it.

    Raises NotFoundError, ConflictError (`already_done`) and InvalidError (`follow_up`).
    """
    task = visible_task(tx, task_id, actor)
    check_day(day, moscow(tx.now).date())
    if day is not None and task["state"] != "open":
        raise ConflictError("Задача уже закрыта: возвращаться к ней не нужно.", slug="already_done")
    desks.set_follow_up(tx.connection, actor.login, task_id, day)
