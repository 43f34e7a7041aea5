"""A year's table enters the calendar: open terms are counted again and move with their timers, closed ones stay.

The administrator first sees what would move (`preview`), then enters the table (`apply`): the tasks' due dates, the
overdue timers and the reminders of each moved term change in the same transaction, with one fact `deadline.moved` a
term. A term that has run out already never moves; one that a table shortens keeps at least the next working day.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from engine.actors import Actor
from engine.calendar import Calendar, Deadline, YearTable, compile_timer, end_of_day, evaluate_timer, fires_after
from engine.calendar.deadlines import recount
from engine.clock import moscow
from engine.deadlines import DEADLINE, REMINDER
from engine.errors import ForbiddenError
from engine.facts import Fact
from engine.ids import new_id
from engine.records import cases as case_records
from engine.records import settings as setting_records
from engine.records import terms as records
from engine.steps import Act, finish
from engine.transaction import CALENDAR

if TYPE_CHECKING:
    from engine.runtime import Transaction

Row = dict[str, Any]

#: How many working days a reminder lies before its term, in the words of its rule.
_DISTANCE: Final = re.compile(r"before_due\(\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Term:
    """A term that still runs: its timer, the open task it is of (None: a wait without one), before and after."""

    case: str
    timer: Row
    task: Row | None
    element: str
    before: Deadline
    after: Deadline

    @property
    def is_moved(self) -> bool:
        """Whether it ends at another instant."""
        return self.before.due_at != self.after.due_at

    def to_json(self) -> dict[str, Any]:
        """The move as the API shows it; instants in Europe/Moscow."""
        return {
            "task": self.task["id"] if self.task else None,
            "case": self.case,
            "element": self.element,
            "due_at": moscow(self.before.due_at).isoformat(),
            "new_due_at": moscow(self.after.due_at).isoformat(),
        }


def year(tx: "Transaction", number: int) -> dict[str, Any]:
    """A year of the calendar in force: `{year, version, decree: {number, date} | None, days: [{date, working}]}`.

    `version` is the mark that a term lying wholly within the year carries; without a decree the year is provisional.
    """
    calendar = tx.calendar
    decree = calendar.table(number).decree
    return {
        "year": number,
        "version": calendar.version_of(date(number, 1, 1), date(number, 12, 31)),
        "decree": {"number": decree.number, "date": decree.date.isoformat()} if decree else None,
        "days": [{"date": day.isoformat(), "working": works} for day, works in calendar.days(number)],
    }


def preview(tx: "Transaction", table: YearTable) -> list[dict[str, Any]]:
    """What a year's table would move: `[{task, case, element, due_at, new_due_at}]`, by case; changes nothing."""
    calendar = tx.calendar.with_year(table)
    moved = []
    for case in records.read_cases(tx.connection, records.cases_with_terms(tx.connection)):
        moved += [term.to_json() for term in _terms(tx, case, calendar) if term.is_moved]
    return moved


def apply(tx: "Transaction", table: YearTable, *, actor: Actor) -> list[dict[str, Any]]:
    """Enter a year's table and move the open terms; gives the same list as `preview`. Raises ForbiddenError.

    Cases stand still meanwhile, so that none is started or moved by the calendar of before and overlooked.
    """
    if not actor.holds("admin"):
        raise ForbiddenError("Календарь меняет только администратор.", slug="forbidden")
    records.stop_starts(tx.connection)
    tx.refresh_calendar()
    connection, mark = tx.connection, new_id()
    calendar = tx.calendar.with_year(table)
    setting_records.insert_year(
        connection,
        {
            "id": mark,
            "year": table.year,
            "version": table.version,
            "table": table.to_json(),
            "entered_by": actor.login,
            "entered_at": tx.now,
        },
    )
    setting_records.write(connection, CALENDAR, mark)
    moved = []
    for identity in records.cases_with_terms(connection):
        case = case_records.lock_case(connection, identity)
        if case is not None:
            moved += [term.to_json() for term in _move(tx, case, calendar, actor) if term.is_moved]
    tx.calendar = calendar
    return moved


