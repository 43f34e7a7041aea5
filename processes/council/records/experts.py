"""The experts' register beside the persons, and what each expert was appointed to (clause 2.6)."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from processes.council.model import ExpertEntry
from processes.council.records.tables import appointment, expert_entry


def _entry(row: Any) -> ExpertEntry:
    return ExpertEntry(row.login, row.consent_on, row.included_on, row.protocol, row.excluded_on, row.exclusion_reason)


def save_entry(connection: Connection, value: ExpertEntry) -> None:
    """Add a person's entry, or bring it up to date."""
    row = {
        "consent_on": value.consent_on,
        "included_on": value.included_on,
        "protocol": value.protocol,
        "excluded_on": value.excluded_on,
        "exclusion_reason": value.exclusion_reason,
    }
    changed = connection.execute(sa.update(expert_entry).where(expert_entry.c.login == value.login).values(row))
    if changed.rowcount == 0:
        connection.execute(sa.insert(expert_entry).values(login=value.login, **row))


def find_entry(connection: Connection, login: str) -> ExpertEntry | None:
    """The entry of a person."""
    row = connection.execute(sa.select(expert_entry).where(expert_entry.c.login == login)).one_or_none()
    return None if row is None else _entry(row)


def all_entries(connection: Connection) -> dict[str, ExpertEntry]:
    """Every entry by login."""
    return {row.login: _entry(row) for row in connection.execute(sa.select(expert_entry))}


def appointments_of(connection: Connection, login: str, *, limit: int = 100) -> list[dict[str, Any]]:
    """A person's appointments, the newest first: case, seat, when, by whom, how each ended and why."""
    rows = connection.execute(
        sa.select(appointment)
        .where(appointment.c.login == login)
        .order_by(appointment.c.appointed_at.desc(), appointment.c.id.desc())
        .limit(limit)
    ).mappings()
    return [dict(row) for row in rows]
