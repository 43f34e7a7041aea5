"""Messages that reach a certification: who may send them, what they must hold, what they leave behind (contract 8)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.calls import Call
from engine.errors import ConflictError, ForbiddenError, InvalidError
from engine.facts import Text
from processes.certification import events, letters, rules
from processes.certification.model import Findings
from processes.certification.post import write_applicant, write_person
from processes.certification.records import outcomes
from processes.council.people import day_of, name_of
from processes.council.records import agenda, appointments
from processes.depository.records import certificates

Data = Mapping[str, Any]

#: The scope of an integration's token that may send messages.
SCOPE = "messages"


def _check(found: Findings) -> None:
    if found:
        raise InvalidError("Сообщение не принято: проверьте его поля.", errors=found)


def _only_from_meeting(call: Call) -> None:
    if call.actor.kind != "system" and SCOPE not in call.actor.scopes:
        raise ForbiddenError("Это сообщение приходит от заседания совета, а не от людей.", slug="not_from_people")


def council_decision(call: Call, payload: Data) -> Data:
    """Take the decision of a signed protocol; one that was not adopted frees the case for another agenda (A-04)."""
    _only_from_meeting(call)
    _check(rules.check_decision(payload))
    decision, protocol = payload["decision"], payload["protocol"]
    outcomes.add_decision(call.connection, call.case_id, decision, protocol, call.now)
    if decision == "not_adopted":
        agenda.free_case(call.connection, call.case_id)
    call.tell(events.DECISION_RECEIVED, decision=decision, protocol=protocol)
    write_applicant(call, letters.decided(call.case["title"], call.case["number"], decision, protocol))
    return {"decision": decision, "protocol": protocol}


def ministry_order(call: Call, payload: Data) -> Data:
    """Take the order: whether it approves this case (clause 4.10)."""
    _only_from_meeting(call)
    _check(rules.check_order(payload, day_of(call.now)))
    signed_on = date.fromisoformat(payload["signed_on"])
    outcomes.add_order(
        call.connection,
        call.case_id,
        number=payload["number"],
        signed_on=signed_on,
        approved=payload["approved"],
        at=call.now,
    )
    call.tell(
        events.ORDER_RECEIVED, number=payload["number"], signed_on=payload["signed_on"], approved=payload["approved"]
    )
    return {"approved": payload["approved"], "number": payload["number"], "signed_on": payload["signed_on"]}


def certificate_revoked(call: Call, payload: Data) -> Data:
    """Revoke the certificate by an order (A-46): from the ministry, or an integration with the scope."""
    if SCOPE not in call.actor.scopes and not (call.actor.kind == "person" and call.actor.holds("ministry")):
        raise ForbiddenError("Отзыв сертификата передаёт министерство.")
    row = certificates.certificate_of(call.connection, call.case_id)
    _check(rules.check_revocation(payload, row["valid_from"] if row else None, day_of(call.now)))
    certificates.revoke_certificate(
        call.connection,
        call.case_id,
        order=payload["order"],
        revoked_on=date.fromisoformat(payload["signed_on"]),
        reason=payload["reason"],
        at=call.now,
    )
    call.tell(
        events.CERTIFICATE_REVOKED,
        certificate=row["number"] if row else None,
        order=payload["order"],
        signed_on=payload["signed_on"],
        reason=Text(payload["reason"]),
    )
    return {"order": payload["order"], "signed_on": payload["signed_on"], "reason": "revoked_by_order"}


def withdrawal(call: Call, payload: Data) -> Data:
    """The applicant takes the application back until voting on it opens, for good from then on (A-49)."""
    if call.actor.owner is None or call.actor.owner != call.case["owner"] or not call.actor.holds("applicant"):
        raise ForbiddenError("Заявку отзывает организация, которая её подала.")
    reason = payload.get("reason")
    if not isinstance(reason, str) or not reason.strip():
        raise InvalidError(errors={"reason": ["Укажите причину отзыва."]}, rule=False)
    if not agenda.strike_case(call.connection, call.case_id, call.now):
        raise ConflictError("Голосование по заявке уже открыто: отозвать её больше нельзя.", slug="voting_opened")
    identity = outcomes.add_withdrawal(call.connection, call.case_id, reason.strip(), by=call.actor.login, at=call.now)
    title, number = call.case["title"], call.case["number"]
    for row in appointments.of_case(call.connection, call.case_id):
        if row["closed_at"] is None:
            name = name_of(call.connection, row["login"])
            write_person(call, row["login"], letters.released(name, title, number, "заявитель отозвал заявку"))
    appointments.close_case(call.connection, call.case_id, outcome="withdrawn", at=call.now)
    call.tell(events.WITHDRAWN, reason=Text(reason.strip()))
    write_applicant(call, letters.withdrawn(title, number))
    return {"reason": identity}
