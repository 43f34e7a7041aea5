"""Texts of letters as worded here: appended, never changed; the newest version of a kind is in force."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from processes.council.records.tables import letter_text


def current(connection: Connection, kind: str) -> dict[str, Any] | None:
    """The newest version of a kind's text; None where nobody has worded it, or it was given back to the shipped."""
    row = (
        connection.execute(
            sa.select(letter_text).where(letter_text.c.kind == kind).order_by(letter_text.c.version.desc()).limit(1)
        )
        .mappings()
        .one_or_none()
    )
    return dict(row) if row is not None and row["body"] is not None else None


def versions(connection: Connection, kind: str) -> list[dict[str, Any]]:
    """Every version of a kind's text, the newest first."""
    query = sa.select(letter_text).where(letter_text.c.kind == kind).order_by(letter_text.c.version.desc())
    return [dict(row) for row in connection.execute(query).mappings()]


def worded(connection: Connection) -> dict[str, dict[str, Any]]:
    """The newest version of every kind that has any."""
    rows = connection.execute(sa.select(letter_text).order_by(letter_text.c.version)).mappings()
    return {row["kind"]: dict(row) for row in rows}


def add_version(
    connection: Connection, kind: str, subject: str | None, body: str | None, *, by: str, at: datetime
) -> int:
    """Write the next version (None: the shipped text again); returns its number, from 1."""
    last = connection.execute(
        sa.select(sa.func.max(letter_text.c.version)).where(letter_text.c.kind == kind)
    ).scalar_one()
    version = int(last or 0) + 1
    connection.execute(
        sa.insert(letter_text).values(
            kind=kind, version=version, subject=subject, body=body, entered_by=by, entered_at=at
        )
    )
    return version
