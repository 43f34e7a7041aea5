from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
import sqlalchemy as sa
from prometheus_client import generate_latest
from structlog.testing import capture_logs

from engine.clock import wall
from engine.errors import ConflictError, InvalidError, NotFoundError, StepFailedError
from handlers.accounts import access, begin_session
from handlers.accounts.access import find_session
from handlers.api.fields import Body, Number, Text, Whole
from handlers.api.routes import Door, Routes
from handlers.auth import ADMIN, COOKIE, PUBLIC, SIGNED_IN, SIGNED_IN_OR_PEER
from handlers.security import JSON_LIMIT
from tests.handlers.web import Web

MakeWeb = Callable[..., Web]


class Query(Body):
    limit = Number(least=1, most=10, load_default=5)


class Echo(Body):
    text = Text(required=True, longest=20)
    count = Whole(least=0, most=9)


ERRORS: dict[str, Exception] = {
    "missing": NotFoundError("Такого дела нет."),
    "held": ConflictError("Задачу выполняет другой участник.", slug="held", by={"login": "chair"}),
    "invalid": InvalidError(errors={"marks.T17": ["Отметьте строку."]}),
    "failed": StepFailedError("Шаг не выполнен."),
    "bug": ValueError("the inside of the house"),
}


def make_routes() -> Routes:
    routes = Routes("Проба")

    @routes.get("/open", PUBLIC, "Открыто", query=Query())
    def show_open(door: Door) -> Any:
        return door.query

    @routes.get("/numbered/<int:number>", PUBLIC, "По номеру")
    def show_numbered(_door: Door, number: int) -> Any:
        return {"number": number}

    @routes.get("/linked/<secret>", PUBLIC, "По ссылке")
    def show_linked(door: Door, secret: str) -> Any:
        with door.context.runtime.database.read() as connection:
            connection.execute(sa.text("SELECT * FROM nowhere WHERE name = :name"), {"name": f"{secret} Иванова"})

    @routes.get("/mine", SIGNED_IN, "Для вошедших")
    def show_mine(door: Door) -> Any:
        return {"login": door.actor.login}

    @routes.post("/echo", SIGNED_IN, "Повторить", body=Echo())
    def echo(door: Door) -> Any:
        return door.body

    @routes.post("/admin", ADMIN, "Для администратора")
    def administer(door: Door) -> Any:
        return {"login": door.actor.login}

    @routes.get("/peer", SIGNED_IN_OR_PEER, "И для систем")
    def show_peer(door: Door) -> Any:
        return {"scopes": sorted(door.actor.scopes)}

    @routes.post("/fail/<kind>", PUBLIC, "Сорвать")
    def raise_error(door: Door, kind: str) -> Any:
        raise ERRORS[kind]

    return routes


@pytest.fixture
def web(make_web: MakeWeb) -> Web:
    return make_web(make_routes())


def problem(response: Any) -> dict[str, Any]:
    assert response.content_type == "application/problem+json"
    told: dict[str, Any] = response.json
    assert told["status"] == response.status_code
    return told


def test_nobody_passes_without_a_token_and_is_told_how(web: Web) -> None:
    answer = web.client().get("/api/v1/mine")
    assert problem(answer)["type"] == "unauthorized"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Bearer nothing", "Basic YTpi", "Bearer", "nothing"])
def test_a_false_token_is_401_even_where_the_door_is_open(web: Web, header: str) -> None:
    assert web.client().get("/api/v1/open", headers={"Authorization": header}).status_code == 401


def test_a_token_says_who_asks(web: Web) -> None:
    assert web.client().get("/api/v1/mine", headers=web.headers("chair")).json == {"login": "chair"}


def test_a_role_that_one_does_not_hold_is_403(web: Web) -> None:
    assert problem(web.client().post("/api/v1/admin", headers=web.headers("chair")))["type"] == "forbidden"
    assert web.client().post("/api/v1/admin", headers=web.headers("admin")).status_code == 200


def test_an_integration_enters_only_doors_that_are_open_to_it(web: Web) -> None:
    with web.context.runtime.database.write() as connection:
        token = access.issue_integration_token(connection, "peer", ["messages"], at=wall())
    headers = {"Authorization": f"Bearer {token}"}
    assert web.client().get("/api/v1/peer", headers=headers).json == {"scopes": ["messages"]}
    assert web.client().get("/api/v1/mine", headers=headers).status_code == 403


