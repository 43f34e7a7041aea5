"""What the storage of a case reads and keeps: the case it is about, and the decisions on it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import METADATA, Instant
from engine.records.tables import case as case_file
from engine.records.tables import document

#: Decisions about a closed case's documents, in order; nothing is deleted by itself.
decision = sa.Table(
    "retention_decision",
    METADATA,
    sa.Column("retention", sa.String(40), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("action", sa.String(8), nullable=False),
    sa.Column("until", sa.Date),
    sa.Column("grounds", sa.Text, nullable=False),
    sa.Column("decided_by", sa.String(80), nullable=False),
    sa.Column("on_behalf_of", sa.String(80)),
    sa.Column("decided_at", Instant, nullable=False),
)


def insert_decision(
    connection: Connection,
    retention: str,
    *,
    action: str,
    until: date | None,
    grounds: str,
    by: str,
    on_behalf_of: str | None,
    at: datetime,
) -> None:
    """Keep a decision under the next number of this retention case."""
    last = sa.select(sa.func.coalesce(sa.func.max(decision.c.number), 0)).where(decision.c.retention == retention)
    number = int(connection.execute(last).scalar_one()) + 1
    connection.execute(
        decision.insert().values(
            retention=retention,
            number=number,
            action=action,
            until=until,
            grounds=grounds,
            decided_by=by,
            on_behalf_of=on_behalf_of,
            decided_at=at,
        )
    )


def decisions_of(connection: Connection, retention: str) -> list[dict[str, Any]]:
    """Decisions of a retention case, the oldest first."""
    query = sa.select(decision).where(decision.c.retention == retention).order_by(decision.c.number)
    return [dict(row) for row in connection.execute(query).mappings()]


def closed_case(connection: Connection, case: str) -> Mapping[str, Any] | None:
    """The closed case: id, number, title, owner, process, end, ended_at; None for an unknown id."""
    columns = [case_file.c[name] for name in ("id", "number", "title", "owner", "process", "end", "ended_at")]
    row = connection.execute(sa.select(*columns).where(case_file.c.id == case)).mappings().one_or_none()
    return None if row is None else dict(row)


def documents_of(connection: Connection, case: str) -> list[dict[str, Any]]:
    """The closed case's documents: id, kind, title, name, sha256, at."""
    columns = [document.c[name] for name in ("id", "kind", "title", "name", "sha256", "at")]
    query = sa.select(*columns).where(document.c.case == case).order_by(document.c.at, document.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]
