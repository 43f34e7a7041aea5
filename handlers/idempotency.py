"""The same key again: the same answer, and nothing done twice (contract, section 8, Tasks).

A key belongs to one person and one request. Its row is written in the transaction of the act, so that there is never an
act without its key nor a key without its act; a refusal rolls both back. Kept 30 days of wall time.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import orjson

from engine.database import Connection
from engine.errors import ConflictError, InvalidError, OvertakenError, RefusedError
from engine.runtime import Transaction
from handlers import records

HEADER: Final = "Idempotency-Key"
_LONGEST: Final = 200
_running: Final[set[tuple[str, str]]] = set()
_guard: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Key:
    """A person's key for one request; `request` is the digest of its method, path and body."""

    login: str
    key: str
    request: str


@dataclass(frozen=True, slots=True)
class Replay:
    """An answer that was given before, byte for byte."""

    status: int
    body: bytes


def read_key(login: str, key: str, *, method: str, path: str, body: Any) -> Key:
    """Return the key of a request, whose `body` is JSON values; the order of its names does not matter.

    Raises InvalidError for an empty, overlong or unprintable key.
    """
    if not 0 < len(key) <= _LONGEST or not key.isascii() or not key.isprintable():
        message = f"Ключ повтора: от 1 до {_LONGEST} печатных знаков латиницы."
        raise InvalidError(errors={HEADER: [message]}, rule=False)
    request = f"{method} {path}\n".encode() + orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
    return Key(login, key, sha256(request).hexdigest())


@contextmanager
def alone(key: Key) -> Iterator[None]:
    """Hold a key in this process. Raises ConflictError (`in_progress`) while another thread does."""
    name = (key.login, key.key)
    with _guard:
        if name in _running:
            raise _in_progress()
        _running.add(name)
    try:
        yield
    finally:
        with _guard:
            _running.discard(name)


def once(
    tx: Transaction, key: Key, act: Callable[[Transaction], Any], render: Callable[[Any], tuple[int, bytes]]
) -> Any:
    """Do the act and keep its answer, or return the Replay of the one that was given.

    Raises InvalidError (`key_reused`) for another request, ConflictError (`in_progress`) while the first one runs.
    """
    idle = tx.idle
    if idle is None:
        if not records.lock_key(tx.connection, key.login, key.key):
            raise _in_progress()
        records.forget_keys(tx.connection, key.login, tx.wall)
    replay = _find(tx, idle or tx.connection, key)
    if replay is not None:
        return replay
    try:
        result = act(tx)
    except RefusedError as error:
        # The key was not locked: its first request may have been kept meanwhile, and made this one impossible.
        if idle is not None and _find(tx, tx.idle or tx.connection, key) is not None:
            raise OvertakenError from error
        raise
    status, body = render(result)
    answer = {"status": status, "body": body.decode(), "created_at": tx.wall}
    records.keep_key(tx.writes, {"login": key.login, "key": key.key, "request": key.request, **answer})
    return result


def _find(tx: Transaction, connection: Connection, key: Key) -> Replay | None:
    kept = records.find_key(connection, key.login, key.key, tx.wall)
    if kept is None:
        return None
    if kept["request"] != key.request:
        raise InvalidError(
            "Этот ключ повтора уже использован для другого запроса. Возьмите новый.", slug="key_reused", rule=False
        )
    return Replay(int(kept["status"]), str(kept["body"]).encode())


def _in_progress() -> ConflictError:
    return ConflictError("Такой же запрос ещё выполняется. Повторите через секунду.", slug="in_progress", retry_after=1)
