"""Business time: what it is, and (a virtual clock only) moving it on."""

from datetime import datetime
from typing import Any

from engine import ticks
from engine.clock import ClockMode
from engine.errors import InvalidError, NotFoundError
from handlers.api import shapes
from handlers.api.durations import add_duration
from handlers.api.fields import Body, Moment, Text
from handlers.api.routes import Door, Routes
from handlers.auth import ADMIN, SIGNED_IN

routes = Routes("Часы")


class Move(Body):
    """Where to: an instant, or a duration from now; one of the two."""

    now = Moment()
    advance = Text(longest=60)


@routes.get(
    "/clock",
    SIGNED_IN,
    "Показать деловое время (404 на системных часах)",
    answer=shapes.ClockShape(),
    others={404: None},
)
def show_clock(door: Door) -> dict[str, Any]:
    """Return the virtual clock."""
    _check_virtual(door)
    return door.read(lambda tx: {**ticks.clock_state(tx), "fired": []})


@routes.post(
    "/clock",
    ADMIN,
    "Перевести виртуальные часы вперёд",
    body=Move(),
    answer=shapes.ClockShape(),
    others={404: None},
)
def move_clock(door: Door) -> dict[str, Any]:
    """Move the clock; answers when all that falls due has happened, each at its own instant."""
    _check_virtual(door)
    to = _target(door, door.read(lambda tx: tx.now))
    fired = ticks.advance_clock(door.context.runtime, to)
    return {**door.read(ticks.clock_state), "fired": fired}


def _check_virtual(door: Door) -> None:
    if door.context.runtime.mode is not ClockMode.VIRTUAL:
        raise NotFoundError("Часы этой системы не переводятся.")


def _target(door: Door, now: datetime) -> datetime:
    if len(door.body) != 1:
        raise InvalidError("Укажите одно из двух: now или advance.", rule=False)
    if "now" in door.body:
        to = datetime.fromisoformat(door.body["now"])
        field = "now"
    else:
        field = "advance"
        try:
            to = add_duration(now, door.body["advance"])
        except ValueError as error:
            message = "Нужен срок ISO 8601, например P10D или PT1H."
            raise InvalidError(errors={"advance": [message]}, rule=False) from error
    if to < now:
        raise InvalidError(
            "Часы переводятся только вперёд.", errors={field: ["Это раньше, чем сейчас."]}, slug="clock_backwards"
        )
    return to
