"""Engine factory and transactions; the one place that opens connections.

SQLite: WAL, `synchronous=FULL`, every write transaction is BEGIN IMMEDIATE, so one writer at a time and no lost update.
PostgreSQL: READ COMMITTED, rows locked by SELECT … FOR UPDATE. Nobody but a door opens a transaction, and it commits on
leaving the with-block; an exception rolls back.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.types import TypeDecorator, TypeEngine
from typing_extensions import override

from engine.faults import crash_point

__all__ = ["METADATA", "Blob", "Connection", "Database", "Instant", "Json", "dumps"]

#: All tables of the house; records modules add theirs.
METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware instant: timestamptz on PostgreSQL, fixed-width UTC text (sortable) on SQLite; read back as UTC."""

    impl = sa.String(32)
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(sa.DateTime(timezone=True))
        return dialect.type_descriptor(sa.String(32))

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive instant")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if isinstance(value, datetime) else datetime.fromisoformat(value)


class Json(TypeDecorator[Any]):
    """A JSON value kept as text, in the order given: the same bytes on both databases."""

    impl = sa.Text
    cache_ok = True

    @override
    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else orjson.dumps(value, default=_plain).decode()

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else orjson.loads(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(type(value).__name__)


#: Bytes of a state: bytea on PostgreSQL, BLOB on SQLite.
Blob = sa.LargeBinary().with_variant(postgresql.BYTEA(), "postgresql")


class Database:
    """One database, reached by URL; holds the pool, nothing else."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.url = sa.make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            if self.url.database:
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            self.engine: Engine = sa.create_engine(self.url, connect_args={"timeout": 30, "check_same_thread": False})
            sa.event.listen(self.engine, "connect", _sqlite_connect)
        else:
            self.engine = sa.create_engine(self.url, pool_size=pool_size, max_overflow=8, pool_pre_ping=False)
        # SQLite reads one snapshot anyway; on PostgreSQL a page of several queries must not see two moments.
        snapshot: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reader = self.engine if self.is_sqlite else self.engine.execution_options(**snapshot)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection inside one write transaction: commits on leaving, rolls back on an exception."""
        with self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            crash_point("commit.before")
            connection.commit()
            crash_point("commit.after")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading one consistent snapshot's worth of queries; never commits."""
        with self._reader.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN")
            try:
                yield connection
            finally:
                connection.rollback()

    def close(self) -> None:
        """Close the pool."""
        self.engine.dispose()


def _sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=30000",
        "cache_size=-16000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def dumps(value: Any) -> str:
    """Compact JSON text with sorted keys, for keys and digests of small values."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
