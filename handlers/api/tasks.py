"""Tasks: the inbox, one task, and every act on it."""

from datetime import UTC, date, datetime, time
from typing import Any

from typing_extensions import override

from engine import cases, inbox
from engine.actors import Actor
from engine.clock import MOSCOW
from engine.errors import InvalidError
from engine.runtime import Transaction
from handlers.api import fields, shapes, views
from handlers.api.fields import LONG, Anything, Body, Text
from handlers.api.queries import TaskQuery, page_of
from handlers.api.routes import Door, Routes
from handlers.auth import SIGNED_IN

routes = Routes("Задачи")


class To(Body):
    """To whom."""

    to = Text(required=True, longest=80)


class FollowUp(Body):
    """A day in Europe/Moscow, or null for none."""

    day = fields.Day(required=True, allow_none=True)


class Completion(Body):
    """The completed form, which the form file judges."""

    data = Anything(required=True)

    @override
    def load(self, data: Any, **options: Any) -> Any:
        # The busiest of bodies has nothing else to be looked at.
        if isinstance(data, dict) and data.keys() == {"data"} and isinstance(data["data"], dict):
            return data
        return super().load(data, **options)


class Declined(Body):
    """Why a task is declined; the rule on it is the procedure's."""

    reason = Text(required=True, longest=LONG)


@routes.get("/tasks", SIGNED_IN, "Задачи по срокам", query=TaskQuery(), answer=shapes.list_of(shapes.TaskShape)())
def list_tasks(door: Door) -> dict[str, Any]:
    """Return a page of tasks by due date."""
    asked = {name: door.query[name] for name in ("scope", "case", "element", "state")}
    before = _moment(door.query["due_before"])
    return door.read(
        lambda tx: views.task_list(inbox.list_tasks(tx, door.actor, **asked, due_before=before, **page_of(door.query)))
    )


@routes.get("/tasks/<task_id>", SIGNED_IN, "Задача с формой и данными", answer=shapes.WholeTaskShape())
def show_task(door: Door, task_id: str) -> dict[str, Any]:
    """Return a task whole."""
    return door.read(lambda tx: views.opened_task(tx, task_id, door.actor))


@routes.post("/tasks/<task_id>/claim", SIGNED_IN, "Взять задачу", answer=shapes.WholeTaskShape())
def claim_task(door: Door, task_id: str) -> Any:
    """Take a task that one is a candidate for."""
    return _change(door, task_id, lambda tx: inbox.claim(tx, task_id, actor=door.actor))


@routes.post("/tasks/<task_id>/unclaim", SIGNED_IN, "Вернуть задачу", answer=shapes.WholeTaskShape())
def unclaim_task(door: Door, task_id: str) -> Any:
    """Give a task back."""
    return _change(door, task_id, lambda tx: inbox.unclaim(tx, task_id, actor=door.actor))


@routes.post("/tasks/<task_id>/delegate", SIGNED_IN, "Передать задачу", body=To(), answer=shapes.WholeTaskShape())
def delegate_task(door: Door, task_id: str) -> Any:
    """Hand a task to another candidate."""
    return _change(door, task_id, lambda tx: inbox.delegate(tx, task_id, _person(door, tx), actor=door.actor))


@routes.post(
    "/tasks/<task_id>/reassign", SIGNED_IN, "Переназначить чужую задачу", body=To(), answer=shapes.WholeTaskShape()
)
def reassign_task(door: Door, task_id: str) -> Any:
    """Give a task to another of its group, whoever holds it (chair, administrator, who stands in for the holder)."""
    return _change(door, task_id, lambda tx: inbox.reassign(tx, task_id, _person(door, tx), actor=door.actor))


@routes.put(
    "/tasks/<task_id>/follow-up",
    SIGNED_IN,
    "Назначить себе день, чтобы вернуться к задаче",
    body=FollowUp(),
    status=204,
)
def set_follow_up(door: Door, task_id: str) -> None:
    """Note the day on which the caller wants to come back to a task; null drops it."""
    day = None if door.body["day"] is None else date.fromisoformat(door.body["day"])

    def act(tx: Transaction) -> None:
        try:
            inbox.follow_up(tx, task_id, day, actor=door.actor)
        except InvalidError as error:
            error.errors = {"day": [text for texts in error.errors.values() for text in texts]}
            raise

    door.perform(act, name="follow_up")


@routes.put("/tasks/<task_id>/draft", SIGNED_IN, "Сохранить черновик", free=True, status=204)
def save_draft(door: Door, task_id: str) -> None:
    """Keep what has been filled in so far; shown to its holder alone."""
    door.perform(lambda tx: inbox.save_draft(tx, task_id, door.body, actor=door.actor), name="draft")


@routes.post(
    "/tasks/<task_id>/complete",
    SIGNED_IN,
    "Выполнить задачу",
    body=Completion(),
    keyed=True,
    answer=shapes.CompletedShape(),
)
def complete_task(door: Door, task_id: str) -> Any:
    """Complete a task."""
    return door.perform(
        lambda tx: views.completed_view(tx, cases.complete(tx, task_id, door.body["data"], actor=door.actor))
    )


@routes.post(
    "/tasks/<task_id>/decline",
    SIGNED_IN,
    "Отказаться от экспертизы",
    body=Declined(),
    keyed=True,
    answer=shapes.CompletedShape(),
)
def decline_task(door: Door, task_id: str) -> Any:
    """Decline a task where the drawing has a way for it."""
    return door.perform(
        lambda tx: views.completed_view(tx, cases.decline(tx, task_id, door.body["reason"], actor=door.actor))
    )


def _person(door: Door, tx: Transaction) -> Actor:
    found = door.context.find_actor(tx, door.body["to"])
    if found is None:
        raise InvalidError(errors={"to": ["Такого участника нет."]}, rule=False)
    return found


def _change(door: Door, task_id: str, change: Any) -> Any:
    def act(tx: Transaction) -> dict[str, Any]:
        change(tx)
        return views.opened_task(tx, task_id, door.actor)

    return door.perform(act)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        if len(text) == len("2026-01-31"):
            return datetime.combine(date.fromisoformat(text), time.min, MOSCOW).astimezone(UTC)
        # A plus sign of a query string that was not escaped arrives as a space.
        moment = fields.read_instant(text.replace(" ", "+"))
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        message = "Нужна дата (2026-01-31) или момент со смещением."
        raise InvalidError(errors={"due_before": [message]}, rule=False)
    return moment
