"""A step's own statements: compiled once a kind of database, handed to the driver, and sent as one.

SQLAlchemy's way from a statement to the driver costs several times what the driver itself does, and each answer of
PostgreSQL's is a journey of its own. The statements that every step needs therefore go straight to the driver, in the
text that SQLAlchemy compiled and with its own processing of values; on PostgreSQL what a step writes is one statement,
its parts as `WITH` queries. Listeners see them as they see any other, and errors are those of any other statement.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final, NamedTuple, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect

from engine.database import told
from engine.errors import OvertakenError

Row: TypeAlias = Mapping[str, Any]
Processor: TypeAlias = Callable[[Any], Any]

_NAMED: Final = re.compile(r"%\((\w+)\)s|%%")
_NUMBERED: Final = re.compile(r"\$(\d+)")


@dataclass(frozen=True, slots=True)
class _Compiled:
    """One statement for one kind of database and one set of parameters, which stand in the text by position."""

    text: str
    #: Picks the values from a row, `width` of them.
    pick: Callable[[Row], tuple[Any, ...]]
    width: int
    #: What becomes of the values at some places on their way to the driver, and from it.
    to_driver: tuple[tuple[int, Processor], ...]
    from_driver: tuple[tuple[int, Processor], ...]
    is_insert: bool

    def bind(self, row: Row) -> tuple[Any, ...]:
        """The driver's parameters."""
        picked = self.pick(row)
        if not self.to_driver:
            return picked
        values = list(picked)
        for place, processed in self.to_driver:
            values[place] = processed(values[place])
        return tuple(values)

    def read(self, found: Sequence[Any]) -> list[Any]:
        """A row of the driver's as the columns' types have it."""
        values = list(found)
        for place, processed in self.from_driver:
            values[place] = processed(values[place])
        return values

    def shifted(self, first: int, count: int) -> str:
        """PostgreSQL's text for some rows at once (an INSERT) or one, its parameters numbered past `first`."""
        if count == 1:
            return _shift(self.text, first)
        head, values = self.text.split(" VALUES ", 1)
        shifted = (_shift(values, first + self.width * number) for number in range(count))
        return f"{head} VALUES {', '.join(shifted)}"


class Answer(NamedTuple):
    """The rows that a statement found, as the driver reads them, and how many it found or changed."""

    rows: list[Any]
    touched: int


class Statement:
    """A statement with named parameters, compiled when it is first needed."""

    def __init__(self, clause: sa.Select[Any] | sa.Insert | sa.Update | sa.Delete) -> None:
        self.clause = clause
        self._compiled: dict[tuple[str, ...], _Compiled] = {}

    def compiled(self, dialect: Dialect, row: Row) -> _Compiled:
        """The statement for a database and the parameters that a row names."""
        key = (dialect.name, *row)
        found = self._compiled.get(key)
        if found is None:
            found = self._compiled[key] = self._compile(dialect, list(row))
        return found

    def _compile(self, dialect: Dialect, names: list[str]) -> _Compiled:
        changes = isinstance(self.clause, (sa.Insert, sa.Update))
        made = self.clause.compile(dialect=dialect, column_keys=names if changes else None)
        types = {name: bind.type.dialect_impl(dialect) for name, bind in made.binds.items()}
        text, order = made.string, made.positiontup
        if order is None:
            text, order = _numbered(made.string)
        columns = self.clause.selected_columns if isinstance(self.clause, sa.Select) else ()
        return _Compiled(
            text,
            _picker(order),
            len(order),
            _placed(types[name].bind_processor(dialect) for name in order),
            _placed(column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns),
            isinstance(self.clause, sa.Insert),
        )

    def first(self, connection: Connection, row: Row) -> list[Any] | None:
        """The first row found, its columns as their types have them."""
        compiled = self.compiled(connection.dialect, row)
        with told(connection):
            found = _execute(connection, compiled.text, compiled.bind(row)).rows
        return compiled.read(found[0]) if found else None

    def change(self, connection: Connection, row: Row) -> int:
        """Carry out a change at once; how many rows it touched."""
        compiled = self.compiled(connection.dialect, row)
        with told(connection):
            return _execute(connection, compiled.text, compiled.bind(row)).touched

    def all(self, connection: Connection, row: Row) -> list[list[Any]]:
        """The rows found."""
        compiled = self.compiled(connection.dialect, row)
        with told(connection):
            found = _execute(connection, compiled.text, compiled.bind(row)).rows
        return [compiled.read(each) for each in found]


Part: TypeAlias = tuple[_Compiled, Sequence[Row]]


