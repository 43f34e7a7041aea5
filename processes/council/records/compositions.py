"""Compositions by order and substitutions by date (clauses 2.1, 2.4, 2.6)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.ids import new_id
from processes.council.model import Category, Composition, Member, Role, Substitution
from processes.council.records.tables import composition, composition_member, substitution


def composition_on(connection: Connection, day: date) -> Composition | None:
    """The composition in force on a day, with its members in the order's order."""
    still = sa.or_(composition.c.valid_until.is_(None), composition.c.valid_until >= day)
    row = connection.execute(
        sa.select(composition)
        .where(composition.c.valid_from <= day, still)
        .order_by(composition.c.valid_from.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    members = connection.execute(
        sa.select(composition_member)
        .where(composition_member.c.composition == row.id)
        .order_by(composition_member.c.position)
    )
    return Composition(
        id=row.id,
        order_number=row.order_number,
        order_date=row.order_date,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        members=tuple(Member(m.login, Role(m.role), Category(m.category) if m.category else None) for m in members),
    )


def role_on(connection: Connection, login: str, day: date) -> Role | None:
    """A person's role in the composition in force on a day."""
    row = connection.execute(roles_of(login, day).limit(1)).one_or_none()
    return None if row is None else Role(row.role)


def roles_of(login: str | sa.BindParameter[str], day: date | sa.BindParameter[date]) -> sa.Select[tuple[str]]:
    """A person's roles in the compositions that hold on a day, that of the newest first."""
    still = sa.or_(composition.c.valid_until.is_(None), composition.c.valid_until >= day)
    return (
        sa.select(composition_member.c.role)
        .join(composition, composition.c.id == composition_member.c.composition)
        .where(composition_member.c.login == login, composition.c.valid_from <= day, still)
        .order_by(composition.c.valid_from.desc())
    )


def add_composition(
    connection: Connection,
    *,
    order_number: str,
    order_date: date,
    valid_from: date,
    members: Sequence[Member],
    by: str,
    at: datetime,
    file: str | None = None,
) -> str:
    """Enter a composition and end the one before it on the eve; returns the id."""
    identity = new_id()
    connection.execute(
        sa.update(composition)
        .where(composition.c.valid_until.is_(None))
        .values(valid_until=valid_from - timedelta(days=1))
    )
    connection.execute(
        sa.insert(composition).values(
            id=identity,
            order_number=order_number,
            order_date=order_date,
            valid_from=valid_from,
            valid_until=None,
            entered_by=by,
            entered_at=at,
            file=file,
        )
    )
    connection.execute(
        sa.insert(composition_member),
        [
            {
                "composition": identity,
                "login": m.login,
                "position": position,
                "role": m.role.value,
                "category": m.category.value if m.category else None,
            }
            for position, m in enumerate(members, 1)
        ],
    )
    return identity


def last_first_day(connection: Connection) -> date | None:
    """The first day of the last composition entered; None where no order has set one."""
    return connection.execute(sa.select(sa.func.max(composition.c.valid_from))).scalar()


def all_compositions(connection: Connection) -> list[dict[str, Any]]:
    """Every composition with its order and how many members it has (`members`), the newest first."""
    counted = (
        sa.select(composition_member.c.composition, sa.func.count().label("members"))
        .group_by(composition_member.c.composition)
        .subquery()
    )
    rows = connection.execute(
        sa.select(composition, counted.c.members)
        .join(counted, counted.c.composition == composition.c.id)
        .order_by(composition.c.valid_from.desc())
    ).mappings()
    return [dict(row) for row in rows]


def _substitution(row: Any) -> Substitution:
    return Substitution(
        id=row.id,
        absent=row.absent,
        deputy=row.deputy,
        since=row.since,
        until=row.until,
        basis=row.basis,
        entered_by=row.entered_by,
        entered_at=row.entered_at,
        revoked_at=row.revoked_at,
    )


def substitutions_on(connection: Connection, day: date) -> list[Substitution]:
    """Substitutions in force on a day."""
    rows = connection.execute(
        sa.select(substitution)
        .where(substitution.c.since <= day, substitution.c.until >= day, substitution.c.revoked_at.is_(None))
        .order_by(substitution.c.id)
    )
    return [_substitution(row) for row in rows]


def substitutions_of(connection: Connection, login: str, day: date) -> list[Substitution]:
    """Substitutions in force on a day in which the person is absent or stands in."""
    rows = connection.execute(sa.select(substitution).where(is_substituted(login, day)).order_by(substitution.c.id))
    return [_substitution(row) for row in rows]


def is_substituted(login: str | sa.BindParameter[str], day: date | sa.BindParameter[date]) -> sa.ColumnElement[bool]:
    """Of a substitution's row: whether it is in force on a day and the person is absent or stands in."""
    return sa.and_(
        sa.or_(substitution.c.absent == login, substitution.c.deputy == login),
        substitution.c.since <= day,
        substitution.c.until >= day,
        substitution.c.revoked_at.is_(None),
    )


def all_substitutions(connection: Connection) -> list[Substitution]:
    """Every substitution ever entered, the newest period first."""
    rows = connection.execute(sa.select(substitution).order_by(substitution.c.since.desc(), substitution.c.id.desc()))
    return [_substitution(row) for row in rows]


def find_substitution(connection: Connection, identity: str) -> Substitution | None:
    """The substitution with an id."""
    row = connection.execute(sa.select(substitution).where(substitution.c.id == identity)).one_or_none()
    return None if row is None else _substitution(row)


def insert_substitution(connection: Connection, value: Substitution) -> None:
    """Enter a substitution, with the document it rests on."""
    connection.execute(
        sa.insert(substitution).values(
            id=value.id,
            absent=value.absent,
            deputy=value.deputy,
            since=value.since,
            until=value.until,
            basis=value.basis,
            entered_by=value.entered_by,
            entered_at=value.entered_at,
        )
    )


def close_substitution(connection: Connection, identity: str, *, by: str, at: datetime) -> bool:
    """End a substitution at once; False where it had been ended before."""
    done = connection.execute(
        sa.update(substitution)
        .where(substitution.c.id == identity, substitution.c.revoked_at.is_(None))
        .values(revoked_at=at, revoked_by=by)
    )
    return done.rowcount == 1
