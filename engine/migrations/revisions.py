"""Alembic's commands on an open connection; `engine.schema` is the way in."""

import threading
from functools import cache
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

FOLDER: Final = Path(__file__).parent
#: `v2026_11_22_first_schema.py`: sorts by date, and is a name that Python can import.
FILE_TEMPLATE: Final = "v%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s"
#: Alembic keeps what it is doing in a module's variables: one thread of a process at a time.
_ALONE: Final = threading.Lock()


def configuration(connection: sa.Connection | None = None) -> Config:
    """Alembic's settings, made here and not read from a file."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("file_template", FILE_TEMPLATE)
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def raise_to(connection: sa.Connection, revision: str = "head") -> None:
    """Apply the revisions up to one, inside the connection's transaction."""
    with _ALONE:
        command.upgrade(configuration(connection), revision)


def lower_to(connection: sa.Connection, revision: str = "base") -> None:
    """Take revisions back down to one (for tests: a running house only goes up)."""
    with _ALONE:
        command.downgrade(configuration(connection), revision)


def revision_of(connection: sa.Connection) -> str | None:
    """The revision that a database stands at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def has_tables(connection: sa.Connection) -> bool:
    """Whether any table stands in the database."""
    return bool(sa.inspect(connection).get_table_names())


@cache
def known() -> tuple[str, ...]:
    """All revisions of this program, the newest first."""
    return tuple(script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions())
