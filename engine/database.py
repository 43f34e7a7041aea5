"""Engine factory and transactions; the one place that opens connections.

SQLite: WAL, `synchronous=FULL`, every write transaction is BEGIN IMMEDIATE, so one writer at a time and no lost update.
PostgreSQL: READ COMMITTED, rows locked by SELECT … FOR UPDATE. Nobody but a door opens a transaction, and it commits on
leaving the with-block; an exception rolls back. A database that is gone, busy or full is told as UnavailableError by
the very statement that met it; a pooled connection that rested is looked at before it is used again.
"""

import select
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from engine.columns import METADATA, Blob, Instant, Json, as_json, read_json
from engine.errors import UnavailableError
from engine.forks import mind_forks
from engine.gate import Gate
from engine.passing import BUSY, tell, told
from engine.session import Session
from engine.turn import Turn

__all__ = [
    "METADATA",
    "Blob",
    "Connection",
    "Database",
    "Instant",
    "Json",
    "Session",
    "as_json",
    "read_json",
    "told",
]

#: A connection that rested longer (seconds) is asked whether it still stands before anybody gets it, and so is one
#: that has spoken meanwhile.
_REST: Final = 1.0
#: Seconds that a writer waits for others on SQLite.
_PATIENCE: Final = 30
#: Seconds that it waits before it goes to the gate, and between two looks until then.
_SOON: Final = 0.25
_NAP: Final = 0.0001
_WRITE: Final = "BEGIN IMMEDIATE"
#: When PostgreSQL that went without a word is given up; what the URL says goes before it. Some seconds, in which a
#: network or a standby takes over, are sat out; then nobody waits longer than for a person's patience: to connect
#: (seconds), for word that what was sent has come (milliseconds), for a sign of life while a statement runs (seconds).
_GIVING_UP: Final[dict[str, Any]] = {
    "connect_timeout": 5,
    "tcp_user_timeout": 15_000,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
}
#: Connections of a process to PostgreSQL that are kept, and as many more while they are needed.
_POOL: Final = 8
#: What libpq says of a connection where no transaction is (PQTRANS_IDLE).
_AT_REST: Final = 0


