"""What a process keeps of the depository's sets is renewed by what changes touched, and always what the rows say."""

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from engine.database import Connection, Database
from processes.depository.model import Entry, Search
from processes.depository.records import entries, marks, shelves
from processes.depository.records.postings import forget
from processes.depository.records.tables import entry as rows
from processes.depository.records.tables import posting
from processes.depository.words import fold

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
KEYS: dict[str, Callable[[Any], Any]] = {
    "title": lambda row: fold(row.title),
    "certificate": lambda row: row.certificate,
    "published": lambda row: row.published_on,
    "valid_until": lambda row: row.valid_until,
    "hours": lambda row: row.hours,
    "organization": lambda row: fold(row.organization),
}


@pytest.fixture
def database(schema_url: str) -> Iterator[Database]:
    forget()
    made = Database(schema_url)
    yield made
    made.close()


def publish(connection: Connection, number: int, dice: Random) -> None:
    value = Entry(
        id=f"entry-{number}",
        case=f"case-{number}",
        title=f"Программа {dice.choice(['чтения', 'письма', 'счёта', f'номер {number}'])}",
        organization=dice.choice(["Институт", "Академия", f"Школа {number}"]),
        organization_short="О",
        authors=("Иванова Мария",),
        direction=dice.choice(["Методика", "Оценивание", f"Направление {number}"]),
        level=dice.choice(["basic", "high"]),
        education_kind="повышение квалификации",
        audience=tuple(dice.sample(["учителя", "методисты", "вожатые"], 2)),
        hours=dice.randrange(16, 20),
        year=dice.randrange(2020, 2026),
        study_form="очная",
        issued_document="удостоверение",
        certificate=f"23-{dice.randrange(2020, 2030)}-{number:04d}",
        valid_from=date(2026, 1, 12),
        valid_until=TODAY + timedelta(days=dice.randrange(60)),
        # Now and then one that stands before all others.
        published_on=date(2026, 1, dice.randrange(1, 29)) if number % 3 else date(2026, 1, 1) - timedelta(days=number),
    )
    entries.add_entry(connection, value, at=NOW, by="secretary")


def change(connection: Connection, number: int, dice: Random) -> None:
    """Publish an entry, and take one that stands longest away by and by."""
    publish(connection, number, dice)
    if number % 2:
        last = connection.execute(
            sa.select(rows.c.case).where(rows.c.removed_at.is_(None)).order_by(rows.c.valid_until.desc())
        )
        entries.remove_entry(connection, last.scalars().first() or "", reason="revoked", at=NOW)


def change_much(url: str, first: int, count: int) -> None:
    """What another process does to the depository."""
    database, dice = Database(url), Random(first)  # noqa: S311 - a test's dice
    for number in range(first, first + count):
        with database.write() as connection:
            change(connection, number, dice)
    database.close()


def check(connection: Connection, today: date, sort: str) -> list[str]:
    """Search, and compare all that is told with the rows of the same moment; the identities found, in order."""
    is_public = sa.and_(rows.c.removed_at.is_(None), rows.c.valid_until >= today)
    left = connection.execute(sa.select(rows).where(is_public).order_by(rows.c.n)).all()
    found = entries.search(connection, Search(sort=sort), today, per_page=None)
    key, is_back = KEYS[sort.removeprefix("-")], sort.startswith("-")
    ordered = [row.id for row in sorted(left, key=key, reverse=is_back)]
    assert [item.id for item in found.items] == ordered
    second = entries.search(connection, Search(sort=sort), today, page=2, per_page=5)
    assert [item.id for item in second.items] == ordered[5:10]
    for name in ("direction", "level", "year", "organization"):
        assert counts(found.facets[name]) == Counter(getattr(row, name) for row in left)
    assert counts(found.facets["audience"]) == Counter(each for row in left for each in row.audience)
    high = entries.search(connection, Search(level="high", hours_from=17), today)
    assert high.total == sum(row.level == "high" and row.hours >= 17 for row in left)
    return [item.id for item in found.items]


def counts(facet: list[dict[str, Any]]) -> dict[Any, int]:
    return {each["value"]: each["count"] for each in facet}


def test_what_is_kept_follows_every_change(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bursts of changes, shorter and longer than what is told of them; a reader of the moment before sees that one."""
    monkeypatch.setattr(marks, "_MOST", 4)
    monkeypatch.setattr(shelves, "MOST", 4)
    dice, number = Random(7), 0  # noqa: S311 - a test's dice
    with database.write() as connection:
        for number in range(30):
            change(connection, number, dice)
    for burst in range(9):
        today, sort = TODAY + timedelta(days=burst * 6), f"{dice.choice(['', '-'])}{dice.choice(list(KEYS))}"
        with database.read() as past:
            before = check(past, today, "published"), check(past, today, sort)
            for _ in range(burst % 6):
                number += 1
                with database.write() as connection:
                    change(connection, number, dice)
            with database.read() as connection:
                check(connection, today, "published")
                check(connection, today, sort)
            assert (check(past, today, "published"), check(past, today, sort)) == before
    with database.read() as connection:
        told = connection.execute(sa.select(posting.c.value).where(posting.c.field == "change")).all()
    assert len(told) == 4


def test_a_search_sees_what_another_process_did_just_now(database: Database, schema_url: str) -> None:
    seen = set()
    with database.write() as connection:
        publish(connection, 99, Random(99))  # noqa: S311 - a test's dice
    other = multiprocessing.get_context("spawn").Process(target=change_much, args=(schema_url, 0, 20))
    other.start()
    while other.is_alive():
        with database.read() as connection:
            seen.add(tuple(check(connection, TODAY, "-published")))
    other.join()
    assert other.exitcode == 0
    with database.read() as connection:
        seen.add(tuple(check(connection, TODAY, "title")))
        assert connection.execute(sa.select(sa.func.count()).select_from(rows)).scalar_one() == 21
    assert len(seen) > 1


def test_a_change_that_is_not_told_or_not_kept_misleads_nobody(database: Database) -> None:
    dice = Random(3)  # noqa: S311 - a test's dice
    with database.write() as connection:
        for number in range(5):
            publish(connection, number, dice)
    with database.read() as connection:
        check(connection, TODAY, "title")
    with pytest.raises(ValueError, match="undone"):
        undo(database, 5, dice)
    with database.write() as connection:
        publish(connection, 6, dice)
        # As a process of an earlier version leaves it.
        connection.execute(sa.delete(posting).where(posting.c.field == "change", posting.c.value == stamp(connection)))
        publish(connection, 7, dice)
    with database.read() as connection:
        check(connection, TODAY, "title")
    with database.write() as connection:
        entries.remove_entry(connection, "case-none", reason="revoked", at=NOW)
        entries.reindex(connection)
        publish(connection, 8, dice)
    with database.read() as connection:
        check(connection, TODAY, "-certificate")


def undo(database: Database, number: int, dice: Random) -> None:
    """A publication that was searched and did not come to be."""
    with database.write() as connection:
        publish(connection, number, dice)
        check(connection, TODAY, "title")
        raise ValueError("undone")


def stamp(connection: Connection) -> str:
    found = marks.stamp_of(connection)
    assert found is not None
    return found
