"""One act in one transaction: its refusal or its incident recorded apart, after the rollback.

Where the database fails for a moment (a deadlock, a restart, a connection cut) before COMMIT was sent, nothing was kept
and the act is carried out again, a few times. After COMMIT was sent nobody knows: then only the person's own repetition
with an idempotency key is safe, and UnavailableError says so.
"""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar

from engine.actors import SYSTEM, Actor
from engine.cases.rights import check_visible
from engine.errors import (
    EngineError,
    InvalidError,
    NotFoundError,
    OvertakenError,
    RefusedError,
    StepFailedError,
    UnavailableError,
)
from engine.facts import Fact, Text
from engine.passing import is_met
from engine.records import cases as records
from engine.steps import Act, finish

if TYPE_CHECKING:
    from engine.definitions import Definition
    from engine.runtime import Runtime, Transaction

T = TypeVar("T")

#: Seconds before each repetition, shortened by chance by up to a half, so that those who met do not meet again.
PAUSES: Final = (0.05, 0.1, 0.2, 0.4, 0.8)
#: Seconds after which it is not repeated: who waits for a server that went without a word has waited long enough.
_LONG: Final = 10
#: How often an act that met the row of another is carried out again, before that is held to be its own fault.
_MOST_MET: Final = 8


def attempt(
    runtime: "Runtime",
    act: "Callable[[Transaction], T]",
    *,
    actor: Actor = SYSTEM,
    name: str = "act",
    hand_over: "Callable[[Transaction, StepFailedError], None] | None" = None,
) -> tuple[T, set[str], bool]:
    """Carry out an act; returns its result, the cases with timers due already, and whether it left messages.

    A RefusedError rolls back and, where it belongs to a case that the actor may see, is recorded there as the fact
    `act.refused` in a transaction of its own. A StepFailedError rolls back and leaves an incident, which keeps the
    command (`is_kept`) unless the case stands already; `hand_over` is called in the transaction that keeps it, before
    the case is locked. Both are raised on.
    An act that was overtaken, met a row that another act made or took away since it looked, or failed on a case that
    went on meanwhile, is carried out again at once, with its locks first: it sees what is there now and answers in its
    own words. Raises UnavailableError where the database stays away, is full, or went after COMMIT was sent.
    """
    overtaken = 0
    pauses = iter(PAUSES)
    end = time.monotonic() + _LONG
    while True:
        try:
            return _attempt(runtime, act, actor, name, hand_over, overtaken=overtaken)
        except OvertakenError:
            overtaken += 1
        except UnavailableError as error:
            pause = next(pauses, None)
            if pause is None or not error.may_repeat or time.monotonic() > end:
                raise
            # spread, so that all do not return at once
            time.sleep(pause * (1 - os.urandom(1)[0] / 512))  # nothing tells a client when the database is back


def _attempt(
    runtime: "Runtime",
    act: "Callable[[Transaction], T]",
    actor: Actor,
    name: str,
    hand_over: "Callable[[Transaction, StepFailedError], None] | None",
    *,
    overtaken: int,
) -> tuple[T, set[str], bool]:
    failed: Transaction | None = None
    try:
        with runtime.transaction(looks=not overtaken) as tx:
            failed = tx
            result = _carried_out(act, tx)
        return result, tx.wake, tx.has_sent
    except RefusedError as error:
        _record_refusal(runtime, error, actor, name)
        raise
    except Exception as error:
        if overtaken < _MOST_MET and is_met(error):
            raise OvertakenError from error
        if not isinstance(error, StepFailedError):
            raise
        with suppress(_StandsError):
            _record_incident(runtime, error, actor, failed, hand_over)
            error.is_kept = True
        raise


def _carried_out(act: "Callable[[Transaction], T]", tx: "Transaction") -> T:
    """What the act gives. Raises OvertakenError where it failed on what was only remembered."""
    try:
        return act(tx)
    except UnavailableError:
        raise
    except Exception as error:
        if tx.is_unproven:
            raise OvertakenError from error
        raise


def _record_refusal(runtime: "Runtime", error: RefusedError, actor: Actor, name: str) -> None:
    is_typing_fault = isinstance(error, InvalidError) and not error.rule
    if error.case is None or actor.kind == "system" or is_typing_fault:
        return
    data: dict[str, Any] = {"act": name, "reason": error.slug_}
    with runtime.transaction() as tx:
        case = records.lock_case(tx.connection, error.case)
        if case is None:
            error.case = None  # refused while it was being started: its door tells of it where no case can
            return
        try:
            check_visible(case, actor)
        except NotFoundError:
            return
        definition = runtime.definitions.get(tx, case["definition"])
        if isinstance(error, InvalidError):
            data["fields"] = _fields(definition, error)
        record = Act(tx, definition, case, actor)
        record.facts.append(Fact("act.refused", error.data.get("element"), data))
        finish(record)


def _fields(definition: "Definition", error: InvalidError) -> list[str]:
    """The fields refused; kept apart like the values where the form keeps those back."""
    element, found = error.data.get("element"), sorted(error.errors)
    form = definition.form(str(element)) if element in definition.drawing.elements else None
    return [Text(name) for name in found] if form is not None and form.is_kept_back else found


class _StandsError(EngineError):
    """There is no case that this failure could stop: nothing is kept of it."""


def _record_incident(
    runtime: "Runtime",
    error: StepFailedError,
    actor: Actor,
    failed: "Transaction | None",
    hand_over: "Callable[[Transaction, StepFailedError], None] | None",
) -> None:
    """Stop the case of a failed command; where it was a retry, renew its incident, for the cause may be another.

    Raises OvertakenError where the failure came from what stands no more.
    """
    case_id, command = error.data.get("case"), error.data.get("command")
    if case_id is None or command is None or command.get("act") == "start":
        raise _StandsError("Останавливать нечего.")
    with runtime.transaction() as tx:
        if hand_over is not None:
            hand_over(tx, error)
        case = records.lock_case(tx.connection, case_id)
        if case is not None and failed is not None and not failed.has_seen(case, tx.settings):
            raise OvertakenError
        if case is not None and error.revision is not None and case["revision"] > error.revision:
            raise OvertakenError  # who went on meanwhile may have done what failed here: a retry would do it twice
        if case is None or case["state"] != ("incident" if error.retried else "active"):
            raise _StandsError("Дело уже стоит.")
        if error.retried and (kept := records.get_incident(tx.connection, case_id)) is not None:
            command = kept["command"]
        records.put_incident(
            tx.connection,
            {
                "case": case_id,
                "command": command,
                "cause": error.message,
                "detail": repr(error.__cause__ or error),
                "element": error.element,
                "raised_at": tx.now,
            },
        )
        records.hold_timers(tx.connection, case_id, held=True)
        record = Act(tx, runtime.definitions.get(tx, case["definition"]), case, actor)
        case["state"] = "incident"
        if error.retried:
            record.facts.append(error.retried)
        record.facts.append(Fact("incident.raised", error.element, {"act": command["act"], "cause": type(error).slug}))
        finish(record)
