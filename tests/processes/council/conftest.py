"""A database with the demo council, and a transaction on it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from engine.clock import ClockMode
from engine.database import Database
from engine.registry import Registry
from engine.runtime import Runtime, Transaction
from processes.demo import seat_council

MONDAY = datetime(2026, 1, 12, 6, 0, tzinfo=UTC)


@pytest.fixture
def runtime(schema_url: str) -> Iterator[Runtime]:
    """A house without procedures, the demo council seated; once on each database."""
    made = Runtime(Database(schema_url), Registry(), mode=ClockMode.VIRTUAL, clock_start=MONDAY)
    with made.transaction() as tx:
        seat_council(tx)
    yield made
    made.database.close()


@pytest.fixture
def tx(runtime: Runtime) -> Iterator[Transaction]:
    """One write transaction."""
    with runtime.transaction() as opened:
        yield opened
