"""A connection lent for one transaction: when that begins, whose turn it is, whether its end was sent."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.errors import UnavailableError
from engine.faults import crash_point
from engine.passing import BUSY, LOST, is_undone
from engine.turn import Share, Turn

if TYPE_CHECKING:
    from engine.database import Database


class Session:
    """A connection from the pool for one transaction: when it begins, and whether its end was sent."""

    __slots__ = ("_has_turn", "connection", "database", "is_sent")

    def __init__(self, database: "Database", connection: Connection) -> None:
        self.database, self.connection = database, connection
        #: Whether something was sent after which nobody knows what is kept, should no answer come.
        self.is_sent = False
        self._has_turn = False

    def begin(self) -> None:
        """Begin a write transaction. Raises UnavailableError where others write for too long."""
        turn = self.database.turn
        if turn is not None:
            try:
                turn.take(self.database.patience)
            except TimeoutError as error:
                raise UnavailableError(BUSY) from error
            self._has_turn = True
        self.database.begin(self.connection)

    def leave(self) -> None:
        """Let the next writer of this process begin."""
        if self._has_turn and self.database.turn is not None:
            self._has_turn = False
            self.database.turn.leave()

    def commit(self) -> None:
        """Commit it."""
        crash_point("commit.before")
        self.is_sent = True
        self.connection.commit()
        self.leave()
        crash_point("commit.after")

    def share(self, turn: Turn, write: Callable[[Connection], bool]) -> bool:
        """Write and commit changes in one transaction with those of other threads (SQLite); what `write` gave.

        `write` is called with the connection that one of them has begun on, again where the changes of another did not
        fit, and writes nothing where it gives false. Raises what it raises, and UnavailableError.
        """
        share = Share(write)
        try:
            turn.settle(share, self._carry, self.database.patience)
        except TimeoutError as error:
            raise UnavailableError(BUSY) from error
        self.is_sent = share.is_sent
        if share.error is not None:
            raise share.error
        if not share.is_kept:  # who carried it was broken off
            raise UnavailableError(LOST, may_repeat=True)
        return share.is_led

    def _carry(self, shares: Sequence[Share]) -> None:
        """All shares together; where one of them cannot be written, each by itself. Raises nothing."""
        if not self._keep(shares) and len(shares) > 1:
            for share in shares:
                self._keep((share,))

    def _keep(self, shares: Sequence[Share]) -> bool:
        """Write and commit shares; false where one of them could not be written."""
        is_writing = False
        try:
            self.database.begin(self.connection)
            is_writing = True
            for share in shares:
                share.error, share.is_led = None, share.write(self.connection)
            is_writing = False
            crash_point("commit.before")
            for share in shares:
                share.is_sent = True
            self.connection.commit()
            for share in shares:
                share.is_kept = True
            crash_point("commit.after")
        except Exception as error:  # noqa: BLE001 - it is the shares', whose threads raise it
            for share in shares:  # first, for a connection that is gone cannot be rolled back either
                share.error = error
            self.connection.rollback()
            return not is_writing
        return True

    @contextmanager
    def sent_alone(self) -> Iterator[None]:
        """Around one statement that is a whole transaction (PostgreSQL). Raises TypeError where another has begun."""
        if self.connection.in_transaction():  # the statement would be rolled back with that one
            raise TypeError("a transaction has begun by itself")
        self.database.listen(self.connection)
        crash_point("commit.before")
        self.is_sent = True
        try:
            yield
        except UnavailableError as error:
            # The server's own word that it undid the statement; anything else may have come after it was kept.
            self.is_sent = not is_undone(error)
            raise
        except sa.exc.DBAPIError:
            self.is_sent = False
            raise
        self.connection.dispatch.commit(self.connection)
        crash_point("commit.after")
