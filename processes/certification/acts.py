"""What completing the tasks of a certification means: checks, then records (clauses 4.3-4.16).

Each takes the call and the form as filled in, raises what refuses the act, and returns small variables for the case.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.calls import Call
from engine.documents import documents_of
from engine.errors import ConflictError, InvalidError
from processes.certification import documents, events, rules
from processes.certification.application import entry_fields
from processes.certification.filing import file_document
from processes.certification.findings import refuse
from processes.certification.model import MANDATORY_FILES
from processes.certification.post import application_of
from processes.certification.records import outcomes, reviews
from processes.certification.seating import check_candidates
from processes.council.people import day_of
from processes.council.records import appointments, library
from processes.council.signers import Office, mark_of
from processes.depository.records import entries as depository
from processes.depository.rules import missing_fields

Data = Mapping[str, Any]


def _standard_version(call: Call) -> int | None:
    standard = library.document_on(call.connection, "standard", day_of(call.now))
    return standard["version"] if standard else None


def register_application(call: Call, data: Data) -> Data:
    """Accept the package or turn it down; the act itself is the day of registration, whatever day it is (A-09)."""
    refuse(rules.check_registration(data), "Регистрация не выполнена: проверьте отмеченные поля.")
    accepted = bool(data["accepted"])
    if accepted:
        kinds = {row["kind"] for row in documents_of(call.tx, case=call.case_id)}
        gaps = [kind for kind in MANDATORY_FILES if kind not in kinds]
        if gaps:
            raise InvalidError(
                "Пакет неполон: его нельзя принять (пункт 4.3).",
                errors={"accepted": [f"Нет файлов: {', '.join(gaps)}. Откажите в приёме с причиной."]},
            )
    reviews.insert_registration(
        call.connection,
        call.case_id,
        accepted=accepted,
        copies=data.get("copies"),
        reason=data.get("reason"),
        by=call.actor.login,
        on_behalf_of=call.on_behalf_of,
        at=call.now,
    )
    return {}


def technical_review(call: Call, data: Data) -> Data:
    """Keep the marks; returns `unmet`, the number of failed rows, which the table `technical_outcome` judges."""
    requirements = rules.read_requirements(call.decide("technical_requirements", {}))
    found = rules.check_technical_review(data, requirements)
    refuse(found, "Техническая экспертиза не завершена: проверьте отмеченные строки.")
    failed = rules.failed_rows(data["precheck"], data["marks"], requirements)
    reviews.insert_technical_review(
        call.connection,
        call.case_id,
        data,
        failed,
        standard_version=_standard_version(call),
        by=call.actor.login,
        on_behalf_of=call.on_behalf_of,
        at=call.now,
    )
    mark = mark_of(
        call.connection,
        Office.SECRETARY,
        call.actor.login,
        at=call.now,
        on_behalf_of=call.on_behalf_of,
        basis=call.right.basis if call.right else None,
    )
    file_document(
        call,
        kind="technical_review",
        title="Техническая экспертиза",
        content=documents.technical_review(
            title=call.case["title"],
            organization=application_of(call)["data"]["organization"]["full_name"],
            number=call.case["number"],
            review={**data, "comments": data.get("comments") or {}, "failed": failed},
            mark=mark,
            acts=library.names_of_acts(call.connection, day_of(call.now)),
        ),
        by=call.actor.login,
        marks=[mark],
    )
    return {"unmet": len(failed)}


def appoint_experts(call: Call, data: Data) -> Data:
    """Three different members of the composition, free of conflict, none of the leadership (clause 4.6)."""
    logins = list(data["experts"])
    refuse(rules.check_three(logins), "Эксперты не назначены: проверьте состав.")
    check_candidates(call, logins, "experts")
    return {"experts": logins}


def replace_expert(call: Call, data: Data) -> Data:
    """Another expert for a seat given up, by the same rules, and nobody who sits or has declined here already."""
    seated = [row["login"] for row in appointments.holders_of(call.connection, call.case_id).values()]
    check_candidates(call, [data["expert"]], "expert", seated=seated)
    return {"expert": data["expert"]}


def sign_certificate(call: Call, data: Data) -> Data:
    """Sign after the order that approves this case, never before it; returns the term (clauses 2.5, 4.10, 4.11)."""
    refuse(rules.check_confirmation(data), "Сертификат не подписан.")
    decision, order = call.case["data"].get("decision") or {}, call.case["data"].get("order") or {}
    if decision.get("decision") != "grant":
        raise ConflictError("Сертификат подписывается после решения совета о выдаче.", slug="no_decision")
    if order.get("approved") is not True:
        raise ConflictError(
            "Сертификат подписывается после приказа министерства, утвердившего решение.", slug="no_order"
        )
    term = rules.term_from(date.fromisoformat(order["signed_on"]))
    outcomes.add_signing(
        call.connection, call.case_id, by=call.actor.login, on_behalf_of=call.on_behalf_of, at=call.now
    )
    call.tell(events.CERTIFICATE_SIGNED, by=call.actor.login, on_behalf_of=call.on_behalf_of)
    return {"signed_on": term.valid_from.isoformat(), "valid_until": term.valid_until.isoformat()}


def publish_to_depository(call: Call, data: Data) -> Data:
    """Confirm the entry, with corrections of its fields.

    An entry with a blank mandatory field is refused (clause 4.13).
    """
    refuse(rules.check_confirmation(data), "Программа не внесена в депозитарий.")
    fields = {key: value for key, value in (data.get("fields") or {}).items() if value not in (None, "", [])}
    entry = {**entry_fields(application_of(call)["data"]), **fields}
    blank = missing_fields(entry)
    refuse(
        {f"fields.{name}": ["Заполните поле: без него программа не вносится."] for name in blank},
        "Программа не внесена в депозитарий: заполните сведения.",
    )
    if fields.get("level") not in {None, "basic", "advanced", "high"}:
        raise InvalidError(errors={"fields.level": ["Допустимо: basic, advanced, high."]})
    outcomes.add_publication(
        call.connection, call.case_id, fields, by=call.actor.login, on_behalf_of=call.on_behalf_of, at=call.now
    )
    return {}


def confirm_removal(call: Call, data: Data) -> Data:
    """The secretary confirms what the service has taken out already (clause 4.15; A-42)."""
    refuse(rules.check_confirmation(data), "Изъятие не подтверждено.")
    depository.confirm_removal(call.connection, call.case_id, by=call.actor.login)
    call.tell(events.REMOVAL_CONFIRMED, by=call.actor.login, on_behalf_of=call.on_behalf_of)
    return {}


def send_refusal(call: Call, data: Data) -> Data:
    """Send the refusal with the council's recommendations, after the order (clause 4.16; A-39)."""
    refuse(rules.check_recommendations(data), "Отказ не отправлен.")
    order = call.case["data"].get("order") or {}
    if order.get("approved") is not True:
        raise ConflictError("Отказ отправляется после приказа министерства.", slug="no_order")
    outcomes.add_refusal(
        call.connection,
        call.case_id,
        [" ".join(str(item).split()) for item in data["recommendations"]],
        by=call.actor.login,
        on_behalf_of=call.on_behalf_of,
        at=call.now,
    )
    return {}
