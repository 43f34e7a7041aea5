from typing import Any

from tests.contract.client import Service
from tests.contract.stories import AWAITING, IN_FORCE, UNREGISTERED, draft

SEE_ALL = ("secretary", "chair", "deputy", "member01", "member21", "ministry", "auditor", "admin")


def test_staff_sees_every_case_and_applicants_their_own(standing: Service) -> None:
    everything = {case["id"] for case in standing.as_("secretary").every("/cases", limit=100)}
    for login in SEE_ALL:
        assert {case["id"] for case in standing.as_(login).every("/cases", limit=100)} == everything, login
    first, second = (
        {case["id"] for case in standing.as_(login).every("/cases", limit=100)}
        for login in ("applicant1", "applicant2")
    )
    assert first
    assert second
    assert not first & second
    assert first | second < everything


def test_what_one_may_not_see_is_404(standing: Service) -> None:
    case = standing.case("Театральная педагогика")
    task = standing.as_("secretary").task(case, "technical_review")["id"]
    document = standing.as_("secretary").get(f"/cases/{case}/documents")["items"][0]["id"]
    paths = (
        f"/cases/{case}",
        f"/cases/{case}/documents",
        f"/cases/{case}/history",
        f"/cases/{case}/replay?seq=1",
        f"/cases/{case}/verify",
        f"/tasks/{task}",
        f"/documents/{document}",
    )
    for login in ("applicant1", "analyst1", "analyst2"):
        person = standing.as_(login)
        for path in paths:
            assert person.ask("GET", path).status_code == 404, (login, path)
        assert person.get("/tasks", scope="all", case=case)["items"] == []
        for act, body in (
            (f"/tasks/{task}/complete", {"data": {}}),
            (f"/tasks/{task}/claim", {}),
            (f"/cases/{case}/suspend", {"reason": "нет"}),
        ):
            assert person.ask("POST", act, body).status_code == 404, (login, act)
        for path in (f"/cases/{case}", f"/tasks/{task}", f"/documents/{document}"):
            unknown = f"{path.rpartition('/')[0]}/nothing"
            assert person.get(path, 404) == person.get(unknown, 404), "what is there and what is not look alike"
    for path in paths:
        assert standing.as_(None).ask("GET", path).status_code == 401
        assert standing.as_("applicant2").ask("GET", path).status_code == 200, path


def test_analysts_see_no_contents(standing: Service) -> None:
    for login in ("analyst1", "analyst2"):
        analyst = standing.as_(login)
        assert analyst.get("/cases")["items"] == []
        assert analyst.get("/tasks", scope="all")["items"] == []
        assert analyst.get("/letters")["items"] == []
        assert [each["key"] for each in analyst.get("/definitions")["items"]]


def test_what_one_sees_but_may_not_do_is_403(standing: Service) -> None:
    case = standing.case(UNREGISTERED)
    task = standing.as_("secretary").task(case, "register_application")["id"]
    data = {"data": {"accepted": True, "copies": 3}}
    for login in ("chair", "deputy", "member05", "ministry", "auditor", "admin", "applicant1"):
        standing.as_(login).post(f"/tasks/{task}/complete", data, 403)
    for act in ("suspend", "resume", "retry"):
        for login in ("chair", "secretary", "auditor", "applicant1"):
            standing.as_(login).post(f"/cases/{case}/{act}", {"reason": "нельзя"}, 403)


