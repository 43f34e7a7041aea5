"""What the storage of a closed case does: counts its term, and draws up the act when destruction is decided."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.calls import Call
from engine.clock import MOSCOW
from engine.documents import add_document
from engine.errors import StepFailedError
from engine.registry import Registry
from processes.council.records import journals
from processes.council.signers import Office, mark_of
from processes.papers.typesetting import PDF
from processes.papers.words import file_name
from processes.retention import papers, records, rules


def compute_term(call: Call, *, finished: Mapping[str, Any]) -> str:
    """The day from which destruction may be decided, as `YYYY-MM-DD` (A-43)."""
    until = rules.storage_until(date.fromisoformat(finished["ended_on"]), date.fromisoformat(finished["received_on"]))
    call.tell("storage.began", case=finished["case"], until=until.isoformat(), clause="4.9")
    case = records.closed_case(call.connection, finished["case"])
    if case is not None:
        _file_inventory(call, case, until)
    return until.isoformat()


def draw_up_act(call: Call, *, file: Mapping[str, Any]) -> dict[str, str]:
    """Draw up the act under its journal number and file it; deletes nothing. Returns `{"document": id}`."""
    case = records.closed_case(call.connection, file["case"])
    decided = records.decisions_of(call.connection, call.case_id)
    if case is None or not decided:
        raise StepFailedError("Нет дела или решения, о котором составляется акт.", element=call.element)
    today = call.now.astimezone(MOSCOW).date()
    subject = f"Акт об уничтожении документов дела {case['number']}"
    number = journals.enter(
        call.connection, "act", today.year, subject=subject, by=call.actor.login, at=call.now, case=call.case_id
    )
    listed = records.documents_of(call.connection, case["id"])
    last = decided[-1]
    mark = mark_of(
        call.connection,
        Office.SECRETARY,
        last["decided_by"],
        at=last["decided_at"],
        on_behalf_of=last["on_behalf_of"],
    )
    content = papers.write_act(f"{number}/{today.year}", case, listed, last["grounds"], mark=mark, at=call.now)
    row = add_document(
        call.tx,
        case=call.case_id,
        kind="destruction_act",
        title=subject,
        name=file_name(subject, today),
        media_type=PDF,
        content=content,
        by=call.actor.login,
    )
    call.tell(
        "destruction.act_drawn_up",
        case=case["id"],
        document=row["id"],
        sha256=row["sha256"],
        signatures=[mark.recorded()],
    )
    return {"document": str(row["id"])}


def _file_inventory(call: Call, case: Mapping[str, Any], until: date) -> None:
    title = f"Внутренняя опись документов дела {case['number']}"
    row = add_document(
        call.tx,
        case=call.case_id,
        kind="inventory",
        title=title,
        name=file_name(title, call.now.astimezone(MOSCOW).date()),
        media_type=PDF,
        content=papers.write_inventory(
            case, records.documents_of(call.connection, case["id"]), until=until, at=call.now
        ),
        by=call.actor.login,
    )
    call.tell("inventory.drawn_up", case=case["id"], document=row["id"], sha256=row["sha256"])


def register(registry: Registry) -> None:
    """Name the operators that the drawing may call."""
    registry.service("retention.compute_term", "finished")(compute_term)
    registry.service("retention.draw_up_act", "file")(draw_up_act)