def _move(tx: "Transaction", case: Row, calendar: Calendar, actor: Actor) -> list[Term]:
    """Write the terms of one locked case, with their facts."""
    terms = list(_terms(tx, case, calendar))
    for term in terms:
        if term.after != term.before:
            _write(tx, term)
    hosts = {term.timer["host"]: term for term in terms if term.timer["kind"] == DEADLINE}
    for timer in records.term_timers(tx.connection, case["id"]):
        if timer["kind"] == REMINDER and timer["host"] in hosts:
            _move_reminder(tx, timer, calendar, hosts[timer["host"]])
    moved = [term for term in terms if term.is_moved]
    if moved:
        act = Act(tx, tx.runtime.definitions.get(tx, case["definition"]), case, actor, actor.right("admin"))
        act.facts.extend(_fact(term) for term in moved)
        finish(act)
    return terms


def _terms(tx: "Transaction", case: Mapping[str, Any], calendar: Calendar) -> Iterator[Term]:
    """The terms of a case that have not run out, counted by another calendar."""
    timers = [t for t in records.term_timers(tx.connection, case["id"]) if t["deadline"]]
    if not timers:
        return
    tasks = {t["token"]: t for t in case_records.open_tasks(tx.connection, case["id"])}
    definition = tx.runtime.definitions.get(tx, case["definition"])
    for timer in timers:
        before = Deadline.from_json(timer["deadline"])
        if before.due_at < tx.now:
            continue
        watches = timer["kind"] == DEADLINE
        task = tasks.get(timer["host"]) if watches else None
        element = (
            (definition.element(timer["element"]).attached_to or timer["element"]) if watches else timer["element"]
        )
        yield Term(case["id"], timer, task, element, before, _counted_again(before, calendar, tx.now))


def _counted_again(deadline: Deadline, calendar: Calendar, now: datetime) -> Deadline:
    """The term by the new calendar; one that becomes shorter keeps at least the next working day."""
    fresh = recount(deadline, calendar, now)
    if fresh.due_at >= deadline.due_at:
        return fresh
    least = min(deadline.due_at, end_of_day(calendar.add_working_days(moscow(now).date(), 1)))
    if fresh.due_at >= least:
        return fresh
    return replace(fresh, due_at=least, moves=fresh.moves if least != deadline.due_at else deadline.moves)


def _write(tx: "Transaction", term: Term) -> None:
    values: Row = {"deadline": term.after.to_json()}
    if term.is_moved:
        values["due"] = fires_after(term.after.due_at)
    case_records.update_timer(tx.connection, term.timer["id"], values)
    if term.task is not None:
        records.move_task(tx.connection, term.task["id"], term.after.due_at, values["deadline"])


def _move_reminder(tx: "Transaction", timer: Row, calendar: Calendar, term: Term) -> None:
    """A reminder stands by its distance from the due date; one whose instant has passed by that is told at once.

    Where the drawing chose between two distances, the one that it stands at is the one that was chosen.
    """
    days = {int(number) for number in _DISTANCE.findall(timer["rule"])}
    if " if " in timer["rule"]:
        days = {each for each in days if _before_due(each, tx.calendar, tx.now, term.before) == timer["due"]}
    for each in days:
        instant = _before_due(each, calendar, tx.now, term.after)
        if instant != timer["due"]:
            case_records.update_timer(tx.connection, timer["id"], {"due": instant})
            if instant <= tx.now:
                tx.wake.add(term.case)


def _before_due(days: int, calendar: Calendar, now: datetime, deadline: Deadline) -> datetime:
    rule = compile_timer(f"before_due({days})")
    return evaluate_timer(rule, {}, calendar, now, due_at=deadline.due_at).instant


def _fact(term: Term) -> Fact:
    """`due_at` is where the term ends now, `was` where it ended before."""
    return Fact(
        "deadline.moved",
        term.element,
        {
            "task": term.task["id"] if term.task else None,
            "due_at": term.after.due_at,
            "was": term.before.due_at,
            "calendar_version": term.after.calendar_version,
            "was_calendar_version": term.before.calendar_version,
        },
    )
