"""How the storage of a closed case begins, and what the secretary's decision on it means (clause 4.9)."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from engine.calls import Call, View
from engine.clock import MOSCOW
from engine.errors import ConflictError, ForbiddenError, InvalidError
from engine.facts import Fact, Text
from processes.retention import records, rules

#: The procedure whose closed cases are stored (clause 4.9).
STORED: Final = "certification"


def begin_storage(call: Call, _fact: Fact) -> None:
    """Let the storage of a certification case begin when the case ends: message `case_closed`, one a case."""
    case = call.case
    if case["process"] != STORED:
        return
    registration = case["data"].get("registration") or {}
    ended_on = call.now.astimezone(MOSCOW).date()
    received_on = registration.get("registered_on") or case["started_at"].astimezone(MOSCOW).date().isoformat()
    payload = {"case": case["id"], "ended_on": ended_on.isoformat(), "received_on": received_on}
    call.send("case_closed", {"process": "retention", "case": case["id"]}, payload)


def start_retention(call: Call, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the retention of a closed case its title; `data` is `{"case", "ended_on", "received_on"}`.

    Raises ForbiddenError for a person, ConflictError where the case is unknown or goes on.
    """
    if call.actor.kind != "system":
        raise ForbiddenError("Хранение начинает сама система, когда дело закрыто.")
    case = records.closed_case(call.connection, str(data["case"]))
    if case is None or case["end"] is None:
        raise ConflictError("Хранение начинается только по закрытому делу.")
    call.title = f"Хранение дела {case['number']}"
    call.number = f"ХР-{case['number']}"
    return {}


def decide_destruction(call: Call, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep the documents longer (`hold`, `until`, `reason`), or let the act be drawn up (`destroy`, `basis`).

    Returns `{"storage_until"}` for a hold. Raises InvalidError with paths `until`, `reason`, `basis`, `action`.
    """
    today = call.now.astimezone(MOSCOW).date()
    is_hold = data.get("action") == "hold"
    until = _until(data) if is_hold else None
    grounds = str(data.get("reason" if is_hold else "basis") or "")
    if until is not None:
        errors = rules.check_hold(until, grounds, today)
    else:
        errors = rules.check_destruction(grounds, date.fromisoformat(call.variables["storage_until"]), today)
    if errors:
        raise InvalidError(errors=errors)
    records.insert_decision(
        call.connection,
        call.case_id,
        action="hold" if is_hold else "destroy",
        until=until,
        grounds=grounds,
        by=call.actor.login,
        on_behalf_of=call.on_behalf_of,
        at=call.now,
    )
    if until is not None:
        call.tell("storage.held", until=until.isoformat(), reason=Text(grounds))
        return {"storage_until": until.isoformat()}
    call.tell("destruction.decided", grounds=Text(grounds))
    return {}


def show_case(view: View) -> dict[str, Any]:
    """For `decide_destruction`: the closed case, its documents, its term, and earlier decisions."""
    closed = view.case["data"]["closed"]
    case = records.closed_case(view.connection, closed["case"])
    earlier = records.decisions_of(view.connection, view.case["id"])
    return {
        "case": closed["case"],
        "number": None if case is None else case["number"],
        "title": None if case is None else case["title"],
        "ended_on": closed["ended_on"],
        "received_on": closed["received_on"],
        "storage_until": view.case["data"]["storage_until"],
        "documents": [
            {key: d[key] for key in ("id", "kind", "title", "sha256")}
            for d in records.documents_of(view.connection, closed["case"])
        ],
        "decisions": [
            {
                "action": d["action"],
                "until": None if d["until"] is None else d["until"].isoformat(),
                "by": d["decided_by"],
            }
            for d in earlier
        ],
    }


def _until(data: Mapping[str, Any]) -> date:
    try:
        return date.fromisoformat(str(data.get("until")))
    except ValueError:
        message = "Укажите новый срок хранения в виде ГГГГ-ММ-ДД."
        raise InvalidError(errors={"until": [message]}, rule=False) from None
