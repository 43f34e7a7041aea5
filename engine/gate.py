"""A gate before the writers of a database that is a file, closed while one of them has waited for long.

SQLite lets a waiting writer sleep for up to a tenth of a second between two looks, so one that comes back at once takes
the lock again and again before those who wait. That is quick, and fair enough for short steps. Whoever has waited for
long goes to the gate: it closes behind him, all others wait before it, and he is the next. SQLite's own lock stays the
one that keeps the data; where the gate's file cannot be had, it alone decides.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

#: Seconds between two looks at a gate that is closed.
_PAUSE: Final = 0.001


class Gate:
    """The gate of one database file, given by its path; all processes that write there share it."""

    def __init__(self, path: str) -> None:
        self._path = f"{path}-gate"

    def pass_by(self, patience: float) -> None:
        """Go on once nobody stands in the gate. Raises TimeoutError after `patience` seconds."""
        _leave(self._lock(fcntl.LOCK_SH, patience))

    @contextmanager
    def closed(self, patience: float) -> Iterator[None]:
        """Stand in the gate inside the with-block. Raises TimeoutError where others stand there for all that time."""
        handle = self._lock(fcntl.LOCK_EX, patience)
        try:
            yield
        finally:
            _leave(handle)

    def _lock(self, kind: int, patience: float) -> int | None:
        """A lock on the file, held until it is closed; None where this place has no such locks."""
        try:
            handle = os.open(self._path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError:
            return None
        end = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(handle, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= end:
                    os.close(handle)
                    raise TimeoutError from None
                time.sleep(_PAUSE)  # a lock that waits by itself cannot be given up at a time
            except OSError:
                os.close(handle)
                return None
            else:
                return handle


def _leave(handle: int | None) -> None:
    if handle is not None:
        os.close(handle)
