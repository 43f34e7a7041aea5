"""Signing in and out: what a person gets for a password, and how it is recognised again.

Secrets are 32 random bytes; the database keeps their SHA-256, so that a stolen copy of it signs nobody in. All instants
are wall time: a virtual clock that jumps three years signs nobody out.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from engine.database import Connection, Database
from engine.errors import InvalidError, NotFoundError
from engine.ids import new_id
from handlers.accounts import limits, passwords, records
from handlers.errors import TooManyError, UnauthorizedError

IDLE: Final = timedelta(minutes=30)
ABSOLUTE: Final = timedelta(hours=12)
INTEGRATION: Final = timedelta(days=365)
#: Scopes that an integration's token may have.
SCOPES: Final = frozenset({"messages"})
_TOUCH_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Session:
    """A browser's sign-in: `csrf` must come back with every change; `stale` asks for a touch."""

    digest: str
    login: str
    csrf: str
    stale: bool


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token's bearer: a person, or (`kind` integration) a named peer with scopes."""

    login: str
    kind: str
    scopes: frozenset[str]


def digest_of(secret: str) -> str:
    """Return what the database keeps of a secret."""
    return sha256(secret.encode()).hexdigest()


def create_user(connection: Connection, login: str, password: str, *, at: datetime, demo: bool = False) -> None:
    """Give a login its password, new or changed; a change ends all its sessions and tokens. Raises InvalidError."""
    records.put_credential(connection, login, passwords.hash_password(password, demo=demo), at)
    records.drop_access(connection, login)


def disable_user(connection: Connection, login: str) -> None:
    """Close a login and end its sessions and tokens. Raises NotFoundError."""
    if not records.set_disabled(connection, login, True):
        raise NotFoundError(f"Нет учётной записи {login}.")
    records.drop_access(connection, login)


def check_password(
    database: Database,
    login: str,
    password: str,
    *,
    address: str,
    wall: datetime,
    rules: limits.Limits,
    demo: bool = False,
) -> str:
    """Return the login of a right password; `demo` lets accounts of the demonstration in.

    Two short transactions stand around the slow check, so that nobody waits for it. Raises TooManyError, and
    UnauthorizedError, the same for an unknown login, a wrong password and a closed login.
    """
    with database.write() as connection:
        refusal = _admitted(connection, login, address, wall, rules)
        row = None if refusal else records.find_credential(connection, login)
    if refusal:
        raise refusal
    right = passwords.verify_password(row["password_hash"] if row else None, password)
    if row is None or not right or row["disabled"] or (row["is_demo"] and not demo):
        with database.write() as connection:
            limits.count_failure(connection, login=login, address=address, wall=wall)
            _note(connection, login, address, "refused", wall)
        raise UnauthorizedError("Неверный логин или пароль. Проверьте раскладку и попробуйте ещё раз.")
    with database.write() as connection:
        _note(connection, login, address, "let_in", wall)
    return login


def _note(connection: Connection, login: str, address: str, outcome: str, wall: datetime) -> None:
    row = {"id": new_id(), "at": wall, "login": login[:80], "address": address[:60], "outcome": outcome}
    records.add_sign_in(connection, row)


def open_session(connection: Connection, login: str, *, at: datetime) -> str:
    """Begin a session and return its secret; what has run out goes meanwhile."""
    secret = secrets.token_urlsafe(32)
    records.drop_expired(connection, at)
    records.add_session(
        connection,
        {
            "hash": digest_of(secret),
            "login": login,
            "csrf": secrets.token_urlsafe(32),
            "created_at": at,
            "seen_at": at,
            "expires_at": at + ABSOLUTE,
        },
    )
    return secret


def find_session(connection: Connection, secret: str, *, at: datetime) -> Session | None:
    """Return the session of a secret, or None where it was closed, idle for half an hour, or is twelve hours old."""
    row = records.find_session(connection, digest_of(secret))
    if row is None or row["expires_at"] <= at or row["seen_at"] + IDLE <= at:
        return None
    return Session(row["hash"], row["login"], row["csrf"], stale=row["seen_at"] + _TOUCH_EVERY <= at)


def close_session(connection: Connection, secret: str) -> None:
    """End a session; a secret of none is no error."""
    records.drop_session(connection, digest_of(secret))


def issue_token(connection: Connection, login: str, *, at: datetime) -> tuple[str, datetime]:
    """Return a person's new bearer token and the wall instant at which it expires."""
    records.drop_expired(connection, at)
    row = {"login": login, "kind": "person", "scopes": [], "created_at": at, "expires_at": at + ABSOLUTE}
    return _keep_token(connection, row), at + ABSOLUTE


def issue_integration_token(connection: Connection, name: str, scopes: Iterable[str], *, at: datetime) -> str:
    """Return a peer's new token; the one that the name had before ends. Raises InvalidError for an unknown scope."""
    wanted = sorted(set(scopes))
    unknown = [scope for scope in wanted if scope not in SCOPES]
    if unknown or not wanted:
        named, known = ", ".join(unknown) or "не указана", ", ".join(sorted(SCOPES))
        raise InvalidError(f"Неизвестная область доступа: {named}. Есть: {known}.", rule=False)
    records.drop_access(connection, name, kind="integration")
    row = {"login": name, "kind": "integration", "scopes": wanted, "created_at": at, "expires_at": at + INTEGRATION}
    return _keep_token(connection, row)


def find_token(connection: Connection, secret: str, *, at: datetime) -> Token | None:
    """Return whose token a secret is, or None where it has run out or was withdrawn."""
    row = records.find_token(connection, digest_of(secret))
    if row is None or row["expires_at"] <= at:
        return None
    return Token(row["login"], row["kind"], frozenset(row["scopes"]))


def _keep_token(connection: Connection, row: dict[str, Any]) -> str:
    secret = secrets.token_urlsafe(32)
    records.add_token(connection, {"hash": digest_of(secret), **row})
    return secret


def _admitted(
    connection: Connection, login: str, address: str, wall: datetime, rules: limits.Limits
) -> TooManyError | None:
    # Returned and not raised: the attempt itself must stay counted, so the transaction has to commit.
    try:
        limits.admit(connection, rules, login=login, address=address, wall=wall)
    except TooManyError as refusal:
        return refusal
    return None
