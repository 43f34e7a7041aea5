"""Queries of the meeting row, of attendance, and of the cases on an agenda."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.records.tables import case as case_file
from processes.council_meeting.model import Form, Presiding
from processes.council_meeting.records.tables import attendance, meeting


def insert_meeting(
    connection: Connection,
    case: str,
    *,
    number: str,
    form: Form,
    held_on: date,
    closes_at: datetime | None,
    readings: int | None,
) -> None:
    """Write a meeting's row, its first attempt."""
    connection.execute(
        meeting.insert().values(
            case=case,
            number=number,
            form=form.value,
            held_on=held_on,
            closes_at=closes_at,
            attempt=1,
            ballots_open=False,
            readings=readings,
        )
    )


def get_meeting(connection: Connection, case: str) -> Mapping[str, Any] | None:
    """A meeting's row, or None."""
    row = connection.execute(sa.select(meeting).where(meeting.c.case == case)).mappings().one_or_none()
    return None if row is None else dict(row)


def meetings_of(connection: Connection, cases: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """Rows of those of these cases that are meetings, by case."""
    rows = connection.execute(sa.select(meeting).where(meeting.c.case.in_(list(cases)))).mappings()
    return {row["case"]: dict(row) for row in rows}


def meeting_of(connection: Connection, case: str) -> Mapping[str, Any]:
    """A meeting's row, which must be there."""
    return dict(connection.execute(sa.select(meeting).where(meeting.c.case == case)).mappings().one())


def meetings_between(connection: Connection, first: date, last: date) -> list[Mapping[str, Any]]:
    """Rows of meetings set for the days from `first` to `last`, each with its case's `state` and `end`, by day."""
    query = (
        sa.select(meeting, case_file.c.state.label("state"), case_file.c.end.label("end"))
        .join(case_file, case_file.c.id == meeting.c.case)
        .where(meeting.c.held_on.between(first, last))
        .order_by(meeting.c.held_on, meeting.c.number)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def reschedule_meeting(
    connection: Connection, case: str, *, form: Form, held_on: date, closes_at: datetime | None
) -> None:
    """Begin another attempt: another day or form; the earlier attempt's attendance and ballots stay where they are."""
    connection.execute(
        meeting.update()
        .where(meeting.c.case == case)
        .values(
            form=form.value,
            held_on=held_on,
            closes_at=closes_at,
            attempt=meeting.c.attempt + 1,
            ballots_open=False,
            presiding=None,
            presiding_for=None,
            presiding_basis=None,
        )
    )


def set_ballots_open(connection: Connection, case: str, *, is_open: bool) -> None:
    """Open or close the taking of ballots."""
    connection.execute(meeting.update().where(meeting.c.case == case).values(ballots_open=is_open))


def set_opened(connection: Connection, case: str, at: datetime) -> None:
    """Mark the quorate meeting as opened."""
    connection.execute(meeting.update().where(meeting.c.case == case).values(opened_at=at))


def set_presiding(connection: Connection, case: str, presiding: Presiding | None) -> None:
    """Keep who conducts the meeting."""
    values = (presiding.login, presiding.on_behalf_of, presiding.basis) if presiding else (None, None, None)
    connection.execute(
        meeting.update()
        .where(meeting.c.case == case)
        .values(dict(zip(("presiding", "presiding_for", "presiding_basis"), values, strict=True)))
    )


def insert_attendance(
    connection: Connection, case: str, attempt: int, logins: Iterable[str], *, by: str, at: datetime
) -> None:
    """Register who takes part in an attempt."""
    rows = [
        {"meeting": case, "attempt": attempt, "member": login, "registered_by": by, "registered_at": at}
        for login in sorted(set(logins))
    ]
    if rows:
        connection.execute(attendance.insert(), rows)


def attendance_of(connection: Connection, case: str, attempt: int) -> dict[str, int | None]:
    """Who takes part, with the number of the item before which each left (None: still there)."""
    query = sa.select(attendance.c.member, attendance.c.left_at).where(
        attendance.c.meeting == case, attendance.c.attempt == attempt
    )
    return {row.member: row.left_at for row in connection.execute(query.order_by(attendance.c.member))}


def attendances_of(connection: Connection, case: str) -> dict[int, set[str]]:
    """Who took part, by attempt: for verification."""
    found: dict[int, set[str]] = {}
    for row in connection.execute(
        sa.select(attendance.c.attempt, attendance.c.member).where(attendance.c.meeting == case)
    ):
        found.setdefault(row.attempt, set()).add(row.member)
    return found


def mark_left(connection: Connection, case: str, attempt: int, logins: Iterable[str], item: int) -> None:
    """Note who left before an item."""
    connection.execute(
        attendance.update()
        .where(attendance.c.meeting == case, attendance.c.attempt == attempt, attendance.c.member.in_(sorted(logins)))
        .values(left_at=item)
    )


def lock_case(connection: Connection, case: str) -> None:
    """Hold the meeting's case row until the transaction ends, so that votes and steps come one after another."""
    connection.execute(sa.select(case_file.c.id).where(case_file.c.id == case).with_for_update())


def case_rows(connection: Connection, ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """Rows (id, number, process, state, at, title, owner) of cases named by id or by number, under the name given."""
    named = sorted(set(ids))
    columns = [case_file.c[name] for name in ("id", "number", "process", "state", "at", "title", "owner")]
    query = sa.select(*columns).where(sa.or_(case_file.c.id.in_(named), case_file.c.number.in_(named)))
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return {name: row for name in named for row in rows if name in (row["id"], row["number"])}


def waiting_cases(connection: Connection, process: str, element: str) -> list[Mapping[str, Any]]:
    """Cases (id, number, title) of a procedure that go on and stand at an element, the newest first."""
    stands_there = sa.type_coerce(case_file.c.at, sa.Text).contains(f'"{element}"', autoescape=True)
    query = sa.select(case_file.c.id, case_file.c.number, case_file.c.title).where(
        case_file.c.process == process, case_file.c.state == "active", stands_there
    )
    return [dict(row) for row in connection.execute(query.order_by(case_file.c.id.desc())).mappings()]
