"""What stands around a step: timers that fall due, the door over HTTP, histories verified, the memory of a process."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, Final
from uuid import uuid4

import orjson
import sqlalchemy as sa
import waitress

from bench.databases import Databases
from bench.house import PERSON, House, Running
from bench.ledger import Ledger
from bench.rounds import ROOT, Worker
from bench.story import SCENES, SMALL, Scene, form_of
from engine import cases, history
from engine.clock import wall
from engine.records.tables import timer
from engine.ticks import tick
from handlers.accounts import access, records
from handlers.app import create_app
from handlers.settings import read_settings

_PAST: Final = datetime(2026, 1, 12, tzinfo=UTC)
_OLDEST: Final = 'SELECT id, "case" FROM l_timer WHERE due <= ? ORDER BY due LIMIT 1'
_FIRED: Final = "DELETE FROM l_timer WHERE id = ?"
_REVISED: Final = "UPDATE l_case SET revision = revision + 1 WHERE id = ? RETURNING revision"
_NOTED: Final = "INSERT INTO l_history VALUES (?, ?, 'fired', ?)"


def begun(house: House, scenes: int) -> Running:
    """A case with its first scenes played."""
    case = house.start(str(uuid4()))
    house.look(case)
    for scene in SCENES[:scenes]:
        house.complete(case, scene, form_of(scene, SMALL, str(uuid4())))
    return case


def timers(databases: Databases, count: int) -> Iterator[str]:
    """Due timers drained, three of each of `count` cases: the loop of the same durable commits, and ours."""
    house, ledger = House(databases.new()), Ledger(databases.new())
    by_hand, ours = _drain_by_hand(ledger, count), _drain(house, count)
    house.close()
    ledger.close()
    yield f"| {3 * count:,} due timers, drained by one process | timers a second, of the loop's |"
    yield "|---|---|"
    yield "| loop by hand | 1 |"
    yield f"| engine | 1/{ours / by_hand:.1f} |"


def _drain(house: House, count: int) -> float:
    for _case in range(count):
        begun(house, 2)
    with house.runtime.transaction() as tx:
        tx.connection.execute(sa.update(timer).where(timer.c.element == "assess_long").values(due=_PAST))
    began = perf_counter()
    fired = tick(house.runtime)
    spent = perf_counter() - began
    if fired != 3 * count:
        raise RuntimeError(f"{fired} timers fired instead of {3 * count}")
    return spent


def _drain_by_hand(ledger: Ledger, count: int) -> float:
    ledger.begin()
    for number in range(count):
        case = ledger.begin_case(str(number))
        for scene in SCENES[:2]:
            ledger.write(case, scene, {})
    ledger.commit()
    began, fired = perf_counter(), 0
    while True:
        ledger.begin()
        found = ledger.say(_OLDEST, ("2200-01-01",)).fetchone()
        if found is None:
            ledger.commit()
            break
        ledger.say(_FIRED, (found[0],))
        revision = ledger.say(_REVISED, (found[1],)).fetchone()[0]
        ledger.say(_NOTED, (found[1], 1_000 + revision, "{}"))
        ledger.commit()
        fired += 1
    if fired != 3 * count:
        raise RuntimeError(f"{fired} timers fired by hand instead of {3 * count}")
    return perf_counter() - began


def over_http(databases: Databases, rounds: int) -> Iterator[str]:
    """A step through the served API - sign-in, rights, form, JSON - beside the same step at the engine's door."""
    house = House(databases.new())
    plain: list[float] = []
    served: list[float] = []
    with TemporaryDirectory(prefix="kes-bench-") as folder:
        settings = read_settings({"KES_DATA_DIR": folder, "KES_DEMO": "1", "KES_CLOCK": "virtual"})
        app = create_app(settings, house.runtime, lambda _tx, _login: PERSON)
        with house.runtime.transaction() as tx:
            records.put_credential(tx.connection, PERSON.login, "no password opens this", wall())
            token = access.issue_token(tx.connection, PERSON.login, at=wall())[0]
        server = waitress.create_server(app, host="127.0.0.1", port=0, threads=2)
        # It goes with the process: closing it from outside would tear its loop apart.
        threading.Thread(target=server.run, daemon=True).start()
        client = Worker("bench.calling", str(server.effective_port), token)
        try:
            for _round in range(rounds + 1):
                plain += _play(house, lambda case, scene, form: _timed(house, case, scene, form))
                served += _play(house, lambda case, scene, form: _posted(client, case, scene, form))
        finally:
            client.close()
    house.close()
    steps = len(SCENES)
    yield "| a step | of the step itself |"
    yield "|---|---|"
    yield "| at the engine's door | 1 |"
    yield f"| over HTTP, one client | {median(served[steps:]) / median(plain[steps:]):.2f} × |"


def _play(house: House, complete: Callable[[Running, Scene, Mapping[str, Any]], float]) -> list[float]:
    case, spent = house.start(str(uuid4())), []
    for scene in SCENES:
        house.look(case)
        spent.append(complete(case, scene, form_of(scene, SMALL, str(uuid4()))))
    return spent


def _timed(house: House, case: Running, scene: Scene, form: Mapping[str, Any]) -> float:
    began = perf_counter()
    house.complete(case, scene, form)
    return perf_counter() - began


def _posted(client: Worker, case: Running, scene: Scene, form: Mapping[str, Any]) -> float:
    """Complete a task over HTTP; seconds. Raises RuntimeError for any other answer than 200."""
    task = case.open[scene.element].pop(0)
    client.order({"path": f"/api/v1/tasks/{task}/complete", "body": {"data": form}})
    return float(client.answer()["seconds"])


def verified(databases: Databases, count: int) -> Iterator[str]:
    """Whole cases re-executed from their histories, by one process."""
    house = House(databases.new())
    played = [begun(house, len(SCENES)).id for _case in range(count)]
    facts, began, spent = 0, perf_counter(), process_time()
    with house.runtime.reading() as tx:
        for identity in played:
            verdict = history.verify(tx, cases.get_case(tx, identity, PERSON))
            if not verdict.is_true:
                raise RuntimeError(str(verdict.differences))
            facts += verdict.events
    own, passed = process_time() - spent, perf_counter() - began
    house.close()
    yield f"| {count} cases of {facts // count} facts, verified | cases a minute | facts a second |"
    yield "|---|---|---|"
    yield f"| by the wall | {60 * count / passed:,.0f} | {facts / passed:,.0f} |"
    yield f"| of processor time | {60 * count / own:,.0f} | {facts / own:,.0f} |"


def memory(databases: Databases, count: int) -> Iterator[str]:
    """What a process takes once it has begun, after so many cases, and after as many again."""
    told = subprocess.run(
        [sys.executable, "-m", "bench.touching", databases.new(), str(count)], cwd=ROOT, check=True, capture_output=True
    )
    begin, once, twice = orjson.loads(told.stdout)
    yield "| memory of a process | MB |"
    yield "|---|---|"
    yield f"| with the procedure read, one case played | {begin:.0f} |"
    yield f"| after {count:,} cases | {once:.0f} |"
    yield f"| after {2 * count:,} cases | {twice:.0f} |"
