"""A demonstration, filled once a session and copied for each test, with everybody signed in already."""

import json
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from engine.clock import wall
from handlers.accounts import access
from handlers.composition import make_context
from handlers.settings import Settings
from tests.conftest import DATABASES
from tests.contract.client import Service
from tests.contract.stories import MEMBERS
from tests.demonstration import TEMPLATE as DEMO
from tests.demonstration import demo_folder, demo_folder_on_postgres, open_app, settings_of
from tests.once import folder_once
from tests.postgres import PostgresServer

PEOPLE = (
    *("applicant1", "applicant2", "secretary", "chair", "deputy", "ministry"),
    *("analyst1", "analyst2", "auditor", "admin"),
    *MEMBERS,
)
TOKENS = "tokens.json"
_TEMPLATE = "template_contract"


def sign_in(settings: Settings) -> None:
    """Sign everybody in at a demonstration, and leave their tokens beside the data."""
    context = make_context(settings)
    client = open_app(context).test_client()
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
def sqlite_demo(run_home: Path) -> Path:
    """A data folder with a filled SQLite file; made once in a run."""

    def make(folder: Path) -> None:
        shutil.copytree(demo_folder(run_home), folder, dirs_exist_ok=True)
        sign_in(settings_of(folder))

    return folder_once(run_home, "contract", make)


@pytest.fixture(scope="session")
def postgres_demo(postgres_server: PostgresServer) -> Path:
    """A data folder whose database is `template_contract` on this run's server; made once in a run."""

    def make(folder: Path) -> None:
        making = "making_contract"
        shutil.copytree(demo_folder_on_postgres(postgres_server), folder, dirs_exist_ok=True)
        postgres_server.drop(making)
        sign_in(settings_of(folder, postgres_server.create(making, template=DEMO)))
        postgres_server.rename(making, _TEMPLATE)

    return folder_once(postgres_server.home, "contract_on_postgres", make)


@contextmanager
def opened(request: pytest.FixtureRequest, folder: Path) -> Iterator[Service]:
    """A copy of the demonstration on the database that the fixture was asked for."""
    template: Path = request.getfixturevalue(f"{request.param}_demo")
    shutil.copytree(template, folder)
    url, server, name = None, None, f"test_{uuid.uuid4().hex[:12]}"
    if request.param == "postgres":
        server = request.getfixturevalue("postgres_server")
        url = server.create(name, template=_TEMPLATE)
    context = make_context(settings_of(folder, url))
    tokens: dict[str, Any] = json.loads((folder / TOKENS).read_text(encoding="utf-8"))
    yield Service(open_app(context), tokens)
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
