from typing import Any

import pytest

from tests.contract.client import Service
from tests.contract.stories import (
    EXPERTS,
    IN_REVIEW,
    UNAPPOINTED,
    UNREGISTERED,
    appoint,
    register,
    review,
    submit,
)


def test_registration_takes_three_copies_or_a_reason(service: Service) -> None:
    case, secretary = service.case(UNREGISTERED), service.as_("secretary")
    for data, path in (
        ({}, "accepted"),
        ({"accepted": "true", "copies": 3}, "accepted"),
        ({"accepted": True}, "copies"),
        ({"accepted": True, "copies": 2}, "copies"),
        ({"accepted": True, "copies": "3"}, "copies"),
        ({"accepted": False}, "reason"),
        ({"accepted": False, "reason": " "}, "reason"),
        ({"accepted": True, "copies": 3, "surprise": 1}, "surprise"),
    ):
        assert path in secretary.errors(case, "register_application", data), data
    done = secretary.complete(case, "register_application", {"accepted": True, "copies": 3})
    assert done["task"]["state"] == "completed"
    assert done["case"]["at"] == ["technical_review"]
    assert [task["element"] for task in done["opened"]] == ["technical_review"]


def test_a_package_that_is_not_accepted_ends_the_case(service: Service) -> None:
    case = service.case(UNREGISTERED)
    data = {"accepted": False, "reason": "Копия лицензии не заверена"}
    done = service.as_("secretary").complete(case, "register_application", data)
    assert (done["case"]["state"], done["case"]["end"]) == ("ended", "not_accepted")
    assert any("Копия лицензии не заверена" in letter["body"] for letter in service.letters(case))


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (review(marks={"T17": "-"}), "comments.T17"),
        (review(marks={"T28": "+"}), "comments.T28"),
        (review(marks={"T24": "-"}), "comments.T24"),
        (review(precheck={"K4": "-"}), "comments.K4"),
        (review(marks={"T17": "na"}), "marks.T17"),
        (review(marks={"T28": "na"}), "marks.T28"),
        (review(marks={"T17": ""}), "marks.T17"),
        (review(marks={"T17": None}), "marks.T17"),
        (review(marks={"T17": True}), "marks.T17"),
        (review(marks={"T33": "+"}), "marks.T33"),
        (review(precheck={"K4": "na"}), "precheck.K4"),
        (review(precheck={"K6": "+"}), "precheck.K6"),
        (review(marks={"T05": "-"}, comments={"T05": " "}), "comments.T05"),
        (review(comments={"T99": "?"}), "comments.T99"),
        (review(comments={"T05": 5}), "comments.T05"),
        ({"precheck": {}, "marks": {}, "comments": {}}, "marks.T01"),
        ({"precheck": {}, "marks": {}, "comments": {}}, "precheck.K5"),
        ({}, "marks.T32"),
        ({**review(), "marks": []}, "marks"),
    ],
)
def test_the_technical_review_is_refused_by_row(standing: Service, data: Any, path: str) -> None:
    assert path in standing.as_("secretary").errors(standing.case(IN_REVIEW), "technical_review", data)


def test_the_technical_review_passes_with_t24_not_applicable(service: Service) -> None:
    done = service.as_("secretary").complete(service.case(IN_REVIEW), "technical_review", review(marks={"T24": "na"}))
    assert done["case"]["at"] == ["appoint_experts"]


@pytest.mark.parametrize(
    ("changes", "row"),
    [({"marks": {"T05": "-"}}, "T05"), ({"marks": {"T28": "+"}}, "T28"), ({"precheck": {"K3": "-"}}, "K3")],
)
def test_a_failed_row_ends_the_case_with_reasons_by_letter(service: Service, changes: Any, row: str) -> None:
    case = service.case(IN_REVIEW)
    data = review(**changes, comments={row: "Исправьте эту строку"})
    done = service.as_("secretary").complete(case, "technical_review", data)
    assert (done["case"]["state"], done["case"]["end"]) == ("ended", "not_considered")
    (letter,) = [each for each in service.letters(case) if "Исправьте эту строку" in each["body"]]
    application = service.as_("secretary").get(f"/applications/{service.shown(case)['data']['application']}")
    assert letter["to"] == application["actual_address"]["email"]


def test_the_chair_alone_appoints_three_members_without_conflict(service: Service) -> None:
    case, chair = service.case(UNAPPOINTED), service.as_("chair")
    for experts in (
        [],
        ["member05", "member06"],
        ["member05", "member06", "member07", "member08"],
        ["member05", "member05", "member06"],
        ["member05", "member06", "nobody"],
        ["member05", "member06", "applicant2"],
        ["member05", "member06", "chair"],
        ["member05", "deputy", "member07"],
        ["secretary", "member06", "member07"],
        "member05",
        [1, 2, 3],
    ):
        paths = chair.errors(case, "appoint_experts", {"experts": experts})
        assert any(path == "experts" or path.startswith("experts.") for path in paths), experts
    assert "experts" in chair.errors(case, "appoint_experts", {})
    for login in ("secretary", "deputy", "member05", "admin", "applicant1"):
        service.as_(login).complete(case, "appoint_experts", {"experts": EXPERTS}, 403)
    done = appoint(service, case)
    assert sorted(task["assignee"] for task in done["opened"]) == EXPERTS
    assert {task["element"] for task in done["opened"]} == {"expert_review"}


def test_a_conflict_of_interest_is_refused_with_the_login(service: Service) -> None:
    case = service.case(UNAPPOINTED)
    chair = service.as_("chair")
    asked = {"experts": ["member01", "member06", "member07"]}
    refused = chair.complete(case, "appoint_experts", asked, 422)
    assert refused["type"] == "conflict_of_interest"
    assert "member01" in str(refused["errors"]["experts"])
    pool = {each["login"]: each for each in chair.get("/experts", case=case)["items"]}
    assert pool["member01"]["eligible"] is False
    assert pool["member01"]["conflict"]
    assert sum(each["eligible"] for each in pool.values()) >= 20
    foreign = submit(service, "applicant2")["id"]
    register(service, foreign)
    service.as_("secretary").complete(foreign, "technical_review", review())
    appoint(service, foreign, ["member01", "member06", "member07"])


def test_no_other_demo_person_conflicts_with_a_demo_applicant(service: Service) -> None:
    for login, expected in (("applicant1", {"member01"}), ("applicant2", set())):
        case = submit(service, login)["id"]
        pool = service.as_("chair").get("/experts", case=case)["items"]
        assert {each["login"] for each in pool if each["conflict"]} == expected
        assert len(pool) == 24
        assert all({"active", "recent", "last_appointed_at", "eligible"} <= set(each) for each in pool)
