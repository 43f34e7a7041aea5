"""Fresh databases, as many as a test asks for."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.postgres import PostgresServer


@pytest.fixture
def copies_on_sqlite(sqlite_template: Path, tmp_path: Path) -> Callable[[], str]:
    """URLs of fresh databases; the one before goes."""
    made: list[Path] = []

    def make() -> str:
        if made:
            for path in tmp_path.glob(f"{made.pop().name}*"):
                path.unlink()
        made.append(tmp_path / uuid.uuid4().hex)
        return f"sqlite:///{shutil.copy(sqlite_template, made[-1])}"

    return make


@pytest.fixture
def copies_on_postgres(postgres_server: PostgresServer, postgres_template: str) -> Iterator[Callable[[], str]]:
    """URLs of fresh databases; the one before is dropped."""
    made: list[str] = []

    def make() -> str:
        if made:
            postgres_server.drop(made.pop())
        made.append(f"test_{uuid.uuid4().hex[:12]}")
        return postgres_server.create(made[-1], template=postgres_template)

    yield make
    for name in made:
        postgres_server.drop(name)
