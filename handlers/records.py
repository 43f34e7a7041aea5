"""Queries that only doors make: answers kept under idempotency keys, and figures to watch."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.records import tables
from engine.records.statements import Statement, Writes

KEPT: Final = timedelta(days=30)

_KEY: Final = tables.idempotency
_COLUMNS: Final = tuple(_KEY.c.keys())
_LOGIN: Final = _KEY.c.login == sa.bindparam("login")
_SINCE: Final[sa.BindParameter[datetime]] = sa.bindparam("since", type_=_KEY.c.created_at.type)
_FIND: Final = Statement(sa.select(_KEY).where(_LOGIN, _KEY.c.key == sa.bindparam("key"), _KEY.c.created_at >= _SINCE))
_FORGET: Final = Statement(sa.delete(_KEY).where(_LOGIN, _KEY.c.created_at < _SINCE))
_KEEP: Final = Statement(sa.insert(_KEY))


def lock_key(connection: Connection, login: str, key: str) -> bool:
    """Hold a key until the transaction ends; false where another one does (SQLite has one writer anyway)."""
    if connection.dialect.name != "postgresql":
        return True
    number = int.from_bytes(sha256(f"{login}\0{key}".encode()).digest()[:8], "big", signed=True)
    return bool(connection.execute(sa.select(sa.func.pg_try_advisory_xact_lock(number))).scalar())


def find_key(connection: Connection, login: str, key: str, wall: datetime) -> dict[str, Any] | None:
    """Return what was kept under a key in the last 30 days; also where nothing has begun on the connection."""
    found = _FIND.first(connection, {"login": login, "key": key, "since": wall - KEPT})
    return None if found is None else dict(zip(_COLUMNS, found, strict=True))


def forget_keys(connection: Connection, login: str, wall: datetime) -> None:
    """Let a person's keys go that are older than 30 days."""
    _FORGET.change(connection, {"login": login, "since": wall - KEPT})


def forget_old_keys(connection: Connection, wall: datetime) -> None:
    """Let everybody's keys go that are older than 30 days."""
    connection.execute(sa.delete(_KEY).where(_KEY.c.created_at < wall - KEPT))


def keep_key(writes: Writes, row: dict[str, Any]) -> None:
    """Keep an answer under its key; the row has every column of the table."""
    writes.add(_KEEP, row)


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
