"""Queries on released versions."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.records.statements import Statement
from engine.records.tables import definition as t

_LIGHT: Final = [c for c in t.c if c.name != "files"]
_LIGHT_KEYS: Final = tuple(c.key for c in _LIGHT)
_VERSIONS: Final = Statement(sa.select(*_LIGHT).where(t.c.key == sa.bindparam("wanted")).order_by(t.c.number))


def stop_releases(connection: Connection) -> None:
    """Let no other version be stored until the transaction ends, and wait for one that is being (PostgreSQL)."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE definition IN SHARE ROW EXCLUSIVE MODE")


def insert_version(connection: Connection, row: Mapping[str, Any]) -> None:
    """Store a version."""
    connection.execute(t.insert(), [dict(row)])


def get_version(connection: Connection, identity: str) -> dict[str, Any] | None:
    """A version with its files."""
    row = connection.execute(sa.select(t).where(t.c.id == identity)).mappings().first()
    return dict(row) if row else None


def get_numbered(connection: Connection, key: str, number: int) -> dict[str, Any] | None:
    """A version by its number."""
    row = connection.execute(sa.select(t).where(t.c.key == key, t.c.number == number)).mappings().first()
    return dict(row) if row else None


def versions(connection: Connection, key: str) -> list[dict[str, Any]]:
    """A procedure's versions, oldest first, without files."""
    return [dict(zip(_LIGHT_KEYS, row, strict=True)) for row in _VERSIONS.all(connection, {"wanted": key})]


def keys(connection: Connection) -> list[str]:
    """The keys of all procedures with a version."""
    return list(connection.execute(sa.select(t.c.key).distinct().order_by(t.c.key)).scalars())


def in_force(connection: Connection, key: str, on: date) -> str | None:
    """The id of the version in force on a day: the highest number among those that apply by then."""
    query = sa.select(t.c.id).where(t.c.key == key, t.c.effective_from <= on).order_by(t.c.number.desc()).limit(1)
    return connection.execute(query).scalar()
