"""Contents that no row names any more, or never did, are taken out of the file store after a while.

An act that was rolled back leaves its file, a draft that was deleted too, and a process that was killed what it had
written aside. Nothing is taken that a row names, that was stored within the last 30 days (an act takes seconds), or
that lay there before this database kept house, which it does while it sweeps at least every 30 days: neither a new
database beside old files, nor an old copy of one, nor a clock that leaps takes what others named. An upload of the same
content at the very moment makes it new again before it can be taken, or stores it after that; no moment exists at which
a row names what is gone. Instants are the wall's.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import structlog

from engine.clock import wall
from engine.faults import crash_point
from engine.records import messages as records
from engine.records import settings

if TYPE_CHECKING:
    from engine.database import Database
    from engine.files import FileStore
    from engine.runtime import Runtime

log = structlog.get_logger(__name__)

#: How long a content stays that no row names, and what was written aside and never placed.
STRAY: Final = timedelta(days=30)
UNPLACED: Final = timedelta(days=1)
_EVERY: Final = timedelta(days=1)
#: When to come again where somebody counts on the contents for long (a backup), or the sweep failed.
_SOON: Final = timedelta(hours=1)
#: The setting with the instants since when this database keeps house, and of its last sweep.
KEEPING: Final = "files.swept"
_STARTS: Final = tuple(f"{number:02x}" for number in range(256))


@dataclass(slots=True)
class Sweeps:
    """One process's daily sweeps; any number of processes may sweep one store."""

    runtime: "Runtime"
    _next: datetime | None = field(default=None, init=False)

    def __call__(self) -> int:
        """Sweep where a day has gone since; returns how many contents were taken away."""
        now, files = wall(), self.runtime.files
        if files is None or (self._next is not None and now < self._next):
            return 0
        self._next = now + _SOON  # also where it fails
        unplaced = files.clear_aside(now - UNPLACED)
        found = sweep(self.runtime.database, files, now)
        if found is not None:
            self._next = now + _EVERY
        if found or unplaced:
            log.info("files_swept", contents=found or 0, unplaced=unplaced)
        return found or 0


def sweep(database: "Database", files: "FileStore", now: datetime) -> int | None:
    """Take away what no row names; returns how many contents, or None where somebody counts on the contents."""
    with database.write() as connection:
        told = settings.read_all(connection).get(KEEPING)
        since = now
        if told is not None and now - datetime.fromisoformat(told["last"]) <= STRAY:
            since = datetime.fromisoformat(told["since"])
        settings.write(connection, KEEPING, {"since": since.isoformat(), "last": now.isoformat()})
    count = 0
    for start in _STARTS:
        stored = files.stored(start, since, now - STRAY)
        if not stored:
            continue
        with database.read() as connection:
            strays = stored - records.named_contents(connection, start)
        if not strays:
            continue
        # The connection first: who waits for the lock may hold the last one. What it reads, it reads after the lock.
        with database.read() as connection, files.alone() as is_alone:
            if not is_alone:
                return None
            strays &= files.stored(start, since, now - STRAY)
            strays -= records.named_contents(connection, start)
            crash_point("sweep.found")
            for sha256 in strays:
                files.take_away(sha256)
            count += len(strays)
    return count
