import base64
import json
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest

from tests.contract.client import Service
from tests.contract.stories import AWAITING, COUNCIL, EXPERTS, UNAPPOINTED, UNREGISTERED, draft, open_meeting, submit

ACCEPTED = {"accepted": True, "copies": 3}
STAND_IN = {"absent": "chair", "deputy": "deputy", "from": "2026-01-12", "until": "2026-01-16", "basis": "Приказ 12"}


def test_a_task_is_told_whole(standing: Service) -> None:
    secretary = standing.as_("secretary")
    task = secretary.get(f"/tasks/{secretary.task(standing.case(UNREGISTERED), 'register_application')['id']}")
    assert {"id", "case", "process", "element", "name", "state", "assignee", "candidates"} <= set(task)
    assert {"created_at", "due_at", "due", "form", "data", "draft"} <= set(task)
    assert set(task["case"]) == {"id", "number", "title"}
    due = {"working_days", "counted_from", "calendar_version", "provisional", "clause", "normative"}
    assert set(task["due"]) == due
    assert (task["process"], task["element"], task["state"]) == ("certification", "register_application", "open")
    assert task["candidates"] == ["secretary"]
    assert task["created_at"] == "2026-01-12T09:00:00+03:00"
    assert task["form"]["components"]
    assert any("а" <= letter <= "я" for letter in task["name"])


