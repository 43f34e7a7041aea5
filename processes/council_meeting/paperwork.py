"""Papers that a meeting draws up: agenda, protocol, the signed copy with extracts, the draft of the ministry's order.

What is signed is the protocol's PDF as filed before the signatures; its words are kept as text too, for pages and for
the audit.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any, Final

from engine.calls import Call
from engine.clock import MOSCOW
from engine.documents import add_document
from engine.errors import StepFailedError
from processes.council.records import journals, library, people
from processes.council.signers import Office, mark_of
from processes.council_meeting import events, sheets, sittings
from processes.council_meeting.model import Form, Kind, Outcome
from processes.council_meeting.order_draft import Decided, write_order
from processes.council_meeting.protocol import Minutes, day, write_protocol
from processes.council_meeting.records import meetings, papers, wording
from processes.papers.editable import DOCX
from processes.papers.typesetting import PDF
from processes.papers.words import Mark, file_name

_DECIDED: Final = (Outcome.GRANT, Outcome.REFUSE)


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
    drawn = _draw(call, minutes, f"Протокол заседания № {number} (проект)")
    papers.insert_protocol(connection, case, number=number, at=call.now, **drawn)
    wording.insert_version(connection, case, 1, changes=(), by=call.actor.login, at=call.now, **drawn)
    call.tell(events.PROTOCOL_DRAWN_UP, number=number, **_named(drawn))
    return {"id": drawn["document"], "number": number}


def redraw(call: Call, row: Mapping[str, Any], changes: Sequence[Mapping[str, Any]]) -> int:
    """Draw the protocol of `row` again with its words as they stand now; returns the number of the new version.

    `changes` are `{"item", "field", "before", "after"}`; the history keeps their texts apart, erasable.
    """
    number = int(row["version"]) + 1
    minutes = sittings.minutes_of(call.connection, call.case_id, row["number"])
    drawn = _draw(call, minutes, f"Протокол заседания № {row['number']} (проект, редакция {number})")
    wording.insert_version(
        call.connection,
        call.case_id,
        number,
        changes=[{"item": one["item"], "field": one["field"]} for one in changes],
        by=call.actor.login,
        at=call.now,
        **drawn,
    )
    call.tell(events.PROTOCOL_CORRECTED, number=row["number"], version=number, changes=list(changes), **_named(drawn))
    return number


def _draw(call: Call, minutes: Minutes, title: str) -> dict[str, str]:
    content, typeset = write_protocol(minutes), sheets.protocol(minutes, (), at=call.now)
    document = _file(call, "protocol", title, typeset, on=minutes.held_on)
    return {"document": document, "content": content, "sha256": sha256(typeset).hexdigest()}


def _named(drawn: Mapping[str, str]) -> dict[str, str]:
    digest_of_text = sha256(drawn["content"].encode()).hexdigest()
    return {"document": drawn["document"], "sha256": drawn["sha256"], "text_sha256": digest_of_text}


def file_signed_protocol(call: Call) -> None:
    """File the protocol with both signatures under it, and an extract on each case that was voted on (clause 3.7)."""
    row = papers.protocol_of(call.connection, call.case_id)
    signatures = papers.signatures_of(call.connection, call.case_id)
    if row is None or set(signatures) != {"secretary", "chair"}:
        raise StepFailedError("Протокол подписан не полностью: выписки не выдаются.", element=call.element)
    minutes = sittings.minutes_of(call.connection, call.case_id, row["number"])
    marks = _marks(call, signatures)
    signed = sheets.protocol(minutes, marks, at=call.now)
    _file(call, "protocol_signed", f"Протокол заседания № {row['number']}", signed, on=minutes.held_on, marks=marks)
    for item in minutes.items:
        if item.point.kind is Kind.CERTIFICATION and item.tally is not None and item.tally.quorate:
            extract = sheets.extract(minutes, item, marks, at=call.now)
            title = f"Выписка из протокола № {row['number']}: дело {item.number}"
            _file(call, "protocol_extract", title, extract, on=minutes.held_on, marks=marks)


def file_agenda(call: Call) -> None:
    """File the agenda that the chair has just approved (clause 2.5)."""
    row = meetings.meeting_of(call.connection, call.case_id)
    points = sittings.points_of(call.connection, call.case_id)
    cases = meetings.case_rows(call.connection, [point.case for point in points if point.case])
    mark = mark_of(call.connection, Office.CHAIR, call.actor.login, at=call.now, on_behalf_of=call.on_behalf_of)
    content = sheets.agenda(
        number=str(row["number"]),
        form=Form(row["form"]),
        held_on=row["held_on"],
        closes_at=row["closes_at"],
        points=points,
        numbers={key: str(case["number"]) for key, case in cases.items()},
        total=len(sittings.counted_of(call.connection, row)),
        mark=mark,
    )
    _file(call, "agenda", f"Повестка заседания {row['number']}", content, on=row["held_on"], marks=[mark])


def file_order_draft(call: Call, outcomes: Sequence[Mapping[str, Any]], protocol: str) -> None:
    """File the draft of the ministry's order on what was granted or refused, for the ministry to edit (clause 4.10)."""
    verdicts = {r["case"]: r["outcome"] == Outcome.GRANT for r in outcomes if r["outcome"] in _DECIDED and r["case"]}
    if not verdicts:
        return
    rows = meetings.case_rows(call.connection, list(verdicts))
    decided = [
        Decided(str(rows[key]["number"]), str(rows[key]["title"]), _organization(call, rows[key]["owner"]), is_granted)
        for key, is_granted in verdicts.items()
    ]
    held_on = sittings.held_on(meetings.meeting_of(call.connection, call.case_id))
    content = write_order(protocol, held_on, decided, at=call.now)
    named = file_name(f"Проект приказа к протоколу № {protocol}", held_on, ending="docx")
    _file(call, "order_draft", "Проект приказа министерства", content, on=held_on, name=named, media_type=DOCX)


def _organization(call: Call, owner: str | None) -> str:
    found = people.find_organization(call.connection, (owner or "").removeprefix("org:"))
    return found.full_name if found else ""


def _marks(call: Call, signatures: Mapping[str, Mapping[str, Any]]) -> list[Mark]:
    return [
        mark_of(
            call.connection,
            Office(role),
            signatures[role]["login"],
            at=signatures[role]["signed_at"],
            on_behalf_of=signatures[role]["on_behalf_of"],
            basis=signatures[role]["basis"],
            sha256=signatures[role]["sha256"],
        )
        for role in ("chair", "secretary")
    ]


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


def _file(
    call: Call,
    kind: str,
    title: str,
    content: bytes,
    *,
    on: date,
    name: str | None = None,
    media_type: str = PDF,
    marks: Sequence[Mark] = (),
) -> str:
    row = add_document(
        call.tx,
        case=call.case_id,
        kind=kind,
        title=title,
        name=name or file_name(title, on),
        media_type=media_type,
        content=content,
        by=call.actor.login,
    )
    call.tell(
        events.DOCUMENT_FILED,
        document=row["id"],
        kind_of=kind,
        sha256=row["sha256"],
        signatures=[mark.recorded() for mark in marks],
    )
    return str(row["id"])
