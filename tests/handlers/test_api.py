from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest

from engine.clock import wall
from handlers.accounts import access
from tests.handlers.demo_house import CONCLUSION, PDF, TECHNICAL, DemoHouse


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


def test_the_clock_moves_forward_for_the_administrator_only(demo: DemoHouse) -> None:
    assert demo.get("applicant1", "/clock") == {"now": "2026-01-12T09:00:00+03:00", "mode": "virtual", "fired": []}
    demo.post("chair", "/clock", {"advance": "PT1H"}, 403)
    moved = demo.post("admin", "/clock", {"advance": "P10D"})
    assert moved["now"] == "2026-01-22T09:00:00+03:00"
    assert all(set(each) == {"case", "element", "kind", "at"} for each in moved["fired"])
    assert [each["at"] for each in moved["fired"]] == sorted(each["at"] for each in moved["fired"])
    assert demo.post("admin", "/clock", {"now": "2026-01-12T09:00:00+03:00"}, 422)["type"] == "clock_backwards"
    for body in ({}, {"now": "2027-01-01"}, {"advance": "10"}, {"now": "2027-01-01T00:00:00+03:00", "advance": "P1D"}):
        demo.post("admin", "/clock", body, 422)


def test_a_draft_may_be_incomplete_and_says_what_is_missing(demo: DemoHouse) -> None:
    made = demo.post("applicant1", "/applications", {"programme_title": "Черновик"}, 201)
    assert made["state"] == "draft"
    shown = demo.get("applicant1", f"/applications/{made['id']}")
    assert shown["programme_title"] == "Черновик"
    assert {"level", "files.programme", "files.license_copy"} <= set(shown["missing"])
    refused = demo.post("applicant1", f"/applications/{made['id']}/submit", None, 422)
    assert {"level", "files.programme"} <= set(refused["errors"])
    assert demo.ask("applicant1", "DELETE", f"/applications/{made['id']}").status_code == 204
    demo.get("applicant1", f"/applications/{made['id']}", 404)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"programme_title": 1}, "programme_title"),
        ({"unknown": 1}, "unknown"),
        ({"organization": {"inn": "7700000000"}}, "organization.inn"),
        ({"authors": [{"name": "А"}, {"name": 2}]}, "authors.1.name"),
        ({"plan": [{"lecture_hours": "20"}]}, "plan.0.lecture_hours"),
        ({"level": "top"}, "level"),
        ({"license": {"valid_until": "soon"}}, "license.valid_until"),
        ({"registered": {"date": "2026-02-30"}}, "registered.date"),
        ({"plan": [{"remote": 1}]}, "plan.0.remote"),
        ({"previous_case": "nothing"}, "previous_case"),
    ],
)
def test_a_mistyped_field_is_named_by_its_path(demo: DemoHouse, body: Any, path: str) -> None:
    assert path in demo.post("applicant1", "/applications", body, 422)["errors"]


def test_a_file_is_stored_by_its_hash_and_comes_back_as_an_attachment(demo: DemoHouse) -> None:
    application = demo.draft()
    added = demo.upload("applicant1", application, "programme", "Программа курса.pdf")
    assert added.status_code == 201
    assert added.json is not None
    assert {"id", "sha256", "size", "media_type"} <= set(added.json)
    path = f"/applications/{application}/files/{added.json['id']}"
    back = demo.ask("applicant1", "GET", path)
    assert back.data == PDF
    assert back.headers["Content-Disposition"].startswith("attachment")
    assert back.headers["Content-Security-Policy"].startswith("sandbox")
    assert demo.ask("applicant2", "GET", path).status_code == 404
    assert demo.ask("applicant1", "DELETE", path).status_code == 204
    assert demo.ask("applicant1", "GET", path).status_code == 404


