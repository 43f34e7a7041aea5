"""What completing the tasks of a certification means: checks, then records (clauses 4.3-4.16).

Each takes the call and the form as filled in, raises what refuses the act, and returns small variables for the case.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.calls import Call
from engine.documents import documents_of
from engine.errors import ConflictError, ForbiddenError, InvalidError
from engine.facts import Text
from processes.certification import documents, events, letters, rules
from processes.certification.application import entry_fields
from processes.certification.filing import file_document
from processes.certification.model import EXPERTS, MANDATORY_FILES, Findings
from processes.certification.post import application_of, write_group, write_person
from processes.certification.records import outcomes, reviews
from processes.certification.rows import E_ROWS
from processes.certification.seating import check_candidates
from processes.council.people import day_of, name_of
from processes.council.records import appointments, library, people, readings
from processes.depository.records import entries as depository
from processes.depository.rules import missing_fields

Data = Mapping[str, Any]


def _refuse(found: Findings, message: str) -> None:
    if found:
        raise InvalidError(message, errors=found)


def _form_version(call: Call) -> int:
    """The version of the conclusion's form in force when the experts were appointed.

    One for all three (clauses 1.5, 3.5).
    """
    seats = appointments.of_case(call.connection, call.case_id)
    form = library.document_on(call.connection, "form", day_of(seats[0]["appointed_at"] if seats else call.now))
    if form is None:
        raise ConflictError(
            "Форма заключения ещё не утверждена советом: утвердите её на заседании (пункт 3.5).",
            slug="form_not_approved",
        )
    return int(form["version"])


def _standard_version(call: Call) -> int | None:
    standard = library.document_on(call.connection, "standard", day_of(call.now))
    return standard["version"] if standard else None


def register_application(call: Call, data: Data) -> Data:
    """Accept the package or turn it down; the act itself is the day of registration, whatever day it is (A-09)."""
    _refuse(rules.check_registration(data), "Регистрация не выполнена: проверьте отмеченные поля.")
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
    _refuse(found, "Техническая экспертиза не завершена: проверьте отмеченные строки.")
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
    file_document(
        call,
        kind="technical_review",
        title="Техническая экспертиза",
        name="technical-review.txt",
        content=documents.technical_review(
            title=call.case["title"],
            number=call.case["number"],
            review={**data, "comments": data.get("comments") or {}, "failed": failed},
            reviewer=_signature(call),
            day=day_of(call.now),
            acts=library.names_of_acts(call.connection, day_of(call.now)),
        ),
        by=call.actor.login,
    )
    return {"unmet": len(failed)}


def _signature(call: Call) -> str:
    name = name_of(call.connection, call.actor.login)
    if call.on_behalf_of:
        return f"{name} (за: {name_of(call.connection, call.on_behalf_of)}; {call.right.basis if call.right else ''})"
    return name


def appoint_experts(call: Call, data: Data) -> Data:
    """Three different members of the composition, free of conflict, none of the leadership (clause 4.6)."""
    logins = list(data["experts"])
    _refuse(rules.check_three(logins), "Эксперты не назначены: проверьте состав.")
    check_candidates(call, logins, "experts")
    return {"experts": logins}


def expert_review(call: Call, data: Data) -> Data:
    """File a conclusion: declared free of conflict, 24 marks, a verdict that agrees with the score or says why not."""
    seat = _seat(call)
    score = rules.score_of(data.get("marks") or {})
    suggested = call.decide("score_threshold", {"n": score, "n_max": len(E_ROWS)})["suggested_verdict"]
    binding = _reading(call, "verdict.binding")
    found = rules.check_conclusion(data, suggested, binding=binding)
    _refuse(found, "Заключение не подано: проверьте отмеченные строки.")
    holder = appointments.holders_of(call.connection, call.case_id).get(seat["number"])
    if holder is None or holder["login"] != call.actor.login:
        raise ForbiddenError("Заключение подаёт эксперт, назначенный на это место.", slug="not_yours")
    reviews.insert_conclusion(
        call.connection,
        case=call.case_id,
        seat=seat["number"],
        login=call.actor.login,
        appointment=holder["id"],
        data=data,
        n=score,
        n_max=len(E_ROWS),
        suggested=suggested,
        form_version=_form_version(call),
        at=call.now,
    )
    appointments.close_seat(call.connection, call.case_id, seat["number"], outcome="filed", reason=None, at=call.now)
    return {}


def _seat(call: Call) -> Mapping[str, Any]:
    local = (call.task or {}).get("local") or {}
    seat: Mapping[str, Any] = local.get("seat") or call.variables["seat"]
    return seat


def _reading(call: Call, key: str) -> Any:
    version = int(call.case["data"].get("readings") or 0)
    return readings.values_of(call.connection, version)[key]


def decline_review(call: Call, data: Data) -> Data:
    """Give a seat up: the expert at any time, the chair for the expert once the term has run out (A-12, A-13)."""
    seat, task = _seat(call), call.task or {}
    if call.actor.login != seat["login"]:
        if not call.actor.holds("chair"):
            raise ForbiddenError("Отказаться от экспертизы может сам эксперт или председатель после срока.")
        if task.get("due_at") is None or task["due_at"] >= call.now:
            raise ForbiddenError("Председатель освобождает место эксперта, когда срок экспертизы истёк.")
    reason = str(data["reason"])
    appointments.close_seat(
        call.connection, call.case_id, seat["number"], outcome="declined", reason=reason, at=call.now
    )
    call.tell(
        events.EXPERT_DECLINED, seat=seat["number"], expert=seat["login"], by=call.actor.login, reason=Text(reason)
    )
    expert = name_of(call.connection, seat["login"])
    letter = letters.declined(call.case["title"], call.case["number"], expert, reason)
    write_group(call, ["chair"], letter)
    return {}


def replace_expert(call: Call, data: Data) -> Data:
    """Another expert for a seat given up, by the same rules, and nobody who sits or has declined here already."""
    seated = [row["login"] for row in appointments.holders_of(call.connection, call.case_id).values()]
    check_candidates(call, [data["expert"]], "expert", seated=seated)
    return {"expert": data["expert"]}


def approve_conclusions(call: Call, data: Data) -> Data:
    """Approve three conclusions, or return named ones with a reason, each expert's once (clause 2.5; A-28)."""
    filed = reviews.filed_of(call.connection, call.case_id)
    if call.actor.login in {f.login for f in filed}:
        raise ForbiddenError("Своё заключение утвердить нельзя: это сделает другой (пункт 2.5).", slug="own_conclusion")
    allowed = int(_reading(call, "conclusions.returns"))
    found = rules.check_approval(data, filed, returns_allowed=allowed)
    _refuse(found, "Решение по заключениям не принято: проверьте отмеченные поля.")
    latest = reviews.latest_conclusions(call.connection, call.case_id)
    chosen = [row for row in latest.values() if data["approve"] or row["login"] in data["return_to"]]
    for row in chosen:
        reviews.settle_conclusion(
            call.connection,
            row["id"],
            "approved" if data["approve"] else "returned",
            reason=None if data["approve"] else data["reason"],
            by=call.actor.login,
            on_behalf_of=call.on_behalf_of,
            at=call.now,
        )
    if data["approve"]:
        for row in chosen:
            _issue_conclusion(call, row)
        call.tell(events.CONCLUSIONS_APPROVED, conclusions=[row["id"] for row in chosen])
        return {"approve": True}
    return {"approve": False, "return_to": list(data["return_to"])}


