"""What completing the last tasks of a meeting means: two signatures, and the ministry's order (clauses 3.7, 4.10)."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from engine.calls import Call
from engine.clock import MOSCOW
from engine.documents import get_document, read_content
from engine.errors import ConflictError, ForbiddenError, InvalidError
from processes.council.records import journals
from processes.council_meeting import events, sittings
from processes.council_meeting.plan import read_date
from processes.council_meeting.protocol import day
from processes.council_meeting.records import agenda, meetings, papers
from processes.council_meeting.rules import check_order

DECIDED = ("grant", "refuse")


def sign_as_secretary(call: Call, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Sign the protocol as secretary, or as the member who acts on the chair's instruction (clause 2.6)."""
    return _sign(call, data, "secretary")


def sign_as_chair(call: Call, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Sign the protocol as chair, or within a substitution. Raises ForbiddenError `same_person` (clause 3.7, A-31)."""
    return _sign(call, data, "chair")


def register_order(call: Call, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Register the ministry's order on the decisions of this meeting; cases it leaves out count as not approved.

    One number stands for one order a year: the same number with the same date is that order, naming further cases.
    Raises InvalidError with paths `number`, `signed_on`, `approved.<case id>`.
    """
    connection, case = call.connection, call.case_id
    signed_on = read_date(data.get("signed_on"))
    if signed_on is None:
        raise InvalidError(errors={"signed_on": ["Укажите дату подписания в виде ГГГГ-ММ-ДД."]}, rule=False)
    number = str(data.get("number") or "").strip()
    approved = dict(data.get("approved") or {})
    decided = agenda.cases_of(connection, case, *DECIDED)
    errors = check_order(
        number,
        signed_on,
        approved,
        decided=decided,
        held_on=sittings.held_on(meetings.meeting_of(connection, case)),
        today=call.now.astimezone(MOSCOW).date(),
    )
    known = papers.find_order(connection, number, signed_on.year)
    if known is not None and known["signed_on"] != signed_on:
        used = f"Номер {number} уже занят приказом от {day(known['signed_on'])}. Проверьте номер и дату."
        errors.setdefault("number", [used])
    if errors:
        raise InvalidError(errors=errors)
    if known is None:
        _enter_order(call, number, signed_on)
    verdicts = {key: approved.get(key) is True for key in decided}
    papers.insert_order_cases(connection, case, number, signed_on.year, verdicts)
    call.tell(
        events.ORDER_REGISTERED,
        number=number,
        signed_on=signed_on.isoformat(),
        approved=sorted(key for key, is_approved in verdicts.items() if is_approved),
        left_out=sorted(key for key, is_approved in verdicts.items() if not is_approved),
    )
    return {}


def _enter_order(call: Call, number: str, signed_on: date) -> None:
    papers.insert_order(call.connection, number, signed_on, by=call.actor.login, at=call.now)
    journals.enter(
        call.connection,
        "order",
        call.now.astimezone(MOSCOW).year,
        subject=f"Приказ министерства № {number} от {day(signed_on)}",
        by=call.actor.login,
        at=call.now,
        case=call.case_id,
    )


def _sign(call: Call, data: Mapping[str, Any], role: str) -> Mapping[str, Any]:
    if data.get("confirm") is not True:
        raise InvalidError(errors={"confirm": ["Подтвердите подпись отметкой."]})
    row = papers.protocol_of(call.connection, call.case_id)
    if row is None:
        raise ConflictError("Протокол ещё не составлен. Дождитесь проекта и подпишите его.", case=call.case_id)
    if sha256(read_content(call.tx, get_document(call.tx, row["document"]))).hexdigest() != row["sha256"]:
        raise ConflictError("Файл протокола отличается от составленного. Подпись невозможна.", case=call.case_id)
    for other, signed in papers.signatures_of(call.connection, call.case_id).items():
        if other != role and signed["login"] == call.actor.login:
            raise ForbiddenError(
                "Протокол подписывают два разных лица, а Вы его уже подписали. Вторую подпись ставит другое лицо.",
                slug="same_person",
                case=call.case_id,
            )
    papers.insert_signature(
        call.connection,
        call.case_id,
        role,
        login=call.actor.login,
        right=call.right,
        sha256=row["sha256"],
        at=call.now,
    )
    call.tell(events.PROTOCOL_SIGNED, role=role, number=row["number"], sha256=row["sha256"], login=call.actor.login)
    return {}
