"""Nothing that the demo shows may fail to open, whoever looks."""

import pytest

from tests.contract.client import Service


@pytest.mark.parametrize("login", ["secretary", "chair", "auditor", "applicant1", "applicant2", "member09", "analyst1"])
def test_whatever_is_listed_opens(standing: Service, login: str) -> None:
    person = standing.as_(login)
    for state in ("open", "completed"):
        for task in person.every("/tasks", scope="all", state=state, limit=100):
            told = person.get(f"/tasks/{task['id']}")
            assert told["case"] == task["case"]
    for case in person.every("/cases", limit=100):
        assert person.get(f"/cases/{case['id']}") == case
        assert person.get(f"/cases/{case['number']}")["id"] == case["id"]
        for document in person.get(f"/cases/{case['id']}/documents")["items"]:
            assert person.ask("GET", f"/documents/{document['id']}").status_code in {200, 403}
    if person.get("/me")["roles"] == ["applicant"]:
        for application in person.every("/applications", limit=100):
            told = person.get(f"/applications/{application['id']}")
            for file in told["files"]:
                path = f"/applications/{application['id']}/files/{file['id']}"
                assert person.ask("GET", path).status_code == 200


def test_every_term_that_passes_is_escalated(service: Service) -> None:
    auditor = service.as_("auditor")
    waiting = [task for task in auditor.every("/tasks", scope="all", limit=100) if task["due_at"]]
    assert {"register_application", "technical_review", "appoint_experts", "expert_review"} <= {
        task["element"] for task in waiting
    }
    service.advance("P40D")
    for task in waiting:
        events = service.events(task["case"]["id"])
        told = {
            kind: [e for e in events if e["kind"] == kind and e["data"]["task"] == task["id"]]
            for kind in ("task.reminded", "task.escalated")
        }
        assert told["task.reminded"] or task["due"]["working_days"] == 1, task["element"]
        (escalated,) = told["task.escalated"]
        assert escalated["at"][:10] > task["due_at"][:10]
        assert escalated["at"][11:] == "00:00:00+03:00"
        expected = {"deputy", "secretary"} if task["candidates"] == ["chair"] else {"chair"}
        assert expected <= set(escalated["data"]["to"]), task["element"]
