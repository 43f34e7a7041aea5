"""A PostgreSQL of a test's own that may be killed, restarted and cut off, and keeps what it acknowledged."""

from pathlib import Path

import psycopg

from tests.postgres import PostgresServer, _run


class MortalServer:
    """A server with one database; commits are written down before they are acknowledged."""

    def __init__(self, home: Path) -> None:
        self.server = PostgresServer.start(home)
        self.socket = home / "socket"
        self.url = self.server.create("mortal")
        with self._connect() as connection:
            connection.execute("ALTER DATABASE mortal SET synchronous_commit = on")

    def url_through(self, folder: Path) -> str:
        """The URL for those who come through a go-between listening in `folder`."""
        return f"postgresql+psycopg://postgres@/mortal?host={folder}"

    def die(self) -> None:
        """Stop at once, as a crash would; nobody is told."""
        _run("pg_ctl", "stop", "--pgdata", str(self._data), "--mode=immediate", "--silent")

    def restart(self) -> None:
        """Crash and come back: the log is recovered."""
        _run("pg_ctl", "restart", "--pgdata", str(self._data), "--mode=immediate", "--wait", "--silent",
             "--log", str(self._data / "server.log"))  # fmt: skip

    def cut_everybody(self) -> int:
        """End every connection to the database; returns how many there were."""
        query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'mortal'"
        with self._connect() as connection:
            return len(connection.execute(query).fetchall())

    def stop(self) -> None:
        """Stop for good and remove everything."""
        self.server.stop()

    @property
    def _data(self) -> Path:
        return self.server.home / "data"

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(f"host={self.socket} user=postgres dbname=postgres", autocommit=True)
