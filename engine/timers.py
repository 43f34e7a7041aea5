"""Timers: rows that are due are taken, fired and gone in one transaction; the virtual clock moves from one to the next.

The case is locked before its timer is read, as every other act does it, so that no firing and no completion wait for
each other in a ring. There is no "being done" state: a kill leaves the row as it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import structlog

from engine.actors import SYSTEM
from engine.attempts import attempt
from engine.cases import fire, portable, start_instance
from engine.clock import ClockMode, moscow
from engine.definitions.arming import arm, start_event
from engine.definitions.released import in_force
from engine.errors import EngineError, LimitExceededError, RefusedError, StepFailedError, UnavailableError
from engine.records import cases as records
from engine.records import due, settings

if TYPE_CHECKING:
    from engine.runtime import Runtime, Transaction

Row = dict[str, Any]

log = structlog.get_logger(__name__)

#: Due timers of one case that fire in one transaction at most.
_TOGETHER: Final = 20
#: Timers of one case, due already, that fire one after another before the case is held to go round for ever.
_ENDLESS: Final = 500
#: When a start that failed is tried again.
_AGAIN: Final = timedelta(days=1)


class Wake(set[str]):
    """What acts set going: the cases whose timers are due already, and whether messages wait for other cases."""

    has_mail = False


def fire_next(
    runtime: "Runtime",
    until: datetime | None = None,
    *,
    case_id: str | None = None,
    wake: Wake | None = None,
    is_endless: bool = False,
) -> list[Row]:
    """Fire what is due next, earliest first: `[{case, element, kind, at}]`, empty where nothing is due.

    `until` moves a virtual clock to the timer's instant in the same transaction; without it the clock's now rules.
    `case_id` looks at one case only; what was set going joins `wake`. On the system clock the due timers of one case
    fire in one transaction, until one of them sets something else going. A failed firing becomes an incident of its
    case (its timers wait for the retry) and counts as done; so does one of a case that is `is_endless`. A failed start
    is tried again a day later.
    """
    firing = _Firing(until, case_id, most=_TOGETHER if runtime.mode is ClockMode.SYSTEM else 1, is_endless=is_endless)
    try:
        try:
            told, woken, has_sent = attempt(runtime, firing)
        except _ApartError:
            firing = _Firing(until, case_id, most=1)
            told, woken, has_sent = attempt(runtime, firing)
    except (StepFailedError, RefusedError) as error:
        return [_put_away(runtime, firing.taken[-1], error)]
    if wake is not None:
        wake.update(woken)
        wake.has_mail |= has_sent
    return told


class _ApartError(EngineError):
    """One of several timers failed: nothing is kept, and the first is fired alone."""


@dataclass
class _Firing:
    """The act that fires what is due next, `most` timers at most; `taken` are those of its last try."""

    until: datetime | None
    case_id: str | None
    most: int
    is_endless: bool = False
    taken: list[Row] = field(default_factory=list)

    def __call__(self, tx: "Transaction") -> list[Row]:
        self.taken.clear()
        _hold_clock(tx)
        told: list[Row] = []
        for timer in self._due(tx):
            if not records.drop_timer(tx.connection, timer["id"]):
                continue  # one that fired before has ended it
            self.taken.append(timer)
            if self.until is not None and timer["due"] > tx.now:
                settings.write(tx.connection, "clock", timer["due"].isoformat())
                tx.now = timer["due"]
            try:
                if self.is_endless:
                    raise _endless(timer)
                told.append(_fire(tx, timer))
            except (StepFailedError, RefusedError) as error:
                if told:
                    raise _ApartError("Таймер не сработал вместе с другими.") from error
                raise
            if tx.wake or tx.has_sent:
                break
        return told

    def _due(self, tx: "Transaction") -> Iterator[Row]:
        """The timer that is due next, its case locked; once it has fired, the others of its case."""
        # Many tickers share the work by passing over cases that somebody holds; a virtual clock may not pass one over.
        skips = self.case_id is None and tx.runtime.mode is ClockMode.SYSTEM
        first = due.take(tx.connection, self.until or tx.now, self.case_id, skips=skips)
        if first is not None:
            yield first
            if first["case"] is not None and self.most > 1:
                yield from due.all_of(tx.connection, tx.now, first["case"], self.most - 1)


def _hold_clock(tx: "Transaction") -> None:
    """On a virtual clock firings go one by one, whoever makes them: each at its own instant, none overtakes another."""
    if tx.runtime.mode is ClockMode.VIRTUAL:
        kept = settings.lock(tx.connection, "clock")
        if kept is not None:
            tx.now = datetime.fromisoformat(kept)


def _fire(tx: "Transaction", timer: Row) -> Row:
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


def _endless(timer: Row) -> LimitExceededError:
    """What stops a case whose timers, due when they are set, set one another."""
    message = f"Подряд наступило больше {_ENDLESS} сроков: проверьте цикл на схеме и даты, по которым считаются сроки."
    return LimitExceededError(
        message, element=timer["element"], case=timer["case"], command={"act": "fire", "timer": portable(timer)}
    )


def _put_away(runtime: "Runtime", timer: Row, error: EngineError) -> Row:
    """A timer that cannot fire must not be tried for ever: an incident holds it, else it is held itself.

    A start belongs to no case that could tell of it and be mended: it is tried again later.
    """
    with runtime.transaction() as tx:
        if timer["case"] is None:
            log.error("start_failed", process=timer["process"], error=error.message)
            records.update_timer(tx.connection, timer["id"], {"due": max(timer["due"], tx.now) + _AGAIN})
        else:
            records.update_timer(tx.connection, timer["id"], {"held": True})
    return _told(timer)


def fire_due_of(runtime: "Runtime", case_id: str, wake: Wake) -> int:
    """Fire the timers of one case that are due now; returns how many. What they set going joins `wake`.

    A case that comes to no end is stopped by an incident.
    """
    count = 0
    while told := fire_next(runtime, case_id=case_id, wake=wake, is_endless=count >= _ENDLESS):
        count += len(told)
    wake.discard(case_id)
    return count


def _start_by_timer(tx: "Transaction", timer: Row) -> None:
    try:
        _identity, definition = in_force(tx, timer["process"])
        if start_event(definition) is None:
            return  # the version in force begins by itself no more
        arm(tx, definition, after=max(timer["due"], tx.now))
        start_instance(tx, timer["process"], {}, actor=SYSTEM)
    except (UnavailableError, StepFailedError, RefusedError):
        raise
    except Exception as error:  # one procedure that cannot be started keeps no other timer from firing
        raise StepFailedError(f"Процедура «{timer['process']}» не начата: {error}") from error
