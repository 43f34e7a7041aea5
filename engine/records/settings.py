"""Single values: the virtual clock, the epoch; and the calendar's years."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from engine.database import Json, as_json, read_json
from engine.records.statements import Statement
from engine.records.tables import calendar_year, setting

_TEXT: Final = sa.type_coerce(setting.c.value, sa.Text)
_YEAR: Final = tuple(calendar_year.c.keys())
_YEARS: Final = Statement(sa.select(calendar_year).order_by(calendar_year.c.id))
_ALL: Final = Statement(sa.select(setting.c.key, setting.c.value))


def read_all(connection: Connection) -> dict[str, Any]:
    """Every setting, by key."""
    return dict(_ALL.all(connection, {}))


def gathered(dialect: str) -> sa.ScalarSelect[Any]:
    """Every setting as one value in another statement; `spread` reads it."""
    gather = sa.func.json_object_agg if dialect == "postgresql" else sa.func.json_group_object
    return sa.select(sa.type_coerce(sa.cast(gather(setting.c.key, _TEXT), sa.Text), Json)).scalar_subquery()


def spread(found: dict[str, str] | None) -> dict[str, Any]:
    """Every setting, by key, as `gathered` found them."""
    return {key: read_json(value) for key, value in (found or {}).items()}


def stored(value: Any) -> str:
    """A value as it stands in its row."""
    return as_json(value)


def write(connection: Connection, key: str, value: Any) -> None:
    """Set a value."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    query = insert(setting).values(key=key, value=value)
    connection.execute(
        query.on_conflict_do_update(index_elements=[setting.c.key], set_={"value": query.excluded.value})
    )


def lock(connection: Connection, key: str) -> Any:
    """A value, locked until the transaction ends."""
    return connection.execute(sa.select(setting.c.value).where(setting.c.key == key).with_for_update()).scalar()


def years(connection: Connection) -> list[dict[str, Any]]:
    """The newest entered table of each year."""
    rows = [dict(zip(_YEAR, row, strict=True)) for row in _YEARS.all(connection, {})]
    return list({row["year"]: row for row in rows}.values())


def insert_year(connection: Connection, row: Mapping[str, Any]) -> None:
    """Enter a year's table."""
    connection.execute(calendar_year.insert(), [dict(row)])
