"""The database's tables: every module that declares some, and bringing a database up to date."""

from typing import Final

from engine import database
from engine.database import METADATA, Database
from engine.records import tables
from handlers.accounts import records as accounts
from processes import registry

#: Imported for the tables they declare on METADATA; procedures import theirs when they are registered.
DECLARING: Final = (database, tables, accounts)


def upgrade(target: Database) -> None:
    """Bring a database to the newest schema; a second time changes nothing."""
    registry()
    METADATA.create_all(target.engine)
