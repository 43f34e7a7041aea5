"""A sweep among a hundred thousand timers of which none is due looks at none of them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from engine.database import Database
from engine.records import due
from tests.conftest import DATABASES
from tests.large.crowd import CASES, fill_inbox, fill_timers, measure

PAST = datetime(2025, 12, 31, tzinfo=UTC)
FUTURE = datetime(2200, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module", params=DATABASES)
def full_clock(request: pytest.FixtureRequest, open_database: Callable[[str], Any]) -> Iterator[Database]:
    with open_database(request.param) as database:
        fill_inbox(database)
        fill_timers(database)
        yield database


@pytest.mark.parametrize("skips", [False, True])
def test_nothing_due_costs_a_look_at_the_index(full_clock: Database, skips: bool) -> None:
    found: list[Any] = []

    def sweep(connection: sa.Connection) -> None:
        found.append(due.take(connection, PAST, skips=skips))

    cost = measure(full_clock, sweep, writes=True)
    assert found == [None]
    assert len(cost.statements) <= 2
    assert not cost.scanned, cost.plans
    assert cost.work <= (200 if full_clock.is_sqlite else 20)


@pytest.mark.parametrize("until", [PAST, FUTURE])
def test_timers_of_one_case_are_found_by_it(full_clock: Database, until: datetime) -> None:
    named = f"case-{CASES // 2}"
    asks: list[Callable[[sa.Connection], object]] = [
        lambda connection: due.take(connection, until, named),
        lambda connection: due.all_of(connection, until, named, 20),
    ]
    for ask in asks:
        cost = measure(full_clock, ask, writes=True)
        assert not cost.scanned, cost.plans
        assert cost.work <= (500 if full_clock.is_sqlite else 20)
