"""Faults of a database that pass by themselves (gone, busy, full, sealed), and what a person is told of them."""

import sqlite3
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, ExceptionContext

from engine.errors import UnavailableError

#: Classes of PostgreSQL's error codes that pass by themselves: connection, rollback, resources, intervention, system.
_PASSING: Final = frozenset({"08", "40", "53", "57", "58"})
#: Further codes: a lock that the administrator lets nobody wait for so long; a server that may not be written just now.
_LOCKED: Final = "55P03"
_READ_ONLY: Final = "25006"
#: Of the classes, those with which the server says that a statement was undone.
_UNDONE: Final = frozenset({"40", "53"})
#: A row of that key has come to be; a row that one points to has gone, or one has come that points to it.
_MET: Final = frozenset({"23505", "23503"})
_SQLITE_PASSING: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)
LOST: Final = "База данных временно недоступна. Повторите через несколько секунд."
BUSY: Final = "База данных занята. Повторите через несколько секунд."
_SEALED: Final = "База данных сейчас открыта только для чтения: изменения не сохранены. Сообщите администратору."
_FULL: Final = "В базе данных кончилось место: изменения не сохранены, читать можно. Сообщите администратору."


class told:  # noqa: N801 - used as a function is; a class, because every statement passes here
    """Raise the driver's errors as those of any statement, for what goes to the driver itself."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        """Nothing."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """Tell an error of the driver's."""
        if error is not None and isinstance(error, self._connection.dialect.loaded_dbapi.Error):
            # The library's one door for a fault met while executing: our listener, pool and wrapping hang on it.
            self._connection._handle_dbapi_exception(error, None, None, None, None)  # noqa: SLF001


def tell(context: ExceptionContext) -> UnavailableError | None:
    """A passing fault of the driver, to be raised as UnavailableError; what is our own fault stays as it is (None)."""
    origin = context.original_exception
    state = getattr(origin, "sqlstate", None) or ""
    code = getattr(origin, "sqlite_errorcode", None)
    if code is not None:
        kind = code & 0xFF
        if kind not in _SQLITE_PASSING:
            return None
        return UnavailableError(_FULL if kind == sqlite3.SQLITE_FULL else BUSY)
    if state == "53100":
        return UnavailableError(_FULL)
    if state == _READ_ONLY:
        return None if _reads_only(context.connection) else UnavailableError(_SEALED)
    if state == _LOCKED:
        return UnavailableError(BUSY, may_repeat=True)
    if state[:2] in _PASSING or context.is_disconnect or (not state and _is_operational(context)):
        return UnavailableError(LOST, may_repeat=True)
    return None


def is_undone(error: UnavailableError) -> bool:
    """Whether the server said itself that it undid the statement."""
    return (getattr(error.__cause__, "sqlstate", None) or "")[:2] in _UNDONE


def is_met(error: BaseException) -> bool:
    """Whether an act failed over a row that another may have made or taken away since it looked (PostgreSQL).

    On SQLite one act works at a time: there such a row is the act's own fault.
    """
    cause: BaseException | None = error
    while cause is not None and getattr(cause, "sqlstate", None) not in _MET:
        cause = cause.__cause__
    return cause is not None


def _reads_only(connection: Connection | None) -> bool:
    """Whether the transaction is one of ours that may not write: then it was ours that tried, not the server's word."""
    return connection is not None and bool(connection.get_execution_options().get("postgresql_readonly"))


def _is_operational(context: ExceptionContext) -> bool:
    """Whether the driver could not reach its server at all: such an error has no code."""
    return isinstance(context.sqlalchemy_exception, sa.exc.OperationalError)
