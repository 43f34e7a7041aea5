from typing import Any

import pytest

from tests.contract.client import Service
from tests.contract.stories import (
    EXPERTS,
    UNAPPROVED,
    UNREGISTERED,
    appoint,
    conclusion,
    examine,
    register,
    review,
    submit,
)


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({**conclusion(), "declaration": {"no_conflict": False}}, "declaration.no_conflict"),
        ({k: v for k, v in conclusion().items() if k != "declaration"}, "declaration.no_conflict"),
        ({**conclusion(), "declaration": {"no_conflict": "true"}}, "declaration.no_conflict"),
        (conclusion(marks={"E04": "-"}), "comments.E04"),
        (conclusion(marks={"E04": "na"}), "marks.E04"),
        (conclusion(marks={"E04": None}), "marks.E04"),
        (conclusion(marks={"E25": "+"}), "marks.E25"),
        (conclusion(verdict="maybe"), "verdict"),
        ({k: v for k, v in conclusion().items() if k != "verdict"}, "verdict"),
        (conclusion(7, verdict="conforms"), "verdict_reason"),
        (conclusion(6, verdict="does_not_conform"), "verdict_reason"),
        (conclusion(surprise=1), "surprise"),
        ({}, "marks.E24"),
    ],
)
def test_a_conclusion_is_refused_by_row(standing: Service, data: Any, path: str) -> None:
    case = standing.case("Музыкальное занятие в детском саду")
    assert path in standing.as_("member08").errors(case, "expert_review", data)


def test_no_conflict_false_points_to_the_way_out(standing: Service) -> None:
    case = standing.case("Музыкальное занятие в детском саду")
    data = {**conclusion(), "declaration": {"no_conflict": False}}
    assert "/decline" in str(standing.as_("member08").complete(case, "expert_review", data, 422))


def test_eighteen_of_twenty_four_is_the_threshold(service: Service) -> None:
    case = submit(service)["id"]
    register(service, case)
    service.as_("secretary").complete(case, "technical_review", review())
    appoint(service, case)
    service.as_("member05").complete(case, "expert_review", conclusion(6, verdict="conforms"))
    service.as_("member06").complete(case, "expert_review", conclusion(7, verdict="does_not_conform"))
    reasoned = conclusion(7, verdict="conforms", verdict_reason="Недостатки несущественны")
    done = service.as_("member07").complete(case, "expert_review", reasoned)
    assert done["case"]["at"] == ["approve_conclusions"]
    assert [task["element"] for task in done["opened"]] == ["approve_conclusions"]


def test_a_task_of_one_expert_is_no_others(standing: Service) -> None:
    case = standing.case("Музыкальное занятие в детском саду")
    task = standing.as_("member08").task(case, "expert_review")["id"]
    for login in ("member10", "chair", "secretary", "admin"):
        standing.as_(login).post(f"/tasks/{task}/complete", {"data": conclusion()}, 403)
    standing.as_("applicant2").post(f"/tasks/{task}/complete", {"data": conclusion()}, 403)
    standing.as_("applicant1").post(f"/tasks/{task}/complete", {"data": conclusion()}, 404)


def test_files_open_after_the_declaration_stands_in_the_draft(service: Service) -> None:
    case = service.case("Музыкальное занятие в детском саду")
    expert = service.as_("member08")
    task = expert.task(case, "expert_review")["id"]
    application = service.shown(case)["data"]["application"]
    file = service.as_("applicant2").get(f"/applications/{application}")["files"][0]["id"]
    documents = [each["id"] for each in service.as_("secretary").get(f"/cases/{case}/documents")["items"]]
    paths = [f"/applications/{application}/files/{file}", *(f"/documents/{each}" for each in documents[:1])]
    for path in paths:
        assert expert.get(path, 403)["type"] == "declaration_required"
    expert.put(f"/tasks/{task}/draft", {"declaration": {"no_conflict": False}}, 204)
    for path in paths:
        assert expert.get(path, 403)["type"] == "declaration_required"
    expert.put(f"/tasks/{task}/draft", {"declaration": {"no_conflict": True}, "marks": {"E01": "+"}}, 204)
    for path in paths:
        assert expert.ask("GET", path).status_code == 200
    assert expert.get(f"/tasks/{task}")["draft"]["marks"] == {"E01": "+"}
    assert service.as_("chair").get(f"/tasks/{task}")["draft"] is None


def test_nobody_reads_a_conclusion_before_all_three_are_in(service: Service) -> None:
    case = submit(service)["id"]
    register(service, case)
    service.as_("secretary").complete(case, "technical_review", review())
    appoint(service, case)
    secret = "Слова эксперта, которых пока никто не видит"
    expert = service.as_("member05")
    task = expert.task(case, "expert_review")["id"]
    filed = conclusion(7, comments={"E01": secret}, verdict="does_not_conform")
    expert.post(f"/tasks/{task}/complete", {"data": filed})
    for login in ("member06", "chair", "secretary", "applicant1", "auditor", "ministry", "admin"):
        person = service.as_(login)
        told = (
            {**person.get(f"/tasks/{task}"), "form": None},
            person.get(f"/cases/{case}"),
            person.get(f"/cases/{case}/history", limit=1000),
            person.get("/tasks", scope="all", case=case, state="completed"),
            person.get(f"/cases/{case}/documents"),
        )
        assert secret not in str(told), login
        assert "does_not_conform" not in str(told), login
    examine(service, case, EXPERTS[1:])
    approval = service.as_("chair").task(case, "approve_conclusions")["id"]
    assert secret in str(service.as_("chair").get(f"/tasks/{approval}"))


