"""Queries on leases of the outbox."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.records.tables import outbox


def holds(connection: Connection, identity: str, attempt: int) -> bool:
    """Whether the lease of this attempt is still the last one; the row is locked until the transaction ends.

    False once another process took the row after the lease ran out, or sent it.
    """
    query = sa.select(outbox.c.attempts).where(outbox.c.id == identity).with_for_update()
    return bool(connection.execute(query).scalar() == attempt)
