"""Queries on post that an earlier epoch left: queued in a database that was restored since."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.records.tables import letter, outbox

Row = dict[str, Any]


def held(connection: Connection, epoch: int) -> list[Row]:
    """Letters that wait in an epoch before this one, oldest first."""
    query = sa.select(letter).join(outbox, outbox.c.id == letter.c.id).where(outbox.c.epoch < epoch)
    return [dict(r) for r in connection.execute(query.order_by(letter.c.id)).mappings()]


def move(connection: Connection, identities: Collection[str], epoch: int, now: datetime) -> None:
    """Let post leave in this epoch, from now on, with all its attempts before it."""
    connection.execute(
        outbox.update().where(outbox.c.id.in_(list(identities)), outbox.c.epoch < epoch),
        {"epoch": epoch, "next_at": now, "attempts": 0, "error": None},
    )


def drop(connection: Connection, identities: Collection[str], epoch: int) -> None:
    """Take post of an earlier epoch out of the outbox; the letters stay to be read."""
    connection.execute(outbox.delete().where(outbox.c.id.in_(list(identities)), outbox.c.epoch < epoch))
    connection.execute(letter.update().where(letter.c.id.in_(list(identities))), {"delivery": "kept"})
