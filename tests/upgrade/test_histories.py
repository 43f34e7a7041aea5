"""Histories that were kept a row a fact are kept a row an act: not one byte of an event changes, up or down."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from engine.database import Database
from engine.history import served
from engine.history.links import Chain
from engine.migrations import revisions
from engine.records import chains
from engine.records import history as records
from engine.records.tables import case, definition, history
from handlers.pages.admin.records import refusals
from tests.tampering import drop_guards
from tests.upgrade.stored import HISTORIES, read_histories

MOMENT = datetime(2026, 1, 12, tzinfo=UTC)
BEFORE, AFTER = "0003_orders_on_shelves", "0004_facts_of_an_act"
CASES: dict[str, Any] = {name: told["events"] for name, told in read_histories(HISTORIES[0])["cases"].items()}

_FACT = sa.table(
    "history",
    *(
        sa.column(name)
        for name in ("case", "seq", "at", "actor", "on_behalf_of", "kind", "element", "data", "prev_hash", "hash")
    ),
)
_OLD: dict[str, Any] = {
    "id": "d",
    "key": "k",
    "number": 1,
    "hash": "",
    "name": "",
    "files": {},
    "author": "",
    "released_by": "",
}


def write_old(connection: sa.Connection, identity: str, events: list[dict[str, Any]]) -> None:
    """A case whose history has a row a fact."""
    values: dict[str, Any] = {
        "id": identity,
        "number": identity,
        "process": "k",
        "definition": "d",
        "state": "ended",
        "at": [],
    }
    values |= {"title": "", "data": {}, "revision": 1, "seq": len(events), "hash": events[-1]["hash"]}
    connection.execute(case.insert(), {**values, "started_by": "", "started_at": MOMENT, "changed_at": MOMENT})
    data = [orjson.dumps(event["data"], option=orjson.OPT_SORT_KEYS).decode() for event in events]
    connection.execute(
        _FACT.insert(), [{**event, "data": raw, "case": identity} for event, raw in zip(events, data, strict=True)]
    )


def rows(connection: sa.Connection) -> list[dict[str, Any]]:
    """All rows of the history before the revision."""
    return [dict(row) for row in connection.execute(sa.select(_FACT).order_by("case", "seq")).mappings()]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database before the revision, with a case of every ending."""
    database = Database(database_url)
    with database.write() as connection:
        revisions.raise_to(connection, BEFORE)
        released = {"basis": "", "released_at": MOMENT, "effective_from": MOMENT.date()}
        connection.execute(definition.insert(), {**_OLD, **released})
        for name, events in CASES.items():
            write_old(connection, name, events)
    yield database
    database.close()


def test_every_event_stays_what_it_was_and_comes_back_as_it_was(database: Database) -> None:
    with database.write() as connection:
        before = rows(connection)
        revisions.raise_to(connection, AFTER)
    with database.read() as connection:
        for name, events in CASES.items():
            assert [served(fact) for fact in records.stream(connection, name)] == events
        count = connection.scalar(sa.select(sa.func.count()).select_from(history))
        refused = refusals(connection, limit=1_000)
    assert count is not None
    assert count < len(before) / 3
    assert len(refused) == sum(event["kind"] == "act.refused" for events in CASES.values() for event in events) > 0
    with database.write() as connection:
        revisions.lower_to(connection, BEFORE)
    with database.write() as connection:
        assert rows(connection) == before


def test_what_was_changed_before_is_told_after(database: Database) -> None:
    name = min(CASES)
    with database.write() as connection:
        drop_guards(connection)
        connection.execute(_FACT.update().where(_FACT.c.case == name, _FACT.c.seq == 2).values(data='{"a":\t"b"}'))
        connection.execute(_FACT.update().where(_FACT.c.case == name, _FACT.c.seq == 6).values(hash="none"))
        revisions.raise_to(connection, AFTER)
    with database.read() as connection:
        chain = Chain()
        for row in chains.rows(connection, name):
            chain.take(row)
    assert chain.seq == len(CASES[name])
    assert len(chain.differences) >= 2
