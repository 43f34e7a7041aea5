"""The working-day calendar: years with their decrees, one year's days, a new table with what it would move."""

from datetime import date
from typing import Any, Final

from flask import make_response, request

from engine import calendars
from engine.calendar.tables import days_of
from engine.errors import InvalidError, NotFoundError
from engine.records import cases as case_records
from engine.runtime import Transaction
from handlers.auth import SIGNED_IN
from handlers.pages.admin import records
from handlers.pages.admin.office import STAFF, UNPROCESSABLE, administer, changes_of, names_of, summary_of
from handlers.pages.admin.year_sheet import draw_year, marked_days, name_day, read_table
from handlers.pages.desk import Answer, Desk, Pages
from processes.council.administration import Matter
from processes.council.people import day_of
from processes.council.years import enter_year

pages = Pages()

FIRST, LAST = 2000, 2199
_MOST_LISTED: Final = 200


@pages.get("/admin/calendar", STAFF)
def show_years(desk: Desk) -> Answer:
    """Show the years that have a table, and what was entered when."""

    def ask(tx: Transaction) -> dict[str, Any]:
        entered = records.calendar_versions(tx.connection)
        newest = {row["year"]: row for row in reversed(entered)}
        this = day_of(tx.now).year
        rows = []
        for year in sorted({*tx.calendar.tables, this, this + 1}, reverse=True):
            table = tx.calendar.table(year)
            rows.append(
                {
                    "year": year,
                    "table": table,
                    "has_table": year in tx.calendar.tables,
                    "entered": newest.get(year),
                    "working": len(tx.calendar.working_days_of(year)),
                }
            )
        return {
            "rows": rows,
            "entered": entered,
            "this": this,
            "names": names_of(tx, (row["entered_by"] for row in entered)),
            "changes": changes_of(tx, Matter.CALENDAR),
        }

    return desk.show("admin/calendar.html", **desk.read(ask), may=desk.actor.holds("admin"))


@pages.get("/admin/calendar/<int:year>", STAFF)
def show_calendar_year(desk: Desk, year: int) -> Answer:
    """Show a year's days, and to the administrator the form of a new table."""
    return _year(desk, year)


@pages.post("/admin/calendar/<int:year>", SIGNED_IN)
def enter_calendar_year(desk: Desk, year: int) -> Answer:
    """Show what a table would move; with `apply`, put it in force."""
    _check_year(year)
    actor = desk.actor

    def act(tx: Transaction) -> dict[str, Any]:
        return {"moved": len(enter_year(tx, read_table(tx.calendar, year), actor=actor))}

    try:
        if "apply" not in request.form:
            return _year(desk, year, is_preview=True)
        administer(desk, act, matter=Matter.CALENDAR, kind="calendar.entered", subject=str(year))
    except InvalidError as error:
        return make_response(_year(desk, year, error), UNPROCESSABLE)
    return desk.go("show_calendar_year", year=year, done="entered")


def _check_year(year: int) -> None:
    if not FIRST <= year <= LAST:
        raise NotFoundError(f"Календарь есть на годы с {FIRST} по {LAST}.")


def _year(desk: Desk, year: int, error: InvalidError | None = None, *, is_preview: bool = False) -> str:
    _check_year(year)
    form = request.form

    def ask(tx: Transaction) -> dict[str, Any]:
        table = tx.calendar.table(year)
        shown = read_table(tx.calendar, year) if is_preview else table
        after = tx.calendar.with_year(shown) if is_preview else tx.calendar
        working, before = after.working_days_of(year), tx.calendar.working_days_of(year)
        off = marked_days(year) if error else frozenset(days_of(year)) - working
        moves = calendars.preview(tx, shown) if is_preview else []
        listed = moves[:_MOST_LISTED]
        cases = {m["case"]: case_records.get_case(tx.connection, m["case"]) for m in listed}
        typed = {"number": form.get("number", "").strip(), "date": form.get("date", "")}
        stored = {
            "number": table.decree.number if table.decree else "",
            "date": table.decree.date if table.decree else "",
        }
        return {
            "table": table,
            "shown": shown,
            "has_table": year in tx.calendar.tables,
            "months": draw_year(year, off, shown.regional),
            "working": len(before),
            "working_after": len(working),
            "now_off": [name_day(day) for day in sorted(before - working)],
            "now_working": [name_day(day) for day in sorted(working - before)],
            "moves": moves,
            "listed": [{**m, "name": _step(tx, cases[m["case"]], m["element"])} for m in listed],
            "cases": cases,
            "versions": [row for row in records.calendar_versions(tx.connection) if row["year"] == year],
            "value": dict(form)
            if error
            else {**(typed if is_preview else stored), "regional": _lines(shown.regional), "turn": ""},
            "changes": changes_of(tx, Matter.CALENDAR, str(year)),
        }

    values = desk.read(ask)
    names = desk.read(lambda tx: names_of(tx, (row["entered_by"] for row in values["versions"])))
    return desk.show(
        "admin/calendar_year.html",
        **values,
        year=year,
        names=names,
        is_preview=is_preview,
        may=desk.actor.holds("admin"),
        error=error,
        wrong=error.errors if error else {},
        summary=summary_of(error),
    )


def _step(tx: Transaction, case: dict[str, Any] | None, element: str) -> str:
    """What the drawing of a case calls a step."""
    if case is None:
        return element
    elements = tx.runtime.definitions.get(tx, case["definition"]).drawing.elements
    return elements[element].name if element in elements else element


def _lines(days: frozenset[date]) -> str:
    return "\n".join(f"{day:%d.%m.%Y}" for day in sorted(days))
