"""Houses with very much in them, filled once a module on each database."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.database import Database
from tests.conftest import DATABASES
from tests.large.crowd import fill_inbox
from tests.postgres import PostgresServer


@pytest.fixture(scope="session")
def open_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], object]:
    """A way to open a fresh database with all tables, kept for as long as the caller wants."""

    @contextmanager
    def open_(kind: str) -> Iterator[Database]:
        if kind == "sqlite":
            template: Path = request.getfixturevalue("sqlite_template")
            path = shutil.copy(template, tmp_path_factory.mktemp("large") / "kes.sqlite")
            database = Database(f"sqlite:///{path}")
            yield database
            database.close()
            return
        server: PostgresServer = request.getfixturevalue("postgres_server")
        name = f"large_{uuid.uuid4().hex[:12]}"
        database = Database(server.create(name, template=request.getfixturevalue("postgres_template")))
        yield database
        database.close()
        server.drop(name)

    return open_


@pytest.fixture(scope="module", params=DATABASES)
def full_inbox(request: pytest.FixtureRequest, open_database: Callable[[str], object]) -> Iterator[Database]:
    """A hundred thousand open tasks in ten thousand cases."""
    with open_database(request.param) as database:  # type: ignore[attr-defined]
        fill_inbox(database)
        yield database