@pytest.mark.parametrize(
    ("kind", "name", "content"),
    [
        ("programme", "page.html", b"<script>alert(1)</script>"),
        ("programme", "picture.svg", b"<svg onload='alert(1)'/>"),
        ("programme", "file.pdf", b"<html>"),
        ("programme", "empty.pdf", b""),
        ("secret", "file.pdf", PDF),
        ("programme", "archive.zip", b"PK\x03\x04"),
    ],
)
def test_a_hostile_file_is_refused(demo: DemoHouse, kind: str, name: str, content: bytes) -> None:
    assert demo.upload("applicant1", demo.draft(), kind, name, content).status_code == 422


def test_an_upload_needs_a_form_and_an_own_draft(demo: DemoHouse) -> None:
    application = demo.draft()
    assert demo.ask("applicant1", "POST", f"/applications/{application}/files", {"kind": "other"}).status_code == 415
    assert demo.upload("applicant2", application, "programme").status_code == 404


def test_the_whole_way_from_an_application_to_the_public_register(demo_on_both: DemoHouse) -> None:
    demo = demo_on_both
    submitted = demo.submit()
    case = submitted["id"]
    assert submitted["state"] == "active"
    assert demo.get("applicant1", f"/applications/{submitted['application']}")["case"] == case
    done = demo.complete("secretary", case, "register_application", {"accepted": True, "copies": 3})
    assert set(done) == {"task", "case", "opened"}
    assert [task["element"] for task in done["opened"]] == ["technical_review"]
    assert done["opened"][0]["case"] == {key: done["case"][key] for key in ("id", "number", "title")}
    demo.complete("secretary", case, "technical_review", TECHNICAL)
    experts = ["member05", "member06", "member07"]
    demo.complete("chair", case, "appoint_experts", {"experts": experts})
    for expert in experts:
        demo.complete(expert, case, "expert_review", CONCLUSION)
    demo.complete("chair", case, "approve_conclusions", {"approve": True})
    assert demo.get("secretary", f"/cases/{case}")["at"] == ["await_council_decision"]

    agenda = {"form": "in_person", "date": "2026-01-12", "agenda": [{"kind": "certification", "case": case}]}
    meeting = demo.post("secretary", "/processes/council_meeting/instances", {"data": agenda}, 201)["id"]
    demo.complete("chair", meeting, "approve_agenda", {"approve": True})
    present = ["chair", "deputy", "secretary", *(f"member{n:02}" for n in range(1, 16))]
    demo.complete("secretary", meeting, "register_attendance", {"present": present})
    vote = f"/meetings/{meeting}/items/1/vote"
    demo.post("member05", vote, {"vote": "for"})
    demo.post("member05", vote, {"vote": "for"}, 409)
    demo.post("member20", vote, {"vote": "for"}, 409)
    demo.post("ministry", vote, {"vote": "for"}, 403)
    demo.post("member06", vote, {"vote": "yes"}, 422)
    assert demo.post("applicant1", f"/applications/{submitted['application']}/withdraw", {"reason": "нет"}, 409)
    votes = {login: "for" for login in present if login != "member05"}
    demo.complete("secretary", meeting, "record_votes", {"votes": votes, "recused": [], "recommendations": []})
    demo.complete("secretary", meeting, "sign_protocol_secretary", {"confirm": True})
    demo.complete("chair", meeting, "sign_protocol_chair", {"confirm": True})
    order = {"number": "345", "signed_on": "2026-01-12", "approved": {case: True}}
    demo.complete("ministry", meeting, "register_order", order)
    assert demo.get("secretary", f"/cases/{meeting}")["end"] == "closed"

    demo.complete("chair", case, "sign_certificate", {"confirm": True})
    demo.complete("secretary", case, "publish_to_depository", {"confirm": True, "fields": {}})
    found = demo.get(None, "/depository?title=проверки знаний")
    assert found["total"] == 1
    number = found["items"][0]["certificate"]["number"]
    assert demo.get(None, f"/certificates/{number}")["status"] == "in_force"
    assert demo.get(None, "/certificates/nothing", 404)["status"] == "unknown"
    proof = demo.get("auditor", f"/cases/{case}/verify")
    assert proof["ok"], proof
    assert proof["chain"]["ok"]
    assert proof["reexecution"] == {"ok": True, "first_difference": None}
    demo.post("admin", "/clock", {"advance": "P3Y1D"})
    assert demo.get(None, f"/certificates/{number}")["status"] == "expired"


