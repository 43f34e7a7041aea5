"""Service tasks of the certification: what a step does by itself, but for the experts' seats (`examination`).

Each returns the small value kept in the case data.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.calls import Call
from engine.errors import StepFailedError
from engine.facts import Text
from engine.ids import new_id
from processes.certification import documents, events, letters, notices, rules
from processes.certification.application import entry_fields
from processes.certification.filing import file_document
from processes.certification.post import application_of, write_applicant
from processes.certification.records import outcomes, reviews
from processes.council.people import day_of
from processes.council.records import agenda, journals, library
from processes.council.signers import Office, mark_of
from processes.depository.model import Entry
from processes.depository.records import certificates
from processes.depository.records import entries as depository


def register(call: Call) -> dict[str, Any]:
    """Give the application its number out of the year's journal, on the day of the secretary's act (clause 2.6)."""
    day = day_of(call.now)
    title = call.case["title"]
    serial = journals.enter(
        call.connection,
        "application",
        day.year,
        case=call.case_id,
        subject=title,
        by=call.actor.login,
        at=call.now,
    )
    number = f"КЭС-{day.year}-{serial:04d}"
    reviews.number_registration(call.connection, call.case_id, number, day)
    call.number = number
    call.tell(events.REGISTERED, number=number, registered_on=day.isoformat())
    write_applicant(call, letters.registered(title, number, day))
    return {"number": number, "registered_on": day.isoformat()}


def refuse_acceptance(call: Call) -> dict[str, Any]:
    """Tell the applicant why the package was not accepted."""
    row = reviews.find_registration(call.connection, call.case_id) or {}
    reason = str(row.get("reason") or "")
    call.tell(events.NOT_ACCEPTED, reason=Text(reason))
    return {"letter": write_applicant(call, letters.not_accepted(call.case["title"], reason))}


def notify_not_considered(call: Call, *, failed_count: int) -> dict[str, Any]:
    """Tell the applicant by e-mail every failed row with its comment (clause 4.5)."""
    review = reviews.find_technical_review(call.connection, call.case_id)
    if review is None or len(review["failed"]) != failed_count:
        raise StepFailedError("Нет записи технической экспертизы с этими строками.", element=call.element)
    failed = [(row, review["comments"].get(row, "")) for row in review["failed"]]
    mark = mark_of(
        call.connection, Office.SECRETARY, review["by"], at=review["at"], on_behalf_of=review["on_behalf_of"]
    )
    file_document(
        call,
        kind="notice_not_considered",
        title="Уведомление об отказе в рассмотрении",
        content=notices.notice_not_considered(
            title=call.case["title"],
            number=call.case["number"],
            data=application_of(call)["data"],
            failed=failed,
            mark=mark,
            at=call.now,
            acts=library.names_of_acts(call.connection, day_of(call.now)),
        ),
        by=review["by"],
        marks=[mark],
    )
    call.tell(events.NOT_CONSIDERED, failed=list(review["failed"]))
    letter = letters.not_considered(call.case["title"], call.case["number"], failed)
    return {"letter": write_applicant(call, letter)}


def return_to_agenda(call: Call, *, ministry_act: Mapping[str, Any]) -> dict[str, Any]:
    """The order leaves the case out: it may stand on another agenda, and the applicant is told (A-38)."""
    agenda.free_case(call.connection, call.case_id)
    call.tell(events.ORDER_WITHOUT_CASE, order=ministry_act["number"])
    order, day = str(ministry_act["number"]), date.fromisoformat(str(ministry_act["signed_on"]))
    write_applicant(call, letters.not_approved(call.case["title"], call.case["number"], order, day))
    return {"order": ministry_act["number"]}


def issue_certificate(call: Call, *, order_date: str, last_day: str) -> dict[str, Any]:
    """Register the certificate in its journal, write the document, tell the applicant (clauses 2.6, 4.11)."""
    row, signing = application_of(call), outcomes.find_signing(call.connection, call.case_id)
    order = outcomes.last_order(call.connection, call.case_id)
    if signing is None or order is None:
        raise StepFailedError("Сертификат не подписан.", element=call.element)
    first, last = date.fromisoformat(order_date), date.fromisoformat(last_day)
    year = day_of(call.now).year
    title = call.case["title"]
    serial = journals.enter(
        call.connection, "certificate", year, case=call.case_id, subject=title, by=signing["by"], at=call.now
    )
    number = f"23-{year}-{serial:04d}"
    mark = mark_of(call.connection, Office.CHAIR, signing["by"], at=signing["at"], on_behalf_of=signing["on_behalf_of"])
    document = file_document(
        call,
        kind="certificate",
        title=f"Сертификат {number}",
        number="",
        content=documents.certificate(
            number=number,
            entry=entry_fields(row["data"]),
            protocol=(call.case["data"].get("decision") or {}).get("protocol") or "",
            order=(order["number"], order["signed_on"]),
            term=(first, last),
            mark=mark,
            at=call.now,
            address=f"{call.tx.runtime.base_url}/certificates/{number}",
        ),
        by=signing["by"],
        marks=[mark],
    )
    certificates.add_certificate(
        call.connection,
        {
            "number": number,
            "case": call.case_id,
            "owner": row["owner"],
            "title": title,
            "organization": row["data"]["organization"]["full_name"],
            "valid_from": first,
            "valid_until": last,
            "signed_by": signing["by"],
            "on_behalf_of": signing["on_behalf_of"],
            "issued_at": call.now,
            "sha256": document["sha256"],
        },
    )
    call.tell(events.CERTIFICATE_ISSUED, number=number, valid_from=order_date, valid_until=last_day)
    write_applicant(call, letters.certificate_issued(title, call.case["number"], number, first, last))
    return {"number": number, "valid_from": order_date, "valid_until": last_day}


def publish(call: Call, *, cert: Mapping[str, Any]) -> str:
    """Put the programme into the depository with the secretary's corrections; returns the entry's id (clause 4.13)."""
    act = outcomes.find_publication(call.connection, call.case_id)
    if act is None:
        raise StepFailedError("Внесение в депозитарий не подтверждено.", element=call.element)
    data = application_of(call)["data"]
    fields = {**entry_fields(data), **act["fields"]}
    identity = new_id()
    entry = Entry(
        id=identity,
        case=call.case_id,
        title=fields["title"],
        organization=fields["organization"],
        organization_short=data["organization"]["short_name"],
        authors=tuple(fields["authors"]),
        direction=fields["direction"],
        level=fields["level"],
        education_kind=fields["education_kind"],
        audience=tuple(fields["audience"]),
        hours=fields["hours"],
        year=fields["year"],
        study_form=fields["study_form"],
        issued_document=fields["issued_document"],
        certificate=cert["number"],
        valid_from=date.fromisoformat(cert["valid_from"]),
        valid_until=date.fromisoformat(cert["valid_until"]),
        published_on=day_of(call.now),
        url=f"/depository/{identity}",
    )
    depository.add_entry(call.connection, entry, at=call.now, by=act["by"], on_behalf_of=act["on_behalf_of"])
    call.tell(events.PUBLISHED, entry=identity, certificate=cert["number"], valid_until=cert["valid_until"])
    write_applicant(call, letters.published(entry.title, entry.certificate))
    return identity


def remind_holder(call: Call, *, last_day_in_force: str) -> dict[str, Any]:
    """Tell the holder how many days are left, counted from today (A-47)."""
    last = date.fromisoformat(last_day_in_force)
    row = certificates.certificate_of(call.connection, call.case_id)
    number = row["number"] if row else ""
    letter = letters.expiry_ahead(call.case["title"], number, last, rules.days_left(last, day_of(call.now)))
    return {"letter": write_applicant(call, letter)}


def remove_from_depository(call: Call, *, revoked_by: Mapping[str, Any] | None) -> dict[str, Any]:
    """Take the entry out of the public view: the term has ended, or an order revoked the certificate (clause 4.15)."""
    reason = "revoked" if revoked_by else "expired"
    depository.remove_entry(call.connection, call.case_id, reason=reason, at=call.now)
    row = certificates.certificate_of(call.connection, call.case_id)
    number = row["number"] if row else ""
    call.tell(events.REMOVED, certificate=number, reason=reason)
    revoked = (row["revocation_order"], row["revoked_on"], row["revocation_reason"]) if row and revoked_by else None
    write_applicant(call, letters.removed(call.case["title"], number, revoked))
    return {"reason": reason}


def refusal_letter(call: Call) -> dict[str, Any]:
    """Send the refusal with the recommendations that the secretary confirmed (clause 4.16)."""
    row = outcomes.find_refusal(call.connection, call.case_id)
    order = outcomes.last_order(call.connection, call.case_id)
    if row is None or order is None:
        raise StepFailedError("Отказ не подготовлен.", element=call.element)
    act = (order["number"], order["signed_on"])
    mark = mark_of(call.connection, Office.SECRETARY, row["by"], at=row["at"], on_behalf_of=row["on_behalf_of"])
    file_document(
        call,
        kind="refusal",
        title="Отказ в сертификации с рекомендациями",
        content=notices.refusal(
            title=call.case["title"],
            number=call.case["number"],
            data=application_of(call)["data"],
            protocol=(call.case["data"].get("decision") or {}).get("protocol") or "",
            order=act,
            recommendations=row["recommendations"],
            mark=mark,
            acts=library.names_of_acts(call.connection, day_of(call.now)),
        ),
        by=row["by"],
        marks=[mark],
    )
    call.tell(events.REFUSED, recommendations=[Text(item) for item in row["recommendations"]])
    letter = letters.refused(call.case["title"], call.case["number"], act, row["recommendations"])
    return {"letter": write_applicant(call, letter)}