def test_lists_are_sorted_by_due_date_and_narrowed(service: Service) -> None:
    secretary = service.as_("secretary")
    everything = secretary.every("/tasks", scope="all", limit=4)
    assert len({task["id"] for task in everything}) == len(everything) > 8
    dues = [task["due_at"] for task in everything]
    assert all(one <= other for one, other in pairwise(due for due in dues if due))
    available = secretary.get("/tasks", scope="available", limit=100)["items"]
    assert available
    assert all("secretary" in task["candidates"] and task["assignee"] is None for task in available)
    case = service.case(UNREGISTERED)
    (task,) = secretary.get("/tasks", scope="all", case=case)["items"]
    assert secretary.get("/tasks", scope="mine")["items"] == []
    secretary.post(f"/tasks/{task['id']}/claim")
    assert [each["id"] for each in secretary.get("/tasks", scope="mine")["items"]] == [task["id"]]
    assert task["id"] not in [each["id"] for each in secretary.get("/tasks", scope="available", limit=100)["items"]]
    early = secretary.get("/tasks", scope="all", due_before="2026-01-15")["items"]
    assert early
    assert all(each["due_at"] < "2026-01-15" for each in early)
    assert secretary.get("/tasks", scope="all", element="nothing")["items"] == []
    done = secretary.get("/tasks", scope="all", state="completed", element="register_application")["items"]
    assert done
    assert {each["state"] for each in done} == {"completed"}
    for wrong in ({"scope": "some"}, {"state": "lost"}, {"limit": 0}, {"limit": "x"}, {"cursor": "?"}, {"surprise": 1}):
        assert secretary.get("/tasks", 422, **wrong)["errors"], wrong
    for day in ("soon", "0001-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        assert secretary.get("/tasks", 422, due_before=day)["errors"], day
    for made_up in (["2026-01-12T00:00:00", "x"], ["0001-01-01T00:00:00+14:00", "x"], [None, "\0"], [None, 5]):
        cursor = base64.urlsafe_b64encode(json.dumps(made_up).encode()).decode()
        assert secretary.get("/tasks", 422, cursor=cursor)["errors"], made_up


def test_holding_a_task_keeps_others_out(service: Service) -> None:
    service.as_("admin").post("/substitutions", {**STAND_IN, "absent": "secretary", "deputy": "member09"}, 201)
    case = submit(service)["id"]
    stand_in = service.as_("member09")
    task = f"/tasks/{stand_in.task(case, 'register_application')['id']}"
    assert service.as_("secretary").post(f"{task}/claim", None, 403)["type"]
    assert stand_in.post(f"{task}/claim")["assignee"] == "member09"
    assert stand_in.post(f"{task}/claim")["assignee"] == "member09"
    service.set_clock("2026-01-17T00:00:00+03:00")
    secretary = service.as_("secretary")
    for act in ("claim", "unclaim"):
        secretary.post(f"{task}/{act}", None, 409)
    refused = secretary.post(f"{task}/complete", {"data": ACCEPTED}, 409)
    assert refused["type"] == "held"
    assert set(refused["by"]) == {"login", "name"}
    assert refused["by"]["login"] == "member09"


def test_a_task_is_given_back_and_handed_on(service: Service) -> None:
    service.as_("admin").post("/substitutions", {**STAND_IN, "absent": "deputy", "deputy": "member09"}, 201)
    secretary = service.as_("secretary")
    task = f"/tasks/{secretary.task(service.case(UNREGISTERED), 'register_application')['id']}"
    secretary.post(f"{task}/claim")
    assert "to" in secretary.post(f"{task}/delegate", {"to": "member09"}, 422)["errors"]
    assert "to" in secretary.post(f"{task}/delegate", {"to": "nobody"}, 422)["errors"]
    assert "to" in secretary.post(f"{task}/delegate", {}, 422)["errors"]
    assert secretary.post(f"{task}/unclaim")["assignee"] is None
    service.as_("chair").post(f"{task}/claim", None, 403)
    service.as_("chair").post(f"{task}/delegate", {"to": "chair"}, 403)


def test_completing_claims_and_a_second_time_names_who_and_when(service: Service) -> None:
    secretary = service.as_("secretary")
    case = service.case(UNREGISTERED)
    task = f"/tasks/{secretary.task(case, 'register_application')['id']}"
    done = secretary.post(f"{task}/complete", {"data": ACCEPTED})
    assert set(done) >= {"task", "case", "opened"}
    assert done["task"]["assignee"] == "secretary"
    assert done["task"]["state"] == "completed"
    service.advance("PT1H")
    refused = secretary.post(f"{task}/complete", {"data": ACCEPTED}, 409)
    assert refused["type"] == "already_done"
    assert refused["by"]["login"] == "secretary"
    assert refused["by"]["name"] == secretary.get("/me")["name"]
    assert refused["at"] == "2026-01-12T09:00:00+03:00"


def test_one_of_two_simultaneous_completions_wins(service: Service) -> None:
    secretary = service.as_("secretary")
    task = f"/tasks/{secretary.task(service.case(UNREGISTERED), 'register_application')['id']}/complete"
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _n: secretary.ask("POST", task, {"data": ACCEPTED}).status_code, range(4)))
    assert sorted(answers) == [200, 409, 409, 409]


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": []}, {"data": "x"}, [], {"data": ACCEPTED, "x": 1}])
def test_a_completion_of_another_shape_is_422(standing: Service, body: Any) -> None:
    secretary = standing.as_("secretary")
    task = secretary.task(standing.case(UNREGISTERED), "register_application")["id"]
    assert secretary.ask("POST", f"/tasks/{task}/complete", body).status_code in {400, 422}
    assert secretary.get(f"/tasks/{task}")["state"] == "open"


def test_a_draft_is_shown_to_its_holder_alone(service: Service) -> None:
    secretary = service.as_("secretary")
    task = f"/tasks/{secretary.task(service.case(UNREGISTERED), 'register_application')['id']}"
    secretary.post(f"{task}/claim")
    assert secretary.put(f"{task}/draft", {"accepted": True}, 204) in (b"", None)
    assert secretary.get(task)["draft"] == {"accepted": True}
    for login in ("chair", "admin", "auditor", "applicant1"):
        assert service.as_(login).get(task)["draft"] is None
    service.as_("chair").put(f"{task}/draft", {"accepted": False}, 403)
    service.as_("applicant2").put(f"{task}/draft", {"accepted": False}, 404)


