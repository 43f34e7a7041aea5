"""Counting working days over year tables, with the bare rule where a year has none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from engine.calendar.statutory import is_statutory_off, regional_days
from engine.calendar.tables import Decree, Variant, YearTable, days_of
from engine.errors import StepFailedError

MAX_TERM: Final = 5_000
ONE_DAY: Final = timedelta(days=1)


class CalendarError(StepFailedError):
    """A term that cannot be counted: a bad number of days, a missing or naive date.  The message is Russian."""


@dataclass(frozen=True)
class Calendar:
    """Year tables under one reading (A-58); immutable, shareable, equal where `version` is equal.

    Where no table exists, Saturdays, Sundays, statutory holidays and (by the reading) Krasnodar's day are off.
    """

    tables: Mapping[int, YearTable] = field(compare=False)
    variant: Variant = field(default=Variant.REGIONAL, compare=False)
    #: Changes exactly when the reading or any table's content or decree changes.
    version: str = field(init=False)
    #: A year's working days; filled as years are asked for, always with the same values.
    known: dict[int, frozenset[date]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Freeze the tables and compute the version."""
        tables = dict(sorted(self.tables.items()))
        strays = [year for year, table in tables.items() if table.year != year]
        if strays:
            raise ValueError(f"table of {tables[strays[0]].year} stands under {strays[0]}")
        object.__setattr__(self, "variant", Variant(self.variant))
        content = "|".join([self.variant.value, *(table.version for table in tables.values())])
        object.__setattr__(self, "tables", MappingProxyType(tables))
        object.__setattr__(self, "version", f"{self.variant.value}.{sha256(content.encode()).hexdigest()[:12]}")
        object.__setattr__(self, "known", {})

    def working_days_of(self, year: int) -> frozenset[date]:
        """Give a year's working days."""
        found = self.known.get(year)
        if found is None:
            table = self.table(year)
            kinds = self.variant.kinds
            found = self.known[year] = frozenset(day for day in days_of(year) if table.is_working(day, kinds))
        return found

    def table(self, year: int) -> YearTable:
        """Give a year's table, or the bare rule (without decree) where none is loaded."""
        return self.tables.get(year) or YearTable(year, regional=regional_days(year))

    def is_working(self, day: date) -> bool:
        """Say whether the day is a working day."""
        return day in self.working_days_of(day.year)

    def add_working_days(self, start: date, count: int) -> date:
        """Give the last day of a term of `count` working days; the day after `start` is the first that may count.

        Raises :class:`CalendarError` unless 1 <= count <= 5,000.
        """
        return self.walk(start, count, ONE_DAY)

    def subtract_working_days(self, end: date, count: int) -> date:
        """Give the working day `count` working days before `end`; `end` itself does not count."""
        return self.walk(end, count, -ONE_DAY)

    def walk(self, start: date, count: int, step: timedelta) -> date:
        """Go from a day, not counting it, over `count` working days."""
        if type(count) is not int or not 1 <= count <= MAX_TERM:
            raise CalendarError(f"Число рабочих дней — целое от 1 до {MAX_TERM}, а указано {count!r}.")
        day = start
        try:
            while count:
                day += step
                if day in self.working_days_of(day.year):
                    count -= 1
        except (OverflowError, ValueError):
            raise CalendarError("Срок выходит за пределы календаря.") from None
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end`; negative where `end` is the earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        years = range(start.year, end.year + 1)
        return sum(1 for year in years for day in self.working_days_of(year) if start < day <= end)

    def is_provisional(self, start: date, end: date) -> bool:
        """Say whether the span touches a year whose table has no decree number and date, or no table."""
        return any(
            year not in self.tables or self.tables[year].decree is None for year in range(start.year, end.year + 1)
        )

    def version_of(self, start: date, end: date) -> str:
        """Name the reading and the tables that a span touches: what a deadline within it was counted by.

        Example: "C:2026.0f3a51c29b77"; a year without a table shows as "2031.rule".
        """
        years = range(start.year, end.year + 1)
        tables = [self.tables[year].version if year in self.tables else f"{year}.rule" for year in years]
        return f"{self.variant.value}:{'+'.join(tables)}"

    def days(self, year: int) -> list[tuple[date, bool]]:
        """Give every day of a year in order, each with whether it works."""
        working = self.working_days_of(year)
        return [(day, day in working) for day in days_of(year)]

    def with_year(self, table: YearTable) -> Calendar:
        """Give the calendar with one year's table put in or replaced."""
        return Calendar({**self.tables, table.year: table}, self.variant)

    def table_from_days(self, year: int, days: Iterable[tuple[date, bool]], decree: Decree | None) -> YearTable:
        """Make a year's table from the flags of every day, as :meth:`days` gives them.

        Regional, recommended and presidential days of the present table stay as they are; what the flags say otherwise
        becomes a day off or a working day.  Raises :class:`CalendarError` where a day is missing, foreign or doubled.
        """
        flags: dict[date, bool] = {}
        for day, works in days:
            if day.year != year:
                raise CalendarError(f"День {day.isoformat()} — не {year} года; исправьте дату.")
            if day in flags:
                raise CalendarError(f"День {day.isoformat()} указан дважды; оставьте один.")
            flags[day] = works
        missing = [day for day in days_of(year) if day not in flags]
        if missing:
            raise CalendarError(f"Нет дня {missing[0].isoformat()}; таблица перечисляет каждый день года.")
        present = self.table(year)
        kept = [getattr(present, kind) for kind in self.variant.kinds if kind != "off"]
        off_by_rule = {day for day in flags if is_statutory_off(day) or any(day in kind for kind in kept)}
        return YearTable(
            year=year,
            decree=decree,
            off=frozenset(day for day, works in flags.items() if not works and day not in off_by_rule),
            working=frozenset(day for day, works in flags.items() if works and day in off_by_rule),
            regional=present.regional,
            recommended=present.recommended,
            presidential=present.presidential,
        )
