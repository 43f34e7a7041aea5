"""While a hostile drawing runs in another process, everybody else's steps go through, and hardly later than before."""

import statistics
import time
from collections.abc import Iterator
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from tests.durability.crew import CREW, PATIENCE, opened
from tests.durability.hostile import Signals, publish_flood, run_into_it
from tests.engine.house import House


@pytest.fixture
def house(schema_url: str, tmp_path: Path) -> Iterator[House]:
    house = House(schema_url, tmp_path)
    publish_flood(house)
    yield house
    house.runtime.database.close()


def drain(pipe: Connection) -> list[str]:
    """What has been told so far."""
    told = []
    while pipe.poll(0):
        told.append(pipe.recv())
    return told


def steps(house: House, case: str, count: int) -> list[float]:
    """Complete rounds; the seconds each took."""
    found = []
    for _round in range(count):
        began = time.perf_counter()
        house.complete(case, "again")
        found.append(time.perf_counter() - began)
    return found


def test_a_hostile_drawing_stalls_nobody(house: House, pytestconfig: pytest.Config) -> None:
    is_long = pytestconfig.getoption("--soak")
    turns, count = (30, 10) if is_long else (1, 5)
    case = house.start()
    house.runtime.database.close()
    signals = Signals()
    ours, theirs = CREW.Pipe(duplex=False)
    hostile = CREW.Process(target=run_into_it, args=(partial(opened, house.url, house.folder), signals, theirs))
    hostile.start()
    theirs.close()
    quiet: list[float] = []
    loud: list[float] = []
    attacks: list[str] = []
    try:
        for _turn in range(turns):
            quiet += steps(house, case, count)
            signals.goes.set()
            assert ours.poll(PATIENCE), "the hostile drawing never ran"
            attacks += drain(ours)
            loud += steps(house, case, count)
            signals.pause()
            attacks += drain(ours)
    finally:
        signals.stop.set()
        hostile.join(PATIENCE)
        hostile.kill()
        ours.close()
    assert set(attacks) == {"budget_exceeded"}
    assert house.kinds(case).count("task.completed") == len(quiet) + len(loud)
    assert house.verdict(case).is_true
    ratio = statistics.median(loud) / statistics.median(quiet)
    print(f"\nlatency beside a hostile drawing: {ratio:.2f} of the quiet one, {len(attacks)} attacks")  # noqa: T201
    if is_long:
        assert ratio < 1.2
