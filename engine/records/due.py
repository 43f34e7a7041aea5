"""Taking the timer that is due next: its case is locked first, then the timer is read.

A step holds its case and then drops timers; a firing that held the timer and then asked for the case would wait for the
step while the step waits for it.
"""

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.records.statements import Statement
from engine.records.tables import case, timer

Row = dict[str, Any]


_KEYS: Final = tuple(timer.c.keys())
_UNTIL: Final[sa.BindParameter[datetime]] = sa.bindparam("until", type_=timer.c.due.type)
_ID: Final[sa.BindParameter[str]] = sa.bindparam("identity")
_WAITING: Final = (
    sa.select(timer).where(timer.c.held.is_(False), timer.c.due <= _UNTIL).order_by(timer.c.due, timer.c.id)
)
#: SQLite is always told an offset; spelled out, it is no further parameter.
_NONE: Final = sa.literal_column("0", sa.Integer)
_EARLIEST: Final = Statement(_WAITING.suffix_with("LIMIT 1"))
#: `held` as the index of all due timers does not know it: those of one case are found by their case.
_OF_CASE: Final = (
    sa.select(timer)
    .where(timer.c.case == _ID, sa.func.coalesce(timer.c.held, sa.true()).is_(False), timer.c.due <= _UNTIL)
    .order_by(timer.c.due, timer.c.id)
)
_EARLIEST_OF: Final = Statement(_OF_CASE.suffix_with("LIMIT 1"))
_ALL_OF: Final = Statement(_OF_CASE.limit(sa.bindparam("most", type_=sa.Integer)).offset(_NONE))
_AGAIN: Final = Statement(_WAITING.where(timer.c.id == _ID))
_LOCK_CASE: Final = Statement(sa.select(case.c.id).where(case.c.id == _ID).with_for_update())
_LOCK_START: Final = Statement(sa.select(timer.c.id).where(timer.c.id == _ID).with_for_update())
_FREE: Final = Statement(
    _WAITING.join(case, case.c.id == timer.c.case).suffix_with("LIMIT 1").with_for_update(of=case, skip_locked=True)
)
_FREE_START: Final = Statement(
    _WAITING.where(timer.c.case.is_(None)).suffix_with("LIMIT 1").with_for_update(skip_locked=True)
)


def earliest(connection: Connection, until: datetime, case_id: str | None = None) -> Row | None:
    """The earliest timer due by an instant and not held, of one case or of all; nothing is locked."""
    if case_id is None:
        return _row(connection, _EARLIEST, {"until": until})
    return _row(connection, _EARLIEST_OF, {"until": until, "identity": case_id})


def all_of(connection: Connection, until: datetime, case_id: str, most: int) -> list[Row]:
    """The timers of one case that are due by an instant and not held, the earliest first; nothing is locked."""
    found = _ALL_OF.all(connection, {"until": until, "identity": case_id, "most": most})
    return [dict(zip(_KEYS, row, strict=True)) for row in found]


def take(connection: Connection, until: datetime, case_id: str | None = None, *, skips: bool = False) -> Row | None:
    """The earliest timer due by an instant and not held, of one case or of all, its case locked; None if there is none.

    `skips` passes over cases that others hold. Without it the caller waits for the case of the earliest one; whoever
    held it may have ended that timer, and the next earliest is taken. A start timer belongs to no case and is locked
    itself.
    """
    if connection.dialect.name != "postgresql":
        return earliest(connection, until, case_id)
    if skips:
        return _free(connection, until)
    while (seen := earliest(connection, until, case_id)) is not None:
        if _lock(connection, seen) and (still := _again(connection, seen["id"], until)) is not None:
            return still
    return None


def _again(connection: Connection, identity: str, until: datetime) -> Row | None:
    """The timer as it stands now that its case is locked; None where it has gone, was held or moved on."""
    return _row(connection, _AGAIN, {"until": until, "identity": identity})


def _lock(connection: Connection, seen: Row) -> bool:
    """Wait for a timer's case, or for a start timer itself; false where it is gone."""
    if seen["case"] is None:
        return _LOCK_START.first(connection, {"identity": seen["id"]}) is not None
    return _LOCK_CASE.first(connection, {"identity": seen["case"]}) is not None


def _free(connection: Connection, until: datetime) -> Row | None:
    """The earliest timer whose case nobody holds; start timers come when no case has one."""
    while (seen := _row(connection, _FREE, {"until": until})) is not None:
        if (still := _again(connection, seen["id"], until)) is not None:
            return still
    return _row(connection, _FREE_START, {"until": until})


def _row(connection: Connection, statement: Statement, asked: Row) -> Row | None:
    found = statement.first(connection, asked)
    return None if found is None else dict(zip(_KEYS, found, strict=True))
