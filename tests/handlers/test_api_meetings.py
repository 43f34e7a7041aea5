"""The meeting room over the API: the same acts as on the pages, each refused where the rule refuses it."""

from collections import Counter
from typing import Any

import sqlalchemy as sa

from tests.handlers.demo_house import DemoHouse

HELD = "/cases?process=council_meeting"
ROOM = ["chair", "deputy", "secretary", *(f"member{n:02}" for n in range(1, 16))]


def call(demo: DemoHouse) -> str:
    """A meeting tomorrow on a case that waits for it and on a document."""
    waiting = demo.get("secretary", "/cases?q=классных")["items"][0]["id"]
    agenda = [
        {"kind": "certification", "case": waiting},
        {"kind": "document", "title": "План работы", "document": "plan"},
    ]
    data = {"form": "in_person", "date": "2026-01-13", "agenda": agenda}
    return str(demo.post("secretary", "/processes/council_meeting/instances", {"data": data}, 201)["id"])


def open_(demo: DemoHouse, meeting: str) -> None:
    """Come to the meeting's day and open it."""
    demo.complete("chair", meeting, "approve_agenda", {"approve": True})
    demo.post("admin", "/clock", {"now": "2026-01-13T10:00:00+03:00"})
    demo.complete("secretary", meeting, "register_attendance", {"present": ROOM})


def test_the_room_is_prepared(demo: DemoHouse) -> None:
    meeting = call(demo)
    path = f"/meetings/{meeting}"
    demo.get("applicant1", path, 403)
    assert demo.get("member03", path)["phase"] == "agenda"
    assert "order" in demo.post("secretary", f"{path}/agenda", {"order": [1]}, 422)["errors"]
    demo.post("member03", f"{path}/agenda", {"order": [2, 1]}, 403)
    assert demo.post("secretary", f"{path}/agenda", {"order": [2, 1]}) == {"order": [2, 1]}
    assert [item["kind"] for item in demo.get("chair", path)["items"]] == ["document", "certification"]

    assert demo.post("member03", f"{path}/answer", {"answer": "remote"}, 409)["type"] == "not_open"
    demo.complete("chair", meeting, "approve_agenda", {"approve": True})
    assert "reason" in demo.post("member03", f"{path}/answer", {"answer": "declined"}, 422)["errors"]
    assert demo.post("member03", f"{path}/answer", {"answer": "remote"}) == {"answer": "remote"}
    demo.post("ministry", f"{path}/answer", {"answer": "remote"}, 403)

    materials = demo.get("member03", f"{path}/items/2/materials")["items"]
    assert demo.get("member03", f"{path}/items/1/materials")["items"] == []
    demo.post("member03", f"{path}/items/2/materials/{materials[0]['id']}")
    demo.post("member03", f"{path}/items/2/materials/nothing", None, 404)
    demo.post("member03", f"{path}/items/2/read")
    demo.post("ministry", f"{path}/items/2/read", None, 403)
    (first, *_rest) = demo.get("secretary", f"{path}/items/2/materials")["items"]
    assert (list(first["opened_by"]), list(first["read_by"])) == (["member03"], ["member03"])

    assert demo.post("secretary", f"{path}/arrivals", {"arrivals": {"chair": "in_person"}}, 409)["type"] == "not_open"
    demo.post("admin", "/clock", {"now": "2026-01-13T10:00:00+03:00"})
    demo.post("member03", f"{path}/arrivals", {"arrivals": {"chair": "in_person"}}, 403)
    assert "arrivals" in demo.post("secretary", f"{path}/arrivals", {"arrivals": {"ministry": "remote"}}, 422)["errors"]
    assert "arrivals" in demo.post("member03", f"{path}/arrivals", {"arrivals": {"member03": "late"}}, 422)["errors"]
    assert demo.post("member03", f"{path}/arrivals", {"arrivals": {"member03": "remote"}}) == {"noted": ["member03"]}
    hall = demo.get("secretary", path)
    assert hall["quorum"] == {"here": 0, "total": 24, "needed": 17, "arrived": 1}
    seat = next(seat for seat in hall["members"] if seat["login"] == "member03")
    assert (seat["mode"], seat["answer"]) == ("remote", "remote")


def test_a_hall_of_many_items_asks_no_more_than_one_of_few(demo: DemoHouse) -> None:
    said: Counter[str] = Counter()
    sa.event.listen(demo.context.runtime.database.engine, "before_cursor_execute", lambda *told: said.update([told[2]]))
    meetings = [demo.get("chair", f"/meetings/{case['id']}") for case in demo.get("chair", HELD)["items"]]
    many = max(meetings, key=lambda meeting: len(meeting["items"]))
    assert len(many["items"]) > 6
    for part in ("", "/decisions"):
        said.clear()
        demo.get("chair", f"/meetings/{many['case']}{part}")
        assert max(said.values()) <= 4, said.most_common(3)


def record(demo: DemoHouse, meeting: str, **votes: str) -> None:
    """Close the item under vote, everybody for it."""
    entered = {login: "for" for login in ROOM if login not in votes}
    demo.complete("secretary", meeting, "record_votes", {"votes": entered, "recused": [], "recommendations": []})


