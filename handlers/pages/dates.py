"""Dates as people write and read them: ДД.ММ.ГГГГ in fields, words in texts, Europe/Moscow throughout."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from babel.dates import format_date, format_datetime
from flask import Flask

from engine.calendar import Calendar
from engine.clock import MOSCOW, moscow
from handlers.pages.words import language

_DAY: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_MOMENT: Final = re.compile(r"(\d{1,2}\.\d{1,2}\.\d{4})[ ,]+(\d{1,2}):(\d{2})")
_ISO_DAY: Final = len("2026-01-12")
_SPOKEN: Final = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d)[:\d.]*(?:[+-]\d\d:\d\d|Z)?)?")
#: How messages of the rules, which read what programs send, name what a page's field takes.
_ASKED: Final = (
    (" или «indefinite», если лицензия бессрочная", " либо отметьте, что лицензия бессрочная, а не то и другое"),
    (" и время со смещением от UTC", " и время в виде ДД.ММ.ГГГГ ЧЧ:ММ"),
    (" и время со смещением", " и время"),
    ("ГГГГ-ММ-ДД", "ДД.ММ.ГГГГ"),
)


def read_day(text: str) -> str:
    """Return `ДД.ММ.ГГГГ` as an ISO date, and anything else as it was typed, for the check to name it."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return text.strip()
    try:
        return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
    except ValueError:
        return text.strip()


def read_moment(text: str) -> str:
    """Return `ДД.ММ.ГГГГ ЧЧ:ММ` (Moscow) as an ISO instant with offset, and anything else as it was typed."""
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        return text.strip()
    try:
        day = datetime.fromisoformat(read_day(found[1]))
        return day.replace(hour=int(found[2]), minute=int(found[3]), tzinfo=MOSCOW).isoformat()
    except ValueError:
        return text.strip()


def ask_plainly(errors: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Return the rules' messages by field with dates and instants as people write them, and asked for in that form."""
    return {path: [_plainly(text) for text in texts] for path, texts in errors.items()}


def _plainly(text: str) -> str:
    for asked, plain in _ASKED:
        text = text.replace(asked, plain)
    return _SPOKEN.sub(lambda m: f"{m[3]}.{m[2]}.{m[1]}" + (f" {m[4]}" if m[4] else ""), text)


def as_moment(value: Any) -> datetime | date | None:
    """Return a date, instant or their ISO text as a value; None for anything else."""
    if isinstance(value, datetime):
        return moscow(value)
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not value[:4].isdigit():
        return None
    try:
        return date.fromisoformat(value) if len(value) == _ISO_DAY else moscow(datetime.fromisoformat(value))
    except ValueError:
        return None


def field_day(value: Any) -> str:
    """Return a date as a field shows it; a text that is no date stays as typed."""
    found = as_moment(value)
    return f"{found:%d.%m.%Y}" if found else str(value or "")


def field_moment(value: Any) -> str:
    """Return an instant as a field shows it; a text that is no instant stays as typed."""
    found = as_moment(value)
    return f"{found:%d.%m.%Y %H:%M}" if isinstance(found, datetime) else str(value or "")


def day_words(value: Any) -> str:
    """Return a date in words: 14 января 2026 г.

    The space before «г.» does not break and is a whole one: the narrow one of the locale's data joins the words.
    """
    found = as_moment(value)
    return format_date(found, "long", locale=language()).replace("\u202f", "\u00a0") if found else ""


def moment_words(value: Any) -> str:
    """Return an instant in words, with the hour."""
    found = as_moment(value)
    if not isinstance(found, datetime):
        return day_words(value)
    return format_datetime(found, "d MMMM y, HH:mm", locale=language(), tzinfo=MOSCOW)


@dataclass(frozen=True, slots=True)
class Term:
    """How a task stands against its term.

    `tone` is late, today, soon (two working days or less), calm, or none; `days` are working days left, or past the
    term where late; `share` is how much of the term has gone, 0 to 100.
    """

    tone: str
    days: int = 0
    due_at: datetime | None = None
    share: int = 0
    provisional: bool = False
    normative: bool = False
    clause: str = ""


_SOON: Final = 2


def term_of(task: Mapping[str, Any], now: datetime, calendar: Calendar) -> Term:
    """Return how a task stands at a moment, counted in working days of the calendar in force."""
    due_at = task["due_at"]
    if due_at is None:
        return Term("none")
    due, today = moscow(due_at).date(), moscow(now).date()
    told = task["due"] or {}
    whole = (due_at - task["created_at"]).total_seconds() or 1
    share = round(min(100, max(0, 100 * (now - task["created_at"]).total_seconds() / whole)))
    if now > due_at:
        tone, days = "late", max(1, calendar.working_days_between(due, today))
    else:
        days = 0 if due <= today else calendar.working_days_between(today, due)
        tone = "today" if due <= today else "soon" if days <= _SOON else "calm"
    return Term(
        tone,
        days,
        due_at,
        share,
        bool(told.get("provisional")),
        bool(told.get("normative")),
        str(told.get("clause") or ""),
    )


def install_dates(app: Flask) -> None:
    """Give the templates the filters `day`, `moment`, `field_day`, `field_moment`."""
    app.jinja_env.filters |= {
        "day": day_words,
        "moment": moment_words,
        "field_day": field_day,
        "field_moment": field_moment,
    }