class Writes:
    """Changes of one transaction that nobody reads yet; `flush` sends them, and so does a new leading one.

    On SQLite one after another, the leading one first, then in the order in which they were added. On PostgreSQL they
    are parts of one statement: none sees what another did, so no row may be touched twice between two flushes.
    """

    __slots__ = ("_connect", "_lead", "_looks", "_waiting")

    def __init__(self, connect: Callable[[], Connection], *, looks: bool = False) -> None:
        """`connect` gives the connection, the transaction begun; `looks`: what led here was read without locks."""
        self._connect: Callable[[], Connection] | None = connect
        self._looks = looks
        self._waiting: list[tuple[Statement, Sequence[Row]]] = []
        self._lead: tuple[Statement, Row] | None = None

    @property
    def connection(self) -> Connection:
        """The connection that changes are sent on. Raises TypeError after the end."""
        if self._connect is None:
            raise TypeError("the transaction has ended")
        return self._connect()

    def end(self) -> None:
        """Forget where changes are sent."""
        self._connect = None

    @property
    def has_lead(self) -> bool:
        """Whether a leading change waits."""
        return self._lead is not None

    def add(self, statement: Statement, *rows: Row) -> None:
        """One statement more, for one row or several of the same columns; none for no row.

        Very many rows go at once and in the library's own way, the transaction begun: one statement of PostgreSQL's
        takes 65,535 parameters and no more.
        """
        if len(rows) <= _MANY:
            self._waiting += [(statement, rows)] if rows else []
            return
        is_led = self.has_lead
        if not self.flush() and is_led:
            raise OvertakenError
        self.connection.execute(statement.clause, [dict(row) for row in rows])

    def lead(self, statement: Statement, row: Row) -> None:
        """The change of one row that all others hang on: where it finds no row, none of them may stay."""
        if self._lead is not None:
            self.flush()
        self._lead = (statement, row)

    def flush(self) -> int:
        """Send what waits; returns how many rows the leading change found (0 where there was none).

        Where that is 0 the caller must roll back.
        """
        if self._lead is None and not self._waiting:
            return 0
        connection = self.connection
        if self._lead is None and not self._waiting:
            return 0  # the connection was begun for us, and all was sent then
        lead, parts = self._taken(connection)
        try:
            with told(connection):
                return _send(connection, lead, parts)
        except (sa.exc.DataError, sa.exc.IntegrityError) as error:
            if self._looks and _was_overtaken(connection, error):
                raise OvertakenError from error
            raise

    def send_alone(self, connection: Connection) -> None:
        """Send what waits as a statement that is a transaction of its own (PostgreSQL).

        Raises OvertakenError where the leading change finds no row, or a row of that key has come to be.
        """
        lead, parts = self._taken(connection)
        try:
            with told(connection):
                _execute(connection, *_joined(lead, parts, is_alone=True))
        except (sa.exc.DataError, sa.exc.IntegrityError) as error:
            if _was_overtaken(connection, error):
                raise OvertakenError from error
            raise

    def ready(self, connection: Connection) -> Callable[[Connection], bool]:
        """What waits as a function that writes it where a transaction has begun, on any connection (SQLite).

        It gives false, nothing written, where the leading change finds no row. It raises OvertakenError where a row of
        that key has come to be; the transaction must not be kept then.
        """
        lead, parts = self._taken(connection)
        if lead is None:
            raise TypeError("nothing leads")
        first, others = _bound(lead), [_bound(part) for part in parts]

        def write(begun: Connection) -> bool:
            try:
                with told(begun):
                    return _write(begun, first, others) > 0
            except sa.exc.IntegrityError as error:
                raise OvertakenError from error

        return write

    def _taken(self, connection: Connection) -> tuple[Part | None, list[Part]]:
        dialect = connection.dialect
        parts = [(each.compiled(dialect, rows[0]), rows) for each, rows in self._waiting]
        lead = None if self._lead is None else (self._lead[0].compiled(dialect, self._lead[1]), (self._lead[1],))
        self._waiting, self._lead = [], None
        return lead, parts


#: Rows that one statement takes.
_MANY: Final = 100
_joints: dict[tuple[Any, ...], str] = {}
_MOST_JOINTS: Final = 500
#: PostgreSQL's codes: a row of that key is there; a division by the number of rows that the leading change found.
_OVERTAKEN: Final = frozenset({"23505", "22012"})


