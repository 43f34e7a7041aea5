"""Comments of a case: who, where, to whom they are shown. Their words stand in the history's texts, and only there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import METADATA, Instant, Json
from engine.records.tables import Id, text

Row = dict[str, Any]

#: `seq` is the number of the fact that keeps the words: erased there, they are gone here too.
comment = sa.Table(
    "case_comment",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("case", Id, sa.ForeignKey("case_file.id"), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("task", Id),
    sa.Column("author", sa.String(80), nullable=False),
    sa.Column("on_behalf_of", sa.String(80)),
    sa.Column("audience", sa.String(12), nullable=False),
    sa.Column("mentioned", Json, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("withdrawn_at", Instant),
    sa.Index("ix_case_comment_case", "case", "seq"),
)


def insert_comment(connection: Connection, row: Mapping[str, Any]) -> None:
    """Keep a new comment."""
    connection.execute(comment.insert(), [dict(row)])


def get_comment(connection: Connection, identity: str) -> Row | None:
    """Return a comment by its id."""
    row = connection.execute(sa.select(comment).where(comment.c.id == identity)).mappings().first()
    return dict(row) if row else None


def comments_of(connection: Connection, case: str) -> list[Row]:
    """Return the comments of a case, oldest first, each with its `text` (None where it was erased)."""
    said = sa.and_(text.c.case == comment.c.case, text.c.seq == comment.c.seq)
    query = sa.select(comment, text.c.text).outerjoin(text, said).where(comment.c.case == case)
    return [dict(row) for row in connection.execute(query.order_by(comment.c.seq)).mappings()]


def set_withdrawn(connection: Connection, identity: str, at: datetime) -> None:
    """Record that a comment's author took it back."""
    connection.execute(comment.update().where(comment.c.id == identity).values(withdrawn_at=at))
