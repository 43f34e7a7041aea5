"""Drafts, their files, their check, their submission."""

from typing import Any

import pytest

from tests.handlers.demo_house import PDF, DemoHouse


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


def test_a_draft_and_its_file_sent_twice_under_one_key_are_there_once(demo: DemoHouse) -> None:
    key = {"Idempotency-Key": "the answer was lost"}
    asked = ("applicant1", "POST", "/applications", {"programme_title": "Черновик"}, key)
    made, again = demo.ask(*asked), demo.ask(*asked)
    assert made.json is not None
    assert (made.status_code, again.status_code, again.json) == (201, 201, made.json)

    key = {"Idempotency-Key": "so was that"}
    added, repeated = (demo.upload("applicant1", made.json["id"], "programme", headers=key) for _time in range(2))
    assert (added.status_code, repeated.json) == (201, added.json)
    assert len(demo.get("applicant1", f"/applications/{made.json['id']}")["files"]) == 1
    assert demo.upload("applicant1", made.json["id"], "programme", "other.pdf", headers=key).status_code == 422


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


def test_a_draft_is_checked_before_it_is_submitted(demo: DemoHouse) -> None:
    application = demo.draft(plan=[])
    path = f"/applications/{application}/precheck"
    told = demo.get("applicant1", path)
    assert told["ok"] is False
    assert {"plan", "files.programme"} <= {one["path"] for one in told["certain"]}
    assert all(one["message"] and one["remedy"] for one in (*told["certain"], *told["doubts"]))
    assert [row["row"] for row in told["rows"]][:6] == ["K1", "K2", "K3", "K4", "K5", "T01"]
    assert {row["state"] for row in told["rows"]} <= {"certain", "doubt", "fine", "unseen"}
    demo.get("applicant2", path, 404)
    demo.get("secretary", path, 404)
    submitted = demo.submit()["application"]
    assert demo.get("applicant1", f"/applications/{submitted}/precheck", 409)["type"] == "already_submitted"


@pytest.mark.parametrize(("body", "consent"), [({}, None), ({"consent": True}, {"publication": True})])
def test_what_was_said_of_publication_is_recorded(demo: DemoHouse, body: Any, consent: Any) -> None:
    application = demo.draft()
    for kind in ("application", "license_copy", "programme"):
        demo.upload("applicant1", application, kind, content=PDF + kind.encode())
    path = f"/applications/{application}/submit"
    assert "consent" in demo.post("applicant1", path, {"consent": "да"}, 422)["errors"]
    case = demo.post("applicant1", path, body, 201)["id"]
    events = demo.get("auditor", f"/cases/{case}/history")["items"]
    (told,) = [event["data"] for event in events if event["kind"] == "application.submitted"]
    assert told["consent"] == consent


def test_an_ended_case_is_filed_again_by_its_applicant(demo: DemoHouse) -> None:
    submitted = demo.submit()
    path = f"/applications/{submitted['application']}/again"
    assert demo.post("applicant1", path, None, 409)["type"] == "not_ended"
    refusal = {"accepted": False, "reason": "Нет печати"}
    demo.complete("secretary", submitted["id"], "register_application", refusal)
    demo.post("secretary", path, None, 403)
    again = demo.post("applicant1", path, None, 201)
    assert (again["state"], again["previous_case"]) == ("draft", submitted["id"])
    assert [remedy["remark"] for remedy in again["remedies"]] == ["Нет печати"]
