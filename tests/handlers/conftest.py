"""A door without a procedure behind it: the shell, accounts, and routes that a test brings itself."""

import shutil
import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from engine.actors import Actor
from engine.clock import ClockMode, wall
from engine.database import Database
from engine.files import FileStore
from engine.registry import Registry
from engine.runtime import Runtime, Transaction
from handlers.accounts import records
from handlers.accounts.passwords import hash_password
from handlers.api.routes import Routes, register
from handlers.composition import make_context
from handlers.context import Context
from handlers.errors import install_errors
from handlers.logs import install_logs
from handlers.settings import Settings, read_settings
from handlers.shell import make_shell
from tests.conftest import DATABASES
from tests.demonstration import TEMPLATE, demo_folder, demo_folder_on_postgres, open_app, settings_of
from tests.handlers.demo_house import DemoHouse
from tests.handlers.web import Web
from tests.postgres import PostgresServer

PEOPLE = {
    "secretary": Actor("secretary", "Секретарёва Вера Ильинична", frozenset({"secretary", "member"})),
    "chair": Actor("chair", "Председателев Олег Петрович", frozenset({"chair", "member"})),
    "applicant1": Actor("applicant1", "Заявителев Иван Иванович", frozenset({"applicant"}), owner="org:1"),
    "applicant2": Actor("applicant2", "Просителев Пётр Петрович", frozenset({"applicant"}), owner="org:2"),
    "admin": Actor("admin", "Управителев Лев Львович", frozenset({"admin"})),
}
PASSWORD = "demo"

# Failures are told in one line each, as in production, and not with every value on the way.
install_logs()


def find_actor(_tx: Transaction, login: str) -> Actor | None:
    return PEOPLE.get(login)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"KES_DATA_DIR": str(tmp_path / "data"), "KES_DEMO": "1", "KES_CLOCK": "virtual"})


@pytest.fixture(scope="session")
def demo_hash() -> str:
    return hash_password(PASSWORD, demo=True)


@pytest.fixture
def context(settings: Settings, schema_url: str, demo_hash: str) -> Iterator[Context]:
    database = Database(schema_url)
    with database.write() as connection:
        for login in PEOPLE:
            records.put_credential(connection, login, demo_hash, wall())
    runtime = Runtime(
        database,
        Registry(),
        mode=ClockMode.VIRTUAL,
        files=FileStore(settings.data_dir / "files"),
        clock_start=settings.clock_start,
    )
    yield Context(runtime, replace(settings, database_url=schema_url), find_actor)
    database.close()


@pytest.fixture
def make_web(context: Context) -> Callable[[Routes], Web]:
    def make(*parts: Routes) -> Web:
        app = make_shell(context)
        install_errors(app)
        register(app, context, [route for part in parts for route in part.items])
        return Web(app, context)

    return make


@pytest.fixture(scope="session")
def filled(run_home: Path) -> Path:
    """A data folder that `kes migrate` and `kes demo` have filled; tests work on copies."""
    return demo_folder(run_home)


@pytest.fixture
def demo(filled: Path, tmp_path: Path) -> Iterator[DemoHouse]:
    """The whole service on a demonstration of its own."""
    folder = tmp_path / "demo"
    shutil.copytree(filled, folder)
    yield from _opened(settings_of(folder))


@pytest.fixture(params=DATABASES)
def demo_on_both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DemoHouse]:
    """The whole service on a demonstration, once on each database."""
    folder = tmp_path / "demo"
    if request.param == "sqlite":
        shutil.copytree(request.getfixturevalue("filled"), folder)
        yield from _opened(settings_of(folder))
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    shutil.copytree(demo_folder_on_postgres(server), folder)
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield from _opened(settings_of(folder, server.create(name, template=TEMPLATE)))
    server.drop(name)


def _opened(settings: Settings) -> Iterator[DemoHouse]:
    context = make_context(settings)
    yield DemoHouse(open_app(context), context)
    context.runtime.database.close()


@pytest.fixture
def unused_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
