"""Everything a PostgreSQL database holds, table by table, as of one moment; and back into empty tables.

The tables are found in the database, not in the program, so that an older schema is written and read as it stands.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.passing import told

#: Made by the upgrade that comes before the rows.
_MADE_BEFORE = "alembic_version"


def tables(connection: Connection) -> list[str]:
    """The names of all tables with rows of ours, those that others refer to first."""
    found = sa.MetaData()
    found.reflect(connection)
    return [table.name for table in found.sorted_tables if table.name != _MADE_BEFORE]


@contextmanager
def _cursor(connection: Connection) -> Iterator[Any]:
    driver: Any = connection.connection.driver_connection
    with told(connection), driver.cursor() as cursor:
        yield cursor


def read_rows(connection: Connection, table: str) -> Iterator[bytes]:
    """The rows of a table as PostgreSQL's COPY text, the names of its columns in the first line."""
    with _cursor(connection) as cursor, cursor.copy(f"COPY {_quoted(table)} TO STDOUT (HEADER)") as copy:
        yield from map(bytes, copy)


def write_rows(connection: Connection, table: str, content: Iterable[bytes]) -> None:
    """Fill an empty table with what `read_rows` gave. Raises ValueError for what the table does not take."""
    chunks = iter(content)
    first = next(chunks, b"")
    while b"\n" not in first:
        more = next(chunks, None)
        if more is None:
            raise ValueError(f"no names of columns for {table}")
        first += more
    head = first.partition(b"\n")[0].decode()
    columns = ", ".join(_quoted(name) for name in head.split("\t"))
    statement = f"COPY {_quoted(table)} ({columns}) FROM STDIN (HEADER)"
    try:
        with _cursor(connection) as cursor, cursor.copy(statement) as copy:
            copy.write(first)
            for chunk in chunks:
                copy.write(chunk)
    except sa.exc.DBAPIError as error:
        raise ValueError(str(error.orig).partition("\n")[0]) from error


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
