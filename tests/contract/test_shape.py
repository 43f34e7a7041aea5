"""What holds for every answer: problems, lists, the description, the probes."""

import re
from typing import Any

import pytest

from tests.contract.client import Service
from tests.contract.stories import UNREGISTERED

#: Every route of the contract's table that this release serves.
PROMISED = """
POST /tokens, GET /me, GET /clock, POST /clock, POST /applications, GET /applications, PUT /applications/{},
GET /applications/{}, DELETE /applications/{}, POST /applications/{}/files, GET /applications/{}/files/{},
DELETE /applications/{}/files/{}, POST /applications/{}/submit, POST /applications/{}/withdraw, GET /cases,
GET /cases/{}, GET /cases/{}/documents, GET /documents/{}, POST /cases/{}/retry, POST /cases/{}/suspend,
POST /cases/{}/resume, GET /experts, GET /tasks, GET /tasks/{}, POST /tasks/{}/claim, POST /tasks/{}/unclaim,
POST /tasks/{}/delegate, PUT /tasks/{}/draft, POST /tasks/{}/complete, POST /tasks/{}/decline,
POST /processes/{}/instances, POST /messages, POST /meetings/{}/items/{}/vote, GET /cases/{}/history,
GET /cases/{}/replay, GET /cases/{}/verify, GET /depository, GET /depository.csv, GET /depository.json,
GET /certificates/{}, GET /definitions, GET /definitions/{}/versions, GET /definitions/{}/versions/{}/xml,
GET /letters, GET /substitutions, POST /substitutions, GET /calendar/{}, POST /calendar
"""


def described(service: Service) -> Any:
    return service.as_(None).get("/openapi.json")


def test_the_description_has_every_promised_route(standing: Service) -> None:
    paths = described(standing)["paths"]
    told = {
        f"{method.upper()} {re.sub(r'{[^}]+}', '{}', path).removeprefix('/api/v1')}"
        for path, item in paths.items()
        for method in item
    }
    assert {route.strip() for route in PROMISED.replace("\n", " ").split(",")} - told == set()
    assert {"GET /healthz", "GET /readyz", "GET /metrics"} <= told


def test_the_description_and_the_service_have_the_same_routes(standing: Service) -> None:
    told = {
        (method.upper(), re.sub(r"{[^}]+}", "{}", path))
        for path, item in described(standing)["paths"].items()
        for method in item
    }
    served = {
        (method, re.sub(r"<[^>]+>", "{}", rule.rule))
        for rule in standing.app.url_map.iter_rules()
        for method in rule.methods or ()
        if rule.rule.startswith("/api/v1/") and method not in {"HEAD", "OPTIONS"}
    }
    handbook = {each for each in served if "openapi" in each[1] or "docs" in each[1]}
    assert served - told == handbook - told
    assert {each for each in told if each[1].startswith("/api/v1/")} - served == set()


def test_the_description_names_answers_and_failures(standing: Service) -> None:
    document = described(standing)
    assert document["openapi"].startswith("3.")
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert operation["summary"], path
            assert any(status.startswith("2") for status in operation["responses"]), (method, path)
    names = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ((None, "GET", "/me", None), 401),
        ((None, "POST", "/tokens", {"login": "chair"}), 422),
        (("secretary", "GET", "/nothing", None), 404),
        (("secretary", "DELETE", "/clock", None), 405),
        (("secretary", "POST", "/clock", {"advance": "P1D"}), 403),
        (("admin", "POST", "/clock", {"advance": 1}), 422),
        (("applicant1", "POST", "/applications", {"level": 5}), 422),
        (("secretary", "GET", "/tasks/nothing", None), 404),
    ],
)
def test_problems_are_rfc_9457(standing: Service, asked: tuple[str | None, str, str, Any], status: int) -> None:
    login, method, path, body = asked
    answer = standing.as_(login).ask(method, path, body)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    told: Any = answer.json
    assert told["status"] == status
    assert re.fullmatch(r"[a-z][a-z0-9_]*", told["type"])
    assert re.search("[а-яё]", told["title"])
    if status == 422:
        for field, messages in told["errors"].items():
            assert isinstance(field, str)
            assert messages
            assert all(isinstance(message, str) and re.search("[а-яё]", message) for message in messages)


@pytest.mark.parametrize(
    ("content", "kind", "statuses"),
    [
        (b"{", "application/json", {400, 422}),
        (b"[]", "application/json", {400, 422}),
        (b"\xff", "application/json", {400, 422}),
        (b"x=1", "application/x-www-form-urlencoded", {415, 422}),
        (b"[" * 5000, "application/json", {400, 413, 422}),
    ],
)
def test_a_body_that_is_no_json_is_refused_politely(
    standing: Service, content: bytes, kind: str, statuses: set[int]
) -> None:
    with standing.app.test_client() as client:
        answer = client.post("/api/v1/tokens", data=content, content_type=kind)
    assert answer.status_code in statuses
    assert answer.content_type == "application/problem+json"


def test_every_list_has_items_and_next(standing: Service) -> None:
    case = standing.case(UNREGISTERED)
    for login, path in (
        ("secretary", "/cases"),
        ("secretary", "/tasks"),
        ("secretary", "/letters"),
        ("secretary", "/substitutions"),
        ("secretary", f"/cases/{case}/documents"),
        ("secretary", f"/cases/{case}/history"),
        ("chair", "/experts"),
        ("applicant1", "/applications"),
        ("analyst1", "/definitions"),
        ("analyst1", "/definitions/certification/versions"),
    ):
        assert {"items", "next"} <= set(standing.as_(login).get(path)), path


def test_definitions_are_read_with_their_drawings(standing: Service) -> None:
    analyst = standing.as_("analyst1")
    keys = [each["key"] for each in analyst.get("/definitions")["items"]]
    assert keys == ["certification", "council_meeting", "meeting_watch", "retention"]
    for key in keys:
        (version,) = analyst.get(f"/definitions/{key}/versions")["items"]
        assert {"author", "released_by", "basis", "effective_from", "hash"} <= set(version)
        assert version["effective_from"] == "2020-02-10"
        assert version["author"] != version["released_by"]
        xml = analyst.ask("GET", f"/definitions/{key}/versions/{version['version']}/xml")
        assert xml.status_code == 200
        assert b"definitions" in xml.data
    analyst.get("/definitions/nothing/versions", 404)
    analyst.get("/definitions/certification/versions/2/xml", 404)


def test_processes_are_started_by_those_who_may(standing: Service) -> None:
    standing.as_("secretary").post("/processes/nothing/instances", {"data": {}}, 404)
    for key in ("certification", "meeting_watch", "retention"):
        for login in ("secretary", "chair", "applicant1", "admin"):
            answer = standing.as_(login).ask("POST", f"/processes/{key}/instances", {"data": {}})
            assert answer.status_code in {403, 404, 422}, (key, login)


def test_the_probes_stand_outside_the_api(standing: Service) -> None:
    visitor = standing.as_(None)
    for path in ("/healthz", "/readyz", "/metrics"):
        assert visitor.ask("GET", f"/{path}").status_code == 200, path
    assert "kes_" in visitor.ask("GET", "//metrics").text


def test_pages_have_a_sign_in_and_one_navigation(standing: Service) -> None:
    visitor = standing.as_(None)
    page = visitor.ask("GET", "//login")
    assert page.status_code == 200
    assert 'name="login"' in page.text
    assert 'name="password"' in page.text
    assert visitor.ask("GET", "//").text.count("<nav") <= 1