def _joined(lead: Part | None, parts: Sequence[Part], *, is_alone: bool = False) -> tuple[str, tuple[Any, ...]]:
    """One statement of PostgreSQL's for all parts, and its parameters; the leading change is its main query.

    `is_alone`: it fails, and so undoes itself, where the leading change finds no row. PostgreSQL runs what the main
    query needs first, so the case's row is locked before any other.
    """
    pieces = list(_pieces(parts if lead is None else [*parts, lead]))
    parameters: list[Any] = []
    for compiled, rows in pieces:
        for row in rows:
            parameters += compiled.bind(row)
    shape = (is_alone, *[(compiled.text, len(rows)) for compiled, rows in pieces])
    text = _joints.get(shape)
    if text is None:
        first, texts = 0, []
        for compiled, rows in pieces:
            texts.append(compiled.shifted(first, len(rows)))
            first += compiled.width * len(rows)
        *others, last = texts
        named = [f"w{number} AS ({each})" for number, each in enumerate(others)]
        if is_alone:
            named.insert(0, f"lead AS ({last} RETURNING 1)")
            last = "SELECT 1 / (SELECT count(*) FROM lead)"
        text = f"WITH {', '.join(named)} {last}" if named else last
        if len(_joints) >= _MOST_JOINTS:
            _joints.clear()
        _joints[shape] = text
    return text, tuple(parameters)


def _pieces(parts: Iterable[Part]) -> Iterator[Part]:
    """The rows of an INSERT together, those of any other statement each by itself."""
    for compiled, rows in parts:
        if compiled.is_insert:
            yield compiled, rows
        else:
            yield from ((compiled, (row,)) for row in rows)


def _numbered(text: str) -> tuple[str, list[str]]:
    """The driver's named parameters as PostgreSQL's numbers, and their names in that order."""
    order: list[str] = []

    def number(found: re.Match[str]) -> str:
        if found[1] is None:
            return "%"
        order.append(found[1])
        return f"${len(order)}"

    return _NAMED.sub(number, text), order


def _shift(text: str, first: int) -> str:
    return _NUMBERED.sub(lambda found: f"${int(found[1]) + first}", text) if first else text


def _was_overtaken(connection: Connection, error: sa.exc.DBAPIError) -> bool:
    """Whether a row of the key has come to be, or nothing led."""
    return connection.dialect.name == "sqlite" or getattr(error.orig, "sqlstate", None) in _OVERTAKEN


def _send(connection: Connection, lead: Part | None, parts: Sequence[Part]) -> int:
    """How many rows the leading change found; where that is none, SQLite makes no other."""
    if connection.dialect.name == "postgresql":
        touched = _execute(connection, *_joined(lead, parts)).touched
        return 0 if lead is None else touched
    return _write(connection, None if lead is None else _bound(lead), [_bound(part) for part in parts])


def _execute(connection: Connection, text: str, values: Sequence[Any]) -> Answer:
    """The driver's answer to a statement."""
    driver: Any = connection.connection.driver_connection
    if listeners := connection.dispatch.before_cursor_execute:
        listeners(connection, None, text, values, None, False)
    if connection.dialect.name == "postgresql":
        from engine.records import libpq

        return Answer(*libpq.execute(driver, connection.info, text, values, begins=connection.in_transaction()))
    cursor = driver.execute(text, values)
    return Answer(cursor.fetchall(), cursor.rowcount)


#: A statement and its values for each of some rows, as SQLite's driver takes them.
Bound: TypeAlias = tuple[str, list[tuple[Any, ...]]]


def _bound(part: Part) -> Bound:
    compiled, rows = part
    return compiled.text, [compiled.bind(row) for row in rows]


def _write(connection: Connection, lead: Bound | None, others: Sequence[Bound]) -> int:
    """How many rows SQLite changed by the leading statement; where there is one and it changed none, no other follows.

    One way to the driver for all of them: finding it costs as much as a small statement.
    """
    driver: Any = connection.connection.driver_connection
    listeners = connection.dispatch.before_cursor_execute
    hears = bool(listeners)

    def change(text: str, values: list[tuple[Any, ...]]) -> int:
        is_one = len(values) == 1
        if hears:
            listeners(connection, None, text, values[0] if is_one else values, None, not is_one)
        return int((driver.execute(text, values[0]) if is_one else driver.executemany(text, values)).rowcount)

    found = 0 if lead is None else change(*lead)
    if lead is None or found:
        for each in others:
            change(*each)
    return found


def _picker(names: Sequence[str]) -> Callable[[Row], tuple[Any, ...]]:
    """What picks values from a row by their names."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda row: tuple([row[name] for name in names])


def _placed(processors: Iterable[Processor | None]) -> tuple[tuple[int, Processor], ...]:
    """The processors that there are, each with its place."""
    return tuple((place, found) for place, found in enumerate(processors) if found is not None)
