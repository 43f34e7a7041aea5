"""An office on each database: furnished once, copied for each test."""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import DATABASES
from tests.once import alone
from tests.postgres import PostgresServer
from tests.processes.certification.office import Office

_TEMPLATE = "template_office"


def furnish(url: str, folder: Path) -> None:
    made = Office(url, folder)
    made.furnish()
    made.runtime.database.close()


@pytest.fixture(scope="session")
def sqlite_office(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the council seated and the drawings released."""
    path = tmp_path_factory.mktemp("office") / "office.sqlite"
    shutil.copy(sqlite_template, path)
    furnish(f"sqlite:///{path}", path.parent)
    return path


@pytest.fixture(scope="session")
def postgres_office(
    postgres_server: PostgresServer, postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """Name of such a database on this run's server; made once in a run."""
    with alone(postgres_server.home, _TEMPLATE):
        if _TEMPLATE not in postgres_server.databases():
            url = postgres_server.create("making_office", template=postgres_template)
            furnish(url, tmp_path_factory.mktemp("office"))
            postgres_server.rename("making_office", _TEMPLATE)
    return _TEMPLATE


@pytest.fixture(params=DATABASES)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """A house with the demo council; the test runs once on each database."""
    if request.param == "sqlite":
        copy = shutil.copy(request.getfixturevalue("sqlite_office"), tmp_path / "kes.sqlite")
        made = Office(f"sqlite:///{copy}", tmp_path)
        yield made
        made.runtime.database.close()
        return
    template, server = request.getfixturevalue("postgres_office"), request.getfixturevalue("postgres_server")
    name = f"test_{uuid.uuid4().hex[:12]}"
    made = Office(server.create(name, template=template), tmp_path)
    yield made
    made.runtime.database.close()
    server.drop(name)
