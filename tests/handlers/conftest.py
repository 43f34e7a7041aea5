"""A door without a procedure behind it: the shell, accounts, and routes that a test brings itself."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.actors import Actor
from engine.clock import ClockMode, wall
from engine.database import METADATA, Database
from engine.files import FileStore
from engine.records import tables
from engine.registry import Registry
from engine.runtime import Runtime, Transaction
from handlers.accounts import records
from handlers.accounts.passwords import hash_password
from handlers.api.routes import Routes, register
from handlers.context import Context
from handlers.errors import install_errors
from handlers.settings import Settings, read_settings
from handlers.shell import make_shell
from tests.handlers.web import Web

PEOPLE = {
    "secretary": Actor("secretary", "Секретарёва Вера Ильинична", frozenset({"secretary", "member"})),
    "chair": Actor("chair", "Председателев Олег Петрович", frozenset({"chair", "member"})),
    "applicant1": Actor("applicant1", "Заявителев Иван Иванович", frozenset({"applicant"}), owner="org:1"),
    "applicant2": Actor("applicant2", "Просителев Пётр Петрович", frozenset({"applicant"}), owner="org:2"),
    "admin": Actor("admin", "Управителев Лев Львович", frozenset({"admin"})),
}
PASSWORD = "demo"
DECLARED = (tables, records)


def find_actor(_tx: Transaction, login: str) -> Actor | None:
    return PEOPLE.get(login)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"KES_DATA_DIR": str(tmp_path / "data"), "KES_DEMO": "1", "KES_CLOCK": "virtual"})


@pytest.fixture(scope="session")
def demo_hash() -> str:
    return hash_password(PASSWORD, demo=True)


@pytest.fixture
def context(settings: Settings, database_url: str, demo_hash: str) -> Iterator[Context]:
    database = Database(database_url)
    METADATA.create_all(database.engine)
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
    yield Context(runtime, replace(settings, database_url=database_url), find_actor)
    database.close()


@pytest.fixture
def make_web(context: Context) -> Callable[[Routes], Web]:
    def make(*parts: Routes) -> Web:
        app = make_shell(context)
        install_errors(app)
        register(app, context, [route for part in parts for route in part.items])
        return Web(app, context)

    return make
