"""Calendar half-years, in each of which the council must meet (clause 3.3, A-35)."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class HalfYear:
    """A half-year: `name` such as `2026-1`, its first and last day."""

    name: str
    start: date
    end: date


def half_year_of(day: date) -> HalfYear:
    """The half-year that a Moscow day lies in: 1 January to 30 June, or 1 July to 31 December."""
    if day < date(day.year, 7, 1):
        return HalfYear(f"{day.year}-1", date(day.year, 1, 1), date(day.year, 6, 30))
    return HalfYear(f"{day.year}-2", date(day.year, 7, 1), date(day.year, 12, 31))
