"""Reading many facts in order without keeping them: rows as the driver gives them, fetched in part."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final

from sqlalchemy.engine import Connection

from engine.ids import new_id

#: Rows that are in memory at once.
FETCH: Final = 300

#: case, first, seq, at, actor, on_behalf_of, journal, facts (packed), hash (raw): the facts of one act. SQLite keeps
#: a value of any type, so bytes and numbers may be something else where somebody changed them.
Row = tuple[str, Any, Any, str, str, str | None, str | None, Any, Any]

_COLUMNS: Final = '"case", first, seq, at, actor, on_behalf_of, journal, facts, hash'
_ALL: Final = f'SELECT {_COLUMNS} FROM history ORDER BY "case", seq'  # noqa: S608 - no value enters
_OF_CASE: Final = f'SELECT {_COLUMNS} FROM history WHERE "case" = %s ORDER BY seq'  # noqa: S608 - nor here


def rows(connection: Connection, case_id: str | None = None) -> Iterator[Row]:
    """The history of a case, or of all cases one after the other, by number.

    All its columns are texts, numbers and bytes, so the driver's own rows serve; a library's would cost half the time.
    """
    driver: Any = connection.connection.driver_connection
    statement, values = (_ALL, ()) if case_id is None else (_OF_CASE, (case_id,))
    if connection.dialect.name == "sqlite":
        with closing(driver.execute(statement.replace("%s", "?"), values)) as cursor:
            yield from cursor
        return
    # Bytes as they are: as text each is written and read as two digits.
    with driver.cursor(name=f"facts_{new_id()}") as cursor:
        cursor.itersize = FETCH
        cursor.execute(statement, values, binary=True)
        yield from cursor


def heads(connection: Connection) -> Iterator[tuple[str, int, str]]:
    """Every case's id, its last number and hash, in the order of `rows`."""
    driver: Any = connection.connection.driver_connection
    statement = "SELECT id, seq, hash FROM case_file ORDER BY id"
    if connection.dialect.name == "sqlite":
        with closing(driver.execute(statement)) as cursor:
            yield from cursor
        return
    with driver.cursor(name=f"heads_{new_id()}") as cursor:
        cursor.itersize = FETCH
        cursor.execute(statement)
        yield from cursor