def test_a_case_is_told_as_promised_and_searched(standing: Service) -> None:
    case = standing.shown(standing.case(IN_FORCE))
    promised = {"id", "number", "process", "version", "state", "end", "at", "title", "data", "revision", "stage"}
    assert promised <= set(case)
    assert case["version"] == 1
    assert case["at"] == ["certificate_in_force"]
    assert any("а" <= letter <= "я" for letter in case["stage"])
    secretary = standing.as_("secretary")
    assert case["id"] in [each["id"] for each in secretary.get("/cases", q=case["number"])["items"]]
    assert case["id"] in [each["id"] for each in secretary.get("/cases", q="ФУНКЦИОНАЛЬНАЯ")["items"]]
    assert {each["state"] for each in secretary.every("/cases", state="ended", limit=3)} == {"ended"}
    assert {each["process"] for each in secretary.every("/cases", process="council_meeting", limit=1)} == {
        "council_meeting"
    }
    for wrong in ({"state": "lost"}, {"limit": 0}, {"limit": 100000}, {"surprise": 1}):
        secretary.get("/cases", 422, **wrong)
    secretary.get("/cases/nothing", 404)
    secretary.get("/tasks/nothing", 404)
    secretary.get("/documents/nothing", 404)


def test_documents_are_listed_and_opened(standing: Service) -> None:
    applicant = standing.as_("applicant1")
    items = applicant.get(f"/cases/{standing.case(UNREGISTERED)}/documents")["items"]
    assert len(items) >= 3
    for item in items:
        assert {"id", "kind", "title", "sha256", "at"} <= set(item)
        answer = applicant.ask("GET", f"/documents/{item['id']}")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_suspended_case_accepts_no_act_and_fires_no_timer(service: Service) -> None:
    case, admin = service.case(UNREGISTERED), service.as_("admin")
    task = service.as_("secretary").task(case, "register_application")["id"]
    assert "reason" in admin.post(f"/cases/{case}/suspend", {}, 422)["errors"]
    assert admin.post(f"/cases/{case}/suspend", {"reason": "проверка"})["state"] == "suspended"
    for act, body in (("complete", {"data": {"accepted": True, "copies": 3}}), ("claim", {})):
        service.as_("secretary").post(f"/tasks/{task}/{act}", body, 409)
    application = service.shown(case)["data"]["application"]
    service.as_("applicant1").post(f"/applications/{application}/withdraw", {"reason": "стоп"}, 409)
    fired = service.set_clock("2026-01-20T09:00:00+03:00")
    assert case not in [each["case"] for each in fired]
    assert "task.escalated" not in service.kinds(case)
    admin.post(f"/cases/{case}/suspend", {"reason": "дважды"}, 409)
    assert admin.post(f"/cases/{case}/resume", {"reason": "проверено"})["state"] == "active"
    assert "task.escalated" in service.kinds(case)
    admin.post(f"/cases/{case}/resume", {"reason": "дважды"}, 409)
    admin.post(f"/cases/{case}/retry", {"reason": "нечего"}, 409)
    service.as_("secretary").complete(case, "register_application", {"accepted": True, "copies": 3})


def test_drafts_of_others_are_no_ones_business(service: Service) -> None:
    made = draft(service, "applicant2")
    for login in ("applicant1", "secretary", "chair", "admin", "auditor", "analyst1"):
        assert service.as_(login).ask("GET", f"/applications/{made}").status_code == 404, login


def test_the_pool_is_the_leaderships(standing: Service) -> None:
    case = standing.case("Опыты по физике без лаборатории")
    chair: Any = standing.as_("chair").get("/experts", case=case)
    assert set(chair) == {"items", "next"}
    logins = {each["login"] for each in chair["items"]}
    assert {f"member{n:02}" for n in range(1, 22)} <= logins
    assert not [
        each for each in chair["items"] if each["login"] in {"chair", "deputy", "secretary"} and each["eligible"]
    ]
    standing.as_("applicant1").get("/experts", 403, case=case)
    standing.as_("chair").get("/experts", 404, case="nothing")
    assert standing.stands_at(standing.case(AWAITING)) == ["await_council_decision"]


def test_an_applicant_sees_no_working_papers(standing: Service) -> None:
    secretary = standing.as_("secretary")
    for title, element in (
        ("Опыты по физике без лаборатории", "appoint_experts"),
        ("Экологические практикумы на местном материале", "approve_conclusions"),
    ):
        task = secretary.task(standing.case(title), element)["id"]
        assert secretary.get(f"/tasks/{task}")["data"]
        assert standing.as_("applicant1").get(f"/tasks/{task}")["data"] == {}