def test_the_same_key_gives_the_same_answer_once(service: Service) -> None:
    secretary = service.as_("secretary")
    case = service.case(UNREGISTERED)
    path = f"/tasks/{secretary.task(case, 'register_application')['id']}/complete"
    first = secretary.ask("POST", path, {"data": ACCEPTED}, headers={"Idempotency-Key": "once"})
    events = len(service.events(case))
    again = secretary.ask("POST", path, {"data": ACCEPTED}, headers={"Idempotency-Key": "once"})
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.data == again.data
    assert len(service.events(case)) == events
    assert secretary.post(path, {"data": {"accepted": True, "copies": 2}}, 422, key="once")["type"] == "key_reused"
    other = secretary.task(service.case("Театральная педагогика"), "technical_review")["id"]
    assert secretary.post(f"/tasks/{other}/complete", {"data": ACCEPTED}, 422, key="once")["type"] == "key_reused"
    assert secretary.post(path, {"data": ACCEPTED}, 409, key="another")["type"] == "already_done"
    assert service.as_("chair").post(path, {"data": ACCEPTED}, 403, key="once")["type"] != "key_reused"


def test_keys_hold_for_submit_withdraw_decline_and_vote(service: Service) -> None:
    applicant = service.as_("applicant1")
    application = draft(service)
    for kind in ("application", "license_copy", "programme"):
        applicant.upload(application, kind)
    path = f"/applications/{application}"
    first = applicant.post(f"{path}/submit", {}, 201, key="submit")
    assert applicant.post(f"{path}/submit", {}, 201, key="submit") == first
    back = applicant.post(f"{path}/withdraw", {"reason": "так"}, key="withdraw")
    assert applicant.post(f"{path}/withdraw", {"reason": "так"}, key="withdraw") == back
    expert = service.as_("member08")
    task = expert.task(service.case("Музыкальное занятие в детском саду"), "expert_review")["id"]
    declined = expert.post(f"/tasks/{task}/decline", {"reason": "занят"}, key="decline")
    assert expert.post(f"/tasks/{task}/decline", {"reason": "занят"}, key="decline") == declined
    meeting = open_meeting(service, service.case(AWAITING), present=COUNCIL)
    vote = f"/meetings/{meeting}/items/1/vote"
    cast = expert.post(vote, {"vote": "for"}, key="vote")
    assert expert.post(vote, {"vote": "for"}, key="vote") == cast
    assert expert.post(vote, {"vote": "against"}, 422, key="vote")["type"] == "key_reused"


def test_reminders_come_before_the_term_and_escalations_after_it(service: Service) -> None:
    case = service.case(UNREGISTERED)
    service.set_clock("2026-01-13T23:59:59+03:00")
    assert "task.escalated" not in service.kinds(case)
    fired = service.set_clock("2026-01-14T00:00:00+03:00")
    assert "2026-01-14T00:00:00+03:00" in [each["at"] for each in fired if each["case"] == case]
    (told,) = [event for event in service.events(case) if event["kind"] == "task.escalated"]
    assert told["data"]["to"] == ["chair"]
    assert told["data"]["task"] == service.as_("secretary").task(case, "register_application")["id"]
    experts = service.case("Музыкальное занятие в детском саду")
    assert "task.reminded" not in service.kinds(experts)
    service.set_clock("2026-01-26T23:59:59+03:00")
    reminded = [event for event in service.events(experts) if event["kind"] == "task.reminded"]
    assert reminded
    assert all(event["at"] <= "2026-01-26T23:59:59+03:00" for event in reminded)
    assert {"task", "to"} <= set(reminded[0]["data"])


def test_the_chairs_own_lateness_goes_to_deputy_and_secretary(service: Service) -> None:
    case = service.case(UNAPPOINTED)
    service.set_clock("2026-01-15T00:00:00+03:00")
    (told,) = [event for event in service.events(case) if event["kind"] == "task.escalated"]
    assert {"deputy", "secretary"} <= set(told["data"]["to"])
    service.as_("chair").complete(case, "appoint_experts", {"experts": EXPERTS})


def test_a_reminder_whose_instant_has_passed_is_not_sent(service: Service) -> None:
    case = submit(service)["id"]
    events = service.events(case)
    sent = [event for event in events if event["kind"] == "task.reminded"]
    set_for = [event["data"]["due"] for event in events if event["kind"] == "timer.set"]
    assert sent == []
    assert set_for
    assert all(due >= "2026-01-12T09:00:00+03:00" for due in set_for)