def test_a_view_that_declares_nothing_is_closed_to_all(web: Web) -> None:
    web.app.add_url_rule("/api/v1/forgotten", view_func=lambda: "open")
    assert web.client().get("/api/v1/forgotten", headers=web.headers("admin")).status_code == 403


@pytest.mark.parametrize(
    ("kind", "status", "slug"),
    [
        ("missing", 404, "not_found"),
        ("held", 409, "held"),
        ("invalid", 422, "invalid"),
        ("failed", 409, "incident"),
        ("bug", 500, "internal"),
    ],
)
def test_each_cause_has_its_status_and_slug(web: Web, kind: str, status: int, slug: str) -> None:
    answer = web.client().post(f"/api/v1/fail/{kind}")
    assert (answer.status_code, problem(answer)["type"]) == (status, slug)
    assert "inside" not in answer.text


def test_a_log_names_neither_the_secret_of_an_address_nor_the_values_of_a_statement(web: Web) -> None:
    with capture_logs() as lines:
        assert web.client().get("/api/v1/linked/key").status_code == 500
    (line,) = lines
    assert line["path"] == "/api/v1/linked/…"
    assert "nowhere" in str(line["exc_info"])
    assert "Иванова" not in str(line["exc_info"])


def test_field_errors_and_data_of_a_cause_are_told(web: Web) -> None:
    assert problem(web.client().post("/api/v1/fail/invalid"))["errors"] == {"marks.T17": ["Отметьте строку."]}
    assert problem(web.client().post("/api/v1/fail/held"))["by"] == {"login": "chair"}


@pytest.mark.parametrize(
    ("method", "path", "status", "slug"),
    [
        ("GET", "/api/v1/nowhere", 404, "not_found"),
        ("PUT", "/api/v1/echo", 405, "method_not_allowed"),
    ],
)
def test_http_itself_refuses_in_the_same_form(web: Web, method: str, path: str, status: int, slug: str) -> None:
    answer = web.client().open(path, method=method, headers=web.headers("chair"))
    assert (answer.status_code, problem(answer)["type"]) == (status, slug)


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"text": ["Заполните поле."]}),
        ({"text": None}, {"text": ["Поле не может быть пустым."]}),
        ({"text": 1}, {"text": ["Нужна строка."]}),
        ({"text": "a" * 21}, {"text": ["Не длиннее 20 знаков."]}),
        ({"text": "a", "more": 1}, {"more": ["Неизвестное поле."]}),
        ({"text": "a", "count": "1"}, {"count": ["Нужно целое число."]}),
        ({"text": "a", "count": 1.9}, {"count": ["Нужно целое число."]}),
        ({"text": "a", "count": 1.0}, {"count": ["Нужно целое число."]}),
        ({"text": "a", "count": True}, {"count": ["Нужно целое число."]}),
        ({"text": "a", "count": 10**40}, {"count": ["Нужно целое число."]}),
        ({"text": "a", "count": 10}, {"count": ["Целое число от 0 до 9."]}),
    ],
)
def test_unknown_keys_and_wrong_types_are_422_and_nothing_is_converted(web: Web, body: Any, errors: Any) -> None:
    answer = web.client().post("/api/v1/echo", json=body, headers=web.headers("chair"))
    assert answer.status_code == 422
    assert problem(answer)["errors"] == errors


@pytest.mark.parametrize("body", [[], "text", 1, None])
def test_a_body_that_is_no_object_is_422(web: Web, body: Any) -> None:
    assert web.client().post("/api/v1/echo", json=body, headers=web.headers("chair")).status_code == 422


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b'{"text": "a"}', "text/plain", 415),
        (b"text=a", "application/x-www-form-urlencoded", 415),
        (b"{", "application/json", 400),
        ('{"text": "ё"}'.encode("utf-16"), "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"text": "a\\u0000b"}', "application/json", 422),
        (b'{"text": "' + b"a" * JSON_LIMIT + b'"}', "application/json", 413),
        (b'{"text": ' + b'{"a":' * 40 + b"1" + b"}" * 41, "application/json", 422),
    ],
)
def test_a_hostile_body_is_refused(web: Web, content: bytes, kind: str, status: int) -> None:
    answer = web.client().post("/api/v1/echo", data=content, content_type=kind, headers=web.headers("chair"))
    assert answer.status_code == status
    problem(answer)


