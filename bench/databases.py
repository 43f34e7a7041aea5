"""Databases to measure on: SQLite files, and a PostgreSQL that makes every commit durable."""

import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import psycopg

from engine.schema import upgrade
from tests.postgres import PostgresServer, new_home

_SIZES: Final = ("page_count", "page_size", "freelist_count")
#: What the tests switch off and a service must not.
DURABLE: Final = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


class Databases:
    """Makes fresh databases of one kind with all tables of the house: copies of one that was made first."""

    def __init__(self, folder: Path, server: PostgresServer | None) -> None:
        self.folder, self.server = folder, server
        self.template = f"bench_{uuid.uuid4().hex[:12]}"
        if server is None:
            upgrade(f"sqlite:///{folder / self.template}.sqlite")
        else:
            upgrade(server.create(self.template))

    def new(self) -> str:
        """The URL of a new database with all tables and no rows of ours."""
        name = f"bench_{uuid.uuid4().hex[:12]}"
        if self.server is not None:
            return self.server.create(name, template=self.template)
        shutil.copy(self.folder / f"{self.template}.sqlite", self.folder / f"{name}.sqlite")
        return f"sqlite:///{self.folder / name}.sqlite"

    def size(self, url: str) -> int:
        """Bytes that the database takes, its log written back."""
        if self.server is None:
            connection = sqlite3.connect(url.removeprefix("sqlite:///"))
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            found = {n: connection.execute(f"PRAGMA {n}").fetchone()[0] for n in _SIZES}
            connection.close()
            return int((found["page_count"] - found["freelist_count"]) * found["page_size"])
        with psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as connection_:
            connection_.execute("VACUUM FULL")
            row = connection_.execute("SELECT pg_database_size(current_database())").fetchone()
            return int(row[0]) if row else 0


@contextmanager
def sqlite_databases(folder: Path | None = None) -> Iterator[Databases]:
    """SQLite files in a folder of their own below `folder` (default: the system's temporary folder)."""
    with TemporaryDirectory(prefix="kes-bench-", dir=folder) as made:
        yield Databases(Path(made), None)


@contextmanager
def postgresql_databases() -> Iterator[Databases]:
    """A PostgreSQL server of our own with fsync on, stopped and removed on leaving."""
    home = new_home()
    server = PostgresServer.start(home, DURABLE)
    try:
        yield Databases(home, server)
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
