"""Passwords: argon2id at the cost that two cores can bear, and never more than two at once.

The cost (19 MiB, two passes, one lane) keeps about 27 sign-ins a second possible; more at once would make signing in
a way to stop the service, so a queue forms and beyond it people are asked to come back.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.errors import InvalidError
from handlers.errors import TooManyError

MINIMUM: Final = 12
_LONGEST: Final = 256
_AT_ONCE: Final = 2
_QUEUE: Final = 30
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
#: What an unknown login is compared with, so that it takes the same time as a known one.
_NOBODY: Final = "$argon2id$v=19$m=19456,t=2,p=1$Mni/FDsW9dxwTq+BLv/M5A$ilaFFiufnrCpzisuiw+89Eippw7/229fwJfRF8AyyBI"
_running: Final = threading.BoundedSemaphore(_AT_ONCE)
_waiting: Final = threading.BoundedSemaphore(_QUEUE)


def hash_password(password: str, *, demo: bool = False) -> str:
    """Return the argon2id text of a new password.

    Raises InvalidError for one shorter than twelve characters (demo accounts apart) or unreasonably long.
    """
    if not demo and len(password) < MINIMUM:
        raise InvalidError(errors={"password": [f"Пароль короче {MINIMUM} знаков; придумайте длиннее."]})
    if not 0 < len(password) <= _LONGEST:
        raise InvalidError(errors={"password": [f"Пароль длиннее {_LONGEST} знаков; придумайте короче."]})
    with _turn():
        return _HASHER.hash(password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """Tell whether a password is right; as slow for a login that does not exist (hash None) as for one that does.

    Raises TooManyError when too many are being checked already.
    """
    with _turn():
        try:
            _HASHER.verify(password_hash or _NOBODY, password[:_LONGEST])
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Tell whether the hash was made at another cost."""
    return _HASHER.check_needs_rehash(password_hash)


@contextmanager
def _turn() -> Iterator[None]:
    if not _waiting.acquire(blocking=False):
        raise TooManyError("Сейчас входит слишком много людей. Повторите через секунду.", retry_after=1)
    try:
        with _running:
            yield
    finally:
        _waiting.release()
