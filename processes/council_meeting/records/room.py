"""Queries of the meeting room: each writes or reads one small table of an attempt."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from engine.records.tables import letter
from processes.council_meeting.records.room_tables import answer, arrival, floor, reading, recusal


def put_answer(
    connection: Connection, case: str, attempt: int, member: str, *, value: str, reason: str | None, at: datetime
) -> None:
    """Keep a member's answer to the invitation; a later one takes its place."""
    key = {"meeting": case, "attempt": attempt, "member": member}
    _put(connection, answer, key, {"answer": value, "reason": reason, "answered_at": at})


def answers_of(connection: Connection, case: str, attempt: int) -> dict[str, Mapping[str, Any]]:
    """Answers (`answer`, `reason`, `answered_at`) by login."""
    query = sa.select(answer).where(answer.c.meeting == case, answer.c.attempt == attempt)
    return {row["member"]: dict(row) for row in connection.execute(query).mappings()}


def put_arrival(
    connection: Connection, case: str, attempt: int, member: str, *, mode: str | None, by: str, at: datetime
) -> None:
    """Note that a member has come, and how; None takes the note back."""
    if mode is None:
        connection.execute(
            arrival.delete().where(arrival.c.meeting == case, arrival.c.attempt == attempt, arrival.c.member == member)
        )
        return
    key = {"meeting": case, "attempt": attempt, "member": member}
    _put(connection, arrival, key, {"mode": mode, "noted_by": by, "noted_at": at})


def arrivals_of(connection: Connection, case: str, attempt: int) -> dict[str, str]:
    """How those have come who have: `in_person` or `remote` by login."""
    query = sa.select(arrival.c.member, arrival.c.mode).where(arrival.c.meeting == case, arrival.c.attempt == attempt)
    return {row.member: row.mode for row in connection.execute(query.order_by(arrival.c.member))}


def add_reading(connection: Connection, meeting: str, case: str, member: str, document: str, *, at: datetime) -> bool:
    """Keep that a member opened a material (blank: read them all); False where that is known already."""
    insert = _insert(connection, reading).values(
        meeting=meeting, case=case, member=member, document=document, opened_at=at
    )
    kept = connection.execute(insert.on_conflict_do_nothing().returning(reading.c.member))
    return kept.first() is not None


def readings_of(connection: Connection, meeting: str) -> list[Mapping[str, Any]]:
    """Rows (`case`, `member`, `document`, `opened_at`) of a meeting, the earliest first."""
    query = sa.select(reading).where(reading.c.meeting == meeting).order_by(reading.c.opened_at, reading.c.member)
    return [dict(row) for row in connection.execute(query).mappings()]


def put_recusal(
    connection: Connection, case: str, attempt: int, item: int, member: str, *, reason: str | None, at: datetime
) -> None:
    """Keep a member's recusal with its reason; None takes it back."""
    if reason is None:
        connection.execute(recusal.delete().where(*_on(recusal, case, attempt, item), recusal.c.member == member))
        return
    key = {"meeting": case, "attempt": attempt, "item": item, "member": member}
    _put(connection, recusal, key, {"reason": reason, "declared_at": at})


def recusals_on(connection: Connection, case: str, attempt: int, item: int) -> dict[str, str]:
    """Reasons of those who recused themselves from an item, by login."""
    return recusals_of(connection, case, attempt).get(item, {})


def recusal_rows(connection: Connection, case: str) -> list[Mapping[str, Any]]:
    """Every recusal of a meeting, of every attempt."""
    return [dict(row) for row in connection.execute(sa.select(recusal).where(recusal.c.meeting == case)).mappings()]


def recusals_of(connection: Connection, case: str, attempt: int) -> dict[int, dict[str, str]]:
    """Reasons of those who recused themselves, by item and login."""
    found: dict[int, dict[str, str]] = {}
    query = sa.select(recusal).where(recusal.c.meeting == case, recusal.c.attempt == attempt)
    for row in connection.execute(query.order_by(recusal.c.item, recusal.c.member)):
        found.setdefault(row.item, {})[row.member] = row.reason
    return found


def put_floor(connection: Connection, case: str, attempt: int, item: int, **values: Any) -> None:
    """Keep what the presiding person said of an item: `called_by`, `called_at`, `stopped_by`, `stopped_at`."""
    _put(connection, floor, {"meeting": case, "attempt": attempt, "item": item}, values)


def floor_on(connection: Connection, case: str, attempt: int, item: int) -> Mapping[str, Any]:
    """What the presiding person said of an item; empty where nothing."""
    return floors_of(connection, case, attempt).get(item, {})


def floors_of(connection: Connection, case: str, attempt: int) -> dict[int, Mapping[str, Any]]:
    """What the presiding person said, by item."""
    query = sa.select(floor).where(floor.c.meeting == case, floor.c.attempt == attempt)
    return {row["item"]: dict(row) for row in connection.execute(query).mappings()}


def invitations_of(connection: Connection, case: str) -> dict[str, Mapping[str, Any]]:
    """The last invitation (or news of another day) to each member: `at`, `delivery`, `delivered_at` by login."""
    query = (
        sa.select(letter.c.login, letter.c.at, letter.c.delivery, letter.c.delivered_at)
        .where(letter.c.case == case, letter.c.kind.in_(("meeting_invitation", "meeting_rescheduled")))
        .order_by(letter.c.at, letter.c.id)
    )
    return {row["login"]: dict(row) for row in connection.execute(query).mappings() if row["login"]}


def _on(table: sa.Table, case: str, attempt: int, item: int) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.meeting == case, table.c.attempt == attempt, table.c.item == item


def _insert(connection: Connection, table: sa.Table) -> Any:
    return (postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert)(table)


def _put(connection: Connection, table: sa.Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    insert = _insert(connection, table).values(**key, **values)
    connection.execute(insert.on_conflict_do_update(index_elements=list(key), set_=dict(values)))