def test_a_task_is_told_as_the_contract_says(demo: DemoHouse) -> None:
    case = demo.submit()["id"]
    task = demo.get("secretary", f"/tasks/{demo.task('secretary', case, 'register_application')['id']}")
    assert {"id", "case", "process", "element", "name", "state", "assignee", "candidates", "created_at"} <= set(task)
    assert {"due_at", "due", "form", "data", "draft"} <= set(task)
    assert set(task["case"]) == {"id", "number", "title"}
    assert set(task["due"]) == {
        "working_days",
        "counted_from",
        "calendar_version",
        "provisional",
        "clause",
        "normative",
    }
    assert task["due_at"] == "2026-01-13T23:59:59+03:00"
    assert task["due"]["counted_from"] == "2026-01-12"


def test_holding_delegating_and_doing_a_task_once(demo: DemoHouse) -> None:
    case = demo.submit()["id"]
    task = f"/tasks/{demo.task('secretary', case, 'register_application')['id']}"
    data = {"data": {"accepted": True, "copies": 3}}
    assert demo.post("chair", f"{task}/claim", None, 403)["type"] == "not_yours"
    demo.get("applicant2", task, 404)
    assert demo.post("secretary", f"{task}/claim")["assignee"] == "secretary"
    assert demo.ask("secretary", "PUT", f"{task}/draft", {"accepted": True}).status_code == 204
    assert demo.get("secretary", task)["draft"] == {"accepted": True}
    assert demo.get("chair", task)["draft"] is None
    assert all("draft" not in each for each in demo.get("chair", "/tasks?scope=all")["items"])
    demo.post("secretary", f"{task}/delegate", {"to": "nobody"}, 422)
    demo.post("secretary", f"{task}/delegate", {"to": "member09"}, 422)
    assert demo.post("secretary", f"{task}/unclaim")["assignee"] is None
    first = demo.ask("secretary", "POST", f"{task}/complete", data, {"Idempotency-Key": "once"})
    again = demo.ask("secretary", "POST", f"{task}/complete", data, {"Idempotency-Key": "once"})
    assert (first.status_code, again.status_code, first.data == again.data) == (200, 200, True)
    late = demo.post("secretary", f"{task}/complete", data, 409)
    assert late["type"] == "already_done"
    assert set(late["by"]) == {"login", "name"}
    assert late["by"]["name"] != "secretary"
    assert late["at"] == "2026-01-12T09:00:00+03:00"


def test_a_refused_act_is_a_fact_of_the_case(demo: DemoHouse) -> None:
    case = demo.submit()["id"]
    demo.complete("chair", case, "register_application", {"accepted": True, "copies": 3}, 403)
    demo.post("chair", f"/cases/{case}/suspend", {"reason": "нельзя"}, 403)
    kinds = [e["kind"] for e in demo.get("auditor", f"/cases/{case}/history?limit=1000")["items"]]
    assert kinds.count("act.refused") == 2


def test_a_suspended_case_stands_still_until_it_is_resumed(demo: DemoHouse) -> None:
    case = demo.submit()["id"]
    assert demo.post("admin", f"/cases/{case}/suspend", {"reason": "проверка"})["state"] == "suspended"
    demo.complete("secretary", case, "register_application", {"accepted": True, "copies": 3}, 409)
    assert demo.post("admin", f"/cases/{case}/resume", {"reason": "проверено"})["state"] == "active"
    assert demo.post("admin", f"/cases/{case}/retry", {"reason": "ещё раз"}, 409)["type"] == "no_incident"
    demo.post("admin", f"/cases/{case}/suspend", {}, 422)


