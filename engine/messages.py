"""Messages between cases: each delivered in a transaction of its own that locks only the receiver.

A door drains them right after its commit; a tick finds what a kill left. Delivery settles the row in the same
transaction, so a message arrives once.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog

from engine.actors import SYSTEM
from engine.attempts import attempt
from engine.cases import deliver, start_instance
from engine.definitions.released import in_force
from engine.errors import DrawingError, EngineError, NotFoundError, RefusedError, StepFailedError, UnavailableError
from engine.files import FullDiskError
from engine.records import cases as case_records
from engine.records import definitions as definition_records
from engine.records import messages as records

if TYPE_CHECKING:
    from engine.runtime import Runtime, Transaction

Row = dict[str, Any]

log = structlog.get_logger(__name__)


def deliver_pending(runtime: "Runtime", wake: set[str] | None = None, most: int | None = None) -> int:
    """Deliver what waits, oldest first, `most` at most; returns how many were settled.

    Cases with timers due join `wake`. A message that finds the file store full goes on waiting. Raises UnavailableError
    where the database goes away.
    """
    count, after = 0, ""
    while (most is None or count < most) and (row := _deliver_next(runtime, after, wake)) is not None:
        after = row["id"]
        count += bool(row["settled"])
    return count


def _deliver_next(runtime: "Runtime", after: str, wake: set[str] | None) -> Row | None:
    taken: list[Row] = []

    def act(tx: "Transaction") -> Row | None:
        row = records.next_pending(tx.connection, after)
        if row is None:
            return None
        taken.append(row)
        settled = _deliver(tx, row)
        return {**row, "settled": settled}

    try:
        row, due, _sent = attempt(runtime, act, hand_over=lambda tx, error: _give_up(tx, taken[-1], _cause(error)))
        if wake is not None:
            wake.update(due)
        return row
    except StepFailedError as error:
        # The incident keeps what it was settled with. A case that stood still before it came to one keeps nothing, and
        # the message goes on waiting for it; a case that could not be started is nobody's to mend.
        is_given_up = not error.is_kept and (error.data.get("command") or {}).get("act") != "deliver"
        if is_given_up:
            _fail(runtime, taken[-1], _cause(error))
        return {**taken[-1], "settled": error.is_kept or is_given_up}
    except FullDiskError:
        return {**taken[-1], "settled": False}
    except UnavailableError:
        raise
    except EngineError as error:
        _fail(runtime, taken[-1], error.message)
        return {**taken[-1], "settled": True}
    except Exception:
        if not taken:
            raise
        # Nobody foresaw it and nothing is kept of it: the others have their turn, and a tick tries this one again.
        log.exception("message_waits", message=taken[-1]["id"], name=taken[-1]["name"])
        return {**taken[-1], "settled": False}


def _deliver(tx: "Transaction", row: Row) -> bool:
    """Hand a message over; false where its case stands still and the message goes on waiting."""
    target = target_of(tx, row["name"], row["correlation"])
    if target is None:
        started = _start_by_message(tx, row)
        state, reason = ("delivered", None) if started else ("unmatched", "никто не ждал этого сообщения")
        records.settle(
            tx.connection, row["id"], {"state": state, "reason": reason, "target": started, "settled_at": tx.now}
        )
        return True
    # Locked before its state is read: a case suspended meanwhile keeps the message waiting instead of failing it.
    case = case_records.lock_case(tx.connection, target)
    if case is not None and case["state"] in {"suspended", "incident"}:
        return False
    deliver(tx, target, row["name"], row["payload"], actor=SYSTEM)
    records.settle(tx.connection, row["id"], {"state": "delivered", "target": target, "settled_at": tx.now})
    return True


def _cause(error: StepFailedError) -> str:
    return f"сбой: {error.message}"


def _fail(runtime: "Runtime", row: Row, reason: str) -> None:
    with runtime.transaction() as tx:
        _give_up(tx, row, reason)


def _give_up(tx: "Transaction", row: Row, reason: str) -> None:
    records.settle(tx.connection, row["id"], {"state": "failed", "reason": reason, "settled_at": tx.now})


def target_of(tx: "Transaction", name: str, correlation: Mapping[str, Any]) -> str | None:
    """The case a correlation means: `{"case": id}`, or `{"process": key, …}` whose case data match the other keys."""
    if correlation.get("process") is None:
        return str(correlation["case"]) if "case" in correlation else None
    process = str(correlation["process"])
    versions = {
        row["id"]: _waiting_in(tx, row["id"], name) for row in definition_records.versions(tx.connection, process)
    }
    versions = {identity: waiting for identity, waiting in versions.items() if waiting}
    if not versions:  # it begins cases, of which there may be very many
        return None
    for case in case_records.active_of(tx.connection, process, versions):
        waits = not versions[case["definition"]].isdisjoint(case["at"])
        if waits and all(case["data"].get(k) == v for k, v in correlation.items() if k != "process"):
            return str(case["id"])
    return None


def _waiting_in(tx: "Transaction", version: str, name: str) -> frozenset[str]:
    """The elements of a version at which a case waits for a message; none where it cannot be carried out any more."""
    try:
        elements = tx.runtime.definitions.get(tx, version).drawing.elements.values()
    except DrawingError:
        return frozenset()
    return frozenset(e.id for e in elements if e.kind != "startEvent" and e.event == "message" and e.detail == name)


def _start_by_message(tx: "Transaction", row: Row) -> str | None:
    """Start the procedure that begins with this message, if the correlation names one that does."""
    process = row["correlation"].get("process")
    if process is None or process not in tx.runtime.registry.starts:
        return None
    try:
        _identity, definition = in_force(tx, process)
    except NotFoundError:
        return None
    begins = any(
        e.kind == "startEvent" and e.event == "message" and e.detail == row["name"] and e.scope == process
        for e in definition.drawing.elements.values()
    )
    if not begins:
        return None
    return str(start_instance(tx, process, row["payload"], actor=SYSTEM, payload=row["payload"])["id"])


def publish(
    tx: "Transaction", name: str, correlation: Mapping[str, Any], payload: Mapping[str, Any], *, actor: Any
) -> list[str]:
    """Hand a message from outside to the case it means, at once. Returns the ids of the cases it reached.

    Raises ConflictError / InvalidError with why nothing matched.
    """
    target = target_of(tx, name, correlation)
    if target is None:
        raise RefusedError("Ни одно дело не ждёт этого сообщения: проверьте correlation.", slug="not_matched")
    return [str(deliver(tx, target, name, payload, actor=actor)["id"])]
