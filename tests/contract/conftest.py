"""A demonstration, filled once a session and copied for each test, with everybody signed in already."""

import fcntl
import json
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from engine.clock import wall
from engine.schema import upgrade
from handlers.accounts import access
from handlers.app import create_app
from handlers.composition import make_context
from handlers.demonstration import fill
from handlers.settings import Settings, read_settings
from tests.conftest import DATABASES
from tests.contract.client import Service
from tests.contract.stories import MEMBERS
from tests.postgres import PostgresServer

PEOPLE = (
    *("applicant1", "applicant2", "secretary", "chair", "deputy", "ministry"),
    *("analyst1", "analyst2", "auditor", "admin"),
    *MEMBERS,
)
TOKENS = "tokens.json"
_TEMPLATE = "template_contract"


def settings_of(folder: Path, url: str | None = None) -> Settings:
    """Return the settings of `make run`: demo accounts and a virtual clock."""
    told = {"KES_DATA_DIR": str(folder), "KES_DEMO": "1", "KES_CLOCK": "virtual"}
    return read_settings(told if url is None else {**told, "KES_DATABASE_URL": url})


def prepare(settings: Settings) -> None:
    """Fill an empty database, sign everybody in, and leave their tokens beside the data."""
    context = make_context(settings)
    upgrade(context.runtime.database)
    fill(context)
    client = create_app(settings, context.runtime).test_client()
    tokens = {}
    for login in PEOPLE:
        answer = client.post("/api/v1/tokens", json={"login": login, "password": "demo"})
        assert answer.status_code == 201, answer.text
        tokens[login] = answer.json["token"] if answer.json else ""
    with context.runtime.database.write() as connection:
        tokens["peer"] = access.issue_integration_token(connection, "peer", ["messages"], at=wall())
    context.runtime.database.close()
    (settings.data_dir / TOKENS).write_text(json.dumps(tokens), encoding="utf-8")


@pytest.fixture(scope="session")
def sqlite_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a filled SQLite file."""
    folder = tmp_path_factory.mktemp("contract")
    prepare(settings_of(folder))
    return folder


@pytest.fixture(scope="session")
def postgres_demo(postgres_server: PostgresServer) -> Path:
    """A data folder whose database is `template_contract` on this run's server; made once in a run."""
    folder = postgres_server.home / "contract"
    with (postgres_server.home / "contract.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _TEMPLATE not in postgres_server.databases():
            prepare(settings_of(folder, postgres_server.create("making_contract")))
            postgres_server.rename("making_contract", _TEMPLATE)
    return folder


@contextmanager
def opened(request: pytest.FixtureRequest, folder: Path) -> Iterator[Service]:
    """A copy of the demonstration on the database that the fixture was asked for."""
    template: Path = request.getfixturevalue(f"{request.param}_demo")
    shutil.copytree(template, folder)
    url, server, name = None, None, f"test_{uuid.uuid4().hex[:12]}"
    if request.param == "postgres":
        server = request.getfixturevalue("postgres_server")
        url = server.create(name, template=_TEMPLATE)
    settings = settings_of(folder, url)
    context = make_context(settings)
    tokens: dict[str, Any] = json.loads((folder / TOKENS).read_text(encoding="utf-8"))
    yield Service(create_app(settings, context.runtime), tokens)
    context.runtime.database.close()
    if server is not None:
        server.drop(name)


@pytest.fixture(params=DATABASES)
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Service]:
    """The whole service on a demonstration of its own, once on each database."""
    with opened(request, tmp_path / "demo") as found:
        yield found


@pytest.fixture(params=DATABASES, scope="module")
def standing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The same for tests of one file that read, or ask for what is refused: they share it and leave it as it was."""
    with opened(request, tmp_path_factory.mktemp("standing") / "demo") as found:
        yield found
