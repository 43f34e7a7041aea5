"""Versions of the readings (part 2): appended, never changed.

Version 0 is the defaults, when nobody has decided otherwise.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from processes.council.readings import DEFAULTS
from processes.council.records.tables import reading, reading_version


def version_on(connection: Connection, day: date) -> int:
    """The version in force on a day."""
    row = connection.execute(
        sa.select(reading_version.c.version)
        .where(reading_version.c.valid_from <= day)
        .order_by(reading_version.c.version.desc())
        .limit(1)
    ).one_or_none()
    return 0 if row is None else int(row.version)


def values_of(connection: Connection, version: int) -> dict[str, Any]:
    """All values of a version; keys that it does not name have their defaults."""
    rows = connection.execute(sa.select(reading.c.key, reading.c.value).where(reading.c.version == version))
    return {**DEFAULTS, **{row.key: row.value for row in rows}}


def add_version(
    connection: Connection,
    values: Mapping[str, Any],
    *,
    protocol: str,
    reason: str,
    valid_from: date,
    by: str,
    at: datetime,
    protocol_date: date | None = None,
    file: str | None = None,
) -> int:
    """Write the whole set of values as the next version; returns its number."""
    last = connection.execute(sa.select(sa.func.max(reading_version.c.version))).scalar_one()
    version = int(last or 0) + 1
    connection.execute(
        sa.insert(reading_version).values(
            version=version,
            valid_from=valid_from,
            protocol=protocol,
            reason=reason,
            entered_by=by,
            entered_at=at,
            protocol_date=protocol_date,
            file=file,
        )
    )
    connection.execute(
        sa.insert(reading), [{"version": version, "key": key, "value": value} for key, value in values.items()]
    )
    return version


def versions(connection: Connection) -> list[dict[str, Any]]:
    """Every version with its basis, the newest first."""
    rows = connection.execute(sa.select(reading_version).order_by(reading_version.c.version.desc())).mappings()
    return [dict(row) for row in rows]


def last_first_day(connection: Connection) -> date | None:
    """The latest day from which any version is in force; None where there is none yet."""
    return connection.execute(sa.select(sa.func.max(reading_version.c.valid_from))).scalar()
