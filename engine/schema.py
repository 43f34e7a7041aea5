"""The schema of a database: brought to this program's revision, or told apart from it.

Every upgrade runs in one transaction: it happens whole, or not at all.
"""

from engine.database import Database
from engine.migrations import standing


class SchemaError(Exception):
    """A database that this program cannot bring to its schema; the message (Russian) says why and what to do."""


def head() -> str:
    """The revision that this program works on."""
    return standing.newest()


def upgrade(target: Database | str) -> str:
    """Bring a database, or the one at a URL, to this program's revision; a second time changes nothing.

    Returns the revision. Raises SchemaError where the database is of a newer program or was not made by upgrades.
    """
    from engine.migrations import revisions

    if isinstance(target, str):
        database = Database(target)
        try:
            return upgrade(database)
        finally:
            database.close()
    with target.write() as connection:
        found = standing.revision_of(connection)
        if found is None and revisions.has_tables(connection):
            raise SchemaError("В базе есть таблицы, но нет отметки версии. Укажите пустую базу или базу этой службы.")
        if found is not None and found not in revisions.known():
            raise SchemaError(f"База новее программы (версия {found}). Запустите программу той же версии или новее.")
        revisions.raise_to(connection)
    return head()


def current(database: Database) -> str | None:
    """The revision that a database stands at; None for an empty one."""
    with database.read() as connection:
        return standing.revision_of(connection)


def is_current(database: Database) -> bool:
    """Whether a database stands at this program's revision."""
    return current(database) == head()
