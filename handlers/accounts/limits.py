"""How often signing in may be tried: counted per address and per login in windows of one minute of wall time.

A login is never blocked: after too many wrong passwords it waits out the minute (delay, not lockout).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from engine.database import Connection
from handlers.accounts import records
from handlers.errors import TooManyError

WINDOW: Final = 60


@dataclass(frozen=True, slots=True)
class Limits:
    """How many a minute: attempts from one address; wrong passwords of one login from there, and from everywhere."""

    attempts: int
    failures: int
    failures_everywhere: int


STRICT: Final = Limits(attempts=30, failures=10, failures_everywhere=40)
#: Demonstrations and black-box tests sign everybody in from one address (contract, section 8: at least 60 a minute).
DEMO: Final = Limits(attempts=600, failures=20, failures_everywhere=60)


def window_of(wall: datetime) -> datetime:
    """Return the beginning of the window that an instant belongs to."""
    return datetime.fromtimestamp(int(wall.timestamp()) // WINDOW * WINDOW, UTC)


def admit(connection: Connection, limits: Limits, *, login: str, address: str, wall: datetime) -> None:
    """Count an attempt. Raises TooManyError with the seconds left of the window once a limit is reached."""
    window = window_of(wall)
    attempts = records.count_up(connection, f"from:{address}", window)
    here = records.count_of(connection, _here(login, address), window)
    everywhere = records.count_of(connection, _everywhere(login), window)
    if attempts > limits.attempts or here >= limits.failures or everywhere >= limits.failures_everywhere:
        left = WINDOW - int((wall - window).total_seconds())
        raise TooManyError(f"Слишком много попыток входа. Повторите через {left} с.", retry_after=max(1, left))


def count_failure(connection: Connection, *, login: str, address: str, wall: datetime) -> None:
    """Count a wrong password, also one for a login that does not exist."""
    window = window_of(wall)
    records.count_up(connection, _here(login, address), window)
    records.count_up(connection, _everywhere(login), window)


def _here(login: str, address: str) -> str:
    return "wrong:" + sha256(f"{login}\0{address}".encode()).hexdigest()


def _everywhere(login: str) -> str:
    return "wrong:" + sha256(login.encode()).hexdigest()
