"""Timer start events: each released procedure that has one keeps one row, for its next beginning.

The property `starts` of the start event lists month-days ("01-01,07-01"): it begins at 00:00 Europe/Moscow of each.
"""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from engine.clock import MOSCOW, moscow
from engine.drawing import Element
from engine.ids import new_id
from engine.records import cases as records

if TYPE_CHECKING:
    from engine.definitions.definition import Definition
    from engine.runtime import Transaction


def arm(tx: "Transaction", definition: "Definition", *, after: datetime | None = None) -> None:
    """See to it that a procedure with a timer start event has its row: the next day past `after`.

    Without `after` (at a release) nothing is done where a row waits already; a procedure without a running case begins
    at once, for the period that runs.
    """
    drawn = start_event(definition)
    if drawn is None:
        return
    if after is None:
        if any(t["process"] == definition.key for t in records.start_timers(tx.connection)):
            return
        is_running = records.has_active(tx.connection, definition.key)
        due = next_start(drawn.properties["starts"], tx.now) if is_running else tx.now
    else:
        due = next_start(drawn.properties["starts"], after)
    row = {
        "id": new_id(),
        "case": None,
        "process": definition.key,
        "token": None,
        "host": None,
        "element": drawn.id,
        "kind": "start",
        "rule": drawn.properties["starts"],
        "due": due,
        "deadline": None,
        "held": False,
    }
    records.insert_timers(tx.writes, [row])
    tx.writes.flush()


def start_event(definition: "Definition") -> Element | None:
    """The timer start event of a drawing, or None."""
    events = definition.drawing.within(definition.key)
    return next(
        (e for e in events if e.kind == "startEvent" and e.event == "timer" and e.properties.get("starts")), None
    )


def next_start(starts: str, after: datetime) -> datetime:
    """The first of the month-days past an instant, 00:00 Europe/Moscow."""
    today = moscow(after).date()
    found = []
    for mark in starts.split(","):
        month, day = (int(part) for part in mark.strip().split("-"))
        for year in (today.year, today.year + 1):
            moment = datetime.combine(date(year, month, day), time.min, MOSCOW)
            if moment > after:
                found.append(moment)
    return min(found, default=after + timedelta(days=366))
