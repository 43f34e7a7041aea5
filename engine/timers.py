"""Timers: rows that are due are taken, fired and gone in one transaction; the virtual clock moves from one to the next.

On PostgreSQL rows are taken with FOR UPDATE SKIP LOCKED, on SQLite the write transaction itself excludes. There is no
"being done" state: a kill leaves the row as it was.
"""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from engine.actors import SYSTEM
from engine.attempts import attempt
from engine.cases import fire, start_instance
from engine.clock import MOSCOW, moscow
from engine.definitions.released import in_force
from engine.errors import NotFoundError, RefusedError, StepFailedError
from engine.ids import new_id
from engine.records import cases as records
from engine.records import definitions as definition_records
from engine.records import settings

if TYPE_CHECKING:
    from engine.drawing import Element
    from engine.runtime import Runtime, Transaction

Row = dict[str, Any]


def fire_next(
    runtime: "Runtime", until: datetime | None = None, *, case_id: str | None = None, wake: set[str] | None = None
) -> Row | None:
    """Fire the next due timer, earliest first; returns `{case, element, kind, at}`, or None where none is due.

    `until` moves a virtual clock to the timer's instant in the same transaction; without it the clock's now rules.
    `case_id` looks at one case only; cases set going join `wake`. A failed firing becomes an incident of its case (its
    timers wait for the retry) and counts as done.
    """
    taken: list[Row] = []

    def act(tx: "Transaction") -> Row | None:
        timer = records.next_timer(tx.connection, until or tx.now, case_id)
        if timer is None:
            return None
        taken.append(timer)
        if until is not None and timer["due"] > tx.now:
            settings.write(tx.connection, "clock", timer["due"].isoformat())
            tx.now = timer["due"]
        return _fire(tx, timer)

    try:
        told, woken, _sent = attempt(runtime, act)
    except (StepFailedError, RefusedError):
        _hold_failed(runtime, taken[0])
        return _told(taken[0])
    if wake is not None:
        wake.update(woken)
    return told


def _fire(tx: "Transaction", timer: Row) -> Row:
    records.drop_timer(tx.connection, timer["id"])
    if timer["case"] is None:
        _start_by_timer(tx, timer)
    else:
        fire(tx, timer)
    return _told(timer)


def _told(timer: Row) -> Row:
    return {
        "case": timer["case"],
        "element": timer["element"],
        "kind": timer["kind"],
        "at": moscow(timer["due"]).isoformat(),
    }


def _hold_failed(runtime: "Runtime", timer: Row) -> None:
    """A timer that cannot fire must not be tried for ever: an incident holds it, else it is held itself."""
    with runtime.transaction() as tx:
        records.update_timer(tx.connection, timer["id"], {"held": True})


def fire_due_of(runtime: "Runtime", case_id: str, wake: set[str]) -> int:
    """Fire the timers of one case that are due now; returns how many. Cases they set going join `wake`."""
    count = 0
    while fire_next(runtime, case_id=case_id, wake=wake) is not None:
        count += 1
    wake.discard(case_id)
    return count


def arm_start_timers(tx: "Transaction") -> None:
    """See to it that each released procedure with a timer start event has its row.

    A procedure that has no case yet is started at once, for the period that runs; then at its next day.
    """
    armed = {t["process"] for t in records.start_timers(tx.connection)}
    for key in definition_records.keys(tx.connection):
        if key in armed:
            continue
        drawn = _start_event(tx, key)
        if drawn is None:
            continue
        now_at_once = not records.active_of(tx.connection, key)
        _arm(tx, key, drawn, tx.now if now_at_once else _next_start(drawn, tx.now))


def _start_event(tx: "Transaction", key: str) -> "Element | None":
    try:
        _identity, definition = in_force(tx, key)
    except NotFoundError:
        return None
    return next(
        (
            e
            for e in definition.drawing.elements.values()
            if e.kind == "startEvent" and e.event == "timer" and e.scope == key and e.properties.get("starts")
        ),
        None,
    )


def _next_start(drawn: "Element", after: datetime) -> datetime:
    """The next of the month-days in `starts`, 00:00 Europe/Moscow, past an instant."""
    today = moscow(after).date()
    found = []
    for mark in drawn.properties["starts"].split(","):
        month, day = (int(part) for part in mark.strip().split("-"))
        for year in (today.year, today.year + 1):
            moment = datetime.combine(date(year, month, day), time.min, MOSCOW)
            if moment > after:
                found.append(moment)
    return min(found, default=after + timedelta(days=366))


def _arm(tx: "Transaction", key: str, drawn: "Element", due: datetime) -> None:
    row = {
        "id": new_id(),
        "case": None,
        "process": key,
        "token": None,
        "host": None,
        "element": drawn.id,
        "kind": "start",
        "rule": drawn.properties["starts"],
        "due": due,
        "deadline": None,
        "held": False,
    }
    records.insert_timers(tx.connection, [row])


def _start_by_timer(tx: "Transaction", timer: Row) -> None:
    drawn = _start_event(tx, timer["process"])
    if drawn is None:
        return
    _arm(tx, timer["process"], drawn, _next_start(drawn, max(timer["due"], tx.now)))
    start_instance(tx, timer["process"], {}, actor=SYSTEM)
