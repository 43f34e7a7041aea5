"""Tables and queries of accounts. All instants are wall time; secrets are kept as SHA-256 only."""

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.database import METADATA, Connection, Instant, Json
from engine.records.statements import Statement
from handlers.records import forget_old_keys

#: How long it is known who signed in.
KEPT: Final = timedelta(days=366)
Login = sa.String(80)
Hash = sa.String(64)

credential = sa.Table(
    "credential",
    METADATA,
    sa.Column("login", Login, primary_key=True),
    sa.Column("password_hash", sa.String(200), nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False),
    # Its password is public knowledge: it opens nothing where KES_DEMO is not set.
    sa.Column("is_demo", sa.Boolean, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
)

session = sa.Table(
    "session",
    METADATA,
    sa.Column("hash", Hash, primary_key=True),
    sa.Column("login", Login, nullable=False),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Index("ix_session_login", "login"),
    sa.Index("ix_session_expires_at", "expires_at"),
)

#: A bearer token of a person (`kind` person) or of an integration, which is nobody's account.
token = sa.Table(
    "token",
    METADATA,
    sa.Column("hash", Hash, primary_key=True),
    sa.Column("login", Login, nullable=False),
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("scopes", Json, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Index("ix_token_login", "login"),
    sa.Index("ix_token_expires_at", "expires_at"),
)

#: Sign-ins counted in windows of wall time; in the database, because many processes serve the same people.
sign_in_count = sa.Table(
    "sign_in_count",
    METADATA,
    sa.Column("key", sa.String(120), primary_key=True),
    sa.Column("window", Instant, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Index("ix_sign_in_count_window", "window"),
)

#: A one-time link to set the password: only its digest is kept; a new one for the login ends the one before.
invitation = sa.Table(
    "invitation",
    METADATA,
    sa.Column("hash", Hash, primary_key=True),
    sa.Column("login", Login, nullable=False, unique=True),
    sa.Column("made_by", Login, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
)

#: Who signed in, from where, and who was not let in.
sign_in_event = sa.Table(
    "sign_in_event",
    METADATA,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("login", Login, nullable=False),
    sa.Column("address", sa.String(60), nullable=False),
    sa.Column("outcome", sa.String(12), nullable=False),
    sa.Index("ix_sign_in_event_login", "login", "id"),
    sa.Index("ix_sign_in_event_at", "at"),
)


def put_credential(
    connection: Connection, login: str, password_hash: str, at: datetime, *, is_demo: bool = False
) -> None:
    """Write a login's password, new or changed."""
    values = {"password_hash": password_hash, "changed_at": at, "is_demo": is_demo}
    if connection.execute(sa.update(credential).where(credential.c.login == login).values(values)).rowcount == 0:
        connection.execute(sa.insert(credential).values(login=login, disabled=False, **values))


def find_credential(connection: Connection, login: str) -> dict[str, Any] | None:
    """Return the row of a login, or None."""
    row = connection.execute(sa.select(credential).where(credential.c.login == login)).mappings().first()
    return dict(row) if row else None


def list_credentials(connection: Connection) -> list[dict[str, Any]]:
    """Return all logins with their state, in order."""
    columns = sa.select(credential.c.login, credential.c.disabled, credential.c.changed_at)
    return [dict(row) for row in connection.execute(columns.order_by(credential.c.login)).mappings()]


def set_disabled(connection: Connection, login: str, disabled: bool) -> bool:  # noqa: FBT001 - the column's value
    """Close or reopen a login; false where there is none."""
    change = sa.update(credential).where(credential.c.login == login).values(disabled=disabled)
    return connection.execute(change).rowcount == 1


def add_session(connection: Connection, values: dict[str, Any]) -> None:
    """Insert a session row."""
    connection.execute(sa.insert(session).values(values))


_SESSION_KEYS: Final = tuple(session.c.keys())
_FIND_SESSION: Final = Statement(
    sa.select(session)
    .join(credential, sa.and_(credential.c.login == session.c.login, credential.c.disabled.is_(False)))
    .where(session.c.hash == sa.bindparam("digest"))
)


def find_session(connection: Connection, digest: str) -> dict[str, Any] | None:
    """Return the session of a digest whose login is open, or None."""
    row = _FIND_SESSION.first(connection, {"digest": digest})
    return None if row is None else dict(zip(_SESSION_KEYS, row, strict=True))


def touch_session(connection: Connection, digest: str, at: datetime) -> None:
    """Note that a session was used."""
    connection.execute(sa.update(session).where(session.c.hash == digest).values(seen_at=at))


def drop_session(connection: Connection, digest: str) -> None:
    """Delete one session."""
    connection.execute(sa.delete(session).where(session.c.hash == digest))


def add_token(connection: Connection, values: dict[str, Any]) -> None:
    """Insert a token row."""
    connection.execute(sa.insert(token).values(values))


_TOKEN_KEYS: Final = tuple(token.c.keys())
_FIND_TOKEN: Final = Statement(
    sa.select(token)
    .outerjoin(credential, credential.c.login == token.c.login)
    .where(token.c.hash == sa.bindparam("digest"))
    .where(sa.or_(token.c.kind == sa.bindparam("integration"), credential.c.disabled.is_(False)))
)


def find_token(connection: Connection, digest: str) -> dict[str, Any] | None:
    """Return the token of a digest; a person's only while the login is open."""
    row = _FIND_TOKEN.first(connection, {"digest": digest, "integration": "integration"})
    return None if row is None else dict(zip(_TOKEN_KEYS, row, strict=True))


def tokens_of(connection: Connection, login: str) -> list[dict[str, Any]]:
    """Return a person's own tokens, oldest first."""
    query = sa.select(token).where(token.c.login == login, token.c.kind == "person")
    return [dict(row) for row in connection.execute(query.order_by(token.c.created_at, token.c.hash)).mappings()]


def drop_access(connection: Connection, login: str, *, kind: str = "person") -> None:
    """End every session and token of a login (a changed password, a closed login, a replaced integration)."""
    if kind == "person":
        connection.execute(sa.delete(session).where(session.c.login == login))
    connection.execute(sa.delete(token).where(token.c.login == login, token.c.kind == kind))


def drop_expired(connection: Connection, at: datetime) -> None:
    """Delete what has run out, answers kept under idempotency keys among it."""
    connection.execute(sa.delete(session).where(session.c.expires_at <= at))
    connection.execute(sa.delete(token).where(token.c.expires_at <= at))
    connection.execute(sa.delete(sign_in_count).where(sign_in_count.c.window < at - timedelta(days=1)))
    connection.execute(sa.delete(invitation).where(invitation.c.expires_at <= at))
    connection.execute(sa.delete(sign_in_event).where(sign_in_event.c.at < at - KEPT))
    forget_old_keys(connection, at)


def count_up(connection: Connection, key: str, window: datetime) -> int:
    """Raise the counter of a key in a window and return it; serialised by the row."""
    where = (sign_in_count.c.key == key, sign_in_count.c.window == window)
    raised = sa.update(sign_in_count).where(*where).values(count=sign_in_count.c.count + 1)
    if connection.execute(raised).rowcount == 0:
        add: Any = _insert(connection, sign_in_count).values(key=key, window=window, count=1)
        connection.execute(
            add.on_conflict_do_update(index_elements=["key", "window"], set_={"count": sign_in_count.c.count + 1})
        )
    return count_of(connection, key, window)


def count_of(connection: Connection, key: str, window: datetime) -> int:
    """Return the counter of a key in a window."""
    counted = sa.select(sign_in_count.c.count).where(sign_in_count.c.key == key, sign_in_count.c.window == window)
    return int(connection.execute(counted).scalar() or 0)


def add_sign_in(connection: Connection, values: dict[str, Any]) -> None:
    """Note who signed in, or was not let in."""
    connection.execute(sa.insert(sign_in_event).values(values))


def sign_ins(
    connection: Connection,
    *,
    login: str | None = None,
    outcome: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after: str | None = None,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """Return sign-ins, the newest first, past the id `after`; `until` is excluded."""
    query = sa.select(sign_in_event)
    if login:
        query = query.where(sign_in_event.c.login == login)
    if outcome:
        query = query.where(sign_in_event.c.outcome == outcome)
    if since:
        query = query.where(sign_in_event.c.at >= since)
    if until:
        query = query.where(sign_in_event.c.at < until)
    if after:
        query = query.where(sign_in_event.c.id < after)
    return [dict(row) for row in connection.execute(query.order_by(sign_in_event.c.id.desc()).limit(limit)).mappings()]


def put_invitation(connection: Connection, values: dict[str, Any]) -> None:
    """Keep a login's one invitation; the one before it ends."""
    drop_invitation(connection, values["login"])
    connection.execute(sa.insert(invitation).values(values))


def find_invitation(connection: Connection, digest: str) -> dict[str, Any] | None:
    """Return the invitation of a digest, or None."""
    row = connection.execute(sa.select(invitation).where(invitation.c.hash == digest)).mappings().first()
    return dict(row) if row else None


def invitation_of(connection: Connection, login: str) -> dict[str, Any] | None:
    """Return the open invitation of a login, or None."""
    row = connection.execute(sa.select(invitation).where(invitation.c.login == login)).mappings().first()
    return dict(row) if row else None


def drop_invitation(connection: Connection, login: str) -> None:
    """End a login's invitation: it was used, or another takes its place."""
    connection.execute(sa.delete(invitation).where(invitation.c.login == login))


def sessions_of(connection: Connection, login: str, at: datetime) -> list[dict[str, Any]]:
    """Return the open sessions of a login, the last used first; without their secrets."""
    columns = (session.c.created_at, session.c.seen_at, session.c.expires_at)
    query = sa.select(*columns).where(session.c.login == login, session.c.expires_at > at)
    return [dict(row) for row in connection.execute(query.order_by(session.c.seen_at.desc())).mappings()]


def tokens(connection: Connection, at: datetime, *, login: str | None = None) -> list[dict[str, Any]]:
    """Return the tokens in force, of one login or of all, the newest first."""
    query = sa.select(token).where(token.c.expires_at > at)
    if login is not None:
        query = query.where(token.c.login == login)
    return [dict(row) for row in connection.execute(query.order_by(token.c.created_at.desc())).mappings()]


def drop_token(connection: Connection, digest: str) -> dict[str, Any] | None:
    """Delete a token; returns whose it was."""
    row = connection.execute(sa.delete(token).where(token.c.hash == digest).returning(token)).mappings().first()
    return dict(row) if row else None


def _insert(connection: Connection, table: sa.Table) -> Any:
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
