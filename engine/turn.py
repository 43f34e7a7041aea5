"""The turn to write an SQLite file, among the threads of one process.

SQLite lets a waiting writer sleep between two looks; threads wait here instead, and are told. Changes that are ready
and hang on nothing but themselves are shared: who has the turn writes those of all who wait, in one transaction, with
one flush of the disk. Processes wait for each other as SQLite has it, and at its gate (`engine.gate`).
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.database import Connection


@dataclass
class Share:
    """Changes that are ready: `write` makes them on a connection where a transaction has begun.

    It gives false where what they hang on is gone; then it has written nothing. `error` is what became of them if they
    are not kept, `is_sent` whether a COMMIT was sent for them.
    """

    write: "Callable[[Connection], bool]"
    is_led: bool = False
    is_sent: bool = False
    is_settled: bool = False
    error: Exception | None = None


class Turn:
    """Who of a process's threads writes; the others wait, or have their changes carried."""

    def __init__(self) -> None:
        self._changed = threading.Condition(threading.Lock())
        self._waiting: list[Share] = []
        self.is_taken = False

    def take(self, patience: float) -> None:
        """Take the turn. Raises TimeoutError after so many seconds."""
        with self._changed:
            if not self._changed.wait_for(lambda: not self.is_taken, patience):
                raise TimeoutError
            self.is_taken = True

    @property
    def line(self) -> int:
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
            if not self._changed.wait_for(lambda: share.is_settled or not self.is_taken, patience):
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
