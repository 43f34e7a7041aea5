"""Whether a certification's rows still say what its history tells: registration, reviews, files, certificate, entry."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine import attachments, comments
from engine.database import Connection
from engine.records import cases, history
from engine.records import messages as documents
from processes.certification import audit_outcomes, events
from processes.certification.agreement import Fact, Facts, Finding, of, says
from processes.certification.records import applications, outcomes, reviews
from processes.council.records import appointments
from processes.depository.records import certificates
from processes.depository.records import entries as depository


def find_differences(connection: Connection, case: str, facts: Iterable[Fact]) -> list[Finding]:
    """Compare the rows of a case with its facts as served (`seq`, `kind`, `element`, `data`).

    Empty where they agree.
    """
    told = list(facts)
    texts = _texts(connection, case, told)
    return [
        *_registration(connection, case, told),
        *_technical_review(connection, case, told, texts),
        *_appointments(connection, case, told),
        *_conclusions(connection, case, told, texts),
        *_refusal(connection, case, told, texts),
        *_certificate(connection, case, told),
        *_entry(connection, case, told),
        *audit_outcomes.find_differences(connection, case, told, texts),
        *_documents(connection, case, told),
        *comments.find_differences(connection, case, told),
    ]


def _texts(connection: Connection, case: str, facts: Facts) -> dict[str, str]:
    last = max((fact["seq"] for fact in facts), default=1)
    return {row["ref"]: row["text"] for row in history.texts(connection, case, 1, last)}


def _registration(connection: Connection, case: str, facts: Facts) -> Iterator[Finding]:
    row = reviews.find_registration(connection, case)
    told = of(facts, events.REGISTERED)
    number, day = (row["number"], row["registered_on"]) if row else (None, None)
    standing = cases.get_case(connection, case)
    for seq, data in told:
        if (number, day and day.isoformat()) != (data["number"], data["registered_on"]):
            yield seq, "registration", "номер или день регистрации изменён"
        if standing is None or standing["number"] != data["number"]:
            yield seq, "case_file", "номер дела не тот, что присвоен при регистрации"
    application = applications.of_case(connection, case)
    if standing is not None and application is not None and standing["owner"] != application["owner"]:
        yield None, "case_file", "дело принадлежит не той организации, что подала заявку"
    if number is not None and not told:
        yield None, "registration", "регистрация не записана в историю"


def _done(facts: Facts, element: str) -> list[tuple[int, str, Mapping[str, Any]]]:
    return [
        (fact["seq"], fact["actor"], fact["data"]["data"])
        for fact in facts
        if fact["kind"] == "task.completed" and fact["element"] == element
    ]


def _technical_review(connection: Connection, case: str, facts: Facts, texts: Mapping[str, str]) -> Iterator[Finding]:
    row = reviews.find_technical_review(connection, case)
    told = _done(facts, "technical_review")
    for seq, actor, data in told:
        if row is None:
            yield seq, "technical_review", "нет записи технической экспертизы"
        elif row["by"] != actor or any(
            not says(data.get(key) or {}, row[key], texts) for key in ("precheck", "marks", "comments")
        ):
            yield seq, "technical_review", "отметки технической экспертизы изменены"
    if row is not None and not told:
        yield None, "technical_review", "техническая экспертиза не записана в историю"


def _appointments(connection: Connection, case: str, facts: Facts) -> Iterator[Finding]:
    kept = [(row["seat"], row["login"]) for row in appointments.of_case(connection, case)]
    told = [
        (n, login) for _seq, data in of(facts, events.EXPERTS_APPOINTED) for n, login in enumerate(data["experts"], 1)
    ]
    told += [(data["seat"], data["after"]) for _seq, data in of(facts, events.EXPERT_REPLACED)]
    if sorted(kept) != sorted(told):
        yield None, "appointment", "назначения экспертов отличаются от записанных в истории"


def _conclusions(connection: Connection, case: str, facts: Facts, texts: Mapping[str, str]) -> Iterator[Finding]:
    rows = {row["id"]: row for row in reviews.conclusions_of(connection, case)}
    forms: dict[str, list[Mapping[str, Any]]] = {}
    for _seq, actor, data in _done(facts, "expert_review"):
        forms.setdefault(actor, []).append(data)
    for seq, data in of(facts, events.CONCLUSION_SUBMITTED):
        row = rows.pop(data["conclusion"], None)
        filled = forms.get(data["expert"]) or [{}]
        form = filled.pop(0)
        if row is None:
            yield seq, "conclusion", f"нет заключения эксперта {data['expert']}"
        elif (
            (row["seat"], row["login"], row["round"]) != (data["seat"], data["expert"], data["round"])
            or not says(data["score"], str(row["n"]), texts)
            or not says(data["verdict"], row["verdict"], texts)
            or any(not says(form.get(key) or {}, row[key], texts) for key in ("marks", "comments"))
        ):
            yield seq, "conclusion", f"заключение эксперта {data['expert']} изменено"
    for row in rows.values():
        yield None, "conclusion", f"заключение эксперта {row['login']} не записано в историю"


def _refusal(connection: Connection, case: str, facts: Facts, texts: Mapping[str, str]) -> Iterator[Finding]:
    row = outcomes.find_refusal(connection, case)
    for seq, data in of(facts, events.REFUSED):
        if row is None or not says(data["recommendations"], row["recommendations"], texts):
            yield seq, "refusal", "рекомендации отказа изменены"


def _certificate(connection: Connection, case: str, facts: Facts) -> Iterator[Finding]:
    row = certificates.certificate_of(connection, case)
    told = of(facts, events.CERTIFICATE_ISSUED)
    for seq, data in told:
        expected = (data["number"], data["valid_from"], data["valid_until"])
        if row is None or (row["number"], row["valid_from"].isoformat(), row["valid_until"].isoformat()) != expected:
            yield seq, "certificate", f"сертификат {data['number']} отличается"
    if row is not None and not told:
        yield None, "certificate", f"сертификат {row['number']} не записан в историю"
    if row is not None and (row["revoked_at"] is not None) != bool(of(facts, events.CERTIFICATE_REVOKED)):
        yield None, "certificate", f"отзыв сертификата {row['number']} отличается"


def _entry(connection: Connection, case: str, facts: Facts) -> Iterator[Finding]:
    entry = depository.entry_of_case(connection, case)
    told = of(facts, events.PUBLISHED)
    for seq, data in told:
        if entry is None or (entry.id, entry.certificate, entry.valid_until.isoformat()) != (
            data["entry"],
            data["certificate"],
            data["valid_until"],
        ):
            yield seq, "depository_entry", "запись депозитария отличается"
    if entry is not None and not told:
        yield None, "depository_entry", "запись депозитария не записана в историю"


def _documents(connection: Connection, case: str, facts: Facts) -> Iterator[Finding]:
    rows = {row["id"]: row for row in documents.documents(connection, case_id=case, holder=None)}
    told = [(seq, data["document"], data) for seq, data in of(facts, events.DOCUMENT_FILED)]
    told += [(seq, data["document"], data) for seq, data in of(facts, attachments.ADDED)]
    told += [(seq, file["id"], file) for seq, data in of(facts, events.SUBMITTED) for file in data["files"]]
    for seq, identity, data in told:
        row = rows.pop(identity, None)
        if row is None or (row["kind"], row["sha256"]) != (data["kind"], data["sha256"]):
            yield seq, "document", f"документ {identity} отличается"
    for row in rows.values():
        yield None, "document", f"документ «{row['title']}» не записан в историю"
