from typing import Any

import pytest

from tests.contract.client import PDF, Service
from tests.contract.stories import APPLICATION, FILES, UNPUBLISHED, draft, review, submit


def test_a_draft_may_be_incomplete_and_names_its_gaps(service: Service) -> None:
    applicant = service.as_("applicant1")
    made = applicant.post("/applications", {}, 201)
    assert made["state"] == "draft"
    missing = applicant.get(f"/applications/{made['id']}")["missing"]
    assert {"programme_title", "level", "organization.inn", "head.last_name", "plan", "depository.year"} <= set(missing)
    assert {f"files.{kind}" for kind in FILES} <= set(missing)
    assert {"head.patronymic", "previous_case", "remedies"}.isdisjoint(missing)
    applicant.put(f"/applications/{made['id']}", {"programme_title": "Позже", "level": "high"})
    told = applicant.get(f"/applications/{made['id']}")
    assert told["programme_title"] == "Позже"
    assert {"programme_title", "level"}.isdisjoint(told["missing"])


def test_submitting_names_every_missing_field_and_file(service: Service) -> None:
    applicant = service.as_("applicant1")
    made = applicant.post("/applications", {}, 201)["id"]
    missing = applicant.get(f"/applications/{made}")["missing"]
    refused = applicant.post(f"/applications/{made}/submit", None, 422)
    assert set(missing) <= set(refused["errors"])
    assert applicant.get(f"/applications/{made}")["state"] == "draft"


def test_a_complete_application_becomes_a_case(service: Service) -> None:
    application = draft(service)
    applicant = service.as_("applicant1")
    for kind in FILES:
        applicant.upload(application, kind)
    assert applicant.get(f"/applications/{application}")["missing"] == []
    case = applicant.post(f"/applications/{application}/submit", None, 201)
    assert case["application"] == application
    assert case["process"] == "certification"
    assert case["state"] == "active"
    assert case["end"] is None
    assert case["at"] == ["register_application"]
    assert {"id", "number", "version", "title", "data", "revision", "stage"} <= set(case)
    told = applicant.get(f"/applications/{application}")
    assert told["state"] != "draft"
    applicant.put(f"/applications/{application}", APPLICATION, 409)
    applicant.delete(f"/applications/{application}", 409)
    applicant.post(f"/applications/{application}/submit", None, 409)
    applicant.delete(f"/applications/{application}/files/{told['files'][0]['id']}", 409)
    applicant.upload(application, "other", status=409)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"programme_title": 5}, "programme_title"),
        ({"surprise": "x"}, "surprise"),
        ({"head": {"surprise": "x"}}, "head.surprise"),
        ({"organization": {"inn": "2399999999"}}, "organization.inn"),
        ({"authors": [{"name": "А"}, {"name": None}]}, "authors.1.name"),
        ({"plan": [{"practice_hours": "5"}]}, "plan.0.practice_hours"),
        ({"plan": [{"practice_hours": 5.5}]}, "plan.0.practice_hours"),
        ({"plan": [{"practice_hours": True}]}, "plan.0.practice_hours"),
        ({"plan": [{"remote": "false"}]}, "plan.0.remote"),
        ({"practice_bases": "школа"}, "practice_bases"),
        ({"level": "basics"}, "level"),
        ({"license": {"valid_until": "2026-02-30"}}, "license.valid_until"),
        ({"depository": {"year": "2025"}}, "depository.year"),
        ({"previous_case": "unknown"}, "previous_case"),
    ],
)
def test_unknown_keys_and_wrong_types_are_422_by_path(standing: Service, body: Any, path: str) -> None:
    assert path in standing.as_("applicant1").post("/applications", body, 422)["errors"]


def test_an_application_is_the_callers_own(service: Service) -> None:
    mine = draft(service)
    other = service.as_("applicant2")
    for method, path in (
        ("GET", f"/applications/{mine}"),
        ("DELETE", f"/applications/{mine}"),
        ("POST", f"/applications/{mine}/submit"),
        ("POST", f"/applications/{mine}/withdraw"),
    ):
        assert other.ask(method, path, {"reason": "чужая"} if "withdraw" in path else {}).status_code == 404
    assert mine in [each["id"] for each in service.as_("applicant1").every("/applications", limit=5)]
    assert mine not in [each["id"] for each in other.every("/applications", limit=5)]
    service.as_("secretary").post("/applications", {}, 403)
    service.as_("secretary").get(f"/applications/{mine}", 404)


