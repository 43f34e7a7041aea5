"""Taking the timer that is due next: its case is locked first, then the timer is read.

A step holds its case and then drops timers; a firing that held the timer and then asked for the case would wait for the
step while the step waits for it.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.records.tables import case, timer

Row = dict[str, Any]


def take(connection: Connection, until: datetime, case_id: str | None = None, *, skips: bool = False) -> Row | None:
    """The earliest timer due by an instant and not held, of one case or of all, its case locked; None if there is none.

    `skips` passes over cases that others hold. Without it the caller waits for the case of the earliest one; whoever
    held it may have ended that timer, and the next earliest is taken. A start timer belongs to no case and is locked
    itself.
    """
    if connection.dialect.name != "postgresql":
        return _earliest(connection, until, case_id)
    if skips:
        return _free(connection, until)
    while (seen := _earliest(connection, until, case_id)) is not None:
        if _lock(connection, seen) and (still := _again(connection, seen["id"], until)) is not None:
            return still
    return None


def _waiting(until: datetime) -> sa.Select[Any]:
    return sa.select(timer).where(timer.c.held.is_(False), timer.c.due <= until).order_by(timer.c.due, timer.c.id)


def _earliest(connection: Connection, until: datetime, case_id: str | None) -> Row | None:
    query = _waiting(until).limit(1)
    if case_id is not None:
        query = query.where(timer.c.case == case_id)
    return _row(connection, query)


def _again(connection: Connection, identity: str, until: datetime) -> Row | None:
    """The timer as it stands now that its case is locked; None where it has gone, was held or moved on."""
    return _row(connection, _waiting(until).where(timer.c.id == identity))


def _lock(connection: Connection, seen: Row) -> bool:
    """Wait for a timer's case, or for a start timer itself; false where it is gone."""
    query: sa.Select[Any] = sa.select(case.c.id).where(case.c.id == seen["case"])
    if seen["case"] is None:
        query = sa.select(timer.c.id).where(timer.c.id == seen["id"])
    return connection.execute(query.with_for_update()).first() is not None


def _free(connection: Connection, until: datetime) -> Row | None:
    """The earliest timer whose case nobody holds; start timers come when no case has one."""
    query = _waiting(until).join(case, case.c.id == timer.c.case).limit(1).with_for_update(of=case, skip_locked=True)
    while (seen := _row(connection, query)) is not None:
        if (still := _again(connection, seen["id"], until)) is not None:
            return still
    start = _waiting(until).where(timer.c.case.is_(None)).limit(1).with_for_update(skip_locked=True)
    return _row(connection, start)


def _row(connection: Connection, query: sa.Select[Any]) -> Row | None:
    found = connection.execute(query).mappings().first()
    return dict(found) if found else None
