"""What every test may ask for: a fresh database on SQLite, on PostgreSQL, or on each of the two in turn.

`database_url` is empty, `schema_url` has all tables; both run the test once on each database.

KES_TEST_DATABASES narrows the run, for example `KES_TEST_DATABASES=sqlite make test`.
"""

import gc
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.once import alone
from tests.postgres import PostgresServer, is_running, new_home
from tests.schema import create_tables

DATABASES = tuple(os.environ.get("KES_TEST_DATABASES", "sqlite,postgres").split(","))

HOME = pytest.StashKey[Path]()

# A busy machine is no failure: no example has a deadline, and slowness of drawing them is not judged.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--soak`: the long durability runs (`make soak`) instead of their small samples."""
    parser.addoption("--soak", action="store_true", help="every crash point instead of a sample")


def pytest_configure(config: pytest.Config) -> None:
    """Name the folder of the one server that this run and its workers share."""
    shared = getattr(config, "workerinput", {}).get("postgres_home")
    config.stash[HOME] = Path(shared) if shared else new_home()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One worker more than processors: each waits at times, for a server, a browser or a lock."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In a parallel run begin with what takes long, so that no worker is left alone with it in the end."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """Let the collector pass over what stays for the whole run: looking through it took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


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
    """Run a test that asks for `database_url` or `schema_url` once on each database."""
    for fixture in ("database_url", "schema_url"):
        if fixture in metafunc.fixturenames:
            metafunc.parametrize(fixture, DATABASES, indirect=True, ids=DATABASES)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'kes.sqlite'}"


@pytest.fixture(scope="session")
def run_home(pytestconfig: pytest.Config) -> Path:
    """The folder that all workers of the run share; gone with the run."""
    return pytestconfig.stash[HOME]


@pytest.fixture(scope="session")
def postgres_server(run_home: Path) -> PostgresServer:
    """Answer the real PostgreSQL of this run, started by the first test that asks for it."""
    with alone(run_home, "server"):
        return PostgresServer(run_home) if is_running(run_home) else PostgresServer.start(run_home)


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


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("schema") / "template.sqlite"
    create_tables(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """Name of a PostgreSQL database with all tables, to be copied; made once in a run."""
    name = "template_kes"
    with alone(postgres_server.home, name):
        if name not in postgres_server.databases():
            create_tables(postgres_server.create("making_kes"))
            postgres_server.rename("making_kes", name)
    return name


@pytest.fixture
def postgres_schema_url(postgres_server: PostgresServer, postgres_template: str) -> Iterator[str]:
    """URL of a PostgreSQL database with all tables and no rows, dropped after the test."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield postgres_server.create(name, template=postgres_template)
    postgres_server.drop(name)


@pytest.fixture
def schema_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a database with all tables and no rows; the test runs once on SQLite and once on PostgreSQL."""
    match request.param:
        case "sqlite":
            copy = shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "kes.sqlite")
            return f"sqlite:///{copy}"
        case "postgres":
            return str(request.getfixturevalue("postgres_schema_url"))
        case other:
            raise ValueError(f"KES_TEST_DATABASES: unknown database {other!r}; known are sqlite and postgres")
