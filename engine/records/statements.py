"""A step's own statements: compiled once a kind of database, handed to the driver, and sent together.

SQLAlchemy's way from a statement to the driver costs several times what the driver itself does, and each answer of
PostgreSQL's is a journey of its own. The statements that every step needs therefore go straight to the driver, in the
text that SQLAlchemy compiled and with its own processing of values; on PostgreSQL those that nobody waits for travel as
one pipeline. Listeners see them as they see any other, and errors are those of any other statement.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect

Row: TypeAlias = Mapping[str, Any]
Processor: TypeAlias = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """One statement for one kind of database and one set of parameters."""

    text: str
    binds: tuple[tuple[str, Processor | None], ...]
    results: tuple[Processor | None, ...]
    is_positional: bool

    def bind(self, row: Row) -> Any:
        """The driver's parameters."""
        if self.is_positional:
            return tuple([row[name] if to is None else to(row[name]) for name, to in self.binds])
        return {name: row[name] if to is None else to(row[name]) for name, to in self.binds}

    def read(self, found: Sequence[Any]) -> list[Any]:
        """A row of the driver's as the columns' types have it."""
        return [value if of is None else of(value) for of, value in zip(self.results, found, strict=True)]


class Statement:
    """A statement with named parameters, compiled when it is first needed."""

    def __init__(self, clause: sa.Select[Any] | sa.Insert | sa.Update | sa.Delete) -> None:
        self.clause = clause
        self._compiled: dict[tuple[str, tuple[str, ...]], _Compiled] = {}

    def compiled(self, dialect: Dialect, row: Row) -> _Compiled:
        """The statement for a database and the parameters that a row names."""
        key = (dialect.name, tuple(row))
        found = self._compiled.get(key)
        if found is None:
            found = self._compiled[key] = self._compile(dialect, list(row))
        return found

    def _compile(self, dialect: Dialect, names: list[str]) -> _Compiled:
        changes = isinstance(self.clause, (sa.Insert, sa.Update))
        made = self.clause.compile(dialect=dialect, column_keys=names if changes else None)
        types = {name: bind.type.dialect_impl(dialect) for name, bind in made.binds.items()}
        order = list(made.binds) if made.positiontup is None else made.positiontup
        columns = self.clause.selected_columns if isinstance(self.clause, sa.Select) else ()
        return _Compiled(
            made.string,
            tuple((name, types[name].bind_processor(dialect)) for name in order),
            tuple(column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns),
            made.positiontup is not None,
        )

    def first(self, connection: Connection, row: Row) -> list[Any] | None:
        """The first row found, its columns as their types have them."""
        return fetch(connection, [(self, row)])[0]


def fetch(connection: Connection, asked: Sequence[tuple[Statement, Row]]) -> list[list[Any] | None]:
    """The first row that each of some statements finds, in order; on PostgreSQL asked in one journey."""
    found = fetch_all(connection, asked)
    return [rows[0] if rows else None for rows in found]


def fetch_all(connection: Connection, asked: Sequence[tuple[Statement, Row]]) -> list[list[list[Any]]]:
    """The rows that each of some statements finds, in order; on PostgreSQL asked in one journey."""
    with _told(connection, together=len(asked) > 1):
        begun = []
        for statement, row in asked:
            compiled = statement.compiled(connection.dialect, row)
            begun.append((compiled, _execute(connection, compiled, [row])))
        return [[compiled.read(row) for row in cursor.fetchall()] for compiled, cursor in begun]


class Writes:
    """Changes of one transaction that nobody reads yet; `flush` sends them in the order in which they were added."""

    __slots__ = ("_waiting", "connection")

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._waiting: list[tuple[Statement, Sequence[Row]]] = []

    def add(self, statement: Statement, *rows: Row) -> None:
        """One statement more, for one row or several of the same columns; none for no row."""
        if rows:
            self._waiting.append((statement, rows))

    def flush(self) -> int:
        """Send what waits; returns how many rows the last statement changed (0 where nothing waited)."""
        if not self._waiting:
            return 0
        waiting, self._waiting = self._waiting, []
        with _told(self.connection, together=len(waiting) > 1):
            cursors = [
                _execute(self.connection, statement.compiled(self.connection.dialect, rows[0]), rows)
                for statement, rows in waiting
            ]
        return int(cursors[-1].rowcount)


@contextmanager
def _told(connection: Connection, *, together: bool) -> Iterator[None]:
    """Raise the driver's errors as those of any statement; `together`: a pipeline where the database knows them."""
    driver: Any = connection.connection.driver_connection
    try:
        with driver.pipeline() if together and connection.dialect.name == "postgresql" else nullcontext():
            yield
    except connection.dialect.loaded_dbapi.Error as error:
        # The library's one door for a fault met while executing: our listener, the pool and the wrapping hang on it.
        connection._handle_dbapi_exception(error, None, None, None, None)  # noqa: SLF001


def _execute(connection: Connection, compiled: _Compiled, rows: Sequence[Row]) -> Any:
    """The driver's cursor after a statement; within a pipeline it may not be carried out yet."""
    is_many = len(rows) > 1
    parameters = [compiled.bind(row) for row in rows] if is_many else compiled.bind(rows[0])
    cursor: Any = connection.connection.cursor()
    connection.dispatch.before_cursor_execute(connection, cursor, compiled.text, parameters, None, is_many)
    if is_many:
        cursor.executemany(compiled.text, parameters)
    else:
        cursor.execute(compiled.text, parameters)
    return cursor
