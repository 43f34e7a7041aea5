"""What the council approved (clause 3.5) and the acts that it works by (clause 1.2)."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.ids import new_id
from processes.council.records.tables import council_document, normative_act


def add_document(
    connection: Connection, kind: str, title: str, *, protocol: str, meeting: str | None, valid_from: date, at: datetime
) -> int:
    """Enter the next version of an approved document (`standard`, `criteria`, `form`, …).

    Returns its number, from 1.
    """
    last = connection.execute(
        sa.select(sa.func.max(council_document.c.version)).where(council_document.c.kind == kind)
    ).scalar_one()
    version = int(last or 0) + 1
    connection.execute(
        sa.insert(council_document).values(
            kind=kind,
            version=version,
            title=title,
            protocol=protocol,
            meeting=meeting,
            valid_from=valid_from,
            entered_at=at,
        )
    )
    return version


def document_on(connection: Connection, kind: str, day: date) -> dict[str, Any] | None:
    """The version of an approved document in force on a day."""
    row = (
        connection.execute(
            sa.select(council_document)
            .where(council_document.c.kind == kind, council_document.c.valid_from <= day)
            .order_by(council_document.c.version.desc())
            .limit(1)
        )
        .mappings()
        .one_or_none()
    )
    return None if row is None else dict(row)


def documents(connection: Connection) -> list[dict[str, Any]]:
    """Every version of every approved document."""
    rows = connection.execute(
        sa.select(council_document).order_by(council_document.c.kind, council_document.c.version)
    ).mappings()
    return [dict(row) for row in rows]


def add_act(
    connection: Connection,
    *,
    kind: str,
    number: str,
    dated: date,
    title: str,
    valid_from: date,
    valid_until: date | None = None,
) -> str:
    """Enter a normative act with the days of its force; returns the id."""
    identity = new_id()
    connection.execute(
        sa.insert(normative_act).values(
            id=identity,
            kind=kind,
            number=number,
            dated=dated,
            title=title,
            valid_from=valid_from,
            valid_until=valid_until,
        )
    )
    return identity


def acts_on(connection: Connection, day: date) -> list[dict[str, Any]]:
    """Acts in force on a day: what a document may cite; a repealed act is not among them."""
    still = sa.or_(normative_act.c.valid_until.is_(None), normative_act.c.valid_until >= day)
    rows = connection.execute(
        sa.select(normative_act)
        .where(normative_act.c.valid_from <= day, still)
        .order_by(normative_act.c.dated, normative_act.c.id)
    ).mappings()
    return [dict(row) for row in rows]


def names_of_acts(connection: Connection, day: date) -> list[str]:
    """The acts in force on a day as a document cites them."""
    return [
        f"{act['kind']} от {act['dated']:%d.%m.%Y} № {act['number']} «{act['title']}»"
        for act in acts_on(connection, day)
    ]
