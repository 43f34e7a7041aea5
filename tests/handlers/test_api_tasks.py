"""Tasks: told, held, done once, and whose a conclusion is."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

from tests.handlers.demo_house import CONCLUSION, DemoHouse


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
    assert set(demo.post("secretary", f"{task}/complete", {**data, "more": 1}, 422)["errors"]) == {"more"}
    assert set(demo.post("secretary", f"{task}/complete", {}, 422)["errors"]) == {"data"}
    first = demo.ask("secretary", "POST", f"{task}/complete", data, {"Idempotency-Key": "once"})
    again = demo.ask("secretary", "POST", f"{task}/complete", data, {"Idempotency-Key": "once"})
    assert (first.status_code, again.status_code, first.data == again.data) == (200, 200, True)
    late = demo.post("secretary", f"{task}/complete", data, 409)
    assert late["type"] == "already_done"
    assert set(late["by"]) == {"login", "name"}
    assert late["by"]["name"] != "secretary"
    assert late["at"] == "2026-01-12T09:00:00+03:00"


def test_tasks_stand_in_order_of_their_due_dates(demo: DemoHouse) -> None:
    dues = [task["due_at"] for task in demo.get("secretary", "/tasks?scope=all&limit=200")["items"]]
    dated = [due for due in dues if due]
    assert all(one <= other for one, other in pairwise(dated))
    assert dues[: len(dated)] == dated


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
        given = [each["data"]["data"] for each in history["items"] if each["kind"] == "task.completed"]
        comments = [len(data["comments"]) for data in given if "verdict" in data]
        assert set(comments) == {24}, "nobody sees which rows have one"
    demo.complete("member10", case, "expert_review", CONCLUSION)
    assert demo.get("chair", f"/tasks/{done}")["data"]["verdict"] == "conforms"
    told = demo.get("chair", f"/cases/{case}/history?limit=1000")
    assert [text["text"] for text in told["texts"].values()].count("conforms") == 6


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


def test_a_held_task_is_given_to_another_and_a_day_to_come_back_is_kept(demo: DemoHouse) -> None:
    case = demo.submit()["id"]
    task = f"/tasks/{demo.task('secretary', case, 'register_application')['id']}"
    demo.post("secretary", f"{task}/claim")
    assert demo.ask("secretary", "PUT", f"{task}/follow-up", {"day": "2026-01-20"}).status_code == 204
    past = demo.ask("secretary", "PUT", f"{task}/follow-up", {"day": "2026-01-01"})
    assert (past.status_code, set(past.get_json()["errors"])) == (422, {"day"})
    assert demo.ask("secretary", "PUT", f"{task}/follow-up", {"day": None}).status_code == 204
    demo.post("deputy", f"{task}/reassign", {"to": "secretary"}, 403)
    assert "to" in demo.post("chair", f"{task}/reassign", {"to": "member09"}, 422)["errors"]
    assert demo.post("chair", f"{task}/reassign", {"to": "secretary"})["assignee"] == "secretary"
