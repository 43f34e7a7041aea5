"""Which version of each procedure is in force: a short table, read whole but for its files."""

from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.records.statements import Statement
from engine.records.tables import definition

_VERSIONS: Final = Statement(
    sa.select(definition.c.key, definition.c.id)
    .where(definition.c.effective_from <= sa.bindparam("on", type_=sa.Date))
    .order_by(definition.c.key, definition.c.number)
)


def versions_in_force(connection: Connection, on: date) -> list[tuple[str, str]]:
    """Keys of all procedures in force on a day, each with its version's id."""
    rows = _VERSIONS.all(connection, {"on": on})
    return list({str(key): str(identity) for key, identity in rows}.items())
