"""The hall of a meeting, once on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes.council_meeting.hall import Hall


@pytest.fixture
def hall(schema_url: str, tmp_path: Path) -> Iterator[Hall]:
    """A house with the meeting's procedure, a council of 24 and stand-ins for certification cases."""
    made = Hall(schema_url, tmp_path)
    yield made
    made.runtime.database.close()
