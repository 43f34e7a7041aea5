"""The register of certificates (clauses 2.6, 4.11; A-46)."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from processes.depository.records.tables import certificate

Row = dict[str, Any]


def _one(connection: Connection, query: sa.Select[Any]) -> Row | None:
    row = connection.execute(query).mappings().first()
    return None if row is None else dict(row)


def add_certificate(connection: Connection, row: Row) -> None:
    """Register an issued certificate; its number is never used again."""
    connection.execute(sa.insert(certificate).values(row))


def find_certificate(connection: Connection, number: str) -> Row | None:
    """A certificate by number."""
    return _one(connection, sa.select(certificate).where(certificate.c.number == number))


def certificate_of(connection: Connection, case: str) -> Row | None:
    """The certificate of a case."""
    return _one(connection, sa.select(certificate).where(certificate.c.case == case))


def revoke_certificate(
    connection: Connection, case: str, *, order: str, revoked_on: date, reason: str, at: datetime
) -> None:
    """Write the revocation with the order it rests on (A-46)."""
    connection.execute(
        sa.update(certificate)
        .where(certificate.c.case == case)
        .values(revoked_at=at, revoked_on=revoked_on, revocation_order=order, revocation_reason=reason)
    )
