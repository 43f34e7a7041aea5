"""The virtual clock, for demonstrations: an administrator moves it, and all that falls due happens."""

from datetime import datetime, timedelta
from typing import Final

from flask import make_response, request

from engine import ticks
from engine.clock import ClockMode
from engine.errors import InvalidError, NotFoundError
from handlers.auth import ADMIN
from handlers.pages.dates import read_day, read_moment
from handlers.pages.desk import Answer, Desk, Pages

pages = Pages()

_STEPS: Final = (1, 3, 10, 30)
_MOST: Final = 3660
_UNPROCESSABLE = 422


@pages.get("/clock", ADMIN)
def show_clock(desk: Desk) -> Answer:
    """Show the clock and how to move it."""
    _check_virtual(desk)
    return desk.show("clock.html", steps=_STEPS, fired=None, error=None, typed="")


@pages.post("/clock", ADMIN)
def move_clock(desk: Desk) -> Answer:
    """Move the clock by days or to a moment, and show what has happened."""
    _check_virtual(desk)
    typed = request.form.get("to", "")
    try:
        fired = ticks.advance_clock(desk.context.runtime, _target(desk, request.form.get("days", ""), typed))
    except InvalidError as error:
        page = desk.show("clock.html", steps=_STEPS, fired=None, error=error, typed=typed)
        return make_response(page, _UNPROCESSABLE)
    return desk.show("clock.html", steps=_STEPS, fired=fired, error=None, typed="")


def _check_virtual(desk: Desk) -> None:
    if desk.context.runtime.mode is not ClockMode.VIRTUAL:
        raise NotFoundError("Часы этой системы не переводятся.")


def _target(desk: Desk, days: str, typed: str) -> datetime:
    now = desk.read(lambda tx: tx.now)
    if days.isascii() and days.isdigit() and 0 < int(days[:5]) <= _MOST:
        return now + timedelta(days=int(days))
    text = read_moment(typed)
    if text == typed.strip():
        text = read_moment(f"{typed.strip()} 09:00") if read_day(typed) != typed.strip() else ""
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidError(errors={"now": ["Укажите день и час: ДД.ММ.ГГГГ ЧЧ:ММ."]}, rule=False) from error
