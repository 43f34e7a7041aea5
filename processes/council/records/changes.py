"""The journal of administrative changes: written once, never changed (the database itself refuses it)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.ids import new_id
from processes.council.records.tables import administrative_change

_TABLE = administrative_change
#: PostgreSQL's lock of whoever administers.
_TURN: Final = int.from_bytes(b"council")


def take_turn(connection: Connection) -> None:
    """Wait for whoever else administers, and hold the turn until the transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_TURN)))


def write(
    connection: Connection,
    *,
    at: datetime,
    actor: str,
    matter: str,
    kind: str,
    subject: str,
    data: Mapping[str, Any],
    is_refused: bool = False,
    on_behalf_of: str | None = None,
    basis: str | None = None,
) -> str:
    """Add a line; returns its id. `data` holds no free text and no personal data: it can never be erased."""
    identity = new_id()
    connection.execute(
        sa.insert(_TABLE).values(
            id=identity,
            at=at,
            actor=actor,
            on_behalf_of=on_behalf_of,
            basis=basis,
            matter=matter,
            kind=kind,
            subject=subject,
            is_refused=is_refused,
            data=dict(data),
        )
    )
    return identity


def page(
    connection: Connection,
    *,
    matter: str | None = None,
    subject: str | None = None,
    actor: str | None = None,
    refused: bool | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after: str | None = None,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """Lines of the journal, the newest first, past the id `after`; `until` is excluded."""
    query = sa.select(_TABLE)
    if matter:
        query = query.where(_TABLE.c.matter == matter)
    if subject:
        query = query.where(_TABLE.c.subject == subject)
    if actor:
        query = query.where(_TABLE.c.actor == actor)
    if refused is not None:
        query = query.where(_TABLE.c.is_refused.is_(refused))
    if since:
        query = query.where(_TABLE.c.at >= since)
    if until:
        query = query.where(_TABLE.c.at < until)
    if after:
        query = query.where(_TABLE.c.id < after)
    return [dict(row) for row in connection.execute(query.order_by(_TABLE.c.id.desc()).limit(limit)).mappings()]
