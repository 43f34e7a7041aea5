"""Days on which the public view of the depository changed: entries came, their term ran out, an order revoked them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.clock import MOSCOW, moscow
from processes.depository.records.tables import entry


@dataclass(frozen=True, slots=True)
class Change:
    """The last day that changed the public view, and what it did: entries that came and that left."""

    day: date
    came: int
    left: int


def first_day(connection: Connection) -> date | None:
    """The day of the first publication ever; None before it."""
    return connection.execute(sa.select(sa.func.min(entry.c.published_on))).scalar()


def last_change(connection: Connection, today: date) -> Change | None:
    """The last change of the public view up to a day; None where nothing was ever published."""
    came = connection.execute(
        sa.select(sa.func.max(entry.c.published_on)).where(entry.c.published_on <= today)
    ).scalar()
    if came is None:
        return None
    ended = connection.execute(sa.select(sa.func.max(entry.c.valid_until)).where(entry.c.valid_until < today)).scalar()
    removed = connection.execute(
        sa.select(sa.func.max(entry.c.removed_at)).where(entry.c.removed_at < _midnight(today + timedelta(days=1)))
    ).scalar()
    days = [came]
    days += [ended + timedelta(days=1)] if ended else []
    days += [moscow(removed).date()] if removed else []
    return _told(connection, max(days))


def _told(connection: Connection, day: date) -> Change:
    gone = sa.or_(
        entry.c.valid_until == day - timedelta(days=1),
        sa.and_(entry.c.removed_at >= _midnight(day), entry.c.removed_at < _midnight(day + timedelta(days=1))),
    )
    count = sa.select(sa.func.count()).select_from(entry)
    came = connection.execute(count.where(entry.c.published_on == day)).scalar_one()
    left = connection.execute(count.where(gone)).scalar_one()
    return Change(day, int(came), int(left))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), MOSCOW).astimezone(UTC)
