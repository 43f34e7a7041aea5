"""Queries that only doors make: answers kept under idempotency keys, letters to read, figures to watch."""

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


def list_letters(
    connection: Connection, *, case: str | None, login: str | None, owner: str | None, before: str | None, limit: int
) -> list[dict[str, Any]]:
    """Return letters, newest first; `login` or `owner` narrow to what was written to them (None: to anybody)."""
    table = tables.letter
    found = sa.select(table).order_by(table.c.id.desc()).limit(limit)
    if case is not None:
        found = found.where(table.c.case == case)
    if login is not None:
        mine = table.c.login == login
        found = found.where(mine if owner is None else sa.or_(mine, table.c.owner == owner))
    if before is not None:
        found = found.where(table.c.id < before)
    return [dict(row) for row in connection.execute(found).mappings()]


def list_definitions(connection: Connection, key: str | None = None) -> list[dict[str, Any]]:
    """Return released versions without their files, by key, newest first."""
    table = tables.definition
    columns = [column for column in table.c if column.name != "files"]
    found = sa.select(*columns).order_by(table.c.key, table.c.number.desc())
    if key is not None:
        found = found.where(table.c.key == key)
    return [dict(row) for row in connection.execute(found).mappings()]


def definition_files(connection: Connection, key: str, number: int) -> dict[str, str] | None:
    """Return the files of a version, or None."""
    table = tables.definition
    found = sa.select(table.c.files).where(table.c.key == key, table.c.number == number)
    row = connection.execute(found).first()
    return dict(row[0]) if row else None


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


def table_count(connection: Connection) -> int:
    """Return how many tables the database has; none before `kes migrate`."""
    return len(sa.inspect(connection).get_table_names())
