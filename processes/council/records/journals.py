"""Journals: numbers without gaps or reuse (clause 2.6).

A number is given inside the act's own transaction, so an act undone gives its number back, and one number is never
given twice: the journal's row is the lock.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from processes.council.records.tables import journal, journal_entry


def next_number(connection: Connection, kind: str, year: int) -> int:
    """The next number of a journal of a year, from 1; holds the journal until the transaction ends."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(journal).values(kind=kind, year=year, last=0).on_conflict_do_nothing())
    number = connection.execute(
        sa.update(journal)
        .where(journal.c.kind == kind, journal.c.year == year)
        .values(last=journal.c.last + 1)
        .returning(journal.c.last)
    ).scalar_one()
    return int(number)


def enter(
    connection: Connection, kind: str, year: int, *, subject: str, by: str, at: datetime, case: str | None = None
) -> int:
    """Take the next number and write down what it was given for; returns the number."""
    number = next_number(connection, kind, year)
    connection.execute(
        sa.insert(journal_entry).values(
            kind=kind, year=year, number=number, case=case, subject=subject, entered_by=by, entered_at=at
        )
    )
    return number


def entries(connection: Connection, kind: str, year: int) -> list[dict[str, Any]]:
    """A journal of a year in the order of its numbers."""
    rows = connection.execute(
        sa.select(journal_entry)
        .where(journal_entry.c.kind == kind, journal_entry.c.year == year)
        .order_by(journal_entry.c.number)
    ).mappings()
    return [dict(row) for row in rows]