def refused(demo: DemoHouse, meeting: str) -> list[str]:
    events = demo.get("auditor", f"/cases/{meeting}/history?limit=1000")["items"]
    return [event["actor"] for event in events if event["kind"] == "act.refused"]


def test_members_recuse_themselves_and_the_presiding_person_conducts_the_vote(demo: DemoHouse) -> None:
    meeting = call(demo)
    path = f"/meetings/{meeting}"
    open_(demo, meeting)
    recusal = f"{path}/items/1/recusal"
    demo.post("member09", recusal, {"reason": ""}, 422)
    demo.post("ministry", recusal, {"reason": "нет"}, 403)
    assert demo.post("member09", recusal, {"reason": "Соавтор"}) == {"item": 1, "recused": True}
    assert demo.ask("member09", "DELETE", recusal).json == {"item": 1, "recused": False}
    demo.post("member09", recusal, {"reason": "Соавтор"})
    demo.post("secretary", f"{path}/items/1/call", None, 403)
    demo.post("chair", f"{path}/items/1/call")
    demo.post("member03", f"{path}/items/1/vote", {"vote": "against"})
    (item, _) = demo.get("chair", path)["items"]
    assert item["recused"] == {"member09": "Соавтор"}
    assert item["tally"] == {"for": 0, "against": 1, "abstain": 0, "base": 17, "needed": 9}
    assert item["called_at"]
    demo.post("chair", f"{path}/items/1/stop")
    assert demo.post("member04", f"{path}/items/1/vote", {"vote": "for"}, 409)["type"] == "not_open"
    record(demo, meeting, member03="against", member09="recused")
    assert demo.get("chair", path)["items"][0]["outcome"] == "grant"
    assert refused(demo, meeting) == ["ministry", "secretary", "member04"]


def test_a_protocol_is_worded_until_it_is_signed_and_its_tasks_are_carried_out(demo: DemoHouse) -> None:
    meeting = call(demo)
    path = f"/meetings/{meeting}"
    open_(demo, meeting)
    record(demo, meeting)
    words: dict[str, Any] = {"heard": "Секретаря.", "spoke": "", "decided": "", "tasks": []}
    task = {"text": "Опубликовать план", "responsible": "member04", "due": "2026-02-01"}
    sent = {"based_on": 0, "items": [{"item": 2, **words, "tasks": [task]}]}
    demo.ask("member03", "PUT", f"{path}/protocol", sent)
    wrong = {"based_on": 0, "items": [{"item": 2, **words, "tasks": [{**task, "responsible": "ministry"}]}]}
    answer = demo.ask("secretary", "PUT", f"{path}/protocol", wrong)
    assert answer.json is not None
    assert list(answer.json["errors"]) == ["items.0.tasks.0.responsible"]
    assert demo.ask("secretary", "PUT", f"{path}/protocol", sent).json == {"version": 0, "changed": 2}
    record(demo, meeting)
    protocol = demo.get("member03", f"{path}/protocol")
    assert (protocol["version"], protocol["items"][1]["heard"]) == (1, "Секретаря.")
    stale = demo.ask("secretary", "PUT", f"{path}/protocol", {"based_on": 0, "items": [{"item": 1, **words}]})
    assert stale.json is not None
    assert (stale.status_code, stale.json["type"]) == (409, "protocol_changed")
    fixed = demo.ask("secretary", "PUT", f"{path}/protocol", {"based_on": 1, "items": [{"item": 1, **words}]})
    assert fixed.json == {"version": 2, "changed": 1}
    done = f"{path}/items/2/tasks/1/done"
    assert demo.post("member04", done, {"done_on": "2026-01-13"}, 409)["type"] == "not_signed"
    demo.complete("secretary", meeting, "sign_protocol_secretary", {"confirm": True})
    late = demo.ask("secretary", "PUT", f"{path}/protocol", {"based_on": 2, "items": [{"item": 1, **words}]})
    assert late.json is not None
    assert late.json["type"] == "signed"
    demo.complete("chair", meeting, "sign_protocol_chair", {"confirm": True})

    (mine,) = demo.get("member04", "/assignments")["items"]
    assert (mine["meeting"], mine["item"], mine["responsible"]) == (meeting, 2, "member04")
    demo.post("member05", done, {"done_on": "2026-01-13"}, 403)
    assert "done_on" in demo.post("member04", done, {"done_on": "2026-01-14"}, 422)["errors"]
    demo.post("member04", done, {"done_on": "2026-01-13", "note": "Готово"})
    demo.post("member04", done, {"done_on": "2026-01-13"}, 409)
    first, second = demo.get("auditor", f"{path}/decisions")["items"]
    assert (first["outcome"], second["tasks"][0]["note"]) == ("grant", "Готово")
    assert demo.ask("auditor", "GET", f"/documents/{first['extract']}").data.startswith(b"%PDF")
    assert refused(demo, meeting) == [
        "member03",
        "secretary",
        "member04",
        "secretary",
        "member05",
        "member04",
        "member04",
    ]
    assert demo.get("auditor", f"/cases/{meeting}/verify")["ok"]
