"""An office on each database: furnished once, copied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import DATABASES
from tests.furnished import furnished
from tests.processes.certification.office import Office


@pytest.fixture(params=DATABASES)
def office(
    request: pytest.FixtureRequest, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """A house with the demo council; the test runs once on each database."""

    def furnish(url: str) -> None:
        made = Office(url, tmp_path_factory.mktemp("office"))
        made.furnish()
        made.runtime.database.close()

    with furnished(request, tmp_path, "office", furnish) as url:
        made = Office(url, tmp_path)
        yield made
        made.runtime.database.close()
