"""What became of a case: decisions, orders, certificate, publication, refusal, withdrawal (clauses 4.8-4.16)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.ids import new_id
from processes.certification.records.tables import (
    case_decision,
    case_order,
    certificate_signing,
    publication,
    refusal,
    withdrawal,
)

Row = dict[str, Any]


def _one(connection: Connection, query: sa.Select[Any]) -> Row | None:
    row = connection.execute(query).mappings().first()
    return None if row is None else dict(row)


def add_decision(connection: Connection, case: str, decision: str, protocol: str, at: datetime) -> None:
    """Keep a decision of the council that reached the case."""
    connection.execute(
        sa.insert(case_decision).values(id=new_id(), case=case, decision=decision, protocol=protocol, at=at)
    )


def decisions_of(connection: Connection, case: str) -> list[Row]:
    """Every decision on a case, in order."""
    rows = connection.execute(
        sa.select(case_decision).where(case_decision.c.case == case).order_by(case_decision.c.id)
    ).mappings()
    return [dict(row) for row in rows]


def add_order(connection: Connection, case: str, *, number: str, signed_on: date, approved: bool, at: datetime) -> None:
    """Keep an order of the ministry that reached the case."""
    connection.execute(
        sa.insert(case_order).values(
            id=new_id(), case=case, number=number, signed_on=signed_on, approved=approved, at=at
        )
    )


def orders_of(connection: Connection, case: str) -> list[Row]:
    """Every order that reached a case, in order."""
    rows = connection.execute(
        sa.select(case_order).where(case_order.c.case == case).order_by(case_order.c.id)
    ).mappings()
    return [dict(row) for row in rows]


def last_order(connection: Connection, case: str) -> Row | None:
    """The last order that reached the case."""
    return _one(connection, sa.select(case_order).where(case_order.c.case == case).order_by(case_order.c.id.desc()))


def add_signing(connection: Connection, case: str, *, by: str, on_behalf_of: str | None, at: datetime) -> None:
    """Keep who signed the certificate, and for whom."""
    connection.execute(sa.insert(certificate_signing).values(case=case, by=by, on_behalf_of=on_behalf_of, at=at))


def find_signing(connection: Connection, case: str) -> Row | None:
    """Who signed the certificate of a case."""
    return _one(connection, sa.select(certificate_signing).where(certificate_signing.c.case == case))


def add_publication(
    connection: Connection, case: str, fields: Row, *, by: str, on_behalf_of: str | None, at: datetime
) -> None:
    """Keep the secretary's corrections of the entry."""
    connection.execute(sa.insert(publication).values(case=case, fields=fields, by=by, on_behalf_of=on_behalf_of, at=at))


def find_publication(connection: Connection, case: str) -> Row | None:
    """The publication act of a case."""
    return _one(connection, sa.select(publication).where(publication.c.case == case))


def add_refusal(
    connection: Connection,
    case: str,
    recommendations: Sequence[str],
    *,
    by: str,
    on_behalf_of: str | None,
    at: datetime,
) -> None:
    """Keep the recommendations that the refusal carries."""
    connection.execute(
        sa.insert(refusal).values(
            case=case, recommendations=list(recommendations), by=by, on_behalf_of=on_behalf_of, at=at
        )
    )


def find_refusal(connection: Connection, case: str) -> Row | None:
    """The refusal of a case."""
    return _one(connection, sa.select(refusal).where(refusal.c.case == case))


def add_withdrawal(connection: Connection, case: str, reason: str, *, by: str, at: datetime) -> str:
    """Keep why the applicant withdrew; returns the id that the case data refers to."""
    identity = new_id()
    connection.execute(sa.insert(withdrawal).values(id=identity, case=case, reason=reason, by=by, at=at))
    return identity


def find_withdrawal(connection: Connection, case: str) -> Row | None:
    """Why and by whom the application of a case was withdrawn."""
    return _one(connection, sa.select(withdrawal).where(withdrawal.c.case == case))
