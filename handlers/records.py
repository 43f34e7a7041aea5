"""Queries that only doors make: answers kept under idempotency keys, and figures to watch."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.records import tables

KEPT: Final = timedelta(days=30)


def lock_key(connection: Connection, login: str, key: str) -> bool:
    """Hold a key until the transaction ends; false where another one does (SQLite has one writer anyway)."""
    if connection.dialect.name != "postgresql":
        return True
    number = int.from_bytes(sha256(f"{login}\0{key}".encode()).digest()[:8], "big", signed=True)
    return bool(connection.execute(sa.select(sa.func.pg_try_advisory_xact_lock(number))).scalar())


def find_key(connection: Connection, login: str, key: str, wall: datetime) -> dict[str, Any] | None:
    """Return what was kept under a key; what is older than 30 days goes meanwhile."""
    table = tables.idempotency
    connection.execute(sa.delete(table).where(table.c.login == login, table.c.created_at < wall - KEPT))
    found = sa.select(table).where(table.c.login == login, table.c.key == key)
    row = connection.execute(found).mappings().first()
    return dict(row) if row else None


def keep_key(connection: Connection, row: dict[str, Any]) -> None:
    """Keep an answer under its key; the row has every column of the table."""
    connection.execute(sa.insert(tables.idempotency).values(row))


def count_states(connection: Connection) -> dict[str, int]:
    """Return how many cases stand in each state."""
    counted = sa.select(tables.case.c.state, sa.func.count()).group_by(tables.case.c.state)
    return {state: int(count) for state, count in connection.execute(counted)}


def backlog(connection: Connection) -> dict[str, int]:
    """Return how much waits: open tasks, messages, post to send, timers."""
    waiting = {
        "tasks": sa.select(sa.func.count()).select_from(tables.task).where(tables.task.c.state == "open"),
        "messages": sa.select(sa.func.count()).select_from(tables.message).where(tables.message.c.state == "pending"),
        "outbox": sa.select(sa.func.count()).select_from(tables.outbox),
        "timers": sa.select(sa.func.count()).select_from(tables.timer),
    }
    return {name: int(connection.execute(query).scalar() or 0) for name, query in waiting.items()}


def oldest_due(connection: Connection, epoch: int) -> dict[str, datetime]:
    """Return since when the longest waiting timer and letter could have been done; absent where none is kept.

    Held timers and post of an older epoch wait for a person's word and do not count.
    """
    timer, outbox = tables.timer.c, tables.outbox.c
    first = {
        "timers": sa.select(timer.due).where(timer.held.is_(False)).order_by(timer.due).limit(1),
        "post": sa.select(outbox.next_at).where(outbox.epoch == epoch).order_by(outbox.next_at).limit(1),
    }
    found = {name: connection.execute(query).scalar() for name, query in first.items()}
    return {name: instant for name, instant in found.items() if instant is not None}


def is_empty(connection: Connection) -> bool:
    """Tell whether nothing has been released yet: a fresh database."""
    return connection.execute(sa.select(tables.definition.c.id).limit(1)).first() is None


def touch(connection: Connection) -> None:
    """Write nothing, but as a write would: fails where the database is read-only, full or gone."""
    connection.execute(sa.delete(tables.idempotency).where(tables.idempotency.c.login == ""))
