"""Searches of a hundred thousand entries: what they find, in how many statements, and what a second look costs."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from engine.database import Database
from processes.depository.model import SORTS, Entry, Found, Search
from processes.depository.records import entries
from processes.depository.records.postings import forget
from processes.depository.words import fold
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
#: Virtual machine steps on SQLite, rows on PostgreSQL: what any page in any order may touch.
BOUND = {"sqlite": 20_000, "postgresql": 2_000}


ORDER: dict[str, Callable[[Entry], Any]] = {
    "title": lambda entry: fold(entry.title),
    "organization": lambda entry: fold(entry.organization),
    "year": lambda entry: entry.year,
    "hours": lambda entry: entry.hours,
    "published": lambda entry: entry.published_on,
    "certificate": lambda entry: entry.certificate,
    "valid_until": lambda entry: entry.valid_until,
}


@pytest.fixture(scope="module", params=DATABASES)
def full_depository(request: pytest.FixtureRequest, open_database: Callable[[str], Any]) -> Iterator[Database]:
    with open_database(request.param) as database:
        fill_depository(database)
        yield database


def seek(database: Database, asked: Search, page: int = 1) -> tuple[Any, Found]:
    found: list[Found] = []
    cost = measure(database, lambda connection: found.append(entries.search(connection, asked, TODAY, page=page)))
    return cost, found[-1]


@pytest.mark.parametrize("name", SEARCHES)
def test_a_search_counts_and_reads_by_index(full_depository: Database, name: str) -> None:
    asked, total = SEARCHES[name]
    forget()  # as the first search of a process, whatever test came before
    first, found = seek(full_depository, asked)
    assert found.total == total
    assert len(first.statements) <= 8
    assert not first.scanned, first.plans
    for facet in ("direction", "organization", "year"):
        assert sum(value["count"] for value in found.facets[facet]) == total
    again, same = seek(full_depository, asked)
    assert same == found
    assert len(again.statements) <= 4
    assert not again.scanned, again.plans
    assert again.work <= BOUND[full_depository.engine.dialect.name], again.plans


@pytest.mark.parametrize("sort", SORTS)
def test_pages_follow_each_other_in_every_order(full_depository: Database, sort: str) -> None:
    with full_depository.read() as connection:
        for asked in (Search(q="слово7", sort=sort), Search(year_from=2020, sort=f"-{sort}")):
            pages = [entries.search(connection, asked, TODAY, page=page, per_page=30).items for page in (1, 2, 3)]
            both = entries.search(connection, asked, TODAY, page=1, per_page=90).items
            assert sum(pages, ()) == both
            keys = [ORDER[sort](entry) for entry in both]
            assert keys == sorted(keys, reverse=asked.sort.startswith("-"))


@pytest.mark.parametrize("sort", [f"{sign}{name}" for name in SORTS for sign in ("", "-")])
def test_a_page_far_down_costs_what_the_first_one_does(full_depository: Database, sort: str) -> None:
    for asked in (Search(sort=sort), Search(q="слово7 программа", sort=sort)):
        _first, found = seek(full_depository, asked)
        last = -(-found.total // 20)
        cost, told = seek(full_depository, asked, last)
        assert len(told.items) == found.total - 20 * (last - 1)
        assert len(cost.statements) <= 4
        assert not cost.scanned, cost.plans
        assert cost.work <= BOUND[full_depository.engine.dialect.name], cost.plans


def test_a_change_of_the_depository_is_seen_by_the_next_search(full_depository: Database) -> None:
    asked = Search(q="слово9")
    forget()
    whole, found = seek(full_depository, asked)
    before = found.total
    with full_depository.write() as connection:
        entries.remove_entry(connection, "case-9", reason="revoked", at=MOMENT)
    renewed, found = seek(full_depository, asked)
    assert found.total == before - 1
    assert len(renewed.statements) <= 7
    assert renewed.work < whole.work / 2, renewed.plans
    with full_depository.write() as connection:
        removed = entries.entry_of_case(connection, "case-9")
        assert removed is not None
        new = replace(removed, id="entry-new", case="case-new", certificate="23-2026-1", published_on=TODAY)
        entries.add_entry(connection, new, at=MOMENT, by="secretary")
    assert seek(full_depository, asked)[1].total == before


def test_an_entry_goes_on_the_day_after_its_term(full_depository: Database) -> None:
    with full_depository.read() as connection:
        for day in (date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1), date(2028, 10, 28), date(2029, 1, 1)):
            left = connection.execute(
                sa.text("SELECT count(*) FROM depository_entry WHERE valid_until >= :day AND removed_at IS NULL"),
                {"day": day},
            ).scalar_one()
            assert entries.search(connection, Search(), day).total == left
