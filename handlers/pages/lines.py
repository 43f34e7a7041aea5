"""Tasks as lists show them: how each stands against its term, and what happens if it is not done in time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from engine import inbox
from engine.clock import moscow
from engine.runtime import Transaction
from handlers.pages.dates import Term, term_of
from handlers.pages.desk import Desk

#: Groups of a list, the most urgent first.
GROUPS: Final = ("overdue", "today", "week", "later", "none")
_SUNDAY: Final = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One task of a list: its row, how it stands against its term, and what happens if it is not done in time.

    `told`: groups that are told then; `consequence`: the drawing's own words on it (Russian); `holder`: the name of
    whoever holds it; `follow_up`: the day on which the reader wants to come back to it.
    """

    task: dict[str, Any]
    term: Term
    told: tuple[str, ...] = ()
    consequence: str = ""
    holder: str = ""
    follow_up: date | None = None


def line_of(
    tx: Transaction, row: dict[str, Any], *, holders: Mapping[str, str] | None = None, day: date | None = None
) -> Line:
    """Return a task as a list shows it; `holders` are names by login, `day` the reader's day to come back."""
    told: tuple[str, ...] = ()
    consequence = ""
    if row["due_at"] is not None and "case_definition" in row:
        drawing = tx.runtime.definitions.get(tx, row["case_definition"]).drawing
        timer = drawing.deadline_of(row["element"])
        if timer is not None:
            named = timer.properties.get("escalate", "")
            told = tuple(group.strip() for group in named.split(",") if group.strip())
            consequence = timer.documentation
    login = row["assignee"] or ""
    holder = (holders or {}).get(login, login)
    return Line(row, term_of(row, tx.now, tx.calendar), told, consequence, holder, day)


def tasks_of(tx: Transaction, desk: Desk, case: str) -> list[Line]:
    """Return the open tasks of a case."""
    return [line_of(tx, row) for row in inbox.list_tasks(tx, desk.actor, scope="all", case=case, limit=100).items]


def week_end(today: date) -> date:
    """Return the Sunday of a day's week."""
    return today + timedelta(days=_SUNDAY - today.weekday())


def group_by_term(tx: Transaction, lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    """Return the lines in their groups: overdue, today, in the rest of this calendar week, later, without a term."""
    last = week_end(moscow(tx.now).date())
    found: dict[str, list[Line]] = {}
    for line in lines:
        due = line.term.due_at
        if line.term.tone in {"late", "today"}:
            group = "overdue" if line.term.tone == "late" else "today"
        elif due is None:
            group = "none"
        else:
            group = "week" if moscow(due).date() <= last else "later"
        found.setdefault(group, []).append(line)
    return [(name, found[name]) for name in GROUPS if name in found]


def group_by_day(tx: Transaction, lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    """Return the lines by the day to come back: by today, in the rest of this calendar week, later."""
    today = moscow(tx.now).date()
    found: dict[str, list[Line]] = {}
    for line in lines:
        day = line.follow_up or today
        group = "back" if day <= today else "back_week" if day <= week_end(today) else "back_later"
        found.setdefault(group, []).append(line)
    return [(name, found[name]) for name in ("back", "back_week", "back_later") if name in found]
