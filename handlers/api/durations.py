"""ISO 8601 durations, added the way a calendar in Europe/Moscow adds them."""

import re
from datetime import datetime, timedelta
from typing import Final

from engine.clock import moscow
from engine.ticks import LAST_YEAR

_PATTERN: Final = re.compile(
    r"(-)?P(?!$)(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?"
    r"(?:T(?!$)(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?",
    re.ASCII,
)
_MONTHS: Final = 12


def add_duration(start: datetime, text: str) -> datetime:
    """Return the instant a duration later; a month that is too short ends the term on its last day.

    Raises ValueError for what is no duration or leads past the year 2199.
    """
    found = _PATTERN.fullmatch(text)
    if found is None:
        raise ValueError(text)
    sign = -1 if found[1] else 1
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) * sign for part in found.groups()[1:])
    moved = _add_months(moscow(start), years * _MONTHS + months)
    try:
        moved += timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError as error:
        raise ValueError(text) from error
    if moved.year > LAST_YEAR:
        raise ValueError(text)
    return moved


def _add_months(start: datetime, months: int) -> datetime:
    year, month = divmod(start.year * _MONTHS + start.month - 1 + months, _MONTHS)
    if not 1 <= year <= LAST_YEAR:
        raise ValueError(str(months))
    day = start.day
    while True:
        try:
            return start.replace(year=year, month=month + 1, day=day)
        except ValueError:
            day -= 1
