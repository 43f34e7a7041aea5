"""Ticks: everything that is due now; and the virtual clock, moved from one due timer to the next."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from engine.clock import ClockMode, moscow
from engine.doors import drain
from engine.errors import InvalidError, NotFoundError
from engine.records import settings
from engine.timers import Wake, fire_next

if TYPE_CHECKING:
    from engine.runtime import Runtime, Transaction

Row = dict[str, Any]

#: The last year that a virtual clock is moved to.
LAST_YEAR: Final = 2199


def tick(runtime: "Runtime", limit: int = 10_000) -> int:
    """Fire everything that is due now, each with what it sets going before the next; returns how many fired."""
    count = 0
    wake = Wake()
    while count < limit and (told := fire_next(runtime, wake=wake)):
        if wake or wake.has_mail:
            drain(runtime, wake)
            wake = Wake()
        count += len(told)
    return count


def advance_clock(runtime: "Runtime", to: datetime) -> list[Row]:
    """Move a virtual clock to an instant: due timers fire in order, each at its own instant, with all their effects.

    Repeating the call after a kill goes on where it stopped. Raises NotFoundError on a system clock, InvalidError
    (`clock_backwards`) for an earlier instant and for one after LAST_YEAR: a slip of the pen would fire the timers of
    thousands of years.
    """
    if runtime.mode is not ClockMode.VIRTUAL:
        raise NotFoundError("Часы этой системы не переводятся.")
    if to.year > LAST_YEAR:
        raise InvalidError(errors={"now": [f"Год — не позднее {LAST_YEAR}. Исправьте дату."]}, rule=False)
    with runtime.reading() as tx:
        if to < tx.now:
            raise InvalidError(
                "Часы переводятся только вперёд.",
                errors={"now": [f"Укажите время не раньше {moscow(tx.now).isoformat()}."]},
                slug="clock_backwards",
            )
    drain(runtime)
    fired = []
    while True:
        woken = Wake()
        told = fire_next(runtime, until=to, wake=woken)
        if not told:
            break
        drain(runtime, woken)
        fired += told
    with runtime.transaction() as tx:
        if tx.now < to:
            settings.write(tx.connection, "clock", to.isoformat())
    return fired


def clock_state(tx: "Transaction") -> Row:
    """`{now, mode}` of business time."""
    return {"now": moscow(tx.now).isoformat(), "mode": tx.runtime.mode.value}