def test_a_file_comes_back_as_it_was(service: Service) -> None:
    application = draft(service)
    applicant = service.as_("applicant1")
    added = applicant.upload(application, "programme", "Программа.pdf")
    assert {"id", "sha256", "size", "media_type"} <= set(added)
    assert added["size"] == len(PDF)
    assert added["media_type"] == "application/pdf"
    path = f"/applications/{application}/files/{added['id']}"
    answer = applicant.ask("GET", path)
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    service.as_("applicant2").get(path, 404)
    applicant.delete(path)
    applicant.get(path, 404)
    assert "files.programme" in applicant.get(f"/applications/{application}")["missing"]
    applicant.upload(application, "portrait", status=422)
    for kind in ("application", "license_copy", "programme", "other"):
        applicant.upload(application, kind, f"{kind}.pdf")


def test_only_a_draft_can_be_deleted(service: Service) -> None:
    applicant = service.as_("applicant1")
    made = draft(service)
    applicant.delete(f"/applications/{made}")
    applicant.get(f"/applications/{made}", 404)


def test_practice_is_a_quarter_of_the_plan_exactly(service: Service) -> None:
    row = {**APPLICATION["plan"][0], "lecture_hours": 44, "practice_hours": 18, "self_study_hours": 6}
    submit(service, plan=[row])
    short = draft(service, plan=[{**row, "practice_hours": 17, "lecture_hours": 45}])
    for kind in FILES:
        service.as_("applicant1").upload(short, kind)
    refused = service.as_("applicant1").post(f"/applications/{short}/submit", None, 422)
    assert any(path.startswith("plan") for path in refused["errors"])


def test_a_previous_case_is_an_ended_one_of_the_same_organisation(service: Service) -> None:
    applicant = service.as_("applicant2")
    ended = service.case("Основы робототехники")
    foreign = service.case("Шахматы в начальной школе")
    running = service.case("Театральная педагогика")
    for wrong in (foreign, running):
        assert "previous_case" in applicant.post("/applications", {"previous_case": wrong}, 422)["errors"]
    again = draft(service, "applicant2", previous_case=ended)
    assert applicant.get(f"/applications/{again}")["warnings"]
    remedies = [
        {"remark": "Не указан год разработки", "how_fixed": "Указан"},
        {"remark": "Нет критериев оценивания", "how_fixed": "Добавлены"},
    ]
    answered = draft(service, "applicant2", previous_case=ended, remedies=remedies)
    assert applicant.get(f"/applications/{answered}")["warnings"] == []


def test_withdrawing_ends_the_case(service: Service) -> None:
    case = submit(service)
    applicant = service.as_("applicant1")
    path = f"/applications/{case['application']}/withdraw"
    assert "reason" in applicant.post(path, {}, 422)["errors"]
    told = applicant.post(path, {"reason": "Программа переделывается"})
    assert (told["state"], told["end"], told["at"]) == ("ended", "withdrawn", [])
    applicant.post(path, {"reason": "ещё раз"}, 409)
    assert "Программа переделывается" not in str(service.events(case["id"]))


def test_withdrawing_is_open_until_voting(service: Service) -> None:
    for stage in ("registered", "reviewed"):
        case = submit(service, programme_title=f"Программа {stage}")
        service.as_("secretary").complete(case["id"], "register_application", {"accepted": True, "copies": 3})
        if stage == "reviewed":
            service.as_("secretary").complete(case["id"], "technical_review", review())
        told = service.as_("applicant1").post(f"/applications/{case['application']}/withdraw", {"reason": "так"})
        assert told["end"] == "withdrawn"
    published = service.shown(service.case(UNPUBLISHED))["data"]["application"]
    service.as_("applicant1").post(f"/applications/{published}/withdraw", {"reason": "поздно"}, 409)
