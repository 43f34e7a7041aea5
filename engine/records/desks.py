"""What a person arranges at the own desk: dates to come back to a task, saved views of the inbox, a calendar's key.

Nothing here belongs to a case: it is written without a fact, and nobody else sees it, but for views shared with a role.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import METADATA, Instant, Json

Row = dict[str, Any]
Id = sa.String(40)
Login = sa.String(80)

#: The day on which a person wants to come back to a task.
follow_up = sa.Table(
    "follow_up",
    METADATA,
    sa.Column("login", Login, primary_key=True),
    sa.Column("task", Id, sa.ForeignKey("task.id"), primary_key=True),
    sa.Column("day", sa.Date, nullable=False),
    sa.Index("ix_follow_up_day", "login", "day", "task"),
    sa.Index("ix_follow_up_task", "task"),
)

#: A named set of the inbox's filters: its maker's own, or (`group`) of everybody who holds a group.
saved_view = sa.Table(
    "saved_view",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("login", Login, nullable=False),
    sa.Column("group", sa.String(80)),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("filters", Json, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Index("ix_saved_view_login", "login", "id"),
    sa.Index("ix_saved_view_group", "group", "id"),
)

#: The view that a person's inbox opens with.
first_view = sa.Table(
    "first_view",
    METADATA,
    sa.Column("login", Login, primary_key=True),
    sa.Column("view", Id, sa.ForeignKey("saved_view.id"), nullable=False),
    sa.Index("ix_first_view_view", "view"),
)

#: The secret address of a person's calendar, as SHA-256 only; `offered` also shows what waits for the person's groups.
calendar_key = sa.Table(
    "calendar_key",
    METADATA,
    sa.Column("login", Login, primary_key=True),
    sa.Column("hash", sa.String(64), nullable=False, unique=True),
    sa.Column("offered", sa.Boolean, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
)


def set_follow_up(connection: Connection, login: str, task_id: str, day: date | None) -> None:
    """Note, move or (None) drop the day."""
    key = (follow_up.c.login == login, follow_up.c.task == task_id)
    if day is None:
        connection.execute(follow_up.delete().where(*key))
    elif connection.execute(follow_up.update().where(*key).values(day=day)).rowcount == 0:
        connection.execute(follow_up.insert().values(login=login, task=task_id, day=day))


def follow_ups(connection: Connection, login: str, tasks: Collection[str]) -> dict[str, date]:
    """A person's days by task."""
    if not tasks:
        return {}
    query = sa.select(follow_up.c.task, follow_up.c.day)
    query = query.where(follow_up.c.login == login, follow_up.c.task.in_(sorted(tasks)))
    return {row.task: row.day for row in connection.execute(query)}


def put_view(connection: Connection, row: Mapping[str, Any]) -> None:
    """Add a view, or change the one with the id."""
    if connection.execute(saved_view.update().where(saved_view.c.id == row["id"]).values(dict(row))).rowcount == 0:
        connection.execute(saved_view.insert().values(dict(row)))


def get_view(connection: Connection, identity: str) -> Row | None:
    """A view by id."""
    row = connection.execute(sa.select(saved_view).where(saved_view.c.id == identity)).mappings().first()
    return dict(row) if row else None


def views_of(connection: Connection, login: str, groups: Collection[str]) -> list[Row]:
    """A person's own views and those shared with the groups, by name; `is_first` marks the one opened first."""
    seen = sa.or_(saved_view.c.login == login, saved_view.c.group.in_(sorted(groups)))
    query = (
        sa.select(saved_view, first_view.c.view.is_not(None).label("is_first"))
        .outerjoin(first_view, sa.and_(first_view.c.view == saved_view.c.id, first_view.c.login == login))
        .where(seen)
        .order_by(saved_view.c.name, saved_view.c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def drop_view(connection: Connection, identity: str) -> None:
    """Take a view away, also as anybody's first one."""
    connection.execute(first_view.delete().where(first_view.c.view == identity))
    connection.execute(saved_view.delete().where(saved_view.c.id == identity))


def set_first_view(connection: Connection, login: str, identity: str | None) -> None:
    """Choose the view that a person's inbox opens with, or none."""
    connection.execute(first_view.delete().where(first_view.c.login == login))
    if identity is not None:
        connection.execute(first_view.insert().values(login=login, view=identity))


def put_calendar_key(connection: Connection, row: Mapping[str, Any]) -> None:
    """Give a person's calendar a new key; the one before ends."""
    drop_calendar_key(connection, row["login"])
    connection.execute(calendar_key.insert().values(dict(row)))


def drop_calendar_key(connection: Connection, login: str) -> None:
    """Close a person's calendar."""
    connection.execute(calendar_key.delete().where(calendar_key.c.login == login))


def calendar_key_of(connection: Connection, login: str) -> Row | None:
    """When a person's calendar was opened and what it shows; None where it is closed."""
    row = connection.execute(sa.select(calendar_key).where(calendar_key.c.login == login)).mappings().first()
    return dict(row) if row else None


def find_calendar(connection: Connection, digest: str) -> Row | None:
    """Whose calendar a key opens."""
    row = connection.execute(sa.select(calendar_key).where(calendar_key.c.hash == digest)).mappings().first()
    return dict(row) if row else None