@pytest.mark.parametrize("query", ["limit=0", "limit=11", "limit=x", "limit=1&limit=2", "limit=-1", "limits=1"])
def test_a_bad_query_is_422(web: Web, query: str) -> None:
    assert web.client().get(f"/api/v1/open?{query}").status_code == 422


def test_a_query_has_defaults(web: Web) -> None:
    assert web.client().get("/api/v1/open").json == {"limit": 5}
    assert web.client().get("/api/v1/open?limit=7").json == {"limit": 7}


@pytest.mark.parametrize(("number", "status"), [("2147483647", 200), ("2147483648", 404), ("9" * 40, 404)])
def test_a_number_that_no_column_holds_is_nowhere(web: Web, number: str, status: int) -> None:
    assert web.client().get(f"/api/v1/numbered/{number}").status_code == status


def test_a_nul_in_an_address_is_refused(web: Web) -> None:
    assert web.client().get("/api/v1/open?limit=%00").status_code == 400


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.example", 400),
        ("localhost:8123", 200),
        ("LocalHost:8123", 200),
        ("localhost:0x", 400),
        ("[::1]:8123", 200),
        ("[::2]", 400),
    ],
)
def test_only_the_services_own_host_is_answered_however_often(web: Web, host: str, status: int) -> None:
    for _again in range(2):
        assert web.client().get("/api/v1/open", headers={"Host": host}).status_code == status
        assert web.client().get("/api/v1/open").status_code == 200


def test_who_sends_a_request_is_asked_each_time_and_in_one_statement(web: Web) -> None:
    client, headers, said = web.client(), web.headers("chair"), []
    sa.event.listen(web.context.runtime.database.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    assert client.get("/api/v1/mine", headers=headers).status_code == 200
    assert len(said) == 1, said
    with web.context.runtime.database.write() as connection:
        access.disable_user(connection, "chair")
    assert client.get("/api/v1/mine", headers=headers).status_code == 401


def test_a_method_that_http_does_not_know_makes_no_new_figure(web: Web) -> None:
    for method in ("BREW", "STEEP"):
        assert web.client().open("/api/v1/open", method=method).status_code == 405
    told = generate_latest(web.context.figures.registry).decode()
    assert 'kes_requests_total{endpoint="none",method="other",status="405"} 2.0' in told


def test_every_answer_carries_the_headers_that_guard_a_browser(web: Web) -> None:
    headers = web.client().get("/api/v1/mine").headers
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def sign_in_by_cookie(web: Web, login: str) -> tuple[Any, str]:
    secret = begin_session(web.context, login)
    with web.context.runtime.database.read() as connection:
        session = find_session(connection, secret, at=wall())
    assert session is not None
    client = web.client()
    client.set_cookie(COOKIE, secret)
    return client, session.csrf


def test_a_session_needs_its_csrf_token_for_every_change(web: Web) -> None:
    client, csrf = sign_in_by_cookie(web, "chair")
    assert client.get("/api/v1/mine").json == {"login": "chair"}
    assert problem(client.post("/api/v1/echo", json={"text": "a"}))["type"] == "csrf"
    assert client.post("/api/v1/echo", json={"text": "a"}, headers={"X-CSRF-Token": "x"}).status_code == 403
    assert client.post("/api/v1/echo", json={"text": "a"}, headers={"X-CSRF-Token": csrf}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_another_site_changes_nothing_whatever_it_knows(web: Web, headers: dict[str, str]) -> None:
    client, csrf = sign_in_by_cookie(web, "chair")
    answer = client.post("/api/v1/echo", json={"text": "a"}, headers={"X-CSRF-Token": csrf, **headers})
    assert answer.status_code == HTTPStatus.FORBIDDEN


def test_an_unknown_cookie_is_nobody(web: Web) -> None:
    client = web.client()
    client.set_cookie(COOKIE, "nothing")
    assert client.get("/api/v1/open").status_code == 200
    assert client.get("/api/v1/mine").status_code == 401
