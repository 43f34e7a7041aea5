"""What holds across meetings: whether the council meets in every half-year, and what it asked people to do."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from engine import cases
from engine.clock import moscow
from engine.runtime import Transaction
from handlers.pages.desk import Answer, Desk, Pages
from handlers.pages.meeting_frame import STAFF
from processes.council.half_years import HalfYear, half_year_of
from processes.council.people import persons_of
from processes.council.records import library
from processes.council_meeting import execution
from processes.council_meeting.records import meetings, wording

pages = Pages()

#: Days before a half-year's end on which the watch writes to chair and secretary (clause 3.3, A-35).
WARNINGS: Final = (60, 30, 14, 7)
_PAST: Final = 4
_WATCHED: Final = 20


@dataclass(frozen=True, slots=True)
class Half:
    """A half-year: its meetings that had a quorum, those still planned, the watch's case, and how all that stands."""

    of: HalfYear
    held: tuple[dict[str, Any], ...]
    planned: tuple[dict[str, Any], ...]
    watch: dict[str, Any] | None
    tone: str
    days_left: int
    warnings: tuple[tuple[date, bool], ...]


@pages.get("/meetings/watch", STAFF)
def show_watch(desk: Desk) -> Answer:
    """Show whether the council has met in this half-year and by when it must, and how earlier ones went."""

    def ask(tx: Transaction) -> dict[str, Any]:
        today = moscow(tx.now).date()
        watches = cases.list_cases(tx, desk.actor, process="meeting_watch", limit=_WATCHED).items
        by_name = {str(row["number"]).removeprefix("ПОЛ-"): row for row in watches}
        halves = [_half(tx, half_year_of(today), today, by_name)]
        for _ in range(_PAST):
            halves.append(_half(tx, half_year_of(halves[-1].of.start - timedelta(days=1)), today, by_name))
        known = [h for h in halves if h is halves[0] or h.held or h.watch]
        return {"halves": known, "today": today, "plan": library.document_on(tx.connection, "plan", today)}

    return desk.show("meeting_watch.html", may=desk.actor.holds("secretary", "chair"), **desk.read(ask))


@pages.get("/meetings/decisions", STAFF)
def show_execution(desk: Desk) -> Answer:
    """Show every task that a signed protocol gave: overdue, open, done."""

    def ask(tx: Transaction) -> dict[str, Any]:
        today = moscow(tx.now).date()
        waiting = wording.assignments(tx.connection, is_done=False)
        done = wording.assignments(tx.connection, is_done=True, limit=100)
        people = persons_of(tx.connection, {row["responsible"] for row in (*waiting, *done)})
        return {
            "today": today,
            "late": [row for row in waiting if row["due"] < today],
            "ahead": [row for row in waiting if row["due"] >= today],
            "carried": done,
            "names": {login: person.short_name for login, person in people.items()},
            "markable": {(r["meeting"], r["item"], r["n"]) for r in waiting if execution.may_mark(desk.actor, r)},
        }

    return desk.show("meeting_execution.html", **desk.read(ask))


def _half(tx: Transaction, half: HalfYear, today: date, watches: dict[str, dict[str, Any]]) -> Half:
    rows = [dict(row) for row in meetings.meetings_between(tx.connection, half.start, half.end)]
    held = tuple(row for row in rows if row["opened_at"] is not None)
    planned = tuple(row for row in rows if row["opened_at"] is None and row["state"] == "active")
    days_left = (half.end - today).days
    if held:
        tone = "good"
    elif today > half.end:
        tone = "bad"
    else:
        tone = "warn" if days_left <= WARNINGS[0] else "info"
    marks = tuple((day, day <= today) for day in (half.end - timedelta(days=n) for n in WARNINGS))
    return Half(half, held, planned, watches.get(half.name), tone, days_left, marks)
