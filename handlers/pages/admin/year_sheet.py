"""A year as a sheet of twelve months: read from the marks of a form, and drawn day by day with how each stands."""

import re
from calendar import Calendar as MonthTable
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from babel.dates import format_date
from flask import request

from engine.calendar import Calendar, Decree, YearTable
from engine.calendar.statutory import HOLIDAYS, is_statutory_off
from engine.calendar.tables import days_of
from engine.errors import InvalidError
from handlers.pages.admin.office import day_of_form
from handlers.pages.dates import read_day
from handlers.pages.words import language

_DIVIDER: Final = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the sheet: whether it is off, by which rule, and how it is told.

    `base` says what it is without any transfer: `weekday`, `rest` (a weekend), `holiday`, `regional`; `kind` how it
    stands: `work`, `off`, `holiday`, `shifted`, `regional`, `moved`. `is_short`: a holiday follows it (article 95).
    """

    day: date
    is_off: bool
    base: str
    kind: str
    is_short: bool
    name: str


def read_table(calendar: Calendar, year: int) -> YearTable:
    """The table as typed: marked days are off, a listed weekday is off too, a listed day of rest works.

    Raises InvalidError naming the fields.
    """
    wrong: dict[str, list[str]] = {}
    number = request.form.get("number", "").strip()
    decreed = day_of_form("date", wrong, "дату постановления", required=bool(number))
    if decreed and not number:
        wrong["number"] = ["Укажите номер постановления или уберите дату: без постановления год предварительный."]
    regional, turned = read_days("regional", year, wrong), read_days("turn", year, wrong)
    resting = frozenset(day for day in turned if is_statutory_off(day))
    off = (marked_days(year) | turned) - resting
    if not off:
        wrong["sheet"] = ["В году не осталось ни одного выходного. Отметьте в сетке выходные дни."]
    elif "regional" in calendar.variant.kinds and (lost := sorted(regional - off)):
        told = f"{lost[0]:%d.%m.%Y} указан выходным по закону края, а в сетке он рабочий."
        wrong["regional"] = [f"{told} Отметьте его выходным или уберите отсюда."]
    if wrong:
        raise InvalidError("Таблица года не принята: проверьте отмеченные поля.", errors=wrong, rule=False)
    known = calendar.with_year(replace(calendar.table(year), regional=regional))
    decree = Decree(number, decreed) if decreed else None
    return known.table_from_days(year, [(day, day not in off) for day in days_of(year)], decree)


def marked_days(year: int) -> frozenset[date]:
    """The days of the year that the form marks as off; foreign marks are left out."""
    known = {day.isoformat(): day for day in days_of(year)}
    return frozenset(known[text] for text in request.form.getlist("off") if text in known)


def read_days(name: str, year: int, wrong: dict[str, list[str]]) -> frozenset[date]:
    """The dates of a text field; what is no date of the year goes into `wrong`."""
    found = set()
    for text in _DIVIDER.split(request.form.get(name, "").strip()):
        if not text:
            continue
        try:
            day = date.fromisoformat(read_day(text))
        except ValueError:
            wrong[name] = [f"«{text[:20]}» — не дата. Пишите дни как ДД.ММ.ГГГГ, каждый с новой строки."]
            continue
        if day.year != year:
            wrong[name] = [f"{day:%d.%m.%Y} — день другого года. Здесь дни {year} года."]
        found.add(day)
    return frozenset(found)


def draw_year(year: int, off: Collection[date], regional: Collection[date]) -> list[Mapping[str, Any]]:
    """The twelve months: `first` day, and `weeks` of Day, None outside of the month."""
    return [
        {
            "first": date(year, month, 1),
            "weeks": [
                [_draw(day, off, regional) if day.month == month else None for day in week]
                for week in MonthTable().monthdatescalendar(year, month)
            ],
        }
        for month in range(1, 13)
    ]


def _draw(day: date, off: Collection[date], regional: Collection[date]) -> Day:
    is_off = day in off
    is_holiday = _is_holiday(day)
    base = (
        "holiday" if is_holiday else "rest" if is_statutory_off(day) else "regional" if day in regional else "weekday"
    )
    kind = {"holiday": "holiday", "rest": "off", "regional": "regional", "weekday": "shifted"}[base]
    if not is_off:
        kind = "work" if base == "weekday" else "moved"
    is_short = not is_off and not is_holiday and _is_holiday(day + timedelta(days=1))
    return Day(day, is_off, base, kind, is_short, name_day(day))


def _is_holiday(day: date) -> bool:
    return (day.month, day.day) in HOLIDAYS


def name_day(day: date) -> str:
    """A day in words with its weekday: 14 января, среда."""
    return format_date(day, "d MMMM, EEEE", locale=language())
