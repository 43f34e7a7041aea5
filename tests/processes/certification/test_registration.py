"""What a package, its registration and technical review must be, who acts on them (2.6, 4.3-4.5; A-09)."""

import pytest

from engine.documents import documents_of, drop_document
from engine.errors import ForbiddenError, InvalidError, NotFoundError
from processes.certification.records import reviews
from tests.processes.certification.office import EXPERTS, Office, technical
from tests.processes.certification.stages import fields


def test_registration_needs_three_copies_or_a_reason(office: Office) -> None:
    case = office.submit()
    with pytest.raises(InvalidError) as refused:
        office.complete(case, "register_application", "secretary", {"accepted": True, "copies": 2})
    assert fields(refused) == {"copies"}
    with pytest.raises(InvalidError) as refused:
        office.complete(case, "register_application", "secretary", {"accepted": False, "reason": "  "})
    assert fields(refused) == {"reason"}


@pytest.mark.parametrize("kind", ["application", "license_copy", "programme"])
def test_a_package_that_lost_a_part_is_not_accepted(office: Office, kind: str) -> None:
    case = office.submit()
    with office.runtime.transaction() as tx:
        drop_document(tx, next(row["id"] for row in documents_of(tx, case=case) if row["kind"] == kind))
    with pytest.raises(InvalidError) as refused:
        office.register(case)
    assert fields(refused) == {"accepted"}
    assert kind in refused.value.errors["accepted"][0]
    office.complete(case, "register_application", "secretary", {"accepted": False, "reason": "Нет части пакета."})
    assert office.case(case)["end"] == "not_accepted"


def test_registration_cannot_be_back_dated(office: Office) -> None:
    case = office.submit()
    data = {"accepted": True, "copies": 3, "registered_on": "2025-12-31"}
    with pytest.raises(InvalidError) as refused:
        office.complete(case, "register_application", "secretary", data)
    assert fields(refused) == {"registered_on"}
    office.register(case)
    assert office.case(case)["data"]["registration"]["registered_on"] == "2026-01-12"


def test_only_the_secretary_registers_and_only_the_chair_appoints(office: Office) -> None:
    case = office.submit()
    for login in ("chair", "member02", "deputy", "ministry"):
        with pytest.raises(ForbiddenError):
            office.complete(case, "register_application", login, {"accepted": True, "copies": 3})
    office.register(case)
    office.review(case)
    for login in ("secretary", "deputy", "member02"):
        with pytest.raises(ForbiddenError):
            office.complete(case, "appoint_experts", login, {"experts": EXPERTS})


def test_every_row_of_the_technical_review_is_marked_and_every_failed_one_explained(office: Office) -> None:
    case = office.submit()
    office.register(case)
    form = technical({"T05": ""})
    del form["marks"]["T17"]
    with pytest.raises(InvalidError) as refused:
        office.complete(case, "technical_review", "secretary", form)
    assert "marks.T17" in fields(refused)
    with pytest.raises(InvalidError) as refused:
        office.complete(case, "technical_review", "secretary", {**technical({"T05": "x"}), "comments": {}})
    assert fields(refused) == {"comments.T05"}


def test_only_the_applicant_takes_an_application_back(office: Office) -> None:
    case = office.submit()
    with pytest.raises(NotFoundError):
        office.withdraw(case, "applicant2")
    with pytest.raises(ForbiddenError):
        office.withdraw(case, "secretary")
    with pytest.raises(InvalidError):
        office.withdraw(case, reason=" ")
    assert office.case(case)["state"] == "active"


def test_what_is_done_for_another_says_for_whom(office: Office) -> None:
    office.substitute("secretary", "member05")
    case = office.submit()
    office.complete(case, "register_application", "member05", {"accepted": True, "copies": 3})
    row = office.read(lambda tx: reviews.find_registration(tx.connection, case))
    assert (row["by"], row["on_behalf_of"]) == ("member05", "secretary")
    with pytest.raises(ForbiddenError):
        office.complete(case, "technical_review", "secretary", technical({}))
