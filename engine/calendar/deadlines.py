"""A deadline as an object: by which rule and clause, counted from when, by which tables, and how it was moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from engine.calendar.counting import Calendar
from engine.clock import MOSCOW, moscow

LAST_SECOND: Final = time(23, 59, 59)


def end_of_day(day: date) -> datetime:
    """Give 23:59:59 Europe/Moscow of a day: the `due_at` of a term that ends on it."""
    return datetime.combine(day, LAST_SECOND, MOSCOW)


def fires_after(due_at: datetime) -> datetime:
    """Give the midnight (Europe/Moscow) after an aware instant's day: when the overdue timer fires."""
    return datetime.combine(moscow(due_at).date() + timedelta(days=1), time.min, MOSCOW)


@dataclass(frozen=True, slots=True)
class Move:
    """One change of a deadline: where it stood, by which calendar, and when it was moved."""

    due_at: datetime
    calendar_version: str
    moved_at: datetime

    def to_json(self) -> dict[str, str]:
        """Give the move as JSON."""
        return {
            "due_at": self.due_at.isoformat(),
            "calendar_version": self.calendar_version,
            "moved_at": self.moved_at.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a task is due, and why.  Instants are aware, `due_at` is Europe/Moscow."""

    #: The timer's expression, as the drawing has it.
    rule: str
    #: The clause of the regulation, or the reading, that sets it.
    clause: str
    #: The date of the event, also on a non-working day; the next day is the first that may count.
    counted_from: date
    #: The length in working days; None where an instant of the case sets the end.
    working_days: int | None
    #: The reading and tables it was counted by, see :meth:`Calendar.version_of`.
    calendar_version: str
    #: Whether the term touches a year whose table has no decree.
    provisional: bool
    #: Set by the regulation (true), or an internal setting.
    normative: bool
    #: 23:59:59 of the last day.
    due_at: datetime
    #: Where it stood before, oldest first.
    moves: tuple[Move, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give the deadline as JSON: dates and instants in ISO 8601, instants with offset."""
        return {
            "rule": self.rule,
            "clause": self.clause,
            "counted_from": self.counted_from.isoformat(),
            "working_days": self.working_days,
            "calendar_version": self.calendar_version,
            "provisional": self.provisional,
            "normative": self.normative,
            "due_at": self.due_at.isoformat(),
            "moves": [move.to_json() for move in self.moves],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Deadline:
        """Read what :meth:`to_json` gave."""
        return cls(
            rule=data["rule"],
            clause=data["clause"],
            counted_from=date.fromisoformat(data["counted_from"]),
            working_days=data["working_days"],
            calendar_version=data["calendar_version"],
            provisional=data["provisional"],
            normative=data["normative"],
            due_at=moscow(datetime.fromisoformat(data["due_at"])),
            moves=tuple(
                Move(
                    due_at=moscow(datetime.fromisoformat(move["due_at"])),
                    calendar_version=move["calendar_version"],
                    moved_at=datetime.fromisoformat(move["moved_at"]),
                )
                for move in data.get("moves", ())
            ),
        )


def count_deadline(
    calendar: Calendar,
    counted_from: date,
    working_days: int,
    *,
    rule: str = "",
    clause: str = "",
    normative: bool = False,
) -> Deadline:
    """Count a term of working days from an event's date (clause 4.5: day one is the day after, A-08)."""
    last = calendar.add_working_days(counted_from, working_days)
    first = counted_from + timedelta(days=1)
    return Deadline(
        rule=rule,
        clause=clause,
        counted_from=counted_from,
        working_days=working_days,
        calendar_version=calendar.version_of(first, last),
        provisional=calendar.is_provisional(first, last),
        normative=normative,
        due_at=end_of_day(last),
    )


def recount(deadline: Deadline, calendar: Calendar, at: datetime) -> Deadline:
    """Count an open deadline again by another calendar; `at` is the instant of the change.

    The same object comes back where nothing changes.  A changed `due_at` adds a :class:`Move`; a decree that only
    confirms the year changes `provisional` and `calendar_version`.  A term not counted in working days stays as it is.
    """
    if deadline.working_days is None:
        return deadline
    fresh = count_deadline(
        calendar,
        deadline.counted_from,
        deadline.working_days,
        rule=deadline.rule,
        clause=deadline.clause,
        normative=deadline.normative,
    )
    moves = deadline.moves
    if fresh.due_at != deadline.due_at:
        moves = (*moves, Move(deadline.due_at, deadline.calendar_version, at))
    return replace(fresh, moves=moves)
