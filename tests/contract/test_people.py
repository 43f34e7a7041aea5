from tests.contract.client import Service
from tests.contract.conftest import PEOPLE
from tests.contract.stories import COUNCIL, MEMBERS


def test_a_password_gives_a_token_with_an_end(standing: Service) -> None:
    given = standing.as_(None).post("/tokens", {"login": "chair", "password": "demo"}, 201)
    assert set(given) == {"token", "expires_at"}
    assert "+" in given["expires_at"] or given["expires_at"].endswith("Z")
    assert standing.with_token(given["token"]).get("/me")["login"] == "chair"
    assert given["expires_at"] > "2026-07", "wall time, whatever the virtual clock says"


def test_a_wrong_password_and_a_wrong_token_are_401(standing: Service) -> None:
    for login in ("chair", "nobody"):
        standing.as_(None).post("/tokens", {"login": login, "password": "wrong"}, 401)
    standing.with_token("nonsense").get("/me", 401)
    standing.as_(None).get("/me", 401)
    standing.as_(None).get("/tasks", 401)


def test_every_demo_account_has_its_name_and_roles(standing: Service) -> None:
    roles = {
        "applicant1": "applicant",
        "secretary": "secretary",
        "chair": "chair",
        "deputy": "deputy",
        "ministry": "ministry",
        "analyst1": "analyst",
        "auditor": "auditor",
        "admin": "admin",
        "member07": "expert",
    }
    for login, role in roles.items():
        told = standing.as_(login).get("/me")
        assert told["login"] == login
        assert told["name"]
        assert role in told["roles"]
        assert told["substitutions"] == []


def test_the_demo_council_has_twenty_four_members(standing: Service) -> None:
    seated = [login for login in PEOPLE if "member" in standing.as_(login).get("/me")["roles"]]
    assert sorted(seated) == sorted(COUNCIL)
    assert len(seated) == 24
    assert len(MEMBERS) == 21


def test_member01_works_for_the_first_applicants_organisation(standing: Service) -> None:
    first, second, member = (
        standing.as_(login).get("/me")["organization"] for login in ("applicant1", "applicant2", "member01")
    )
    assert set(first) == {"full_name", "short_name", "inn"}
    assert first == member
    assert first["inn"] != second["inn"]


def test_sixty_sign_ins_a_minute_pass_and_guessing_is_stopped(service: Service) -> None:
    visitor = service.as_(None)
    for n in range(60):
        visitor.post("/tokens", {"login": f"member{n % 21 + 1:02}", "password": "demo"}, 201)
    answers = [visitor.ask("POST", "/tokens", {"login": "admin", "password": "x"})]
    while answers[-1].status_code == 401 and len(answers) < 100:  # a minute may end meanwhile, and counting begin anew
        answers.append(visitor.ask("POST", "/tokens", {"login": "admin", "password": "x"}))
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_substitutions_are_entered_by_chair_or_admin_with_their_basis(service: Service) -> None:
    chair, admin = service.as_("chair"), service.as_("admin")
    asked = {"absent": "chair", "deputy": "deputy", "from": "2026-01-12", "until": "2026-01-16", "basis": "Приказ 12"}
    for login in ("secretary", "deputy", "applicant1", "ministry"):
        service.as_(login).post("/substitutions", asked, 403)
    assert "basis" in chair.post("/substitutions", {**asked, "basis": ""}, 422)["errors"]
    assert "basis" in chair.post("/substitutions", {k: v for k, v in asked.items() if k != "basis"}, 422)["errors"]
    assert "until" in chair.post("/substitutions", {**asked, "until": "2026-01-01"}, 422)["errors"]
    chair.post("/substitutions", asked, 201)
    later = {**asked, "absent": "secretary", "deputy": "member02", "from": "2026-03-02", "until": "2026-03-03"}
    admin.post("/substitutions", later, 201)
    told = chair.get("/substitutions")
    assert {row["absent"] for row in told["items"]} == {"chair", "secretary"}
    assert all({"absent", "deputy", "from", "until", "basis"} <= set(row) for row in told["items"])


def test_a_deputy_acts_only_inside_a_substitution_and_the_absent_person_not(service: Service) -> None:
    case = service.case("Опыты по физике без лаборатории")
    data = {"experts": ["member05", "member06", "member07"]}
    deputy, chair = service.as_("deputy"), service.as_("chair")
    deputy.complete(case, "appoint_experts", data, 403)
    asked = {"absent": "chair", "deputy": "deputy", "from": "2026-01-12", "until": "2026-01-16", "basis": "Приказ 12"}
    chair.post("/substitutions", asked, 201)
    (standing,) = deputy.get("/me")["substitutions"]
    assert standing["absent"] == "chair"
    assert standing["basis"] == "Приказ 12"
    chair.complete(case, "appoint_experts", data, 403)
    deputy.complete(case, "appoint_experts", data)
    done = [event for event in service.events(case) if event["kind"] == "task.completed"][-1]
    assert (done["actor"], done["on_behalf_of"]) == ("deputy", "chair")
    service.set_clock("2026-01-17T00:00:00+03:00")
    assert deputy.get("/me")["substitutions"] == []
