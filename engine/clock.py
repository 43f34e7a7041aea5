"""The only reader of wall time.

Two readings: `wall` rules sessions, tokens, limits, keys, leases, retries; business time (`now`) rules facts, terms and
timers. Business time is the wall's on a system clock, and a row of the database on a virtual one, where it stands until
it is moved. All instants are aware; MOSCOW is the zone of terms (A-08, clause 4.5).
"""

from datetime import UTC, datetime
from enum import Enum
from typing import Final
from zoneinfo import ZoneInfo

MOSCOW: Final = ZoneInfo("Europe/Moscow")


class ClockMode(Enum):
    """Where business time comes from."""

    SYSTEM = "system"
    VIRTUAL = "virtual"


def wall() -> datetime:
    """The wall's instant, aware, UTC."""
    return datetime.now(UTC)


def moscow(instant: datetime) -> datetime:
    """The same instant in Europe/Moscow. Raises ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("naive instant")
    return instant.astimezone(MOSCOW)
