"""The small house that most tests of the engine tell their stories in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.house import House


@pytest.fixture
def house(schema_url: str, tmp_path: Path) -> Iterator[House]:
    """A house with the toy procedure; the test runs once on SQLite and once on PostgreSQL."""
    made = House(schema_url, tmp_path)
    yield made
    made.runtime.database.close()