def test_lists_are_paged_by_cursor(demo: DemoHouse) -> None:
    for path in ("/cases?", "/tasks?scope=all&", "/letters?"):
        seen: list[str] = []
        cursor = ""
        while True:
            page = demo.get("secretary", f"{path}limit=7{cursor}")
            seen += [item["id"] for item in page["items"]]
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"
        assert len(seen) == len(set(seen)) > 7


def test_tasks_stand_in_order_of_their_due_dates(demo: DemoHouse) -> None:
    dues = [task["due_at"] for task in demo.get("secretary", "/tasks?scope=all&limit=200")["items"]]
    dated = [due for due in dues if due]
    assert all(one <= other for one, other in pairwise(dated))
    assert dues[: len(dated)] == dated


def test_who_sees_what(demo: DemoHouse) -> None:
    one, other = demo.submit("applicant1"), demo.submit("applicant2")
    for login in ("secretary", "chair", "member09", "auditor", "ministry", "admin", "applicant1"):
        demo.get(login, f"/cases/{one['id']}")
    for login in ("applicant2", "analyst1"):
        for path in ("", "/documents", "/history", "/replay?seq=1", "/verify"):
            demo.get(login, f"/cases/{one['id']}{path}", 404)
    demo.get("applicant1", f"/cases/{other['id']}", 404)
    assert demo.get("analyst1", "/cases")["items"] == []
    assert demo.get("secretary", f"/cases/{one['number']}")["id"] == one["id"]


def test_documents_are_listed_and_given_to_those_who_see_the_case(demo: DemoHouse) -> None:
    case = demo.submit()["id"]
    items = demo.get("applicant1", f"/cases/{case}/documents")["items"]
    assert {"id", "kind", "title", "sha256", "at"} <= set(items[0])
    path = f"/documents/{items[0]['id']}"
    assert demo.ask("applicant1", "GET", path).headers["Content-Disposition"].startswith("attachment")
    assert demo.ask("applicant2", "GET", path).status_code == 404


def test_an_expert_opens_the_files_after_the_declaration(demo: DemoHouse) -> None:
    case = demo.submit()["id"]
    demo.complete("secretary", case, "register_application", {"accepted": True, "copies": 3})
    demo.complete("secretary", case, "technical_review", TECHNICAL)
    demo.complete("chair", case, "appoint_experts", {"experts": ["member05", "member06", "member07"]})
    document = demo.get("member05", f"/cases/{case}/documents")["items"][0]["id"]
    assert demo.get("member05", f"/documents/{document}", 403)["type"] == "declaration_required"
    task = demo.task("member05", case, "expert_review")["id"]
    demo.ask("member05", "PUT", f"/tasks/{task}/draft", {"declaration": {"no_conflict": True}})
    assert demo.ask("member05", "GET", f"/documents/{document}").status_code == 200
    refused = [
        e for e in demo.get("auditor", f"/cases/{case}/history?limit=1000")["items"] if e["kind"] == "act.refused"
    ]
    assert len(refused) == 1
    declined = demo.post("member05", f"/tasks/{task}/decline", {"reason": "занят"})
    assert [each["element"] for each in declined["opened"]] == ["replace_expert"]


