"""A long history: read once and in parts, every kind of damage found at its number, a case replayed by its own rows."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from engine import cases, history
from engine.doors import perform
from engine.facts import Fact, Text
from engine.history import FIRST, event_hash
from engine.records import history as records
from engine.records.acts import MOST
from tests.engine.house import CLERK, House
from tests.large.crowd import measure
from tests.tampering import Change, change_facts, change_row, drop_guards

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


def delete(house: House, condition: str, case: str) -> None:
    with house.runtime.database.write() as connection:
        drop_guards(connection)
        connection.execute(sa.text(f'DELETE FROM history WHERE "case" = :case AND {condition}'), {"case": case})  # noqa: S608


def chains(house: House) -> list[tuple[str, int | None]]:
    with house.runtime.reading() as tx:
        return [(case, difference.seq) for case, difference in history.verify_chains(tx)]


def test_a_whole_history_is_true(house: House, case: str) -> None:
    assert chains(house) == []
    verdict = house.verdict(case)
    assert verdict.is_true, verdict.differences
    assert verdict.events > NOTES


def shorten(row: dict[str, Any]) -> None:
    row["facts"] = row["facts"][:-9]


def lengthen(row: dict[str, Any]) -> None:
    row["facts"] += b"\0"


def garble(row: dict[str, Any]) -> None:
    row["facts"] = row["facts"][:40] + bytes([row["facts"][40] ^ 1]) + row["facts"][41:]


DAMAGES: dict[str, Change] = {
    "a changed value": change_facts(1500, lambda data: data.replace(b'"number"', b'"numbed"')),
    "a blank more": change_facts(1500, lambda data: data + b" "),
    "no JSON": change_facts(1500, lambda data: b"{"),
    "a line more": change_facts(1500, lambda data: data + b"\n"),
    "a changed person": lambda row: row.update(actor="x"),
    "a changed number": lambda row: row.update(first=row["first"] - 1),
    "a changed hash": lambda row: row.update(hash=bytes(32)),
    "bytes cut off": shorten,
    "a byte more": lengthen,
    "a bit turned": garble,
    "nothing at all": lambda row: row.update(facts=b""),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found_at_the_last_fact_written_with_it(house: House, case: str, damage: str) -> None:
    last = change_row(house.runtime.database, case, 1500, DAMAGES[damage])
    assert 1500 <= last < 1500 + MOST
    # A changed hash is told twice: its own facts do not give it, and the next ones do not follow from it.
    assert chains(house)[0] == (case, last)
    assert next(found.seq for found in house.verdict(case).chain if found.table == "history") == last
    assert damage == "a changed hash" or len(chains(house)) == 1


def test_facts_gone_are_told_by_the_first_of_them(house: House, case: str) -> None:
    delete(house, "first <= 1500 AND seq >= 1500", case)
    [(told, seq)] = chains(house)
    assert told == case
    assert seq is not None
    assert 1500 - MOST < seq <= 1500
    assert [found.seq for found in house.verdict(case).chain if found.table == "history"] == [seq]


def test_a_tail_cut_off_is_told_by_the_cases_row(house: House, case: str) -> None:
    delete(house, "seq > 1500", case)
    [(told, seq)] = chains(house)
    assert told == case
    assert seq is not None
    assert 1500 - MOST < seq <= 1500
    assert not house.verdict(case).is_true


def test_a_history_made_longer_by_its_numbers_alone_is_told(house: House, case: str) -> None:
    with house.runtime.reading() as tx:
        end = cases.get_case(tx, case, CLERK)["seq"]
    change_row(house.runtime.database, case, end, lambda row: row.update(seq=end + 1))
    with house.runtime.database.write() as connection:
        connection.execute(sa.text("UPDATE case_file SET seq = :seq WHERE id = :case"), {"case": case, "seq": end + 1})
    assert chains(house) == [(case, end + 1)]


@pytest.mark.usefixtures("case")
def test_a_case_without_history_is_told(house: House) -> None:
    with house.runtime.database.write() as connection:
        drop_guards(connection)
        connection.execute(sa.text("DELETE FROM history"))
    assert len(chains(house)) == 3


@pytest.mark.parametrize("after", [0, 1, 2, 3, 127, 128, 129, 1499])
def test_a_page_begins_after_any_fact_and_has_as_many_as_asked_for(house: House, case: str, after: int) -> None:
    with house.runtime.reading() as tx:
        events = history.read(tx, case, limit=5_000)["items"]
        page = history.read(tx, case, after=after, limit=131)
    assert page["items"] == events[after : after + 131]
    assert page["next"] == after + 131
    last = events[after - 1]["hash"] if after else FIRST
    for event in page["items"]:
        told = {name: value for name, value in event.items() if name not in {"prev_hash", "hash"}}
        assert event["prev_hash"] == last
        assert event["hash"] == event_hash(last, told)
        last = event["hash"]


def test_a_page_of_a_long_history_unpacks_its_own_rows_alone(house: House, case: str) -> None:
    little = measure(house.runtime.database, lambda connection: records.page(connection, case, 1500, 5))
    assert len(little.statements) == 1
    assert not little.scanned, little.plans
    assert little.work < 1_000


def test_one_case_is_replayed_from_its_own_rows(house: House, case: str) -> None:
    little = house.start()
    stood: list[dict[str, Any]] = []

    def replay(connection: sa.Connection) -> None:
        tx: Any = SimpleNamespace(connection=connection)
        stood.append(history.replay(tx, little, 3))

    cost = measure(house.runtime.database, replay)
    assert not {"history"} & cost.scanned or not house.runtime.database.is_sqlite
    assert cost.work < NOTES
    assert stood[0]["seq"] == 3
