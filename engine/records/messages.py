"""Queries on messages between cases, letters, the outbox and documents."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.records.tables import document, letter, message, outbox

Row = dict[str, Any]

#: Kind of the letters that tell a person the own day.
DIGEST: Final = "digest"


def insert(connection: Connection, row: Row) -> None:
    """A new message."""
    connection.execute(message.insert(), [row])


def next_pending(connection: Connection, after: str = "") -> Row | None:
    """The oldest pending message past an id, locked past those that others hold."""
    query = (
        sa.select(message)
        .where(message.c.state == "pending", message.c.id > after)
        .order_by(message.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def settle(connection: Connection, identity: str, values: Mapping[str, Any]) -> None:
    """Record what became of a pending message; one that was settled meanwhile stays as it is."""
    connection.execute(message.update().where(message.c.id == identity, message.c.state == "pending"), dict(values))


def insert_letter(connection: Connection, row: Row) -> None:
    """A new letter."""
    connection.execute(letter.insert(), [row])


def letters(
    connection: Connection,
    *,
    case_id: str | None,
    owner: str | None,
    login: str | None,
    everything: bool,
    after: str | None,
    limit: int,
) -> list[Row]:
    """Letters, newest first: all of them but others' digests, or those to a login or an organisation."""
    query = sa.select(letter)
    if case_id:
        query = query.where(letter.c.case == case_id)
    mine = letter.c.login == login
    if everything:
        query = query.where(sa.or_(letter.c.kind != DIGEST, mine))
    else:
        query = query.where(sa.or_(mine, letter.c.owner == owner) if owner else mine)
    if after:
        query = query.where(letter.c.id < after)
    return [dict(r) for r in connection.execute(query.order_by(letter.c.id.desc()).limit(limit)).mappings()]


def get_letter(connection: Connection, identity: str) -> Row | None:
    """A letter."""
    row = connection.execute(sa.select(letter).where(letter.c.id == identity)).mappings().first()
    return dict(row) if row else None


def update_letter(connection: Connection, identity: str, values: Mapping[str, Any]) -> None:
    """Record a letter's delivery."""
    connection.execute(letter.update().where(letter.c.id == identity), dict(values))


def insert_outbox(connection: Connection, row: Row) -> None:
    """Something that must leave."""
    connection.execute(outbox.insert(), [row])


def lease_outbox(connection: Connection, now: datetime, until: datetime, kind: str, epoch: int) -> Row | None:
    """Take the next thing to send for a while: its `next_at` moves to the lease's end."""
    query = (
        sa.select(outbox)
        .where(outbox.c.next_at <= now, outbox.c.kind == kind, outbox.c.epoch == epoch)
        .order_by(outbox.c.next_at, outbox.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    connection.execute(
        outbox.update().where(outbox.c.id == row["id"]), {"next_at": until, "attempts": row["attempts"] + 1}
    )
    return {**dict(row), "attempts": row["attempts"] + 1}


def drop_outbox(connection: Connection, identity: str) -> None:
    """Sent: nothing left to do."""
    connection.execute(outbox.delete().where(outbox.c.id == identity))


def update_outbox(connection: Connection, identity: str, values: Mapping[str, Any]) -> None:
    """When to try again, and what went wrong."""
    connection.execute(outbox.update().where(outbox.c.id == identity), dict(values))


def insert_document(connection: Connection, row: Row) -> None:
    """A new document row."""
    connection.execute(document.insert(), [row])


def get_document(connection: Connection, identity: str) -> Row | None:
    """A document row."""
    row = connection.execute(sa.select(document).where(document.c.id == identity)).mappings().first()
    return dict(row) if row else None


def documents(
    connection: Connection, *, case_id: str | None = None, holder: str | None = None, is_loose: bool = False
) -> list[Row]:
    """Documents of a case, of a holder (a draft), or of no case (`is_loose`), oldest first."""
    query = sa.select(document)
    if case_id is not None:
        query = query.where(document.c.case == case_id)
    if holder is not None:
        query = query.where(document.c.holder == holder)
    if is_loose:
        query = query.where(document.c.case.is_(None))
    return [dict(r) for r in connection.execute(query.order_by(document.c.id)).mappings()]


def drop_document(connection: Connection, identity: str) -> None:
    """Take a document row away (drafts only; the content is swept later)."""
    connection.execute(document.delete().where(document.c.id == identity))


def named_contents(connection: Connection, start: str) -> set[str]:
    """The contents that some row names, by the hex digits that their hashes start with."""
    digest = document.c.sha256
    query = sa.select(digest).where(digest.between(start.ljust(64, "0"), start.ljust(64, "f")))
    return set(connection.execute(query).scalars())


def adopt_documents(connection: Connection, holder: str, case_id: str) -> None:
    """A draft's documents become the case's."""
    connection.execute(document.update().where(document.c.holder == holder), {"case": case_id})