def _issue_conclusion(call: Call, row: Mapping[str, Any]) -> None:
    person = people.find_person(call.connection, row["login"])
    titles = ", ".join(part for part in (person.degree, person.academic_rank) if part) if person else ""
    name = person.full_name if person else row["login"]
    file_document(
        call,
        kind="conclusion",
        title=f"Заключение эксперта {row['seat']} из {EXPERTS}",
        name=f"conclusion-{row['seat']}.txt",
        content=documents.conclusion(
            title=call.case["title"],
            organization=application_of(call)["data"]["organization"]["full_name"],
            number=call.case["number"],
            row=row,
            expert=name,
            titles=titles,
            day=day_of(row["submitted_at"]),
            acts=library.names_of_acts(call.connection, day_of(row["submitted_at"])),
        ),
        by=row["login"],
    )
    write_person(call, row["login"], letters.approved(name, call.case["title"], call.case["number"]))


def sign_certificate(call: Call, data: Data) -> Data:
    """Sign after the order that approves this case, never before it; returns the term (clauses 2.5, 4.10, 4.11)."""
    _refuse(rules.check_confirmation(data), "Сертификат не подписан.")
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
    _refuse(rules.check_confirmation(data), "Программа не внесена в депозитарий.")
    fields = {key: value for key, value in (data.get("fields") or {}).items() if value not in (None, "", [])}
    entry = {**entry_fields(application_of(call)["data"]), **fields}
    blank = missing_fields(entry)
    _refuse(
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
    _refuse(rules.check_confirmation(data), "Изъятие не подтверждено.")
    depository.confirm_removal(call.connection, call.case_id, by=call.actor.login)
    call.tell(events.REMOVAL_CONFIRMED, by=call.actor.login, on_behalf_of=call.on_behalf_of)
    return {}


def send_refusal(call: Call, data: Data) -> Data:
    """Send the refusal with the council's recommendations, after the order (clause 4.16; A-39)."""
    _refuse(rules.check_recommendations(data), "Отказ не отправлен.")
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
