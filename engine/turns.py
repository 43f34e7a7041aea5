"""Whose turn it is to write to a database that is a file: writers of all processes go one by one, none is passed over.

SQLite lets a waiting writer sleep for up to a tenth of a second between two looks, so one that comes back at once takes
the lock again and again before those who wait. Two files beside the database make a gate: whoever stands in it is the
next for certain, and the one at work has to come to the gate again, behind the others. The lock of SQLite itself stays
the one that keeps the data; where the files cannot be had, it alone decides, as it would without them.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

#: Seconds between two looks at a lock that somebody holds: from, and at most.
_PAUSE: Final = (0.0005, 0.005)


class Turns:
    """The turns of one database file, given by its path."""

    def __init__(self, path: str) -> None:
        self._gate, self._work = f"{path}-gate", f"{path}-turn"

    @contextmanager
    def mine(self, patience: float) -> Iterator[None]:
        """Have the turn inside the with-block. Raises TimeoutError where it does not come within `patience` seconds."""
        end = time.monotonic() + patience
        gate = _lock(self._gate, end)
        try:
            work = _lock(self._work, end)
        finally:
            _leave(gate)
        try:
            yield
        finally:
            _leave(work)


def _lock(path: str, end: float) -> int | None:
    """A lock on a file, held until it is closed; None where this place has no such locks."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError:
        return None
    pause, most = _PAUSE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                os.close(handle)
                raise TimeoutError from None
            time.sleep(pause)  # a lock that waits by itself cannot be given up at a time
            pause = min(2 * pause, most)
        except OSError:
            os.close(handle)
            return None
        else:
            return handle


def _leave(handle: int | None) -> None:
    if handle is not None:
        os.close(handle)
