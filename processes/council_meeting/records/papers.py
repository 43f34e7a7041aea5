"""Queries of protocols, signatures and orders of the ministry."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.actors import Right
from processes.council_meeting.records.tables import order, order_case, protocol, signature


def insert_protocol(
    connection: Connection, case: str, *, number: str, document: str, content: str, sha256: str, at: datetime
) -> None:
    """Keep a protocol as drawn up, its first version."""
    connection.execute(
        protocol.insert().values(
            meeting=case, number=number, document=document, content=content, sha256=sha256, drawn_up_at=at, version=1
        )
    )


def protocol_of(connection: Connection, case: str) -> Mapping[str, Any] | None:
    """A meeting's protocol (number, document, content, sha256, drawn_up_at, version), or None."""
    row = connection.execute(sa.select(protocol).where(protocol.c.meeting == case)).mappings().one_or_none()
    return None if row is None else dict(row)


def insert_signature(
    connection: Connection, case: str, role: str, *, login: str, right: Right | None, sha256: str, at: datetime
) -> None:
    """Keep a signature: `role` is "secretary" or "chair", `right` says for whom it was given and on what paper."""
    connection.execute(
        signature.insert().values(
            meeting=case,
            role=role,
            login=login,
            on_behalf_of=right.on_behalf_of if right else None,
            basis=right.basis if right else None,
            sha256=sha256,
            signed_at=at,
        )
    )


def signatures_of(connection: Connection, case: str) -> dict[str, Mapping[str, Any]]:
    """Signatures by role."""
    query = sa.select(signature).where(signature.c.meeting == case).order_by(signature.c.signed_at)
    return {row["role"]: dict(row) for row in connection.execute(query).mappings()}


def find_order(connection: Connection, number: str, year: int) -> Mapping[str, Any] | None:
    """The order registered under a number in a year, or None."""
    query = sa.select(order).where(order.c.number == number, order.c.year == year)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else dict(row)


def insert_order(connection: Connection, number: str, signed_on: date, *, by: str, at: datetime) -> None:
    """Register an order."""
    connection.execute(
        order.insert().values(
            number=number, year=signed_on.year, signed_on=signed_on, registered_by=by, registered_at=at
        )
    )


def insert_order_cases(
    connection: Connection, meeting: str, number: str, year: int, approved: Mapping[str, bool]
) -> None:
    """Keep what the order says of each case that the meeting decided."""
    rows = [
        {"meeting": meeting, "case": case, "number": number, "year": year, "approved": is_approved}
        for case, is_approved in sorted(approved.items())
    ]
    if rows:
        connection.execute(order_case.insert(), rows)


def order_cases(connection: Connection, meeting: str) -> list[Mapping[str, Any]]:
    """Rows (case, number, signed_on, approved) of what the order said of a meeting's cases."""
    query = (
        sa.select(order_case.c.case, order_case.c.approved, order.c.number, order.c.signed_on)
        .join(order, sa.and_(order.c.year == order_case.c.year, order.c.number == order_case.c.number))
        .where(order_case.c.meeting == meeting)
        .order_by(order_case.c.case)
    )
    return [dict(row) for row in connection.execute(query).mappings()]
