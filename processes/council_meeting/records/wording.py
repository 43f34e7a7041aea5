"""Queries of a protocol's words, of its versions, and of what the meeting asked people to do."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from processes.council_meeting.model import Task, Wording
from processes.council_meeting.records.tables import protocol, signature
from processes.council_meeting.records.wording_tables import assignment, version, wording


def wordings_of(connection: Connection, case: str) -> dict[int, Wording]:
    """What stands written on each item, by number; an item without words is not there."""
    tasks: dict[int, list[Task]] = {}
    query = sa.select(assignment).where(assignment.c.meeting == case).order_by(assignment.c.item, assignment.c.n)
    for row in connection.execute(query):
        tasks.setdefault(row.item, []).append(Task(row.text, row.responsible, row.due))
    rows = connection.execute(sa.select(wording).where(wording.c.meeting == case).order_by(wording.c.item))
    return {row.item: Wording(row.heard, row.spoke, row.decided, tuple(tasks.get(row.item, ()))) for row in rows}


def put_wording(connection: Connection, case: str, item: int, words: Wording) -> None:
    """Write an item's words anew, tasks among them."""
    for table in (wording, assignment):
        connection.execute(table.delete().where(table.c.meeting == case, table.c.item == item))
    connection.execute(
        wording.insert().values(meeting=case, item=item, heard=words.heard, spoke=words.spoke, decided=words.decided)
    )
    rows = [
        {"meeting": case, "item": item, "n": n, "text": one.text, "responsible": one.responsible, "due": one.due}
        for n, one in enumerate(words.tasks, 1)
    ]
    if rows:
        connection.execute(assignment.insert(), rows)


def insert_version(
    connection: Connection,
    case: str,
    number: int,
    *,
    document: str,
    content: str,
    sha256: str,
    changes: Sequence[Mapping[str, Any]],
    by: str,
    at: datetime,
) -> None:
    """Keep a version of a protocol; the protocol's row is then that version."""
    connection.execute(
        version.insert().values(
            meeting=case,
            version=number,
            document=document,
            content=content,
            sha256=sha256,
            changes=list(changes),
            made_by=by,
            made_at=at,
        )
    )
    connection.execute(
        protocol.update()
        .where(protocol.c.meeting == case)
        .values(document=document, content=content, sha256=sha256, version=number)
    )


def versions_of(connection: Connection, case: str) -> list[Mapping[str, Any]]:
    """Versions of a protocol, the first first."""
    query = sa.select(version).where(version.c.meeting == case).order_by(version.c.version)
    return [dict(row) for row in connection.execute(query).mappings()]


def assignments_of(connection: Connection, case: str) -> list[Mapping[str, Any]]:
    """Tasks that a meeting gave, in the order of its agenda."""
    query = sa.select(assignment).where(assignment.c.meeting == case).order_by(assignment.c.item, assignment.c.n)
    return [dict(row) for row in connection.execute(query).mappings()]


def assignments(connection: Connection, *, is_done: bool, limit: int = 200) -> list[Mapping[str, Any]]:
    """Tasks of every protocol signed by both, with its number as `protocol`: by their last day, done ones backwards."""
    signed = sa.exists().where(signature.c.meeting == assignment.c.meeting, signature.c.role == "chair")
    order = assignment.c.done_on.desc() if is_done else assignment.c.due
    query = (
        sa.select(assignment, protocol.c.number.label("protocol"))
        .join(protocol, protocol.c.meeting == assignment.c.meeting)
        .where(signed, assignment.c.done_on.is_not(None) if is_done else assignment.c.done_on.is_(None))
        .order_by(order, assignment.c.meeting, assignment.c.item, assignment.c.n)
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def find_assignment(connection: Connection, case: str, item: int, n: int) -> Mapping[str, Any] | None:
    """One task of a meeting, or None."""
    query = sa.select(assignment).where(assignment.c.meeting == case, assignment.c.item == item, assignment.c.n == n)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else dict(row)


def set_done(connection: Connection, case: str, item: int, n: int, *, on: date, by: str, note: str | None) -> None:
    """Mark a task as done on a day."""
    connection.execute(
        assignment.update()
        .where(assignment.c.meeting == case, assignment.c.item == item, assignment.c.n == n)
        .values(done_on=on, done_by=by, done_note=note)
    )
