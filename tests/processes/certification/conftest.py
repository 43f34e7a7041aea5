"""An office on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes.certification.office import Office


@pytest.fixture
def office(schema_url: str, tmp_path: Path) -> Iterator[Office]:
    """A house with the demo council; the test runs once on each database."""
    made = Office(schema_url, tmp_path)
    yield made
    made.runtime.database.close()
