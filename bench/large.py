"""`python -m bench.large`: what is asked of much data - inboxes, the depository, chains, sweeps - on both databases.

Figures are ratios to the least that the same database can do for the same answer, and processor time where a goal names
it; medians of rounds in one run.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any, Final

from bench.__main__ import machine
from bench.databases import Databases, postgresql_databases, sqlite_databases
from engine import inbox
from engine.actors import Actor
from engine.database import Connection, Database
from engine.history import verify_chains
from engine.ids import new_id
from engine.records import due
from processes.depository.model import SORTS, Search
from processes.depository.records import entries
from processes.depository.records.postings import forget
from tests.large.crowd import fill_depository, fill_history, fill_inbox, fill_timers

NOW: Final = datetime(2026, 2, 1, tzinfo=UTC)
TODAY: Final = date(2026, 2, 1)
SECRETARY: Final = Actor("crowd1", "Секретарь", frozenset({"secretary", "member"}))
FEW: Final = Actor("few", "Редкий", frozenset({"member"}))
#: The least that answers "the first fifty of these tasks".
_LEAST: Final = (
    "SELECT t.*, c.number, c.title FROM task t JOIN case_file c ON c.id = t.\"case\" WHERE t.state = 'open'"
    " ORDER BY t.due_at, t.id LIMIT 50"
)
_PAGES: Final[Sequence[tuple[str, Actor, dict[str, Any]]]] = (
    ("all, no filter", SECRETARY, {"scope": "all"}),
    ("all, a rare element", SECRETARY, {"scope": "all", "element": "rare"}),
    ("offered to two groups", SECRETARY, {"scope": "available"}),
    ("a person with ten tasks", FEW, {"scope": "mine"}),
    ("one case", SECRETARY, {"scope": "all", "case": "case-7"}),
)
_SEARCHES: Final[Sequence[tuple[str, Search, int]]] = (
    ("a word in one of a hundred", Search(q="слово7"), 1),
    ("two words", Search(q="слово7 программа"), 1),
    ("a word in all", Search(q="программа"), 1),
    ("two words of one author", Search(author="Илья Петров"), 1),
    ("a direction of thirty", Search(direction="направление 7"), 1),
    ("no filter", Search(), 1),
    ("no filter, the newest", Search(sort="-published"), 1),
    *((f"no filter, by {order}, page 2,500", Search(sort=order), 2_500) for order in SORTS),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill the databases, measure, print Markdown."""
    parser = argparse.ArgumentParser(prog="python -m bench.large", description="What much data costs.")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--only", choices=("inbox", "depository"), help="half of the tables")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--facts", type=int, default=1_000_000)
    parser.add_argument("--entries", type=int, default=100_000)
    given = parser.parse_args(arguments)
    print(machine())
    for kind in given.database or ("sqlite", "postgresql"):
        opened: AbstractContextManager[Databases] = sqlite_databases() if kind == "sqlite" else postgresql_databases()
        with opened as databases:
            print(f"\n## {kind}\n")
            tables: list[Iterator[str]] = []
            if given.only != "depository":
                database = Database(databases.new())
                tables += [inboxes(database, given.rounds), chains(database, given.facts)]
            if given.only != "inbox":
                tables.append(depository(Database(databases.new()), given.rounds, given.entries))
            for table in tables:
                for line in table:
                    print(line, flush=True)
                print()
    return 0


def inboxes(database: Database, rounds: int) -> Iterator[str]:
    """Pages and a sweep among a hundred thousand open tasks and as many timers."""
    fill_inbox(database)
    fill_timers(database)
    with database.read() as connection:
        tx: Any = SimpleNamespace(connection=connection, now=NOW)
        least = _spent(lambda: connection.exec_driver_sql(_LEAST).all(), rounds)[0]
        yield "| 100,000 open tasks | of the least SQL for fifty tasks | processor time |"
        yield "|---|---|---|"
        for label, actor, given in _PAGES:
            wall, own = _spent(lambda a=actor, g=given: inbox.list_tasks(tx, a, **g), rounds)  # type: ignore[misc]
            yield f"| {label} | {wall / least:.1f} × | {own * 1e3:.1f} ms |"
        wall, own = _spent(lambda: inbox.counts(tx, SECRETARY), rounds)
        yield f"| the three counts | {wall / least:.1f} × | {own * 1e3:.1f} ms |"
    with database.write() as connection:
        early = datetime(2025, 1, 1, tzinfo=UTC)
        wall, own = _spent(lambda: due.take(connection, early, skips=True), rounds)
        yield f"| a sweep of 100,000 timers, nothing due | {wall / least:.1f} × | {own * 1e3:.1f} ms |"


def chains(database: Database, facts: int) -> Iterator[str]:
    """A chain of facts verified, one after the other."""
    fill_history(database, facts)
    with database.read() as connection:
        tx: Any = SimpleNamespace(connection=connection)
        begun, own = time.perf_counter(), time.process_time()
        found = list(verify_chains(tx))
        wall, own = time.perf_counter() - begun, time.process_time() - own
    yield f"| {facts:,} facts in chains | facts a second | of processor time |"
    yield "|---|---|---|"
    yield f"| verified, {len(found)} differ | {facts / wall:,.0f} | {facts / own:,.0f} |"


def depository(database: Database, rounds: int, count: int) -> Iterator[str]:
    """Searches with facets: the first of a process, its first one after a publication, and any other."""
    fill_depository(database, count)
    yield f"| {count:,} entries: processor time of text and facets | after a publication | later | of a new process |"
    yield "|---|---|---|---|"
    for label, asked, page in _SEARCHES:
        told = []
        for _round in range(rounds):
            _search(database, asked, page)
            _publish(database)
            told.append([_search(database, asked, page), _search(database, asked, page)])
            forget()
            told[-1].append(_search(database, asked, page))
        yield f"| {label} | {' | '.join(f'{median(each) * 1e3:.1f} ms' for each in zip(*told, strict=True))} |"
    database.close()


def _publish(database: Database) -> None:
    """One entry more, like another."""
    identity = new_id()
    with database.write() as connection:
        like = entries.find_entry(connection, "entry-7")
        if like is not None:
            number = f"23-2026-{identity[-12:]}"
            value = replace(like, id=identity, case=identity, certificate=number, published_on=TODAY)
            entries.add_entry(connection, value, at=NOW, by="secretary")


def _search(database: Database, asked: Search, page: int) -> float:
    with database.read() as connection:
        before = processor_time(connection)
        entries.search(connection, asked, TODAY, page=page)
        return processor_time(connection) - before


def processor_time(connection: Connection) -> float:
    """Seconds of processor time that this process has taken and, on PostgreSQL, the server's for this connection."""
    own = time.process_time()
    if connection.dialect.name == "sqlite":
        return own
    driver: Any = connection.connection.driver_connection
    fields = Path(f"/proc/{driver.info.backend_pid}/schedstat").read_text(encoding="ascii").split()
    return own + int(fields[0]) / 1e9


def _spent(act: Callable[[], Any], rounds: int) -> tuple[float, float]:
    """Median seconds of an act: by the clock, and of this process's processor time."""
    walls, own = [], []
    for _ in range(rounds):
        begun, before = time.perf_counter(), time.process_time()
        act()
        own.append(time.process_time() - before)
        walls.append(time.perf_counter() - begun)
    return median(walls), median(own)


if __name__ == "__main__":
    raise SystemExit(main())
