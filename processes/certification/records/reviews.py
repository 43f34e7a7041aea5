"""Registration, the technical review, and experts' conclusions (clauses 4.3-4.6)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.ids import new_id
from processes.certification.model import Filed
from processes.certification.records.tables import conclusion, registration, technical_review

Row = dict[str, Any]


def insert_registration(
    connection: Connection,
    case: str,
    *,
    accepted: bool,
    copies: int | None,
    reason: str | None,
    by: str,
    on_behalf_of: str | None,
    at: datetime,
) -> None:
    """Keep the secretary's decision on the package; the number comes with `number_registration`."""
    connection.execute(
        sa.insert(registration).values(
            case=case, accepted=accepted, copies=copies, reason=reason, by=by, on_behalf_of=on_behalf_of, at=at
        )
    )


def number_registration(connection: Connection, case: str, number: str, day: date) -> None:
    """Write the number and the day of registration."""
    connection.execute(
        sa.update(registration).where(registration.c.case == case).values(number=number, registered_on=day)
    )


def find_registration(connection: Connection, case: str) -> Row | None:
    """A case's registration."""
    row = connection.execute(sa.select(registration).where(registration.c.case == case)).mappings().one_or_none()
    return None if row is None else dict(row)


def insert_technical_review(
    connection: Connection,
    case: str,
    data: Mapping[str, Any],
    failed: Sequence[str],
    *,
    standard_version: int | None,
    by: str,
    on_behalf_of: str | None,
    at: datetime,
) -> None:
    """Keep the 32 marks, the preliminary block, the comments and the failed rows."""
    connection.execute(
        sa.insert(technical_review).values(
            case=case,
            precheck=dict(data["precheck"]),
            marks=dict(data["marks"]),
            comments=dict(data.get("comments") or {}),
            failed=list(failed),
            standard_version=standard_version,
            by=by,
            on_behalf_of=on_behalf_of,
            at=at,
        )
    )


def find_technical_review(connection: Connection, case: str) -> Row | None:
    """A case's technical review."""
    query = sa.select(technical_review).where(technical_review.c.case == case)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else dict(row)


def insert_conclusion(
    connection: Connection,
    *,
    case: str,
    seat: int,
    login: str,
    appointment: str,
    data: Mapping[str, Any],
    n: int,
    n_max: int,
    suggested: str,
    form_version: int,
    at: datetime,
) -> str:
    """File a conclusion as the next round of its seat; returns its id."""
    last = connection.execute(
        sa.select(sa.func.max(conclusion.c.round)).where(conclusion.c.case == case, conclusion.c.seat == seat)
    ).scalar_one()
    identity = new_id()
    connection.execute(
        sa.insert(conclusion).values(
            id=identity,
            case=case,
            seat=seat,
            round=int(last or 0) + 1,
            login=login,
            appointment=appointment,
            state="filed",
            marks=dict(data["marks"]),
            comments=dict(data.get("comments") or {}),
            n=n,
            n_max=n_max,
            suggested=suggested,
            verdict=data["verdict"],
            verdict_reason=data.get("verdict_reason"),
            form_version=form_version,
            submitted_at=at,
        )
    )
    return identity


def conclusions_of(connection: Connection, case: str) -> list[Row]:
    """Every conclusion of a case, returned ones too, by seat and round."""
    rows = connection.execute(
        sa.select(conclusion).where(conclusion.c.case == case).order_by(conclusion.c.seat, conclusion.c.round)
    ).mappings()
    return [dict(row) for row in rows]


def latest_conclusions(connection: Connection, case: str) -> dict[int, Row]:
    """The last round on each seat."""
    return {row["seat"]: row for row in conclusions_of(connection, case)}


def filed_of(connection: Connection, case: str) -> list[Filed]:
    """The last round on each seat as the rules see it, with how often that expert's was returned."""
    rows = conclusions_of(connection, case)
    latest = {row["seat"]: row for row in rows}
    return [
        Filed(
            seat,
            row["login"],
            row["state"],
            sum(1 for other in rows if other["login"] == row["login"] and other["state"] == "returned"),
        )
        for seat, row in latest.items()
    ]


def settle_conclusion(
    connection: Connection,
    identity: str,
    state: str,
    *,
    reason: str | None,
    by: str,
    on_behalf_of: str | None,
    at: datetime,
) -> None:
    """Approve a filed conclusion or return it with a reason (A-28)."""
    connection.execute(
        sa.update(conclusion)
        .where(conclusion.c.id == identity, conclusion.c.state == "filed")
        .values(state=state, return_reason=reason, settled_by=by, settled_for=on_behalf_of, settled_at=at)
    )
