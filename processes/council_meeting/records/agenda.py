"""What a meeting alone does to its agenda rows, beside the shared moves of `processes.council.records.agenda`."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from processes.council.records.tables import agenda_item, agenda_place


def return_items(connection: Connection, meeting: str) -> None:
    """Take items back to pending: ballots were too few, and another attempt follows (A-32).

    `opened_at` and `voted_at` stay: where voting on a case opened, its withdrawal has ended for good (A-49).
    """
    connection.execute(
        agenda_item.update()
        .where(agenda_item.c.meeting == meeting, agenda_item.c.state == "voting")
        .values(state="pending")
    )
    connection.execute(
        agenda_place.update()
        .where(agenda_place.c.meeting == meeting, agenda_place.c.state == "voting")
        .values(state="pending")
    )


def cases_of(connection: Connection, meeting: str, *outcomes: str) -> list[str]:
    """Cases of a meeting with one of the outcomes, in the order of the agenda."""
    query = (
        sa.select(agenda_item.c.case)
        .where(agenda_item.c.meeting == meeting, agenda_item.c.case.is_not(None), agenda_item.c.outcome.in_(outcomes))
        .order_by(agenda_item.c.n)
    )
    return list(connection.execute(query).scalars())
