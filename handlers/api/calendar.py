"""The working-day calendar: a year's days, and a new table with what it would move."""

from datetime import date
from typing import Any

from engine import calendars
from engine.calendar import CalendarError, Decree, YearTable
from engine.errors import InvalidError, NotFoundError
from engine.runtime import Transaction
from handlers.acts import Outside
from handlers.api import shapes
from handlers.api.fields import Body, Day, Flag, Part, Rows, Text, Whole
from handlers.api.routes import Door, Routes
from handlers.auth import ADMIN, SIGNED_IN
from processes.council import years
from processes.council.administration import Matter

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


@routes.get("/calendar/<int:year>", SIGNED_IN, "Дни года и постановление о переносе", answer=shapes.YearShape())
def show_year(door: Door, year: int) -> dict[str, Any]:
    """Return every day of a year."""
    if not FIRST <= year <= LAST:
        raise NotFoundError(f"Календарь есть на годы с {FIRST} по {LAST}.")
    return door.read(lambda tx: calendars.year(tx, year))


@routes.post(
    "/calendar",
    ADMIN,
    "Ввести таблицу года: сначала показать, какие сроки сдвинутся",
    body=Year(),
    answer=shapes.MovesShape(),
)
def enter_year(door: Door) -> Any:
    """Answer what the table would move, or (`apply`) write it and move the terms."""
    if not door.body["apply"]:
        return door.read(lambda tx: {"applied": False, "moves": calendars.preview(tx, read_table(tx, door.body))})

    def act(tx: Transaction) -> dict[str, Any]:
        return {"applied": True, "moves": years.enter_year(tx, read_table(tx, door.body), actor=door.actor)}

    return door.perform(Outside(act, Matter.CALENDAR, str(door.body["year"])), name="calendar.entered")


def read_table(tx: Transaction, body: dict[str, Any]) -> YearTable:
    """Return a year's table. Raises InvalidError unless each day of the year stands there once."""
    days = [(date.fromisoformat(row["date"]), bool(row["working"])) for row in body["days"]]
    decree = body["decree"]
    act = Decree(decree["number"], date.fromisoformat(decree["date"])) if decree else None
    try:
        return tx.calendar.table_from_days(body["year"], days, act)
    except CalendarError as error:
        raise InvalidError(errors={"days": [error.message]}, rule=False) from error
