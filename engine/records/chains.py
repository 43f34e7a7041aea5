"""Reading many facts in order without keeping them: rows as the driver gives them, fetched in part."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final

from sqlalchemy.engine import Connection

from engine.ids import new_id

#: Rows that are in memory at once.
FETCH: Final = 1_000

#: case, seq, at, actor, on_behalf_of, kind, element, data (canonical JSON), prev_hash, hash
Fact = tuple[str, int, str, str, str | None, str, str | None, str, str, str]

_COLUMNS: Final = '"case", seq, at, actor, on_behalf_of, kind, element, data, prev_hash, hash'
_ALL: Final = f'SELECT {_COLUMNS} FROM history ORDER BY "case", seq'  # noqa: S608 - no value enters
_OF_CASE: Final = f'SELECT {_COLUMNS} FROM history WHERE "case" = %s ORDER BY seq'  # noqa: S608 - nor here


def facts(connection: Connection, case_id: str | None = None) -> Iterator[Fact]:
    """Facts of a case, or of all cases one after the other, by number.

    All their columns are texts and numbers, so the driver's own rows serve; a library's would cost half the time.
    """
    driver: Any = connection.connection.driver_connection
    statement, values = (_ALL, ()) if case_id is None else (_OF_CASE, (case_id,))
    if connection.dialect.name == "sqlite":
        with closing(driver.execute(statement.replace("%s", "?"), values)) as cursor:
            yield from cursor
        return
    with driver.cursor(name=f"facts_{new_id()}") as cursor:
        cursor.itersize = FETCH
        cursor.execute(statement, values)
        yield from cursor


def heads(connection: Connection) -> Iterator[tuple[str, int, str]]:
    """Every case's id, its last number and hash, in the order of `facts`."""
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
