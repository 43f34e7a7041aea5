"""Acts on tasks from the list: several at once, with a preview; a day to come back; giving what another holds."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask import request

from engine import inbox
from engine.actors import Actor
from engine.errors import EngineError, InvalidError
from engine.inbox import bulk
from engine.inbox.bulk import Foreseen, Order
from engine.runtime import Transaction
from handlers import acts
from handlers.auth import SIGNED_IN
from handlers.pages.dates import read_day
from handlers.pages.desk import Answer, Desk, Pages
from handlers.pages.inbox_place import is_list, read_back
from handlers.pages.task_way import way_back
from processes.council.people import day_of, holders, persons_of

pages = Pages()

_UNPROCESSABLE: Final = 422


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one task: `refusal` is why nothing did."""

    task: dict[str, Any]
    refusal: str | None = None


@pages.get("/inbox/bulk", SIGNED_IN)
def preview_bulk(desk: Desk) -> Answer:
    """Tell what an act would do to each of the tasks marked; nothing is done."""
    return _preview(desk)


@pages.post("/inbox/bulk", SIGNED_IN)
def do_bulk(desk: Desk) -> Answer:
    """Do the act on each task, one by one, and tell of each; the same form sent again changes nothing more."""
    try:
        order = _order(desk)
        found = desk.read(lambda tx: bulk.foresee(tx, order, request.form.getlist("task"), actor=desk.actor))
    except InvalidError as error:
        return _preview(desk, error), _UNPROCESSABLE
    outcomes = [_carry_out(desk, order, one) for one in found]
    return desk.show("bulk_done.html", order=order, back=_back(), outcomes=outcomes)


def _carry_out(desk: Desk, order: Order, one: Foreseen) -> Outcome:
    task_id = one.task["id"]
    body = {"do": order.act, "to": order.to.login if order.to else None, "day": str(order.day or "")}
    key = acts.key_of_request(desk.actor, f"{request.form.get('idempotency_key', '')}:{task_id}", body)

    def act(tx: Transaction) -> dict[str, Any]:
        bulk.carry_out(tx, order, task_id, actor=desk.actor)
        return {"task": task_id}

    try:
        acts.perform(desk.context, act, actor=desk.actor, name=order.act, key=key)
    except InvalidError as error:
        return Outcome(one.task, " ".join(text for texts in error.errors.values() for text in texts) or error.message)
    except EngineError as error:
        return Outcome(one.task, error.message)
    return Outcome(one.task)


@pages.post("/tasks/<task_id>/follow-up", SIGNED_IN)
def set_follow_up(desk: Desk, task_id: str) -> Answer:
    """Note the day on which the person wants to come back to a task; an empty one drops it."""
    text = "" if "drop" in request.form else request.form.get("day", "")

    def act(tx: Transaction) -> dict[str, Any]:
        inbox.follow_up(tx, task_id, _day(text), actor=desk.actor)
        return {"task": task_id}

    desk.act(act, name="follow_up", again=True)
    return way_back(desk).stay(task_id, "follow_up")


@pages.post("/tasks/<task_id>/reassign", SIGNED_IN)
def reassign_task(desk: Desk, task_id: str) -> Answer:
    """Give a task that somebody holds to another of its group."""
    login, way = request.form.get("to", "").strip(), way_back(desk)

    def act(tx: Transaction) -> dict[str, Any]:
        return {"task": inbox.reassign(tx, task_id, _person(desk, tx, login), actor=desk.actor)["id"]}

    desk.act(act, name="reassign")
    return way.on(task_id, "delegated", f"/tasks/{task_id}")


def _preview(desk: Desk, error: InvalidError | None = None) -> str:
    tasks = request.values.getlist("task")
    found: list[Foreseen] = []
    colleagues: list[tuple[str, str]] = []
    order = Order(request.values.get("do", ""))
    try:
        order = _order(desk, is_open=True)
        found, colleagues = desk.read(lambda tx: _foresee(tx, desk, order, tasks))
    except InvalidError as wrong:
        error = error or wrong
    names = _names(desk, found)
    return desk.show(
        "bulk.html",
        order=order,
        day=request.values.get("day", ""),
        tasks=tasks,
        found=found,
        ready=[one for one in found if one.refusal is None and one.changes],
        colleagues=colleagues,
        names=names,
        error=error,
        back=_back(),
    )


def _foresee(
    tx: Transaction, desk: Desk, order: Order, tasks: list[str]
) -> tuple[list[Foreseen], list[tuple[str, str]]]:
    if order.act != "delegate":
        return bulk.foresee(tx, order, tasks, actor=desk.actor), []
    seen = bulk.foresee(tx, Order("claim"), tasks, actor=desk.actor)
    groups = sorted({group for one in seen for group in one.task["candidates"]})
    logins = dict.fromkeys(login for group in groups for login in holders(tx.connection, group, day_of(tx.now)))
    people = persons_of(tx.connection, logins)
    colleagues = [(login, people[login].full_name) for login in logins if login in people]
    return (bulk.foresee(tx, order, tasks, actor=desk.actor) if order.to else seen), colleagues


def _names(desk: Desk, found: list[Foreseen]) -> dict[str, str]:
    logins = {one.task["assignee"] for one in found if one.task["assignee"]}
    if not logins:
        return {}
    people = desk.read(lambda tx: persons_of(tx.connection, logins))
    return {login: person.full_name for login, person in people.items()}


def _order(desk: Desk, *, is_open: bool = False) -> Order:
    """Return what the form asks for; `is_open`: whom to hand tasks to may be left open. Raises InvalidError."""
    act, login = request.values.get("do", ""), request.values.get("to", "").strip()
    day = _day(request.values.get("day", "")) if act == "follow_up" else None
    to: Actor | None = None
    if act == "delegate" and (login or not is_open):
        to = desk.read(lambda tx: _person(desk, tx, login))
    return Order(act, to, day)


def _person(desk: Desk, tx: Transaction, login: str) -> Actor:
    found = desk.context.find_actor(tx, login) if login else None
    if found is None:
        raise InvalidError(errors={"to": ["Выберите, кому передать задачу."]}, rule=False)
    return found


def _day(text: str) -> date | None:
    """Return the day of a field, None for an empty one. Raises InvalidError (`follow_up`)."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(read_day(text))
    except ValueError as error:
        message = "Дата возврата: день в виде ДД.ММ.ГГГГ, например 25.11.2026."
        raise InvalidError(errors={"follow_up": [message]}, rule=False) from error


def _back() -> str:
    """Return the list that the person came from."""
    back = read_back(request.values.get("back", ""))
    return back if is_list(back) else "/"
