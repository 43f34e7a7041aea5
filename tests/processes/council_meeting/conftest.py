"""The hall of a meeting on each database: furnished once, copied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import DATABASES
from tests.furnished import furnished
from tests.processes.council_meeting.hall import Hall


@pytest.fixture(params=DATABASES)
def hall(request: pytest.FixtureRequest, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """A house with the meeting's procedure, a council of 24 and stand-ins for certification cases."""

    def furnish(url: str) -> None:
        Hall(url, tmp_path_factory.mktemp("hall")).runtime.database.close()

    with furnished(request, tmp_path, "hall", furnish) as url:
        made = Hall(url, tmp_path, is_new=False)
        yield made
        made.runtime.database.close()
