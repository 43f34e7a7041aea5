"""Queries on open and completed tasks, sorted by due date (those without one last); the cursor is (due, id).

Each page is read by one index, in its order: the narrowest filter given names it, and the other filters are hidden from
the planner, so that a person with ten tasks never pays for the hundred thousand of others. Dated tasks and those
without a date are two ranges of that index, and two statements at most.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import Instant
from engine.records.tables import case, task, task_candidate

Row = dict[str, Any]
Condition = sa.ColumnElement[bool]
Key = tuple[datetime | None, str]

#: Counts go so far and no further: an exact number of many costs more than the page beside it.
COUNTED: Final = 1_000

_CASE = [
    case.c.number.label("case_number"),
    case.c.title.label("case_title"),
    case.c.state.label("case_state"),
    case.c.definition.label("case_definition"),
]
_ROWS: Final = sa.select(*task.c, *_CASE).join(case, case.c.id == task.c.case)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Filters of a page, all of which must hold; None asks for nothing.

    `assignee`: held by that login. `groups`: held by nobody and offered to one of these. `owner`: of that organisation.
    """

    state: str = "open"
    assignee: str | None = None
    groups: Collection[str] | None = None
    owner: str | None = None
    case: str | None = None
    element: str | None = None
    completed_by: str | None = None
    due_before: datetime | None = None


def tasks(connection: Connection, asked: Asked, after: Key | None, limit: int) -> list[Row]:
    """Tasks past a key, with their case's number, title, state and version; at most two statements."""
    if asked.groups is not None and asked.state != "open":
        return []
    if asked.groups is not None and asked.owner is None and asked.case is None:
        return _offered(connection, asked, asked.groups, after, limit)
    found: list[Row] = []
    for dated in _parts(asked, after):
        query = _ROWS.where(*_filters(asked), *_beyond(task.c.due_at, task.c.id, asked, after, dated=dated))
        query = query.order_by(task.c.due_at, task.c.id).limit(limit - len(found))
        found += [dict(r) for r in connection.execute(query).mappings()]
        if len(found) == limit:
            break
    return found


def _parts(asked: Asked, after: Key | None) -> list[bool]:
    """What is left to read: the dated tasks, those without a date."""
    dated = [] if after is not None and after[0] is None else [True]
    return dated if asked.due_before is not None else [*dated, False]


def _filters(asked: Asked) -> list[Condition]:
    """The conditions on a task; the first one given finds the rows, the others only look at them."""
    given = [
        (column, value)
        for column, value in (
            (task.c.case, asked.case),
            (task.c.assignee, asked.assignee),
            (task.c.completed_by, asked.completed_by),
            (task.c.owner, asked.owner),
            (task.c.element, asked.element),
        )
        if value is not None
    ]
    found: list[Condition] = [column == value for column, value in given[:1]]
    found += [_seen(column) == value for column, value in given[1:]]
    found.append((task.c.state if asked.case is None else _seen(task.c.state)) == asked.state)
    if asked.groups is not None:
        offer = sa.select(task_candidate.c.task).where(
            task_candidate.c.task == task.c.id, task_candidate.c.group.in_(sorted(asked.groups))
        )
        found.append(offer.exists())
    return found


def _seen(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """A column as no index knows it."""
    return sa.func.coalesce(column, "")


def _beyond(
    due: sa.ColumnElement[Any], identity: sa.ColumnElement[Any], asked: Asked, after: Key | None, *, dated: bool
) -> list[Condition]:
    """The range of one part: dated or not, past the key, before the date asked for."""
    if not dated:
        return [due.is_(None), *([identity > after[1]] if after is not None and after[0] is None else [])]
    found: list[Condition] = [due.is_not(None)]
    if after is not None:
        key = sa.tuple_(sa.bindparam(None, after[0], type_=Instant), sa.bindparam(None, after[1], type_=sa.String))
        found = [sa.tuple_(due, identity) > key]
    if asked.due_before is not None:
        found.append(due < asked.due_before)
    return found


def _offered(connection: Connection, asked: Asked, groups: Collection[str], after: Key | None, limit: int) -> list[Row]:
    """Offered tasks: the first of each group by the offers' own index, then the rows of the first of all."""
    heads = [
        _heads(group, asked, after, limit, dated=dated) for group in sorted(groups) for dated in _parts(asked, after)
    ]
    if not heads:
        return []
    merged = sa.union(*heads).subquery()
    query = sa.select(merged.c.task).order_by(merged.c.due_at.is_(None), merged.c.due_at, merged.c.task).limit(limit)
    order = list(connection.execute(query).scalars())
    rows = {r["id"]: dict(r) for r in connection.execute(_ROWS.where(task.c.id.in_(order))).mappings()} if order else {}
    return [rows[identity] for identity in order]


def _heads(group: str, asked: Asked, after: Key | None, limit: int, *, dated: bool) -> sa.Select[Any]:
    columns = task_candidate.c
    query = sa.select(columns.due_at, columns.task).where(columns.group == group)
    if asked.element is not None:
        query = query.where(columns.element == asked.element)
    query = query.where(*_beyond(columns.due_at, columns.task, asked, after, dated=dated))
    head = query.order_by(columns.due_at, columns.task).limit(limit).subquery()
    return sa.select(head.c.due_at, head.c.task)


def get_task(connection: Connection, identity: str) -> Row | None:
    """A task with its case's number, title, state and version."""
    query = sa.select(*task.c, *_CASE, case.c.owner.label("case_owner")).join(case, case.c.id == task.c.case)
    row = connection.execute(query.where(task.c.id == identity)).mappings().first()
    return dict(row) if row else None


def counts(
    connection: Connection, assignee: str, groups: Collection[str], owner: str | None, now: datetime
) -> dict[str, int]:
    """How many open tasks a person holds, how many of them are overdue, how many are offered; each at most COUNTED."""
    mine = sa.select(task.c.due_at).where(*_filters(Asked(assignee=assignee))).order_by(task.c.due_at).limit(COUNTED)
    held = mine.subquery()
    count = sa.func.count()
    many, overdue = connection.execute(sa.select(count, count.filter(held.c.due_at < now)).select_from(held)).one()
    return {"mine": many, "overdue": overdue, "available": _count_offered(connection, groups, owner)}


def _count_offered(connection: Connection, groups: Collection[str], owner: str | None) -> int:
    if not groups:
        return 0
    if owner is not None:
        asked = sa.select(task.c.id).where(*_filters(Asked(groups=groups, owner=owner))).limit(COUNTED).subquery()
        return connection.execute(sa.select(sa.func.count()).select_from(asked)).scalar_one()
    offers = [
        sa.select(task_candidate.c.task).where(task_candidate.c.group == group).limit(COUNTED).subquery()
        for group in sorted(groups)
    ]
    merged = sa.union(*(sa.select(offer.c.task) for offer in offers)).subquery()
    found: int = connection.execute(sa.select(sa.func.count()).select_from(merged)).scalar_one()
    return min(found, COUNTED)
