"""The reference procedure's house, on the system clock."""

from collections.abc import Iterator

import pytest

from bench.house import House


@pytest.fixture
def house(schema_url: str) -> Iterator[House]:
    """A house with the reference procedure; the test runs once on SQLite and once on PostgreSQL."""
    made = House(schema_url)
    yield made
    made.close()
