"""PostgreSQL's statements of a step through libpq itself: prepared once a connection, each one call and one answer.

A cursor of psycopg's costs several times what libpq and the server need for a statement by its key. psycopg's own layer
below (`psycopg.pq`) and its own adaptation of values serve here; connecting, COMMIT and ROLLBACK stay with psycopg.
Everything raises psycopg's errors.
"""

from collections.abc import Sequence
from typing import Any, Final

from psycopg import Binary, Connection, OperationalError
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

#: Statements prepared a connection; those beyond are parsed each time. A procedure's steps need some dozens.
_MOST: Final = 300
#: Parameters of a statement that is prepared: each number of rows is another statement, and the server keeps the plan
#: of each, some kilobytes a row.
_WIDEST: Final = 500
_KEPT: Final = "libpq"
#: How the server sends values: its own form costs less to write and to read than text, bytes most of all.
_BINARY: Final = 1
_BYTES: Final = frozenset({bytes, Binary})


class _Prepared:
    """What one connection has prepared, and its adaptation of values."""

    def __init__(self, driver: Connection[Any]) -> None:
        self.names: dict[str, bytes] = {}
        self.adapter = Transformer(driver)


def execute(
    driver: Connection[Any], info: dict[str, Any], text: str, values: Sequence[Any], *, begins: bool = True
) -> tuple[list[list[Any]], int]:
    """Execute a statement with numbered parameters, in a transaction as the connection begins them.

    Not `begins`: where none has begun it is a transaction of its own. Returns the rows, values as psycopg reads them,
    and how many were found or changed. `info` belongs to the connection and is kept as long as it.
    """
    if begins and driver.pgconn.transaction_status == TransactionStatus.IDLE and not driver.autocommit:
        _check(driver.pgconn.exec_(_beginning(driver)))
    kept: _Prepared | None = info.get(_KEPT)
    if kept is None:
        kept = info[_KEPT] = _Prepared(driver)
    adapter = kept.adapter
    # As text the server reads a value as its column's type, whatever size of number Python has; bytes need no escape.
    formats = [PyFormat.BINARY if type(value) in _BYTES else PyFormat.TEXT for value in values]
    dumped: Any = adapter.dump_sequence(values, formats)
    name = kept.names.get(text)
    if name is None and len(kept.names) < _MOST and len(values) <= _WIDEST:
        name = b"kes_%d" % len(kept.names)
        _check(driver.pgconn.prepare(name, text.encode()))
        kept.names[text] = name
    if name is None:
        result = driver.pgconn.exec_params(text.encode(), dumped, param_formats=adapter.formats, result_format=_BINARY)
    else:
        result = driver.pgconn.exec_prepared(name, dumped, adapter.formats, _BINARY)
    _check(result)
    adapter.set_pgresult(result)
    return adapter.load_rows(0, result.ntuples, list), result.command_tuples or 0


def _beginning(driver: Connection[Any]) -> bytes:
    level = driver.isolation_level
    isolation = f" ISOLATION LEVEL {level.name.replace('_', ' ')}" if level is not None else ""
    return f"BEGIN{isolation}{' READ ONLY' if driver.read_only else ''}".encode()


def _check(result: PGresult) -> None:
    if result.status not in {ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK}:
        error = error_from_result(result)
        # Without a code it is libpq's own word: the connection is lost.
        raise error if error.sqlstate else OperationalError(str(error))
