"""What a person has chosen for themselves, and the days on which a digest was made for them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from engine.database import METADATA, Json
from engine.records.tables import Id

preference = sa.Table(
    "preference",
    METADATA,
    sa.Column("login", sa.String(80), primary_key=True),
    sa.Column("key", sa.String(60), primary_key=True),
    sa.Column("value", Json, nullable=False),
)

#: One row a person and day, written in the transaction of the letter: nobody gets two. `letter` is null where nothing
#: was to be told.
digest = sa.Table(
    "digest",
    METADATA,
    sa.Column("login", sa.String(80), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("letter", Id),
    sa.Index("ix_digest_day", "day"),
)


def read(connection: Connection, login: str) -> dict[str, Any]:
    """Return what a person has chosen, by key."""
    rows = connection.execute(sa.select(preference.c.key, preference.c.value).where(preference.c.login == login))
    return {row.key: row.value for row in rows}


def read_one(connection: Connection, login: str, key: str) -> Any:
    """Return one choice of a person; None where nothing was chosen."""
    query = sa.select(preference.c.value).where(preference.c.login == login, preference.c.key == key)
    return connection.execute(query).scalar()


def by_login(connection: Connection, key: str) -> dict[str, Any]:
    """Return one choice of everybody who made it."""
    query = sa.select(preference.c.login, preference.c.value).where(preference.c.key == key)
    return {row.login: row.value for row in connection.execute(query)}


def write(connection: Connection, login: str, chosen: Mapping[str, Any]) -> None:
    """Keep a person's choices."""
    for key, value in chosen.items():
        add: Any = _insert(connection, preference).values(login=login, key=key, value=value)
        connection.execute(
            add.on_conflict_do_update(index_elements=["login", "key"], set_={"value": add.excluded.value})
        )


def told_on(connection: Connection, day: date) -> set[str]:
    """Return for whom a day's digest was made."""
    return set(connection.execute(sa.select(digest.c.login).where(digest.c.day == day)).scalars())


def begin_digest(connection: Connection, login: str, day: date) -> bool:
    """Claim a person's digest of a day; false where it was made already, by whichever process."""
    add: Any = _insert(connection, digest).values(login=login, day=day, letter=None)
    claimed = add.on_conflict_do_nothing(index_elements=["login", "day"]).returning(digest.c.login)
    return connection.execute(claimed).first() is not None


def end_digest(connection: Connection, login: str, day: date, letter: str, *, before: date) -> None:
    """Note the letter of a digest, and let the person's rows of long ago go."""
    here = (digest.c.login == login, digest.c.day == day)
    connection.execute(digest.update().where(*here).values(letter=letter))
    connection.execute(digest.delete().where(digest.c.login == login, digest.c.day < before))


def _insert(connection: Connection, table: sa.Table) -> Any:
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
