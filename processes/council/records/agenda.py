"""Agendas, and the one row a case for which meetings and the applicant contend (A-49).

Changed by conditional update only.

An item goes `pending -> voting -> decided`, or ends as `struck` (withdrawn), `unreached` (no quorum left) or `dropped`
(the meeting was cancelled). A case's place goes `free -> pending -> voting -> decided`, back to `free` where it was not
decided, and to `withdrawn` from `free` or `pending` unless voting on it has opened before.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from processes.council.records.tables import agenda_item, agenda_place


def _place(connection: Connection, case: str) -> None:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(agenda_place).values(case=case, state="free").on_conflict_do_nothing())


def place_of(connection: Connection, case: str) -> dict[str, Any]:
    """A case's place: `state`, `meeting`, `n`, `voted_at`; free where it never stood on an agenda."""
    row = connection.execute(sa.select(agenda_place).where(agenda_place.c.case == case)).mappings().one_or_none()
    return dict(row) if row else {"case": case, "state": "free", "meeting": None, "n": None, "voted_at": None}


def add_item(
    connection: Connection,
    meeting: str,
    n: int,
    *,
    kind: str,
    title: str,
    case: str | None = None,
    document: str | None = None,
) -> bool:
    """Put an item on an agenda, pending.

    For a case it takes the case's place: False, and nothing written, where that is taken.
    """
    if case is not None:
        _place(connection, case)
        taken = connection.execute(
            sa.update(agenda_place)
            .where(agenda_place.c.case == case, agenda_place.c.state == "free")
            .values(state="pending", meeting=meeting, n=n)
        )
        if taken.rowcount != 1:
            return False
    connection.execute(
        sa.insert(agenda_item).values(
            meeting=meeting, n=n, kind=kind, case=case, document=document, title=title, state="pending"
        )
    )
    return True


def items_of(connection: Connection, meeting: str) -> list[dict[str, Any]]:
    """A meeting's agenda in order."""
    rows = connection.execute(
        sa.select(agenda_item).where(agenda_item.c.meeting == meeting).order_by(agenda_item.c.n)
    ).mappings()
    return [dict(row) for row in rows]


def find_item(connection: Connection, meeting: str, n: int) -> dict[str, Any] | None:
    """One item of an agenda."""
    row = (
        connection.execute(sa.select(agenda_item).where(agenda_item.c.meeting == meeting, agenda_item.c.n == n))
        .mappings()
        .one_or_none()
    )
    return None if row is None else dict(row)


def open_voting(connection: Connection, meeting: str, n: int, at: datetime) -> bool:
    """Open voting on an item; False where it is not pending (struck, open already).

    From here a case is not withdrawn any more.
    """
    item = find_item(connection, meeting, n)
    if item is None:
        return False
    if item["case"] is not None:
        moved = connection.execute(
            sa.update(agenda_place)
            .where(
                agenda_place.c.case == item["case"],
                agenda_place.c.state == "pending",
                agenda_place.c.meeting == meeting,
                agenda_place.c.n == n,
            )
            .values(state="voting", voted_at=at)
        )
        if moved.rowcount != 1:
            return False
    return _move(connection, meeting, n, ("pending",), state="voting", opened_at=at)


def close_item(
    connection: Connection, meeting: str, n: int, *, state: str, outcome: str | None, decided: bool, at: datetime
) -> bool:
    """End an item (`decided`, `unreached`, `struck`, `dropped`).

    And free its case unless that is decided or withdrawn.
    """
    item = find_item(connection, meeting, n)
    if item is None:
        return False
    if item["case"] is not None:
        _settle(connection, item["case"], meeting, n, "decided" if decided else "free")
    return _move(connection, meeting, n, ("pending", "voting", "struck"), state=state, outcome=outcome, closed_at=at)


def _settle(connection: Connection, case: str, meeting: str, n: int, state: str) -> None:
    connection.execute(
        sa.update(agenda_place)
        .where(
            agenda_place.c.case == case,
            agenda_place.c.meeting == meeting,
            agenda_place.c.n == n,
            agenda_place.c.state.in_(("pending", "voting")),
        )
        .values(state=state, **({} if state == "decided" else {"meeting": None, "n": None}))
    )


def _move(connection: Connection, meeting: str, n: int, states: tuple[str, ...], **values: Any) -> bool:
    done = connection.execute(
        sa.update(agenda_item)
        .where(agenda_item.c.meeting == meeting, agenda_item.c.n == n, agenda_item.c.state.in_(states))
        .values(**values)
    )
    return done.rowcount == 1


def free_case(connection: Connection, case: str) -> None:
    """Let a decided case stand on another agenda: not adopted, or left out of the order (A-04, A-38)."""
    connection.execute(
        sa.update(agenda_place)
        .where(agenda_place.c.case == case, agenda_place.c.state == "decided")
        .values(state="free", meeting=None, n=None)
    )


def drop_agenda(connection: Connection, meeting: str, at: datetime) -> None:
    """A meeting is not held: its pending items are dropped and their cases free."""
    for item in items_of(connection, meeting):
        if item["state"] == "pending":
            close_item(connection, meeting, item["n"], state="dropped", outcome=None, decided=False, at=at)


def strike_case(connection: Connection, case: str, at: datetime) -> bool:
    """The applicant withdraws a case: its pending item is struck.

    False, and nothing written, once voting on it has opened.
    """
    _place(connection, case)
    moved = connection.execute(
        sa.update(agenda_place)
        .where(
            agenda_place.c.case == case,
            agenda_place.c.state.in_(("free", "pending")),
            agenda_place.c.voted_at.is_(None),
        )
        .values(state="withdrawn")
    )
    if moved.rowcount != 1:
        return False
    connection.execute(
        sa.update(agenda_item)
        .where(agenda_item.c.case == case, agenda_item.c.state == "pending")
        .values(state="struck", outcome="struck", closed_at=at)
    )
    return True


def cases_on_agendas(connection: Connection) -> set[str]:
    """The cases that stand on an open agenda."""
    query = sa.select(agenda_place.c.case).where(agenda_place.c.state.in_(("pending", "voting")))
    return set(connection.execute(query).scalars())


def keep_recommendations(connection: Connection, meeting: str, n: int, recommendations: Sequence[str]) -> None:
    """Keep what the council recommended on an item (clause 3.5): the refusal letter begins from it."""
    connection.execute(
        sa.update(agenda_item)
        .where(agenda_item.c.meeting == meeting, agenda_item.c.n == n)
        .values(recommendations=list(recommendations))
    )


def recommendations_for(connection: Connection, case: str) -> list[str]:
    """What the council recommended when it last decided on a case."""
    kept = connection.execute(
        sa.select(agenda_item.c.recommendations)
        .where(agenda_item.c.case == case, agenda_item.c.recommendations.is_not(None))
        .order_by(agenda_item.c.closed_at.desc(), agenda_item.c.meeting.desc())
        .limit(1)
    ).scalar_one_or_none()
    return list(kept or ())
