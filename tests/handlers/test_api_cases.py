"""Cases: the whole way, who sees what, history, documents, messages."""

from engine.clock import wall
from handlers.accounts import access
from tests.handlers.demo_house import CONCLUSION, TECHNICAL, DemoHouse


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
