"""PostgreSQL crashes, connections are cut, even after COMMIT was sent: each acknowledged act is there exactly once.

People repeat what they got no answer to, with the same idempotency key; what they are told meanwhile is 503 and when to
come back.
"""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from engine import cases
from engine.clock import wall
from handlers.accounts import access, records
from handlers.api.fields import Anything, Body
from handlers.api.routes import Door, Routes, register
from handlers.auth import SIGNED_IN
from handlers.context import Context
from handlers.errors import install_errors
from handlers.settings import read_settings
from handlers.shell import make_shell
from tests.durability.crew import PATIENCE, WallHouse, opened, stuck_or_false
from tests.durability.load import AWAY, Crew, go_rounds_with_keys, lost_or_doubled
from tests.durability.proxy import CuttingProxy
from tests.durability.server import MortalServer
from tests.engine.house import CLERK, House
from tests.postgres import new_home
from tests.schema import create_tables

#: Seconds in which the service must be back after its database is (I8), on a machine that does nothing else.
RECOVERY = 30


@pytest.fixture
def recovery(pytestconfig: pytest.Config) -> float:
    """How long (seconds) nothing may be acknowledged: the promise in the long run, else what a busy machine needs."""
    return RECOVERY if pytestconfig.getoption("--soak") else PATIENCE


@pytest.fixture
def home() -> Iterator[Path]:
    home = new_home()
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def server(home: Path) -> Iterator[MortalServer]:
    server = MortalServer(home)
    create_tables(server.url)
    yield server
    server.stop()


@pytest.fixture
def house(server: MortalServer, tmp_path: Path) -> Iterator[House]:
    house = WallHouse(server.url, tmp_path)
    yield house
    house.runtime.database.close()


def crew_of(house: House, url: str, subjects: list[str]) -> Crew:
    """People who repeat, at three desks."""
    house.runtime.database.close()
    return Crew(partial(opened, url, house.folder, WallHouse), go_rounds_with_keys, subjects, 3)


def judge(house: House, told: Any, subjects: list[str]) -> None:
    """Nothing lost, nothing twice, every case true."""
    assert lost_or_doubled(house, told) == []
    for case in subjects:
        assert stuck_or_false(house, case) == []


def test_crashes_of_the_server_lose_nothing_and_repeat_nothing(
    server: MortalServer, house: House, recovery: float, pytestconfig: pytest.Config
) -> None:
    restarts = 60 if pytestconfig.getoption("--soak") else 3
    subjects = [house.start() for _ in range(5)]
    crew = crew_of(house, server.url, subjects)
    try:
        for _restart in range(restarts):
            crew.hear(10, recovery)
            server.restart()
        crew.hear(10, recovery)
        told = crew.finish()
    finally:
        crew.dismiss()
    judge(house, told, subjects)


def test_connections_ended_by_the_server_are_replaced_unseen(
    server: MortalServer, house: House, recovery: float, pytestconfig: pytest.Config
) -> None:
    cuts = 200 if pytestconfig.getoption("--soak") else 8
    subjects = [house.start() for _ in range(5)]
    crew = crew_of(house, server.url, subjects)
    try:
        ended = 0
        for _cut in range(cuts):
            crew.hear(5, recovery)
            ended += server.cut_everybody()
        crew.hear(5, recovery)
        told = crew.finish()
    finally:
        crew.dismiss()
    assert ended >= cuts
    judge(house, told, subjects)


def test_a_commit_that_nobody_heard_of_is_found_by_its_key(
    server: MortalServer, house: House, home: Path, recovery: float, pytestconfig: pytest.Config
) -> None:
    count = 3_000 if pytestconfig.getoption("--soak") else 120
    subjects = [house.start() for _ in range(5)]
    proxy = CuttingProxy(home / "proxy", server.socket, every=5)
    try:
        crew = crew_of(house, server.url_through(home / "proxy"), subjects)
        try:
            crew.hear(count, recovery)
            told = crew.finish()
        finally:
            crew.dismiss()
    finally:
        proxy.close()
    assert proxy.cuts >= count // 10
    assert told[AWAY] >= proxy.cuts // 4, "cuts after COMMIT must be told, not hidden"
    judge(house, told, subjects)


class Data(Body):
    """What the route takes."""

    data = Anything(load_default=dict)


def door_of(house: House, folder: Path) -> tuple[Flask, Context]:
    """A door in front of the house: one route that completes the open task of a case, and one that shows the case."""
    settings = read_settings({"KES_DATA_DIR": str(folder), "KES_DEMO": "1", "KES_CLOCK": "virtual"})
    context = Context(house.runtime, settings, lambda _tx, _login: CLERK)
    routes = Routes("Проба")

    @routes.post("/rounds/<task>", SIGNED_IN, "Круг", body=Data(), keyed=True)
    def go_round(door: Door, task: str) -> Any:
        done = {"result": "again", "remark": "круг"}
        return door.perform(lambda tx: {"case": cases.complete(tx, task, done, actor=CLERK).case["id"]})

    @routes.get("/standing/<case>", SIGNED_IN, "Дело")
    def show(_door: Door, case: str) -> Any:
        return {"at": house.case(case)["at"]}

    app = make_shell(context)
    install_errors(app)
    register(app, context, list(routes.items))
    return app, context


def test_while_the_server_is_down_a_person_is_told_when_to_come_back(
    server: MortalServer, house: House, tmp_path: Path
) -> None:
    case = house.start()
    task = house.task(case)["id"]
    app, context = door_of(house, tmp_path)
    with context.runtime.database.write() as connection:
        records.put_credential(connection, "olga", "no password opens this", wall())
        token = access.issue_token(connection, "olga", at=wall())[0]
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k1"}
    client = app.test_client()
    server.die()
    for answer in (
        client.post(f"/api/v1/rounds/{task}", json={}, headers=headers),
        client.get(f"/api/v1/standing/{case}", headers=headers),
    ):
        assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
        assert answer.json is not None
        assert (answer.json["type"], answer.json["status"]) == ("unavailable", 503)
        assert int(answer.headers["Retry-After"]) > 0
        assert "Traceback" not in answer.text
        assert "psycopg" not in answer.text
    server.restart()
    again = client.post(f"/api/v1/rounds/{task}", json={}, headers=headers)
    assert (again.status_code, again.json) == (200, {"case": case})
    replay = client.post(f"/api/v1/rounds/{task}", json={}, headers=headers)
    assert replay.data == again.data
    assert house.kinds(case).count("task.completed") == 1


def test_a_connection_that_died_while_it_rested_is_replaced_before_anybody_gets_it(
    server: MortalServer, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = house.start()
    for rest in (3_600.0, 0.0):
        monkeypatch.setattr("engine.database._REST", rest)
        assert house.case(case)["at"] == ["check"]
        server.cut_everybody()
        assert house.case(case)["at"] == ["check"], rest
