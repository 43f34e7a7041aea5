"""A long history: read once and in parts, every kind of damage found at its number, a case replayed by its own rows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine import cases, history
from engine.doors import perform
from engine.facts import Fact, Text
from tests.engine.house import CLERK, House
from tests.large.crowd import measure

NOTES = 2_500


@pytest.fixture
def house(schema_url: str, tmp_path: Path) -> Iterator[House]:
    made = House(schema_url, tmp_path)
    yield made
    made.runtime.database.close()


@pytest.fixture
def case(house: House) -> str:
    """A case with thousands of facts between two others."""
    house.start()
    case = house.start()
    facts = [Fact("note", "check", {"number": n, "text": Text(f"заметка {n}")}) for n in range(NOTES)]
    perform(house.runtime, lambda tx: cases.tell(tx, case, facts, actor=CLERK), actor=CLERK)
    house.start()
    return case


def spoil(house: House, statement: str, case: str) -> None:
    with house.runtime.database.write() as connection:
        on = "" if connection.dialect.name == "sqlite" else " ON history"
        for act in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER keep_history_{act}{on}")
        connection.execute(sa.text(statement), {"case": case})


def chains(house: House) -> list[tuple[str, int | None]]:
    with house.runtime.reading() as tx:
        return [(case, difference.seq) for case, difference in history.verify_chains(tx)]


def test_a_whole_history_is_true(house: House, case: str) -> None:
    assert chains(house) == []
    verdict = house.verdict(case)
    assert verdict.is_true, verdict.differences
    assert verdict.events > NOTES


DAMAGES = {
    "a changed value": "UPDATE history SET data = replace(data, '\"number\"', '\"numbed\"')",
    "a changed person": "UPDATE history SET actor = 'x'",
    "a blank more": "UPDATE history SET data = data || ' '",
    "no JSON": "UPDATE history SET data = '{'",
    "a fact gone": "DELETE FROM history",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found_at_its_number(house: House, case: str, damage: str) -> None:
    spoil(house, f'{DAMAGES[damage]} WHERE "case" = :case AND seq = 1500', case)
    assert chains(house) == [(case, 1500)]
    assert [found.seq for found in house.verdict(case).chain if found.table == "history"] == [1500]


def test_a_tail_cut_off_is_told_by_the_cases_row(house: House, case: str) -> None:
    spoil(house, 'DELETE FROM history WHERE "case" = :case AND seq > 1500', case)
    assert chains(house) == [(case, 1500)]
    assert not house.verdict(case).is_true


def test_a_case_without_history_is_told(house: House, case: str) -> None:
    with house.runtime.database.write() as connection:
        on = "" if connection.dialect.name == "sqlite" else " ON history"
        connection.exec_driver_sql(f"DROP TRIGGER keep_history_delete{on}")
        connection.execute(sa.text("DELETE FROM history"))
    assert len(chains(house)) == 3


def test_one_case_is_replayed_from_its_own_rows(house: House, case: str) -> None:
    little = house.start()
    stood: list[dict[str, Any]] = []

    def replay(connection: sa.Connection) -> None:
        stood.append(history.replay(house.runtime.open(connection), little, 3))

    cost = measure(house.runtime.database, replay)
    assert not {"history"} & cost.scanned or not house.runtime.database.is_sqlite
    assert cost.work < NOTES
    assert stood[0]["seq"] == 3
