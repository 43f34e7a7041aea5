"""A year's table: what differs from the rule, by whose decree; and the tables that come with the engine."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from engine.calendar.statutory import is_statutory_off

if TYPE_CHECKING:
    from engine.calendar.counting import Calendar

KINDS: Final = ("off", "working", "regional", "recommended", "presidential")


class Variant(Enum):
    """Which days are off besides the federal ones: the reading A-58, setting `calendar.variant`."""

    #: Federal days and those declared non-working by the President in 2020 and 2021.
    FEDERAL_AND_PRESIDENTIAL = "A"
    #: Federal days alone.
    FEDERAL = "B"
    #: Federal days and Krasnodar's law 4909-КЗ (the default).
    REGIONAL = "C"
    #: The same and the governor's recommendations of the years before the law.
    RECOMMENDED = "D"

    @property
    def kinds(self) -> tuple[str, ...]:
        """Name the kinds of days that are off under this reading."""
        match self:
            case Variant.FEDERAL_AND_PRESIDENTIAL:
                return ("off", "presidential")
            case Variant.FEDERAL:
                return ("off",)
            case Variant.REGIONAL:
                return ("off", "regional")
            case Variant.RECOMMENDED:
                return ("off", "regional", "recommended")


@dataclass(frozen=True, slots=True)
class Decree:
    """The act that a year's transfers rest on."""

    number: str
    date: date


@dataclass(frozen=True, slots=True)
class YearTable:
    """One year's departures from the rule.  Without a decree the year is provisional.

    A day in ``working`` works whatever else says it is off; ``version`` is "<year>.<content hash>", so it changes
    exactly when content or decree change.  Raises ValueError (Russian) for days of another year.
    """

    year: int
    decree: Decree | None = None
    #: Weekdays off by transfer or shift.
    off: frozenset[date] = frozenset()
    #: Days that the rule calls off and the decree makes working (working Saturdays).
    working: frozenset[date] = frozenset()
    #: Days off by the region's law.
    regional: frozenset[date] = frozenset()
    #: Days that a governor recommended to leave off.
    recommended: frozenset[date] = frozenset()
    #: Days declared non-working with pay by the President.
    presidential: frozenset[date] = frozenset()
    version: str = field(init=False)

    def __post_init__(self) -> None:
        """Check the days and compute the version."""
        for kind in KINDS:
            strays = sorted(day for day in getattr(self, kind) if day.year != self.year)
            if strays:
                raise ValueError(
                    f"В таблице {self.year} года день {strays[0].isoformat()} — другого года; исправьте год."
                )
        object.__setattr__(self, "version", f"{self.year}.{sha256(self.content().encode()).hexdigest()[:12]}")

    def content(self) -> str:
        """Spell the content out, one line a kind, for the version."""
        lines = [f"{kind}={','.join(sorted(day.isoformat() for day in getattr(self, kind)))}" for kind in KINDS]
        decree = f"decree={self.decree.number}|{self.decree.date.isoformat()}" if self.decree else "decree="
        return "\n".join([str(self.year), decree, *lines])

    def is_working(self, day: date, kinds: tuple[str, ...]) -> bool:
        """Say whether a day of this year works where days of these kinds are off."""
        if day in self.working:
            return True
        return not is_statutory_off(day) and all(day not in getattr(self, kind) for kind in kinds)

    def to_json(self) -> dict[str, Any]:
        """Give the table as JSON: days as ISO dates, sorted; `decree` null where the year is provisional."""
        decree = {"number": self.decree.number, "date": self.decree.date.isoformat()} if self.decree else None
        days = {kind: sorted(day.isoformat() for day in getattr(self, kind)) for kind in KINDS}
        return {"year": self.year, "decree": decree, **days}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> YearTable:
        """Read what :meth:`to_json` gave (unknown keys are ignored).  Raises KeyError or ValueError."""
        decree = data.get("decree")
        return cls(
            year=int(data["year"]),
            decree=Decree(str(decree["number"]), date.fromisoformat(decree["date"])) if decree else None,
            **{kind: frozenset(date.fromisoformat(day) for day in data.get(kind, ())) for kind in KINDS},
        )


def days_of(year: int) -> list[date]:
    """Give every day of a year in order."""
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year, 12, 31) - first).days + 1)]


def read_year(text: str) -> YearTable:
    """Read a year's table from TOML: `year`, `[decree]` (`number`, `date`), and lists of dates by kind.

    An item that is a pair of dates is the span from the one to the other.
    """
    data = tomllib.loads(text)
    decree = data.get("decree")
    kinds: dict[str, frozenset[date]] = {kind: spread(data.get(kind, [])) for kind in KINDS}
    return YearTable(year=data["year"], decree=Decree(decree["number"], decree["date"]) if decree else None, **kinds)


def spread(items: list[date | list[date]]) -> frozenset[date]:
    """Give single days and the days of spans."""
    found: set[date] = set()
    for item in items:
        first, last = item if isinstance(item, list) else (item, item)
        found.update(first + timedelta(days=n) for n in range((last - first).days + 1))
    return frozenset(found)


@lru_cache(maxsize=1)
def shipped_years() -> tuple[YearTable, ...]:
    """Give the tables that come with the engine, by year; read once."""
    folder = files("engine.calendar").joinpath("years")
    found = [read_year(file.read_text("utf-8")) for file in folder.iterdir() if file.name.endswith(".toml")]
    return tuple(sorted(found, key=lambda table: table.year))


def shipped_calendar(variant: Variant | str = Variant.REGIONAL) -> Calendar:
    """Give the calendar of the shipped tables under a reading of A-58."""
    from engine.calendar.counting import Calendar

    return Calendar({table.year: table for table in shipped_years()}, Variant(variant))
