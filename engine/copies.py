"""A whole PostgreSQL database as files of rows, one a table, as of one moment; and an empty database filled from them.

No program of PostgreSQL's own is needed, neither of the server's version nor at all. SQLite has its own way of copying.
A copy becomes this program's before anybody can open it: the newest schema, and the next epoch, so that no moment
exists at which a service would send a copy's old post.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from engine import epochs
from engine.database import Connection, Database
from engine.migrations import revisions
from engine.records import dump, settings
from engine.records.tables import setting
from engine.schema import SchemaError, current, upgrade

SUFFIX: Final = ".rows"
_CHUNK: Final = 1 << 20
#: The setting with the mark of the copy that a database was filled from.
_MARK: Final = "copy"


class CopyError(Exception):
    """A database that cannot be copied or filled; the message (Russian) says why."""


class RowsError(CopyError):
    """Rows of a copy that the database does not take."""


def write(database: Database, folder: Path) -> tuple[str, list[str]]:
    """Write every table into a folder, all as of one moment, while others go on.

    Returns the schema's revision and the tables in the order in which they are to be filled. Raises CopyError.
    """
    with database.read() as connection:
        revision = revisions.revision_of(connection)
        if revision is None:
            raise CopyError("В базе нет отметки версии схемы. Выполните: kes migrate")
        tables = dump.tables(connection)
        for table in tables:
            with (folder / f"{table}{SUFFIX}").open("wb") as out:
                for chunk in dump.read_rows(connection, table):
                    out.write(chunk)
    return revision, tables


def fill(database: Database, folder: Path, revision: str, tables: Sequence[str], mark: str) -> None:
    """Bring an empty database to a revision, fill it, mark it and take it over, all in one transaction.

    Raises CopyError where the database has tables already or is of another revision, RowsError for rows that it does
    not take.
    """
    if revision not in revisions.known():
        raise CopyError(f"Копия сделана другой программой (версия схемы {revision}). Возьмите ту же или новее.")
    with database.write() as connection:
        if revisions.has_tables(connection):
            raise CopyError("База данных не пуста. Восстановление возможно только в пустую.")
        revisions.raise_to(connection, revision)
        if sorted(tables) != sorted(dump.tables(connection)):
            raise CopyError(f"Таблицы копии не те, что у версии схемы {revision}.")
        for table in tables:
            try:
                dump.write_rows(connection, table, _chunks(folder / f"{table}{SUFFIX}"))
            except ValueError as error:
                raise RowsError(f"Строки таблицы {table} база данных не принимает: {error}") from error
        revisions.raise_to(connection)
        _take_in(connection, mark)


def take_over(copy: Path, mark: str) -> None:
    """Bring a copied SQLite file to this program's schema and the next epoch, and mark it. Raises CopyError."""
    database = Database(f"sqlite:///{copy}")
    try:
        if current(database) is None:
            raise CopyError("База данных копии не этой службы.")
        upgrade(database)
        with database.write() as connection:
            _take_in(connection, mark)
    except SchemaError as error:
        raise CopyError(str(error)) from error
    finally:
        database.close()


def _take_in(connection: Connection, mark: str) -> None:
    epochs.begin(connection)
    settings.write(connection, _MARK, mark)


def mark_of(database: Database) -> str | None:
    """The mark of the copy that a database was filled from; empty for one with other tables, None for an empty one."""
    with database.read() as connection:
        found = dump.tables(connection)
        if not found:
            return None
        return str(settings.read_all(connection).get(_MARK, "")) if setting.name in found else ""


def is_empty(database: Database) -> bool:
    """Whether a database has no tables."""
    with database.read() as connection:
        return not revisions.has_tables(connection)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