def test_an_expert_declines_and_the_chair_replaces_him(service: Service) -> None:
    case = service.case("Музыкальное занятие в детском саду")
    task = service.as_("member08").task(case, "expert_review")["id"]
    service.as_("chair").post(f"/tasks/{task}/decline", {"reason": "рано"}, 403)
    service.as_("member10").post(f"/tasks/{task}/decline", {"reason": "чужая"}, 403)
    assert "reason" in service.as_("member08").post(f"/tasks/{task}/decline", {}, 422)["errors"]
    done = service.as_("member08").post(f"/tasks/{task}/decline", {"reason": "Болен"})
    assert [each["element"] for each in done["opened"]] == ["replace_expert"]
    assert done["opened"][0]["due_at"] == "2026-01-13T23:59:59+03:00"
    assert done["opened"][0]["due"]["normative"] is False
    chair = service.as_("chair")
    for wrong in ("member08", "member09", "member10", "secretary", "nobody", 5):
        assert "expert" in chair.errors(case, "replace_expert", {"expert": wrong}), wrong
    replaced = chair.complete(case, "replace_expert", {"expert": "member12"})
    (opened,) = replaced["opened"]
    assert (opened["element"], opened["assignee"]) == ("expert_review", "member12")
    assert opened["due_at"] == "2026-01-26T23:59:59+03:00"
    assert (opened["due"]["working_days"], opened["due"]["normative"]) == (10, True)
    service.as_("member08").post(f"/tasks/{task}/complete", {"data": conclusion()}, 409)


def test_the_chair_takes_a_seat_back_once_the_term_has_run_out(service: Service) -> None:
    case = service.case("Музыкальное занятие в детском саду")
    task = service.as_("member08").task(case, "expert_review")["id"]
    service.set_clock("2026-01-26T23:59:59+03:00")
    service.as_("chair").post(f"/tasks/{task}/decline", {"reason": "срок ещё идёт"}, 403)
    service.set_clock("2026-01-27T10:00:00+03:00")
    service.as_("secretary").post(f"/tasks/{task}/decline", {"reason": "не моё"}, 403)
    done = service.as_("chair").post(f"/tasks/{task}/decline", {"reason": "Срок истёк"})
    assert [each["element"] for each in done["opened"]] == ["replace_expert"]
    service.as_("chair").complete(case, "replace_expert", {"expert": "member12"})
    assert service.as_("member12").task(case, "expert_review")["due_at"] == "2026-02-10T23:59:59+03:00"


def test_only_an_expert_task_can_be_declined(standing: Service) -> None:
    task = standing.as_("secretary").task(standing.case(UNREGISTERED), "register_application")["id"]
    assert standing.as_("secretary").ask("POST", f"/tasks/{task}/decline", {"reason": "нет"}).status_code in {
        403,
        409,
        422,
    }


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({}, "approve"),
        ({"approve": "true"}, "approve"),
        ({"approve": False, "return_to": [], "reason": "Кратко"}, "return_to"),
        ({"approve": False, "return_to": ["member05"]}, "reason"),
        ({"approve": False, "return_to": ["member08"], "reason": "Кратко"}, "return_to"),
        ({"approve": False, "return_to": ["nobody"], "reason": "Кратко"}, "return_to"),
        ({"approve": False, "return_to": "member05", "reason": "Кратко"}, "return_to"),
    ],
)
def test_approval_names_who_and_why(standing: Service, data: Any, path: str) -> None:
    paths = standing.as_("chair").errors(standing.case(UNAPPROVED), "approve_conclusions", data)
    assert any(each == path or each.startswith(f"{path}.") for each in paths), paths


def test_a_conclusion_goes_back_once_for_three_working_days(service: Service) -> None:
    case, chair = service.case(UNAPPROVED), service.as_("chair")
    back = {"approve": False, "return_to": ["member06"], "reason": "Нет пояснений к выводу"}
    done = chair.complete(case, "approve_conclusions", back)
    (opened,) = done["opened"]
    assert (opened["element"], opened["assignee"]) == ("expert_review", "member06")
    assert opened["due_at"] == "2026-01-15T23:59:59+03:00"
    assert (opened["due"]["working_days"], opened["due"]["normative"]) == (3, False)
    service.as_("member06").complete(case, "expert_review", conclusion(1))
    again = chair.errors(case, "approve_conclusions", back)
    assert "member06" in str(again["return_to"])
    other = {"approve": False, "return_to": ["member07"], "reason": "И здесь"}
    chair.complete(case, "approve_conclusions", other)
    service.as_("member07").complete(case, "expert_review", conclusion(1))
    assert chair.complete(case, "approve_conclusions", {"approve": True})["case"]["at"] == ["await_council_decision"]
