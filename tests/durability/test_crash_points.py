"""A kill at every commit, file write and send: after a restart nothing is lost and nothing happens twice.

Each point is taken in a process of its own, forked from this one; the story is then told to its end and judged. Leases
of letters are ended by hand where a crash left one, as time would.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.faults import arm
from engine.records.tables import outbox
from tests.durability.killer import KILLED, die_at, run_in_child
from tests.durability.story import faults_of, tell
from tests.engine.house import House


def told(url: str, folder: Path, killed_at: int | None, *, is_new: bool) -> int:
    """Tell the story in a child, killed at its k-th point; 0 where it came to its end."""

    def work() -> None:
        house = House(url, folder, is_new=is_new)
        with house.runtime.transaction() as tx:
            tx.connection.execute(outbox.update(), {"next_at": tx.wall})
        arm(die_at(killed_at) if killed_at else None)
        tell(house, folder)

    return run_in_child(work)


def judge(url: str, folder: Path) -> list[str]:
    """What is wrong after the story, told to its end."""
    house = House(url, folder, is_new=False)
    try:
        return faults_of(house, folder)
    finally:
        house.runtime.database.close()


@pytest.fixture
def fresh(schema_url: str, tmp_path: Path) -> Callable[[], tuple[str, Path]]:
    """Databases in the state before the story: all rows of the one given are taken out again."""
    engine = sa.create_engine(schema_url)
    number = 0

    def make() -> tuple[str, Path]:
        nonlocal number
        number += 1
        with engine.begin() as connection:
            clear(connection)
        engine.dispose()
        folder = tmp_path / str(number)
        folder.mkdir()
        return schema_url, folder

    return make


def clear(connection: sa.Connection) -> None:
    """Empty every table; the guards of the history are set aside for it."""
    from engine.database import METADATA

    tables = [t for t in METADATA.sorted_tables if sa.inspect(connection).has_table(t.name)]
    if connection.dialect.name == "postgresql":
        names = ", ".join(f'"{t.name}"' for t in tables)
        connection.execute(sa.text("SET LOCAL session_replication_role = 'replica'"))
        connection.execute(sa.text(f"TRUNCATE {names} CASCADE"))
        return
    triggers = connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _sql in triggers:
        connection.execute(sa.text(f'DROP TRIGGER "{name}"'))
    for table in reversed(tables):
        connection.execute(table.delete())
    for _name, sql in triggers:
        connection.exec_driver_sql(sql)


def test_a_kill_at_every_point_loses_nothing_and_repeats_nothing(
    fresh: Callable[[], tuple[str, Path]], pytestconfig: pytest.Config
) -> None:
    step = 1 if pytestconfig.getoption("--soak") else 11
    point, taken = 1, 0
    while True:
        url, folder = fresh()
        if told(url, folder, point, is_new=True) == 0:
            break
        taken += 1
        assert told(url, folder, None, is_new=False) == 0, f"no recovery from point {point}"
        assert judge(url, folder) == [], f"after a kill at point {point}"
        point += step
    assert taken * step >= 75, f"only {taken} points were taken"


def test_a_second_kill_during_recovery_loses_nothing(fresh: Callable[[], tuple[str, Path]]) -> None:
    for first, second in [(3, 1), (11, 2), (25, 3), (40, 5), (61, 2)]:
        url, folder = fresh()
        assert told(url, folder, first, is_new=True) == KILLED
        assert told(url, folder, second, is_new=False) == KILLED
        assert told(url, folder, None, is_new=False) == 0
        assert judge(url, folder) == [], f"after kills at {first} and {second}"
