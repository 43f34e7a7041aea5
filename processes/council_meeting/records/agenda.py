"""What a meeting alone does to its agenda rows, beside the shared moves of `processes.council.records.agenda`."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from processes.council.records.tables import agenda_item, agenda_place
from processes.council_meeting.records.room_tables import recusal

#: Numbers on the way to their new places stand above all others, so that no two rows share one.
_ASIDE: Final = 10_000


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


def renumber(connection: Connection, meeting: str, order: Sequence[int]) -> None:
    """Give the items of a meeting new numbers from 1: `order` lists the old ones as they are to follow."""
    for table, column in ((agenda_item, agenda_item.c.n), (agenda_place, agenda_place.c.n), (recusal, recusal.c.item)):
        here = table.c.meeting == meeting
        connection.execute(table.update().where(here).values({column: column + _ASIDE}))
        for new, old in enumerate(order, 1):
            connection.execute(table.update().where(here, column == old + _ASIDE).values({column: new}))
