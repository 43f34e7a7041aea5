"""The working-day calendar: a year's days, and a new table with what it would move."""

from datetime import date, timedelta
from typing import Any

from engine import years
from engine.calendar import YearTable
from engine.calendar.statutory import is_statutory_off, regional_days
from engine.calendar.tables import Decree
from engine.errors import InvalidError, NotFoundError
from engine.runtime import Transaction
from handlers.api.fields import Body, Day, Flag, Part, Rows, Text, Whole
from handlers.api.routes import Door, Routes
from handlers.auth import ADMIN, SIGNED_IN

routes = Routes("Календарь")

FIRST, LAST = 2000, 2199


class DecreeBody(Body):
    """The act that the year's table rests on."""

    number = Text(required=True, shortest=1, longest=60)
    date = Day(required=True)


class DayBody(Body):
    """One day of the year."""

    date = Day(required=True)
    working = Flag(required=True)


class Year(Body):
    """A year's table as GET gives it, with `apply`: false only answers what would move."""

    year = Whole(required=True, least=FIRST, most=LAST)
    version = Text(load_default=None, allow_none=True)
    decree = Part(DecreeBody, required=True, allow_none=True)
    days = Rows(Part(DayBody), required=True, most=366)
    apply = Flag(load_default=False)


@routes.get("/calendar/<int:year>", SIGNED_IN, "Дни года и постановление о переносе")
def show_year(door: Door, year: int) -> dict[str, Any]:
    """Return every day of a year."""
    if not FIRST <= year <= LAST:
        raise NotFoundError(f"Календарь есть на годы с {FIRST} по {LAST}.")
    return door.read(lambda tx: year_view(tx, year))


@routes.post("/calendar", ADMIN, "Ввести таблицу года: сначала показать, какие сроки сдвинутся", body=Year())
def enter_year(door: Door) -> Any:
    """Answer what the table would move, or (`apply`) write it and move the terms."""
    table = read_table(door.body)
    if not door.body["apply"]:
        return door.read(lambda tx: {"applied": False, "moves": years.moves_of(tx, table)})
    return door.perform(lambda tx: {"applied": True, "moves": years.enter(tx, table, actor=door.actor)})


def year_view(tx: Transaction, year: int) -> dict[str, Any]:
    """Return a year of the calendar in force; `decree` is null where it is provisional."""
    table = tx.calendar.table(year)
    decree = {"number": table.decree.number, "date": table.decree.date} if table.decree else None
    days = [{"date": day, "working": working} for day, working in tx.calendar.days(year)]
    return {"year": year, "version": table.version, "decree": decree, "days": days}


def read_table(body: dict[str, Any]) -> YearTable:
    """Return a year's departures from the rule. Raises InvalidError unless each day of the year stands there once."""
    year = body["year"]
    given = {date.fromisoformat(row["date"]): bool(row["working"]) for row in body["days"]}
    first = date(year, 1, 1)
    expected = {first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)}
    if len(given) != len(body["days"]) or set(given) != expected:
        raise InvalidError(errors={"days": [f"Нужны все дни {year} года, каждый по одному разу."]}, rule=False)
    regional = regional_days(year)
    off = {day for day, working in given.items() if not working and not is_statutory_off(day)}
    decree = body["decree"]
    return YearTable(
        year,
        decree=Decree(decree["number"], date.fromisoformat(decree["date"])) if decree else None,
        off=frozenset(off - regional),
        regional=frozenset(off & regional),
        working=frozenset(day for day, working in given.items() if working and is_statutory_off(day)),
    )
