"""The turn to write an SQLite file, among the threads of one process.

SQLite lets a waiting writer sleep between two looks; threads wait here instead, and are told. Changes that are ready
and hang on nothing but themselves are shared: who has the turn writes those of all who wait, in one transaction, with
one flush of the disk. Processes wait for each other as SQLite has it, and at its gate (`engine.gate`).
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from engine.database import Connection

#: Seconds after which nobody passes the one who has waited longest.
_LONG: Final = 0.02


@dataclass
class Share:
    """Changes that are ready: `write` makes them on a connection where a transaction has begun.

    It gives false where what they hang on is gone; then it has written nothing. `error` is what became of them if they
    are not kept, `is_sent` whether a COMMIT was sent for them, `is_kept` whether it came through: neither error nor
    that where the thread that carried them was broken off.
    """

    write: "Callable[[Connection], bool]"
    is_led: bool = False
    is_sent: bool = False
    is_kept: bool = False
    is_settled: bool = False
    error: Exception | None = None


class Turn:
    """Who of a process's threads writes; the others wait, or have their changes carried."""

    def __init__(self) -> None:
        self._changed = threading.Condition(threading.Lock())
        #: Since when each of those waits who wait, the longest first.
        self._line: deque[float] = deque()
        self._waiting: list[Share] = []
        self.is_taken = False

    def take(self, patience: float) -> None:
        """Take the turn. Raises TimeoutError after so many seconds."""
        with self._changed:
            if not self._wait(patience):
                raise TimeoutError
            self.is_taken = True

    @property
    def shares(self) -> int:
        """How many shares wait."""
        return len(self._waiting)

    def leave(self) -> None:
        """Give the turn back."""
        with self._changed:
            self.is_taken = False
            self._changed.notify_all()

    def settle(self, share: Share, carry: Callable[[Sequence[Share]], None], patience: float) -> None:
        """Have changes written by whoever has the turn next; it may be this thread, which carries those of others too.

        `carry` writes and commits shares and notes what became of each; it raises nothing. Raises TimeoutError after
        `patience` seconds in which nobody took the share up.
        """
        with self._changed:
            self._waiting.append(share)
            if not self._wait(patience, share):
                if share in self._waiting:
                    self._waiting.remove(share)
                    raise TimeoutError
                self._changed.wait_for(lambda: share.is_settled)
            if share.is_settled:
                return
            self.is_taken = True
            shares, self._waiting = self._waiting, []
        try:
            carry(shares)
        finally:
            with self._changed:
                for each in shares:
                    each.is_settled = True
                self.is_taken = False
                self._changed.notify_all()

    def _wait(self, patience: float, share: Share | None = None) -> bool:
        """Wait for the turn, or until somebody settled the share; false after so many seconds."""
        if not self.is_taken and not self._line:
            return True
        since = time.monotonic()
        self._line.append(since)

        def may_go_on() -> bool:
            if share is not None and share.is_settled:
                return True
            longest = self._line[0]
            return not self.is_taken and (longest == since or time.monotonic() - longest < _LONG)

        goes_on = False
        try:
            goes_on = self._changed.wait_for(may_go_on, patience)
        finally:
            self._line.remove(since)
            if not goes_on or (share is not None and share.is_settled):
                self._changed.notify_all()  # this one takes no turn, and some may have held back for it
        return goes_on
