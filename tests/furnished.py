"""A database that is dear to fill and the same for many tests: filled once in a run, copied for each of them."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.once import alone, folder_once
from tests.postgres import PostgresServer

_FILE = "kes.sqlite"


@contextmanager
def furnished(request: pytest.FixtureRequest, folder: Path, name: str, fill: Callable[[str], None]) -> Iterator[str]:
    """URL of a copy, SQLite's in `folder`, of what `fill` made of the empty tables at a URL; gone after the block.

    `request.param` says on which database, `name` is the run's for what is copied.
    """
    if request.param == "sqlite":

        def make(home: Path) -> None:
            fill(f"sqlite:///{shutil.copy(request.getfixturevalue('sqlite_template'), home / _FILE)}")

        made = folder_once(request.getfixturevalue("run_home"), name, make)
        yield f"sqlite:///{shutil.copy(made / _FILE, folder / _FILE)}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    empty, template, making = request.getfixturevalue("postgres_template"), f"template_{name}", f"making_{name}"
    with alone(server.home, template):
        if template not in server.databases():
            server.drop(making)
            fill(server.create(making, template=empty))
            server.rename(making, template)
    copy = f"test_{uuid.uuid4().hex[:12]}"
    yield server.create(copy, template=template)
    server.drop(copy)