def test_a_conclusion_is_its_experts_own_until_all_are_in(demo: DemoHouse) -> None:
    case = demo.get("secretary", "/cases?q=Музыкальное")["items"][0]["id"]
    done = demo.get("member09", f"/tasks?state=completed&case={case}")["items"][0]["id"]
    assert demo.get("member09", f"/tasks/{done}")["data"]["verdict"] == "conforms"
    for login in ("member08", "chair", "secretary", "applicant2"):
        assert demo.get(login, f"/tasks/{done}")["data"] == {}
    demo.complete("member08", case, "expert_review", {**CONCLUSION, "verdict_reason": "Тайна до срока"})
    texts = [
        {text["text"] for text in demo.get(login, f"/cases/{case}/history?limit=1000")["texts"].values()}
        for login in ("member08", "member09")
    ]
    assert "Тайна до срока" in texts[0]
    assert "Тайна до срока" not in texts[1]
    for login in ("member08", "member10", "chair", "secretary", "auditor", "admin"):
        history = demo.get(login, f"/cases/{case}/history?limit=1000")
        paths = ("", f"/replay?seq={len(history['items'])}", "/documents")
        told = str([history, *(demo.get(login, f"/cases/{case}{path}") for path in paths)])
        assert ("'conforms'" in told) is (login == "member08")
        assert "'+'" in str(history["texts"]) or login != "member08"
    demo.complete("member10", case, "expert_review", CONCLUSION)
    assert demo.get("chair", f"/tasks/{done}")["data"]["verdict"] == "conforms"
    told = demo.get("chair", f"/cases/{case}/history?limit=1000")
    assert [text["text"] for text in told["texts"].values()].count("conforms") == 6


def test_messages_come_from_systems_and_say_why_nothing_matched(demo: DemoHouse) -> None:
    waiting = demo.get("secretary", "/cases?q=классных")["items"][0]
    assert waiting["at"] == ["await_council_decision"]
    decision = {
        "name": "council_decision",
        "correlation": {"case": waiting["id"]},
        "payload": {"decision": "not_adopted", "protocol": "1"},
    }
    demo.post("chair", "/messages", decision, 403)
    with demo.context.runtime.database.write() as connection:
        token = access.issue_integration_token(connection, "peer", ["messages"], at=wall())
    headers = {"Authorization": f"Bearer {token}"}
    answer = demo.ask(None, "POST", "/messages", decision, headers)
    assert answer.json == {"matched": [waiting["id"]]}
    for wrong in (
        {**decision, "correlation": {}},
        {**decision, "name": "nothing"},
        {**decision, "correlation": {"case": "nothing"}},
    ):
        assert demo.ask(None, "POST", "/messages", wrong, headers).status_code == 422, wrong


def test_history_pages_replay_and_texts(demo: DemoHouse) -> None:
    case = demo.submit()
    page = demo.get("auditor", f"/cases/{case['id']}/history?limit=3")
    assert [event["seq"] for event in page["items"]] == [1, 2, 3]
    assert page["items"][0]["prev_hash"] == "0" * 64
    assert page["next"] == 3
    rest = demo.get("auditor", f"/cases/{case['id']}/history?after=3&limit=1000")
    last = rest["items"][-1]["seq"]
    stood = demo.get("auditor", f"/cases/{case['id']}/replay?seq={last}")
    assert stood["data"] == demo.get("auditor", f"/cases/{case['id']}")["data"]
    assert [task["element"] for task in stood["open_tasks"]] == ["register_application"]
    demo.get("auditor", f"/cases/{case['id']}/replay?seq={last + 1}", 404)
    demo.get("auditor", f"/cases/{case['id']}/replay", 422)


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


def test_a_years_table_shows_first_what_it_moves(demo: DemoHouse) -> None:
    table = demo.get("admin", "/calendar/2026")
    assert len(table["days"]) == 365
    changed = [{**day, "working": False} if day["date"] == "2026-01-13" else day for day in table["days"]]
    body = {**table, "days": changed, "apply": False}
    demo.post("chair", "/calendar", body, 403)
    moves = demo.post("admin", "/calendar", body)
    assert moves["applied"] is False
    assert moves["moves"]
    assert set(moves["moves"][0]) == {"task", "case", "element", "due_at", "new_due_at"}
    assert demo.get("admin", "/calendar/2026") == table
    applied = demo.post("admin", "/calendar", {**body, "apply": True})
    assert applied == {"applied": True, "moves": moves["moves"]}
    assert demo.get("admin", "/calendar/2026")["days"][12]["working"] is False
    demo.post("admin", "/calendar", {**body, "days": changed[1:]}, 422)
    demo.post("admin", "/calendar", {**body, "year": "2026"}, 422)
    demo.get("admin", "/calendar/1999", 404)


