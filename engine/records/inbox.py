"""Queries on open and completed tasks, sorted by due date; the cursor is (due, id)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.records.tables import case, task, task_candidate

Row = dict[str, Any]

_CASE = [
    case.c.number.label("case_number"),
    case.c.title.label("case_title"),
    case.c.state.label("case_state"),
    case.c.definition.label("case_definition"),
]


def tasks(
    connection: Connection,
    *,
    assignee: str | None,
    groups: Collection[str] | None,
    owner: str | None,
    case_id: str | None,
    element: str | None,
    state: str,
    completed_by: str | None,
    due_before: datetime | None,
    after: tuple[datetime | None, str] | None,
    limit: int,
) -> list[Row]:
    """Tasks with their case's number and title.

    `assignee`: held by that login. `groups`: unclaimed and offered to one of these groups. `owner`: only cases of that
    organisation. Tasks without a due date come last.
    """
    query = sa.select(*task.c, *_CASE).join(case, case.c.id == task.c.case).where(task.c.state == state)
    if assignee is not None:
        query = query.where(task.c.assignee == assignee)
    if groups is not None:
        offered = sa.select(task_candidate.c.task).where(task_candidate.c.group.in_(list(groups)))
        query = query.where(task.c.id.in_(offered), task.c.assignee.is_(None))
    if owner is not None:
        query = query.where(case.c.owner == owner)
    if case_id is not None:
        query = query.where(task.c.case == case_id)
    if element is not None:
        query = query.where(task.c.element == element)
    if completed_by is not None:
        query = query.where(task.c.completed_by == completed_by)
    if due_before is not None:
        query = query.where(task.c.due_at < due_before)
    if after is not None:
        due, identity = after
        if due is None:
            query = query.where(task.c.due_at.is_(None), task.c.id > identity)
        else:
            query = query.where(
                sa.or_(
                    task.c.due_at > due, sa.and_(task.c.due_at == due, task.c.id > identity), task.c.due_at.is_(None)
                )
            )
    order = [task.c.due_at.is_(None), task.c.due_at, task.c.id]
    return [dict(r) for r in connection.execute(query.order_by(*order).limit(limit)).mappings()]


def get_task(connection: Connection, identity: str) -> Row | None:
    """A task with its case's number, title, state and version."""
    query = sa.select(*task.c, *_CASE, case.c.owner.label("case_owner")).join(case, case.c.id == task.c.case)
    row = connection.execute(query.where(task.c.id == identity)).mappings().first()
    return dict(row) if row else None


def counts(connection: Connection, assignee: str, groups: Collection[str], now: datetime) -> dict[str, int]:
    """How many open tasks a person holds, how many of them are overdue, how many are offered."""
    mine = sa.select(sa.func.count(), sa.func.count().filter(task.c.due_at < now)).where(
        task.c.assignee == assignee, task.c.state == "open"
    )
    held, overdue = connection.execute(mine).one()
    offered = sa.select(sa.func.count(sa.distinct(task_candidate.c.task))).join(
        task, task.c.id == task_candidate.c.task
    )
    free = connection.execute(
        offered.where(task_candidate.c.group.in_(list(groups)), task.c.assignee.is_(None))
    ).scalar_one()
    return {"mine": held, "overdue": overdue, "available": free}
