"""A row changed behind the history's back is found, and an untouched case agrees with its history."""

from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from engine import history
from engine.records.tables import document
from processes.certification.records.tables import conclusion, refusal, registration, technical_review
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
]


@pytest.mark.parametrize(("table", "values"), CHANGES, ids=lambda value: getattr(value, "name", None))
def test_a_changed_row_is_found(office: Office, table: sa.Table, values: dict[str, Any]) -> None:
    case = office.ready(office.submit())
    office.decide(case, "refuse")
    office.order(case)
    office.complete(case, "send_refusal", "secretary", {"recommendations": ["Добавьте практику."]})
    with office.runtime.transaction() as tx:
        key = next(iter(table.primary_key.columns))
        first = tx.connection.execute(sa.select(sa.func.min(key))).scalar_one()
        tx.connection.execute(sa.update(table).where(key == first).values(values))
    assert table.name in {difference.table for difference in found(office, case)}


@pytest.mark.parametrize(
    ("table", "values"),
    [(certificate, {"number": "23-2026-7777"}), (entry, {"certificate": "23-2026-7777"})],
    ids=["certificate", "entry"],
)
def test_a_changed_certificate_is_found(office: Office, table: sa.Table, values: dict[str, Any]) -> None:
    case = office.ready(office.submit())
    office.certify(case)
    with office.runtime.transaction() as tx:
        tx.connection.execute(sa.update(table).values(values))
    assert table.name in {difference.table for difference in found(office, case)}


def test_a_missing_conclusion_is_found(office: Office) -> None:
    case = office.ready(office.submit())
    with office.runtime.transaction() as tx:
        tx.connection.execute(sa.delete(conclusion).where(conclusion.c.seat == 2))
    assert "conclusion" in {difference.table for difference in found(office, case)}