class Database:
    """One database, reached by URL; holds the pool, nothing else."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._gate = Gate(self.url.database) if self.is_sqlite and self.url.database else None
        #: Whose turn it is among the threads that write an SQLite file.
        self.turn = Turn() if self.is_sqlite else None
        if self.is_sqlite:
            if self.url.database:
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            self.engine: Engine = sa.create_engine(
                self.url,
                hide_parameters=True,  # they are people's: no error tells them to a log
                connect_args={"timeout": _PATIENCE, "check_same_thread": False},
                pool_reset_on_return=None,  # whoever opens a connection here ends what was begun on it
                pool_use_lifo=True,  # the warmest first: its cache, its prepared statements
            )
            sa.event.listen(self.engine, "connect", _sqlite_connect)
        else:
            given_up = {name: value for name, value in _GIVING_UP.items() if name not in self.url.query}
            # What is prepared is ours to keep (`engine.records.libpq`); psycopg would throw all away at each ROLLBACK.
            self.engine = sa.create_engine(
                self.url,
                hide_parameters=True,
                pool_size=_POOL,
                max_overflow=_POOL,
                pool_use_lifo=True,
                connect_args={"prepare_threshold": None, **given_up},
            )
            sa.event.listen(self.engine, "checkin", _note_rest)  # codespell:ignore checkin
            sa.event.listen(self.engine, "checkout", self._check_rested)
        sa.event.listen(self.engine, "handle_error", tell)
        # SQLite reads one snapshot anyway; on PostgreSQL a page of several queries must not see two moments.
        snapshot: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reader = self.engine if self.is_sqlite else self.engine.execution_options(**snapshot)
        #: SQLite's connections that rest: the pool's ways there and back cost as much as a statement of a step.
        self._resting: list[Connection] = []
        pool = self.engine.pool
        self._pool = pool if self.is_sqlite and isinstance(pool, sa.QueuePool) else None
        mind_forks(self)

    @property
    def patience(self) -> int:
        """Seconds that a writer waits for others on SQLite."""
        return _PATIENCE

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection inside one write transaction: commits on leaving, rolls back on an exception.

        Raises UnavailableError; it may be repeated only where COMMIT was not yet sent.
        """
        with self.session() as session:
            session.begin()
            yield session.connection
            session.commit()

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A connection on which nothing has begun yet; what was begun and not committed is rolled back on leaving.

        Raises UnavailableError; it may be repeated only where nothing that commits was sent.
        """
        is_sent = False
        try:
            connection = self._lend(self.engine)
            session = Session(self, connection)
            try:
                yield session
            finally:
                is_sent = session.is_sent
                try:
                    if connection.in_transaction():
                        connection.rollback()
                finally:
                    session.leave()
                    self._take_back(connection)
        except UnavailableError as error:
            error.may_repeat = error.may_repeat and not is_sent
            raise
        except sa.exc.TimeoutError as error:
            raise UnavailableError(BUSY) from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading one consistent snapshot's worth of queries; never commits.

        Raises UnavailableError.
        """
        try:
            connection = self._lend(self._reader)
            try:
                connection.begin()
                if self.is_sqlite:
                    _say(connection, "BEGIN")
                try:
                    yield connection
                finally:
                    connection.rollback()
            finally:
                self._take_back(connection)
        except sa.exc.TimeoutError as error:
            raise UnavailableError(BUSY) from error

    def begin(self, connection: Connection) -> None:
        """BEGIN IMMEDIATE on SQLite, at the gate where it does not come soon; BEGIN on PostgreSQL."""
        connection.begin()
        if not self.is_sqlite:
            return
        if self._gate is None:
            _say(connection, _WRITE)
            return
        try:
            self._gate.pass_by(_PATIENCE)
            with told(connection):
                begins = _begin_soon(connection.connection.driver_connection)
            if not begins:
                with self._gate.closed(_PATIENCE):
                    _say(connection, _WRITE)
        except TimeoutError as error:
            raise UnavailableError(BUSY) from error

    def _lend(self, engine: Engine) -> Connection:
        """A connection on which nothing has begun: the one that rested last, else the pool's."""
        try:
            return self._resting.pop()
        except IndexError:
            return engine.connect()

    def _take_back(self, connection: Connection) -> None:
        """Let a connection rest; back to the pool where that may be waited for, or where it is not fit to be used."""
        if not connection.invalidated and not self._is_at_rest(connection):
            connection.invalidate()  # its end was broken off, whatever it still holds goes with it
        pool = self._pool
        if pool is not None and pool.overflow() <= 0 and not connection.invalidated:
            self._resting.append(connection)
        else:
            connection.close()

    def _is_at_rest(self, connection: Connection) -> bool:
        """Whether nothing is begun on a connection, neither for the library nor for the driver."""
        if connection.get_transaction() is not None:
            return False
        driver: Any = connection.connection.driver_connection
        if not self.is_sqlite:
            return bool(driver.pgconn.transaction_status == _AT_REST)
        try:
            return not driver.in_transaction
        except sqlite3.ProgrammingError:  # somebody closed it
            return False

    def _check_rested(self, connection: Any, record: Any, _proxy: Any) -> None:
        left = record.info.get("left")
        if left is None:
            return
        dialect = self.engine.dialect
        try:
            if _has_spoken(connection) or time.monotonic() - left >= _REST:
                dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise sa.exc.InvalidatePoolError from error

    def begin_anew(self) -> None:
        """In a process just forked: begin without a connection, for those there are stay the parent's."""
        _parents.append((self.engine.pool, self._resting))
        self.engine.dispose(close=False)
        self._resting = []
        pool = self.engine.pool
        if self._pool is not None and isinstance(pool, sa.QueuePool):
            self._pool = pool
        if self.turn is not None:
            self.turn = Turn()

    def listen(self, connection: Connection) -> None:
        """Ask PostgreSQL whether it is there, where it has spoken unasked.

        Raises UnavailableError, while nothing has been sent that may be repeated no more.
        """
        driver: Any = connection.connection.driver_connection
        if _has_spoken(driver):
            with told(connection):
                self.engine.dialect.do_ping(driver)

    def close(self) -> None:
        """Close the pool."""
        self._pool = None
        while self._resting:
            self._resting.pop().close()
        self.engine.dispose()


#: What a forked process must never let go of: that would close the parent's connections.
_parents: list[object] = []


def _begin_soon(driver: Any) -> bool:
    """Begin to write an SQLite file as soon as it is free; false where that is not soon."""
    end = time.monotonic() + _SOON
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                driver.execute(_WRITE)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                if time.monotonic() >= end:
                    return False
                time.sleep(_NAP)  # SQLite itself sleeps for longer than most writers hold the file, and nobody tells
            else:
                return True
    finally:
        driver.execute(f"PRAGMA busy_timeout={_PATIENCE}000")


def _say(connection: Connection, statement: str) -> None:
    """Tell SQLite's driver a statement that asks for nothing."""
    driver: Any = connection.connection.driver_connection
    with told(connection):
        driver.execute(statement)


def _has_spoken(driver: Any) -> bool:
    """Whether PostgreSQL has said something that nobody asked for: so it takes its leave."""
    ears = select.poll()
    ears.register(driver.fileno(), select.POLLIN)
    return bool(ears.poll(0))


def _note_rest(_connection: Any, record: Any) -> None:
    record.info["left"] = time.monotonic()


def _sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={_PATIENCE}000",
        "cache_size=-16000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    # SQLite's own lower() knows no Cyrillic; searches would tell the two databases apart.
    connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value
