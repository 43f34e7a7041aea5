"""Applications: drafts and what was submitted (clause 4.3)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.ids import new_id
from processes.certification.records.tables import application

Row = dict[str, Any]


def insert(connection: Connection, *, owner: str, data: Mapping[str, Any], by: str, at: datetime) -> Row:
    """Begin a draft; returns its row."""
    row: Row = {
        "id": new_id(),
        "owner": owner,
        "state": "draft",
        "data": dict(data),
        "case": None,
        "created_by": by,
        "created_at": at,
        "updated_at": at,
        "submitted_by": None,
        "submitted_at": None,
        "readings": None,
        "consent": None,
    }
    connection.execute(sa.insert(application).values(row))
    return row


def find(connection: Connection, identity: str) -> Row | None:
    """The application with an id."""
    row = connection.execute(sa.select(application).where(application.c.id == identity)).mappings().one_or_none()
    return None if row is None else dict(row)


def lock(connection: Connection, identity: str) -> Row | None:
    """The application with an id, its row locked until the transaction ends."""
    query = sa.select(application).where(application.c.id == identity).with_for_update()
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else dict(row)


def of_case(connection: Connection, case: str) -> Row | None:
    """The application of a case."""
    row = connection.execute(sa.select(application).where(application.c.case == case)).mappings().one_or_none()
    return None if row is None else dict(row)


def of_owner(connection: Connection, owner: str, *, limit: int, after: str | None = None) -> list[Row]:
    """An organisation's applications, the newest first; `after` is the id of the last one shown."""
    query = sa.select(application).where(application.c.owner == owner)
    if after is not None:
        query = query.where(application.c.id < after)
    rows = connection.execute(query.order_by(application.c.id.desc()).limit(limit)).mappings()
    return [dict(row) for row in rows]


def titles_of(connection: Connection, owner: str, but: str) -> list[str]:
    """Titles of an organisation's submitted applications, but one's own."""
    rows = connection.execute(
        sa.select(application.c.data).where(
            application.c.owner == owner, application.c.state == "submitted", application.c.id != but
        )
    )
    return [str(row.data.get("programme_title") or "") for row in rows]


def update_draft(connection: Connection, identity: str, data: Mapping[str, Any], at: datetime) -> bool:
    """Replace a draft's data; False where it is no draft any more."""
    done = connection.execute(
        sa.update(application)
        .where(application.c.id == identity, application.c.state == "draft")
        .values(data=dict(data), updated_at=at)
    )
    return done.rowcount == 1


def delete_draft(connection: Connection, identity: str) -> bool:
    """Delete a draft; False where it is no draft any more."""
    done = connection.execute(
        sa.delete(application).where(application.c.id == identity, application.c.state == "draft")
    )
    return done.rowcount == 1


def mark_submitted(
    connection: Connection,
    identity: str,
    *,
    case: str,
    by: str,
    at: datetime,
    readings: int,
    consent: Mapping[str, Any] | None = None,
) -> bool:
    """Tie a draft to its case; False where it was submitted before."""
    values = {"state": "submitted", "case": case, "submitted_by": by, "submitted_at": at, "readings": readings}
    done = connection.execute(
        sa.update(application)
        .where(application.c.id == identity, application.c.state == "draft")
        .values(**values, consent=None if consent is None else dict(consent))
    )
    return done.rowcount == 1
