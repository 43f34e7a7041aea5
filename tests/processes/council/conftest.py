"""A database with the demo council, and a transaction on it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.clock import ClockMode
from engine.database import Database
from engine.registry import Registry
from engine.runtime import Runtime, Transaction
from processes.demo import seat_council
from tests.conftest import DATABASES
from tests.furnished import furnished

MONDAY = datetime(2026, 1, 12, 6, 0, tzinfo=UTC)


def open_house(url: str) -> Runtime:
    return Runtime(Database(url), Registry(), mode=ClockMode.VIRTUAL, clock_start=MONDAY)


def seat(url: str) -> None:
    made = open_house(url)
    with made.transaction() as tx:
        seat_council(tx)
    made.database.close()


@pytest.fixture(params=DATABASES)
def runtime(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Runtime]:
    """A house without procedures, the demo council seated; once on each database."""
    with furnished(request, tmp_path, "council", seat) as url:
        made = open_house(url)
        yield made
        made.database.close()


@pytest.fixture
def tx(runtime: Runtime) -> Iterator[Transaction]:
    """One write transaction."""
    with runtime.transaction() as opened:
        yield opened
