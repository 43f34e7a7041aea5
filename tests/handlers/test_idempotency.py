from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine.clock import wall
from engine.errors import ConflictError
from engine.records import settings as kept
from engine.records.tables import idempotency
from engine.runtime import Transaction
from handlers.api.fields import Anything, Body
from handlers.api.routes import Door, Routes
from handlers.auth import SIGNED_IN
from handlers.idempotency import alone, read_key
from handlers.records import keep_key
from tests.handlers.web import Web


class Data(Body):
    data = Anything(load_default=dict)


def make_routes() -> Routes:
    routes = Routes("Проба")

    @routes.post("/count", SIGNED_IN, "Посчитать", body=Data(), status=201, keyed=True)
    def count(door: Door) -> Any:
        def act(tx: Transaction) -> dict[str, int]:
            number = int(kept.read_all(tx.connection).get("count", 0)) + 1
            kept.write(tx.connection, "count", number)
            if door.body["data"].get("refuse"):
                raise ConflictError("Сейчас нельзя.")
            return {"count": number}

        return door.perform(act)

    @routes.post("/late", SIGNED_IN, "Опоздать", body=Data(), status=201, keyed=True)
    def late(door: Door) -> Any:
        def act(tx: Transaction) -> None:
            key = read_key("chair", "k1", method="POST", path="/api/v1/late", body=door.body)
            answer = {"status": 201, "body": '{"count":7}', "created_at": tx.wall}
            with door.context.runtime.transaction() as first:  # the same request, sent to another process
                keep_key(first.writes, {"login": key.login, "key": key.key, "request": key.request, **answer})
            kept.write(tx.connection, "late", 1)
            if door.body["data"].get("refuse"):
                raise ConflictError("Уже сделано.")

        return door.perform(act)

    @routes.post("/other", SIGNED_IN, "Другое", body=Data(), keyed=True)
    def other(door: Door) -> Any:
        return door.perform(lambda _tx: {"count": -1})

    return routes


@pytest.fixture
def web(make_web: Callable[..., Web]) -> Web:
    return make_web(make_routes())


def send(web: Web, login: str, key: str | None, path: str = "count", **data: Any) -> Any:
    headers = web.headers(login) if key is None else web.headers(login, **{"Idempotency-Key": key})
    return web.client().post(f"/api/v1/{path}", json={"data": data}, headers=headers)


def test_the_same_key_again_gives_the_same_answer_and_changes_nothing(web: Web) -> None:
    first, second = send(web, "chair", "k1"), send(web, "chair", "k1")
    assert (first.status_code, first.data) == (201, b'{"count":1}')
    assert (second.status_code, second.data, second.content_type) == (201, first.data, first.content_type)
    assert send(web, "chair", "k2").json == {"count": 2}
    assert send(web, "chair", None).json == {"count": 3}


def test_a_key_belongs_to_one_person(web: Web) -> None:
    assert send(web, "chair", "k1").json == {"count": 1}
    assert send(web, "secretary", "k1").json == {"count": 2}


def test_a_key_used_for_another_body_or_path_is_422(web: Web) -> None:
    send(web, "chair", "k1")
    for answer in (send(web, "chair", "k1", note="other"), send(web, "chair", "k1", "other")):
        assert (answer.status_code, answer.json["type"]) == (422, "key_reused")


def test_a_request_is_the_same_whatever_the_order_of_its_names() -> None:
    bodies: list[dict[str, Any]] = [
        {"data": {"a": "ё", "b": [1, None]}, "x": 1},
        {"x": 1, "data": {"b": [1, None], "a": "ё"}},
    ]
    one, other = (read_key("chair", "k1", method="POST", path="/", body=body) for body in bodies)
    assert one == other
    assert read_key("chair", "k1", method="POST", path="/", body={**bodies[0], "x": 2}) != one


def test_a_refusal_leaves_neither_act_nor_key(web: Web) -> None:
    assert send(web, "chair", "k1", refuse=True).status_code == 409
    assert send(web, "chair", "k1").json == {"count": 1}


def test_while_the_first_one_runs_the_second_is_told_to_come_back(web: Web) -> None:
    headers = web.headers("chair", **{"Idempotency-Key": "k1"})
    with alone(read_key("chair", "k1", method="POST", path="/api/v1/count", body={})):
        answer = web.client().post("/api/v1/count", json={}, headers=headers)
    assert answer.json is not None
    assert (answer.status_code, answer.json["type"], answer.headers["Retry-After"]) == (409, "in_progress", "1")


def test_keys_are_kept_for_thirty_days_and_go_with_the_next_sign_in(web: Web) -> None:
    for key, days in (("old", 31), ("new", 29)):
        assert send(web, "chair", key, "other").status_code == 200
        with web.context.runtime.database.write() as connection:
            of_key = sa.update(idempotency).where(idempotency.c.key == key)
            connection.execute(of_key.values(created_at=wall() - timedelta(days=days)))
    web.token("secretary")
    with web.context.runtime.database.read() as connection:
        assert connection.execute(sa.select(idempotency.c.key)).scalars().all() == ["new"]


@pytest.mark.parametrize("refuse", [True, False])
def test_who_comes_while_the_same_request_is_kept_gets_its_answer_and_changes_nothing(web: Web, refuse: bool) -> None:
    answer = send(web, "chair", "k1", "late", refuse=refuse)
    assert (answer.status_code, answer.json) == (201, {"count": 7})
    with web.context.runtime.reading() as tx:
        assert "late" not in tx.settings


@pytest.mark.parametrize("key", ["", "k" * 201, "ключ"])
def test_a_key_is_short_printable_latin(web: Web, key: str) -> None:
    headers = web.headers("chair")
    headers["Idempotency-Key"] = key.encode().decode("latin-1")
    assert web.client().post("/api/v1/count", json={}, headers=headers).status_code == 422
