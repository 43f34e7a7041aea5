"""A conclusion is filed by its expert on the approved form, approved by another, returned once (2.5, 4.6; A-28)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine.cases import complete
from engine.errors import ConflictError, ForbiddenError, InvalidError
from processes.certification.records import reviews
from processes.council.records import library
from processes.council.records.tables import council_document
from tests.processes.certification.office import Office, conclusion
from tests.processes.certification.stages import at_conclusions, at_experts, fields


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"declaration": {"no_conflict": False}}, "declaration.no_conflict"),
        ({"comments": {}}, "comments.E01"),
        ({"verdict": "does_not_conform"}, "verdict_reason"),
    ],
)
def test_a_conclusion_that_breaks_a_rule_is_not_filed(office: Office, change: Mapping[str, Any], field: str) -> None:
    case = at_experts(office)
    office.appoint(case)
    with pytest.raises(InvalidError) as refused:
        office.complete(case, "expert_review", "member02", {**conclusion(minuses=6), **change})
    assert field in fields(refused)
    assert {name.split(".")[0] for name in fields(refused)} == {field.split(".", maxsplit=1)[0]}


def test_eighteen_of_twenty_four_conform_and_seventeen_do_not(office: Office) -> None:
    case = at_experts(office)
    office.appoint(case)
    with pytest.raises(InvalidError) as refused:
        office.conclude(case, "member02", minuses=7, verdict="conforms")
    assert fields(refused) == {"verdict_reason"}
    office.conclude(case, "member02", minuses=6, verdict="conforms")
    office.conclude(case, "member03", minuses=7, verdict="conforms", verdict_reason="недочёты устранимы")


def test_an_expert_files_only_the_own_conclusion_and_only_once(office: Office) -> None:
    case = at_experts(office)
    office.appoint(case)
    task = office.task(case, "expert_review", "member02")["id"]
    with pytest.raises(ForbiddenError):
        office.act("member03", lambda tx, actor: complete(tx, task, conclusion(), actor=actor))
    office.conclude(case, "member02")
    with pytest.raises(ConflictError) as refused:
        office.act("member02", lambda tx, actor: complete(tx, task, conclusion(), actor=actor))
    assert refused.value.slug_ == "already_done"


def test_no_conclusion_is_filed_on_a_form_that_the_council_has_not_approved(office: Office) -> None:
    case = at_experts(office)
    office.appoint(case)
    with office.runtime.transaction() as tx:
        tx.connection.execute(council_document.delete().where(council_document.c.kind == "form"))
    with pytest.raises(ConflictError) as refused:
        office.conclude(case, "member02")
    assert refused.value.slug_ == "form_not_approved"


def test_one_version_of_the_form_serves_all_three_experts(office: Office) -> None:
    case = at_experts(office)
    office.appoint(case)
    office.conclude(case, "member02")
    office.move_to(datetime(2026, 1, 13, 6, 0, tzinfo=UTC))
    with office.runtime.transaction() as tx:
        day = date(2026, 1, 13)
        library.add_document(tx.connection, "form", "Новая", protocol="2", meeting=None, valid_from=day, at=tx.now)
    office.conclude(case, "member03")
    office.conclude(case, "member04")
    rows = office.read(lambda tx: reviews.conclusions_of(tx.connection, case))
    assert [row["form_version"] for row in rows] == [1, 1, 1]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"approve": False, "return_to": ["member05"], "reason": "x"}, "return_to"),
        ({"approve": False, "return_to": [], "reason": "x"}, "return_to"),
        ({"approve": False, "return_to": ["member02"], "reason": " "}, "reason"),
    ],
)
def test_a_return_names_experts_who_have_filed_and_says_why(office: Office, data: Any, field: str) -> None:
    case = at_conclusions(office)
    with pytest.raises(InvalidError) as refused:
        office.complete(case, "approve_conclusions", "chair", data)
    assert field in fields(refused)


def test_one_experts_conclusion_goes_back_once(office: Office) -> None:
    case = at_conclusions(office)
    back = {"approve": False, "return_to": ["member02"], "reason": "поясните"}
    office.complete(case, "approve_conclusions", "chair", back)
    office.conclude(case, "member02")
    with pytest.raises(InvalidError) as refused:
        office.complete(case, "approve_conclusions", "chair", back)
    assert fields(refused) == {"return_to"}
    office.complete(case, "approve_conclusions", "chair", {**back, "return_to": ["member03"]})


def test_nobody_approves_the_own_conclusion(office: Office) -> None:
    case = at_conclusions(office)
    office.substitute("chair", "member02")
    with pytest.raises(ForbiddenError) as refused:
        office.complete(case, "approve_conclusions", "member02", {"approve": True})
    assert refused.value.slug_ == "own_conclusion"
