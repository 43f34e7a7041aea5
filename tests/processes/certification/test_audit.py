"""A row changed behind the history's back is found, and an untouched case agrees with its history."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from engine import history
from engine.records.tables import case as case_file
from engine.records.tables import document
from handlers.verification import verify_all
from processes.certification.model import PROCESS
from processes.certification.records.strays import find_strays
from processes.certification.records.tables import (
    case_decision,
    case_order,
    certificate_signing,
    conclusion,
    publication,
    refusal,
    registration,
    technical_review,
    withdrawal,
)
from processes.council.records.tables import appointment
from processes.depository.records.tables import certificate, entry
from tests.processes.certification.office import Office


def found(office: Office, case: str) -> Sequence[Any]:
    return tuple(office.read(lambda tx: history.verify(tx, office.case(case))).differences)


def test_untouched_cases_agree_with_their_history(office: Office) -> None:
    granted = office.ready(office.submit())
    office.certify(granted)
    office.send(
        granted,
        "certificate_revoked",
        {"order": "77", "signed_on": "2026-01-12", "reason": "решение совета"},
        office.actor("ministry"),
    )
    refused = office.submit()
    office.register(refused)
    office.review(refused)
    office.appoint(refused)
    office.decline(refused, "member02", "member02")
    office.complete(refused, "replace_expert", "chair", {"expert": "member05"})
    for login in ("member03", "member04", "member05"):
        office.conclude(refused, login, minuses=9)
    back = {"approve": False, "return_to": ["member05"], "reason": "поясните"}
    office.complete(refused, "approve_conclusions", "chair", back)
    office.conclude(refused, "member05", minuses=3)
    office.complete(refused, "approve_conclusions", "chair", {"approve": True})
    office.decide(refused, "refuse")
    office.order(refused)
    office.complete(refused, "send_refusal", "secretary", {"recommendations": ["Добавьте практику."]})
    failed = office.submit()
    office.register(failed)
    office.review(failed, {"T05": "Назовите авторов."})
    for case in (granted, refused, failed):
        assert found(office, case) == ()


CHANGES: list[tuple[sa.Table, dict[str, Any]]] = [
    (registration, {"number": "КЭС-2026-9999"}),
    (technical_review, {"comments": {"T01": "другое"}}),
    (appointment, {"login": "member07"}),
    (conclusion, {"n": 12}),
    (conclusion, {"comments": {"E01": "другое"}}),
    (refusal, {"recommendations": ["Ничего."]}),
    (document, {"sha256": "0" * 64}),
    (registration, {"copies": 9}),
    (case_decision, {"decision": "grant"}),
    (case_order, {"number": "999"}),
    (case_file, {"number": "КЭС-2026-9998"}),
    (case_file, {"owner": "another"}),
]


def told_of(office: Office, case: str, table: sa.Table, values: dict[str, Any]) -> set[str]:
    """Change the first row of a table, look at what is found, and take the change back."""
    key, row = next(iter(table.primary_key.columns)), office.case(case)
    with office.runtime.transaction() as tx, tx.connection.begin_nested() as undo:
        first = tx.connection.execute(sa.select(sa.func.min(key))).scalar_one()
        tx.connection.execute(sa.update(table).where(key == first).values(values))
        tables = {difference.table for difference in history.verify(tx, row).differences}
        undo.rollback()
    return tables


def test_each_changed_row_of_a_refused_case_is_found(office: Office) -> None:
    case = office.ready(office.submit())
    office.decide(case, "refuse")
    office.order(case)
    office.complete(case, "send_refusal", "secretary", {"recommendations": ["Добавьте практику."]})
    for table, values in CHANGES:
        assert table.name in told_of(office, case, table, values), values
    assert found(office, case) == ()


OTHER_DAY = datetime(2026, 1, 9, 9, 0, tzinfo=UTC)
ISSUED: list[tuple[sa.Table, dict[str, Any]]] = [
    (certificate, {"number": "23-2026-7777"}),
    (certificate, {"signed_by": "deputy"}),
    (certificate, {"title": "Другая программа"}),
    (certificate, {"sha256": "0" * 64}),
    (certificate_signing, {"by": "deputy"}),
    (publication, {"at": OTHER_DAY}),
    (publication, {"fields": {"hours": 900}}),
    (entry, {"certificate": "23-2026-7777"}),
    (entry, {"title": "Другая программа"}),
    (entry, {"authors": ["Кто-то другой"]}),
    (entry, {"hours": 900}),
]


def test_each_changed_row_of_a_certificate_is_found(office: Office) -> None:
    case = office.ready(office.submit())
    office.certify(case)
    for table, values in ISSUED:
        assert table.name in told_of(office, case, table, values), values
    assert found(office, case) == ()


def test_a_changed_withdrawal_is_found(office: Office) -> None:
    case = office.submit()
    office.send(case, "withdrawal", {"reason": "нашли ошибку"}, office.actor("applicant1"))
    assert found(office, case) == ()
    with office.runtime.transaction() as tx:
        tx.connection.execute(sa.update(withdrawal).values(reason="передумали"))
    assert "withdrawal" in {difference.table for difference in found(office, case)}


def test_a_missing_conclusion_is_found(office: Office) -> None:
    case = office.ready(office.submit())
    with office.runtime.transaction() as tx:
        tx.connection.execute(sa.delete(conclusion).where(conclusion.c.seat == 2))
    assert "conclusion" in {difference.table for difference in found(office, case)}


def test_a_certificate_of_no_case_is_found(office: Office) -> None:
    case = office.ready(office.submit())
    office.certify(case)
    with office.runtime.transaction() as tx:
        row = dict(tx.connection.execute(sa.select(certificate)).mappings().one())
        tx.connection.execute(sa.insert(certificate).values({**row, "number": "23-2026-9999", "case": "forged"}))
        assert find_strays(tx.connection, PROCESS) == [("certificate", "23-2026-9999")]
    assert [(told.case, told.table) for told in verify_all(office.runtime)] == [("23-2026-9999", "certificate")]
