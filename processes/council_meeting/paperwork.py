"""Papers that a meeting draws up: its protocol, the signed copy with extracts, the documents it approved."""

from hashlib import sha256

from engine.calls import Call
from engine.clock import MOSCOW
from engine.documents import add_document
from engine.errors import StepFailedError
from processes.council.records import journals, library
from processes.council_meeting import events, sittings
from processes.council_meeting.model import Kind, Outcome
from processes.council_meeting.protocol import day, write_extract, write_protocol, write_signatures
from processes.council_meeting.records import meetings, papers


def draw_up(call: Call, *, items: int) -> dict[str, str]:
    """Write the protocol of `items` items, file it, keep its hash; returns `{"id": document, "number"}`."""
    connection, case = call.connection, call.case_id
    year = call.now.astimezone(MOSCOW).year
    held_on = sittings.held_on(meetings.meeting_of(connection, case))
    subject = f"Протокол заседания КЭС от {day(held_on)}"
    order = journals.enter(connection, "protocol", year, subject=subject, by=call.actor.login, at=call.now, case=case)
    number = f"{order}/{year}"
    minutes = sittings.minutes_of(connection, case, number)
    if len(minutes.items) != items:
        raise StepFailedError("Рассмотрены не все вопросы повестки.", element=call.element)
    content = write_protocol(minutes)
    document = _file(call, "protocol", f"Протокол заседания № {number} (проект)", content)
    digest = sha256(content.encode()).hexdigest()
    papers.insert_protocol(
        connection, case, number=number, document=document, content=content, sha256=digest, at=call.now
    )
    call.tell(events.PROTOCOL_DRAWN_UP, number=number, document=document, sha256=digest)
    return {"id": document, "number": number}


def file_signed_protocol(call: Call) -> None:
    """File the protocol with both signatures under it, and an extract on each case that was voted on (clause 3.7)."""
    row = papers.protocol_of(call.connection, call.case_id)
    signatures = papers.signatures_of(call.connection, call.case_id)
    if row is None or set(signatures) != {"secretary", "chair"}:
        raise StepFailedError("Протокол подписан не полностью: выписки не выдаются.", element=call.element)
    minutes = sittings.minutes_of(call.connection, call.case_id, row["number"])
    signed = row["content"] + write_signatures(minutes, list(signatures.values()))
    _file(call, "protocol_signed", f"Протокол заседания № {row['number']}", signed)
    for item in minutes.items:
        if item.point.kind is Kind.CERTIFICATION and item.tally is not None and item.tally.quorate:
            extract = write_extract(minutes, item) + write_signatures(minutes, list(signatures.values()))
            _file(call, "protocol_extract", f"Выписка из протокола № {row['number']}: дело {item.number}", extract)


def approve_documents(call: Call, protocol: str) -> None:
    """Enter the documents that the meeting adopted as versions in force from today (clause 3.5)."""
    today = call.now.astimezone(MOSCOW).date()
    for item in sittings.minutes_of(call.connection, call.case_id, protocol).items:
        if item.point.document is None or item.outcome is not Outcome.GRANT:
            continue
        kind = item.point.document.value
        version = library.add_document(
            call.connection,
            kind,
            item.point.title,
            protocol=protocol,
            meeting=call.case_id,
            valid_from=today,
            at=call.now,
        )
        call.tell(events.DOCUMENT_APPROVED, item=item.point.number, document=kind, version=version, protocol=protocol)


def _file(call: Call, kind: str, title: str, content: str) -> str:
    row = add_document(
        call.tx,
        case=call.case_id,
        kind=kind,
        title=title,
        name=f"{kind}.txt",
        media_type="text/plain; charset=utf-8",
        content=content.encode(),
        by=call.actor.login,
    )
    call.tell(events.DOCUMENT_FILED, document=row["id"], kind_of=kind, sha256=row["sha256"])
    return str(row["id"])
