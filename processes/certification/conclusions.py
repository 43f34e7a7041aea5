"""What filing, declining, approving and returning an expert's conclusion means (clauses 2.5, 2.7, 4.6; annex 4)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.calls import Call
from engine.errors import ConflictError, ForbiddenError
from engine.facts import Text
from processes.certification import documents, events, letters, rules
from processes.certification.filing import file_document
from processes.certification.findings import refuse
from processes.certification.model import EXPERTS
from processes.certification.post import application_of, write_group, write_person
from processes.certification.records import reviews
from processes.certification.rows import E_ROWS
from processes.council.people import day_of, name_of
from processes.council.records import appointments, library, people, readings
from processes.council.signers import Office, mark_of

Data = Mapping[str, Any]


def expert_review(call: Call, data: Data) -> Data:
    """File a conclusion: declared free of conflict, 24 marks, a verdict that agrees with the score or says why not."""
    seat = _seat(call)
    score = rules.score_of(data.get("marks") or {})
    suggested = call.decide("score_threshold", {"n": score, "n_max": len(E_ROWS)})["suggested_verdict"]
    binding = _reading(call, "verdict.binding")
    found = rules.check_conclusion(data, suggested, binding=binding)
    refuse(found, "Заключение не подано: проверьте отмеченные строки.")
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
    title, number = call.case["title"], call.case["number"]
    write_group(call, ["chair"], letters.declined(title, number, expert, reason))
    if call.actor.login != seat["login"]:
        why = f"срок истёк, и председатель назначает другого эксперта. Причина: {reason.rstrip('.')}"
        write_person(call, seat["login"], letters.released(expert, title, number, why))
    return {}


def approve_conclusions(call: Call, data: Data) -> Data:
    """Approve three conclusions, or return named ones with a reason, each expert's once (clause 2.5; A-28)."""
    filed = reviews.filed_of(call.connection, call.case_id)
    if call.actor.login in {f.login for f in filed}:
        raise ForbiddenError("Своё заключение утвердить нельзя: это сделает другой (пункт 2.5).", slug="own_conclusion")
    allowed = int(_reading(call, "conclusions.returns"))
    found = rules.check_approval(data, filed, returns_allowed=allowed)
    refuse(found, "Решение по заключениям не принято: проверьте отмеченные поля.")
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
    mark = replace(mark_of(call.connection, Office.EXPERT, row["login"], at=row["submitted_at"]), name=name)
    file_document(
        call,
        kind="conclusion",
        title=f"Заключение эксперта {row['seat']} из {EXPERTS}",
        content=documents.conclusion(
            title=call.case["title"],
            organization=application_of(call)["data"]["organization"]["full_name"],
            number=call.case["number"],
            row=row,
            titles=titles,
            mark=mark,
            acts=library.names_of_acts(call.connection, day_of(row["submitted_at"])),
        ),
        by=row["login"],
        marks=[mark],
    )
    write_person(call, row["login"], letters.approved(name, call.case["title"], call.case["number"]))
