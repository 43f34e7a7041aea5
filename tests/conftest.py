"""What every test may ask for: a fresh database on SQLite, on PostgreSQL, or on each of the two in turn.

KES_TEST_DATABASES narrows the run, for example `KES_TEST_DATABASES=sqlite make test`.
"""

import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import PostgresServer, is_running, new_home

DATABASES = tuple(os.environ.get("KES_TEST_DATABASES", "sqlite,postgres").split(","))

HOME = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Name the folder of the one server that this run and its workers share."""
    shared = getattr(config, "workerinput", {}).get("postgres_home")
    config.stash[HOME] = Path(shared) if shared else new_home()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell a worker of the parallel run where the server is."""
    node.workerinput["postgres_home"] = str(node.config.stash[HOME])  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server when the whole run ends; workers leave it to the run that started them."""
    if hasattr(config, "workerinput"):
        return
    home = config.stash[HOME]
    if is_running(home):
        PostgresServer(home).stop()
    shutil.rmtree(home, ignore_errors=True)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `database_url` once on each database."""
    if "database_url" in metafunc.fixturenames:
        metafunc.parametrize("database_url", DATABASES, indirect=True, ids=DATABASES)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'kes.sqlite'}"


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> PostgresServer:
    """Answer the real PostgreSQL of this run, started by the first test that asks for it."""
    home = pytestconfig.stash[HOME]
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return PostgresServer(home) if is_running(home) else PostgresServer.start(home)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """URL of an empty database on PostgreSQL, dropped after the test."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield postgres_server.create(name)
    postgres_server.drop(name)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """URL of an empty database; the test runs once on SQLite and once on PostgreSQL."""
    match request.param:
        case "sqlite":
            return str(request.getfixturevalue("sqlite_url"))
        case "postgres":
            return str(request.getfixturevalue("postgres_url"))
        case other:
            raise ValueError(f"KES_TEST_DATABASES: unknown database {other!r}; known are sqlite and postgres")
