"""Kill -9 of processes under load: what was acknowledged is there once, nothing is there twice, no case is stuck."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.clock import wall
from engine.records.tables import timer
from tests.durability.crew import WallHouse, opened, stuck_or_false
from tests.durability.load import Crew, fire_timers, go_rounds, lost_or_doubled
from tests.engine.house import House


@pytest.fixture
def house(schema_url: str, tmp_path: Path) -> Iterator[House]:
    house = WallHouse(schema_url, tmp_path)
    yield house
    house.runtime.database.close()


def crew_of(house: House, work: object, subjects: list[str], size: int) -> Crew:
    """Workers on the database of a house that has let go of it."""
    house.runtime.database.close()
    return Crew(partial(opened, house.url, house.folder, WallHouse), work, subjects, size)  # type: ignore[arg-type]


def test_killed_workers_lose_nothing_and_repeat_nothing(house: House, pytestconfig: pytest.Config) -> None:
    kills, acts = (250, 12) if pytestconfig.getoption("--soak") else (6, 6)
    subjects = [house.start() for _ in range(5)]
    crew = crew_of(house, go_rounds, subjects, 3)
    try:
        for number in range(kills):
            crew.hear(acts + number * 5 % 7)
            crew.kill(number)
        crew.hear(acts)
        told = crew.finish()
    finally:
        crew.dismiss()
    assert len(told) >= kills * acts
    assert lost_or_doubled(house, told) == []
    for case in subjects:
        assert stuck_or_false(house, case) == []


def test_four_tickers_some_of_them_killed_fire_each_timer_once_and_none_early(
    house: House, pytestconfig: pytest.Config
) -> None:
    count, kills = (1_000, 60) if pytestconfig.getoption("--soak") else (60, 5)
    subjects = [house.start() for _ in range(count)]
    early = subjects[::10]
    put_back(house, set(early))
    crew = crew_of(house, fire_timers, subjects, 4)
    try:
        for number in range(kills):
            crew.hear(2 * count // (kills + 2))
            crew.kill(number)
        told = crew.finish()
    finally:
        crew.dismiss()
    assert max(told.values()) == 1
    for case in subjects:
        fired = [(f["element"], f["data"]["due"], f["at"]) for f in house.facts(case) if f["kind"] == "timer.fired"]
        assert [element for element, _due, _at in fired] == ([] if case in early else ["check_soon", "check_due"])
        assert all(at >= due for _element, due, at in fired)
        assert stuck_or_false(house, case) == []
    assert Counter(told).keys() <= {f"{c} {e}" for c in subjects for e in ("check_soon", "check_due")}


def put_back(house: House, early: set[str]) -> None:
    """Let reminders have fallen due two hours ago and terms one hour ago, but for the cases named: those have time."""
    with house.runtime.transaction() as tx:
        for element, hours in (("check_soon", 2), ("check_due", 1)):
            due = wall() - timedelta(hours=hours)
            chosen = sa.update(timer).where(timer.c.element == element, timer.c.case.not_in(early))
            tx.connection.execute(chosen.values(due=due))