def test_versions_are_read_with_their_basis_and_drawing(demo: DemoHouse) -> None:
    keys = [each["key"] for each in demo.get("analyst1", "/definitions")["items"]]
    assert keys == ["certification", "council_meeting", "meeting_watch", "retention"]
    (version,) = demo.get("analyst1", "/definitions/certification/versions")["items"]
    assert version["effective_from"] == "2020-02-10"
    assert {"author", "released_by", "basis", "hash"} <= set(version)
    xml = demo.ask("analyst1", "GET", "/definitions/certification/versions/1/xml")
    assert xml.content_type.startswith("application/xml")
    assert b"<bpmn:definitions" in xml.data
    demo.get("analyst1", "/definitions/nothing/versions", 404)
    demo.get("analyst1", "/definitions/certification/versions/9/xml", 404)


def test_letters_are_read_by_those_they_were_written_to(demo: DemoHouse) -> None:
    everything = demo.get("secretary", "/letters?limit=200")["items"]
    own = demo.get("applicant1", "/letters?limit=200")["items"]
    assert 0 < len(own) < len(everything)
    assert {"id", "case", "kind", "to", "subject", "body", "at", "delivery"} <= set(own[0])
    case = demo.submit("applicant1")["id"]
    demo.get("applicant2", f"/letters?case={case}", 404)


def test_the_depository_exports_keep_the_filters(demo: DemoHouse) -> None:
    total = demo.get(None, "/depository")["total"]
    assert total >= 2
    csv = demo.ask(None, "GET", "/depository.csv?title=инклюзивная")
    assert csv.data.startswith(b"\xef\xbb\xbf")
    assert len(csv.data.decode("utf-8-sig").strip().splitlines()) == 2
    told = demo.get(None, "/depository.json")
    assert set(told) == {"passport", "items"}
    assert len(told["items"]) == total
    for wrong in ("per_page=101", "level=top", "year_from=x", "valid_on=soon", "unknown=1"):
        demo.get(None, f"/depository?{wrong}", 422)


def test_the_probes_answer_without_a_sign_in(demo: DemoHouse) -> None:
    assert demo.client().get("/healthz").json == {"status": "ok"}
    ready = demo.client().get("/readyz")
    assert (ready.status_code, ready.json) == (
        200, {"status": "ready", "checks": {"database": True, "disk": True, "timers": True, "post": True}},
    )  # fmt: skip
    figures = demo.client().get("/metrics").text
    assert 'kes_cases{state="active"}' in figures
    assert 'kes_late_seconds{kind="timers"} 0.0' in figures


def test_twenty_at_once_do_a_task_once(demo_on_both: DemoHouse) -> None:
    demo = demo_on_both
    case = demo.submit()["id"]
    task = demo.task("secretary", case, "register_application")["id"]
    body, headers = {"data": {"accepted": True, "copies": 3}}, demo.headers("secretary")

    def send(number: int) -> tuple[int, Any]:
        keyed = {**headers, "Idempotency-Key": "same"} if number % 2 else headers
        answer = demo.client().post(f"/api/v1/tasks/{task}/complete", json=body, headers=keyed)
        return answer.status_code, answer.json

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(20)))
    done = {str(told) for status, told in answers if status == 200}
    assert len(done) == 1
    assert {told["type"] for status, told in answers if status != 200} <= {"already_done", "in_progress"}
    kinds = [e["kind"] for e in demo.get("auditor", f"/cases/{case}/history?limit=1000")["items"]]
    assert kinds.count("task.completed") == 1
