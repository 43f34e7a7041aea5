"""Who signs in, who acts for whom, whom the chair may appoint, who reads which letters."""

from processes.council.records import changes
from tests.handlers.demo_house import DemoHouse


def test_a_login_and_its_password_give_a_token(demo: DemoHouse) -> None:
    given = demo.post(None, "/tokens", {"login": "chair", "password": "demo"}, 201)
    assert set(given) == {"token", "expires_at"}
    headers = {"Authorization": f"Bearer {given['token']}"}
    told = demo.client().get("/api/v1/me", headers=headers).json
    assert told is not None
    assert told["login"] == "chair"
    assert "chair" in told["roles"]
    assert demo.ask(None, "POST", "/tokens", {"login": "chair", "password": "wrong"}).status_code == 401
    assert demo.ask(None, "POST", "/tokens", {"login": "chair"}).status_code == 422


def test_sixty_sign_ins_a_minute_pass_and_guessing_is_slowed(demo: DemoHouse) -> None:
    for _ in range(20):
        demo.post(None, "/tokens", {"login": "admin", "password": "demo"}, 201)
    answers = [demo.ask(None, "POST", "/tokens", {"login": "admin", "password": "x"})]
    assert answers[0].status_code == 401
    while answers[-1].status_code == 401 and len(answers) < 60:  # a minute may end meanwhile, and counting begin anew
        answers.append(demo.ask(None, "POST", "/tokens", {"login": "admin", "password": "x"}))
    assert answers[-1].status_code == 429
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60


def test_experts_are_shown_to_the_leadership_with_their_conflicts(demo: DemoHouse) -> None:
    case = demo.submit("applicant1")["id"]
    pool = {each["login"]: each for each in demo.get("chair", f"/experts?case={case}")["items"]}
    assert pool["member01"]["eligible"] is False
    assert pool["member01"]["conflict"]["reason"]
    assert pool["member05"]["eligible"] is True
    demo.get("applicant1", "/experts", 403)
    demo.get("chair", "/experts?case=nothing", 404)


def test_substitutions_are_entered_by_the_chair_with_their_basis(demo: DemoHouse) -> None:
    wanted = {"absent": "chair", "deputy": "deputy", "from": "2026-01-12", "until": "2026-01-20", "basis": "Приказ 1"}
    demo.post("secretary", "/substitutions", wanted, 403)
    demo.post("chair", "/substitutions", {**wanted, "basis": ""}, 422)
    demo.post("chair", "/substitutions", {**wanted, "from": "12.01.2026"}, 422)
    demo.post("chair", "/substitutions", {key: value for key, value in wanted.items() if key != "from"}, 422)
    made = demo.post("chair", "/substitutions", wanted, 201)
    assert made["from"] == "2026-01-12"
    assert demo.get("auditor", "/substitutions")["items"][0]["in_force"] is True
    told = demo.get("deputy", "/me")["substitutions"]
    assert [(each["absent"], each["basis"]) for each in told] == [("chair", "Приказ 1")]
    demo.post("secretary", f"/substitutions/{made['id']}/revoke", None, 403)
    assert demo.post("admin", f"/substitutions/{made['id']}/revoke")["revoked_at"]
    assert demo.get("deputy", "/me")["substitutions"] == []


def test_letters_are_read_by_those_they_were_written_to(demo: DemoHouse) -> None:
    everything = demo.get("secretary", "/letters?limit=200")["items"]
    own = demo.get("applicant1", "/letters?limit=200")["items"]
    assert 0 < len(own) < len(everything)
    assert {"id", "case", "kind", "to", "subject", "body", "at", "delivery"} <= set(own[0])
    case = demo.submit("applicant1")["id"]
    demo.get("applicant2", f"/letters?case={case}", 404)


def test_a_refused_attempt_outside_of_cases_stands_in_the_journal(demo: DemoHouse) -> None:
    wanted = {"absent": "chair", "deputy": "deputy", "from": "2026-01-12", "until": "2026-01-20", "basis": "Приказ 1"}
    demo.post("secretary", "/substitutions", wanted, 403)
    demo.post("chair", "/substitutions", {**wanted, "deputy": "nobody"}, 422)
    demo.post("chair", "/substitutions", {**wanted, "from": "12.01.2026"}, 422)
    demo.post("member03", "/processes/council_meeting/instances", {"data": {}}, 403)
    demo.post("secretary", "/applications", {}, 403)
    demo.post("chair", "/calendar", {}, 403)
    demo.get("applicant1", "/experts", 403)
    with demo.context.runtime.reading() as tx:
        found = changes.page(tx.connection, refused=True)
    assert [(row["actor"], row["matter"], row["kind"], row["subject"], row["data"]) for row in reversed(found)] == [
        ("secretary", "substitution", "substitution.added", "chair", {"reason": "forbidden"}),
        ("chair", "substitution", "substitution.added", "chair", {"reason": "invalid", "fields": ["deputy"]}),
        ("member03", "act", "start", "POST /api/v1/processes/council_meeting/instances", {"reason": "forbidden"}),
        ("secretary", "act", "create", "POST /api/v1/applications", {"reason": "forbidden"}),
        ("chair", "act", "enter_year", "POST /api/v1/calendar", {"reason": "forbidden"}),
        ("applicant1", "act", "list", "GET /api/v1/experts", {"reason": "forbidden"}),
    ]
