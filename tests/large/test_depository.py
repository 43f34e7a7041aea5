"""Searches of a hundred thousand entries: what they find, in how many statements, and what a second look costs."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from engine.database import Database
from processes.depository.model import Found, Search
from processes.depository.records import entries
from processes.depository.records.overviews import FEW, touch
from tests.conftest import DATABASES
from tests.large.crowd import ENTRIES, fill_depository, measure

TODAY = date(2026, 2, 1)
MOMENT = datetime(2026, 2, 1, tzinfo=UTC)
SEARCHES = {
    "no filter": (Search(), ENTRIES),
    "a word in all": (Search(q="программы"), ENTRIES),
    "a word of one in a hundred": (Search(q="слово7"), ENTRIES // 100),
    "two words in a title": (Search(title="Программа слово7"), ENTRIES // 100),
    "a direction": (Search(direction="направление 7"), ENTRIES // 30 + 1),
    "an audience": (Search(audience=("слушатели 3",)), ENTRIES // 20),
    "newest first": (Search(sort="-published"), ENTRIES),
    "many hours": (Search(sort="-hours", hours_from=200), ENTRIES * 16 // 200),
    "nothing": (Search(q="небывальщина"), 0),
}
#: Virtual machine steps on SQLite, rows on PostgreSQL, once the search was counted.
BOUND = {"sqlite": 150_000, "postgresql": 3 * FEW}


@pytest.fixture(scope="module", params=DATABASES)
def full_depository(request: pytest.FixtureRequest, open_database: Callable[[str], Any]) -> Iterator[Database]:
    with open_database(request.param) as database:
        fill_depository(database)
        yield database


def seek(database: Database, asked: Search) -> tuple[Any, Found]:
    found: list[Found] = []
    cost = measure(database, lambda connection: found.append(entries.search(connection, asked, TODAY)))
    return cost, found[-1]


@pytest.mark.parametrize("name", SEARCHES)
def test_a_search_is_counted_once_and_then_read_by_index(full_depository: Database, name: str) -> None:
    asked, total = SEARCHES[name]
    first, found = seek(full_depository, asked)
    assert found.total == total
    assert len(first.statements) <= 4
    for facet in ("direction", "organization", "year"):
        assert sum(value["count"] for value in found.facets[facet]) == total
    again, same = seek(full_depository, asked)
    assert same == found
    assert len(again.statements) == 2
    assert not again.scanned, again.plans
    assert again.work <= BOUND[full_depository.engine.dialect.name], again.plans


def test_a_change_of_the_depository_is_seen_by_the_next_search(full_depository: Database) -> None:
    asked = Search(q="слово9")
    before = seek(full_depository, asked)[1].total
    with full_depository.write() as connection:
        entries.remove_entry(connection, "case-9", reason="revoked", at=MOMENT)
    assert seek(full_depository, asked)[1].total == before - 1
    with full_depository.write() as connection:
        connection.execute(sa.text("UPDATE depository_entry SET removed_at = NULL WHERE id = 'entry-9'"))
        touch(connection)
    assert seek(full_depository, asked)[1].total == before
