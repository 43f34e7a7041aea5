"""Timers: rows that are due are taken, fired and gone in one transaction; the virtual clock moves from one to the next.

The case is locked before its timer is read, as every other act does it, so that no firing and no completion wait for
each other in a ring. There is no "being done" state: a kill leaves the row as it was.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.actors import SYSTEM
from engine.attempts import attempt
from engine.cases import fire, start_instance
from engine.clock import ClockMode, moscow
from engine.definitions.arming import arm
from engine.definitions.released import in_force
from engine.errors import RefusedError, StepFailedError
from engine.records import cases as records
from engine.records import due, settings

if TYPE_CHECKING:
    from engine.runtime import Runtime, Transaction

Row = dict[str, Any]


class Wake(set[str]):
    """What acts set going: the cases whose timers are due already, and whether messages wait for other cases."""

    has_mail = False


def fire_next(
    runtime: "Runtime", until: datetime | None = None, *, case_id: str | None = None, wake: Wake | None = None
) -> Row | None:
    """Fire the next due timer, earliest first; returns `{case, element, kind, at}`, or None where none is due.

    `until` moves a virtual clock to the timer's instant in the same transaction; without it the clock's now rules.
    `case_id` looks at one case only; what was set going joins `wake`. A failed firing becomes an incident of its case
    (its timers wait for the retry) and counts as done.
    """
    taken: list[Row] = []

    def act(tx: "Transaction") -> Row | None:
        _hold_clock(tx)
        # Many tickers share the work by passing over cases that somebody holds; a virtual clock may not pass one over.
        skips = case_id is None and tx.runtime.mode is ClockMode.SYSTEM
        timer = due.take(tx.connection, until or tx.now, case_id, skips=skips)
        if timer is None:
            return None
        taken.append(timer)
        if until is not None and timer["due"] > tx.now:
            settings.write(tx.connection, "clock", timer["due"].isoformat())
            tx.now = timer["due"]
        return _fire(tx, timer)

    try:
        told, woken, has_sent = attempt(runtime, act)
    except (StepFailedError, RefusedError):
        _hold_failed(runtime, taken[-1])
        return _told(taken[-1])
    if wake is not None:
        wake.update(woken)
        wake.has_mail |= has_sent
    return told


def _hold_clock(tx: "Transaction") -> None:
    """On a virtual clock firings go one by one, whoever makes them: each at its own instant, none overtakes another."""
    if tx.runtime.mode is ClockMode.VIRTUAL:
        kept = settings.lock(tx.connection, "clock")
        if kept is not None:
            tx.now = datetime.fromisoformat(kept)


def _fire(tx: "Transaction", timer: Row) -> Row:
    records.drop_timer(tx.connection, timer["id"])
    if timer["case"] is None:
        _start_by_timer(tx, timer)
    else:
        fire(tx, timer)
    return _told(timer)


def _told(timer: Row) -> Row:
    return {
        "case": timer["case"],
        "element": timer["element"],
        "kind": timer["kind"],
        "at": moscow(timer["due"]).isoformat(),
    }


def _hold_failed(runtime: "Runtime", timer: Row) -> None:
    """A timer that cannot fire must not be tried for ever: an incident holds it, else it is held itself."""
    with runtime.transaction() as tx:
        records.update_timer(tx.connection, timer["id"], {"held": True})


def fire_due_of(runtime: "Runtime", case_id: str, wake: Wake) -> int:
    """Fire the timers of one case that are due now; returns how many. What they set going joins `wake`."""
    count = 0
    while fire_next(runtime, case_id=case_id, wake=wake) is not None:
        count += 1
    wake.discard(case_id)
    return count


def _start_by_timer(tx: "Transaction", timer: Row) -> None:
    _identity, definition = in_force(tx, timer["process"])
    arm(tx, definition, after=max(timer["due"], tx.now))
    start_instance(tx, timer["process"], {}, actor=SYSTEM)
