"""Days off by rule: Saturdays, Sundays, the Labour Code's holidays, and Krasnodar's day of remembrance."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

#: Non-working holidays of article 112 of the Labour Code, as month and day.
HOLIDAYS: Final[frozenset[tuple[int, int]]] = frozenset(
    {(1, day) for day in range(1, 9)} | {(2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)}
)

#: The first year of Krasnodar's law 4909-КЗ.
REGIONAL_SINCE: Final = 2024

SATURDAY: Final = 5


def is_statutory_off(day: date) -> bool:
    """Say whether the day is a Saturday, a Sunday or a statutory holiday."""
    return day.weekday() >= SATURDAY or (day.month, day.day) in HOLIDAYS


def orthodox_easter(year: int) -> date:
    """Give the Orthodox Easter Sunday, Gregorian: the Julian full moon by Meeus, then 13 days (1900-2099)."""
    moon = (19 * (year % 19) + 15) % 30
    sunday = (2 * (year % 4) + 4 * (year % 7) - moon + 34) % 7
    month, day = divmod(moon + sunday + 114, 31)
    return date(year, month, day + 1) + timedelta(days=13 if year < 2100 else 14)


def radonitsa(year: int) -> date:
    """Give the day of remembrance: the ninth day after Easter Sunday, always a Tuesday."""
    return orthodox_easter(year) + timedelta(days=9)


def regional_days(year: int) -> frozenset[date]:
    """Give Krasnodar's days off by law 4909-КЗ; none before 2024."""
    return frozenset({radonitsa(year)} if year >= REGIONAL_SINCE else ())
