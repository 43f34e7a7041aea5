"""Experts' seats in cases, and the load that follows from them (clauses 2.6, 4.6)."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.ids import new_id
from processes.council.records.tables import appointment


def open_seat(
    connection: Connection, *, case: str, seat: int, login: str, by: str, on_behalf_of: str | None, at: datetime
) -> str:
    """Appoint a person to a seat; returns the appointment's id."""
    identity = new_id()
    connection.execute(
        sa.insert(appointment).values(
            id=identity, case=case, seat=seat, login=login, appointed_at=at, appointed_by=by, on_behalf_of=on_behalf_of
        )
    )
    return identity


def close_seat(connection: Connection, case: str, seat: int, *, outcome: str, reason: str | None, at: datetime) -> None:
    """End the appointment on a seat: `filed`, `declined`, `replaced`, `withdrawn`; the reason where there is one."""
    connection.execute(
        sa.update(appointment)
        .where(appointment.c.case == case, appointment.c.seat == seat, appointment.c.closed_at.is_(None))
        .values(closed_at=at, outcome=outcome, reason=reason)
    )


def reopen_seat(connection: Connection, identity: str) -> None:
    """A filed conclusion was returned: its appointment counts as work again."""
    connection.execute(
        sa.update(appointment).where(appointment.c.id == identity).values(closed_at=None, outcome=None, reason=None)
    )


def close_case(connection: Connection, case: str, *, outcome: str, at: datetime) -> None:
    """End every open appointment of a case."""
    connection.execute(
        sa.update(appointment)
        .where(appointment.c.case == case, appointment.c.closed_at.is_(None))
        .values(closed_at=at, outcome=outcome)
    )


def of_case(connection: Connection, case: str) -> list[dict[str, Any]]:
    """Every appointment of a case, in order."""
    rows = connection.execute(
        sa.select(appointment).where(appointment.c.case == case).order_by(appointment.c.appointed_at, appointment.c.id)
    ).mappings()
    return [dict(row) for row in rows]


def holders_of(connection: Connection, case: str) -> dict[int, dict[str, Any]]:
    """The last appointment on each seat of a case that was not declined or replaced."""
    return {row["seat"]: row for row in of_case(connection, case) if row["outcome"] in (None, "filed")}


def load_since(connection: Connection, since: datetime) -> dict[str, dict[str, Any]]:
    """Load by login: `active` now, `recent` since an instant, `declined` since then, `last` appointment's instant."""
    rows = connection.execute(
        sa.select(
            appointment.c.login,
            sa.func.sum(sa.case((appointment.c.closed_at.is_(None), 1), else_=0)).label("active"),
            sa.func.sum(sa.case((appointment.c.appointed_at >= since, 1), else_=0)).label("recent"),
            sa.func.sum(
                sa.case((sa.and_(appointment.c.outcome == "declined", appointment.c.appointed_at >= since), 1), else_=0)
            ).label("declined"),
            sa.type_coerce(sa.func.max(appointment.c.appointed_at), appointment.c.appointed_at.type).label("last"),
        ).group_by(appointment.c.login)
    )
    return {
        row.login: {
            "active": int(row.active),
            "recent": int(row.recent),
            "declined": int(row.declined),
            "last": row.last,
        }
        for row in rows
    }
