"""Numbers beside the inbox's tabs, all in one statement; each is counted along an index and stops at COUNTED."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import Instant
from engine.records.desks import follow_up
from engine.records.statements import Statement
from engine.records.tables import task, task_candidate

#: Counts go so far and no further: an exact number of many costs more than the page beside it.
COUNTED: Final = 200

Bind: TypeAlias = sa.BindParameter[Any]
_NAMES: Final = ("mine", "overdue", "available", "substituting", "following")
_OPEN: Final[sa.ColumnClause[str]] = sa.literal_column("'open'", sa.String)
#: As the index of what people hold has it.
_IS_OPEN: Final = task.c.completed_at.is_(None)


@dataclass(frozen=True, slots=True)
class Asker:
    """Whose tasks are counted: groups held, those held only for absent people, these, whose cases alone are seen."""

    login: str
    groups: Collection[str] = ()
    substituted: Collection[str] = ()
    absent: Collection[str] = ()
    owner: str | None = None


def counts(connection: Connection, asker: Asker, now: datetime, today: date) -> dict[str, int]:
    """How many open tasks a person holds (`mine`), has overdue, is offered (`available`), may do for absent people.

    `following`: how many the person meant to come back to by today.
    """
    shape = (len(asker.groups), len(asker.substituted), len(asker.absent), asker.owner is not None)
    values: dict[str, Any] = {"login": asker.login, "now": now, "today": today}
    values |= {"owner": asker.owner} if asker.owner is not None else {}
    for prefix, names in (("g", asker.groups), ("s", asker.substituted), ("a", asker.absent)):
        values |= {f"{prefix}{number}": value for number, value in enumerate(sorted(names))}
    row = _statement(*shape).first(connection, values) or []
    return {name: min(value or 0, COUNTED) for name, value in zip(_NAMES, row, strict=True)}


@lru_cache(maxsize=64)
def _statement(groups: int, substituted: int, absent: int, is_owned: bool) -> Statement:  # noqa: FBT001
    login: Bind = sa.bindparam("login")
    held = sa.select(task.c.id).where(task.c.assignee == login, _IS_OPEN)
    late = held.where(task.c.due_at < sa.bindparam("now", type_=Instant))
    coming = sa.select(follow_up.c.task).where(
        follow_up.c.login == login, follow_up.c.day <= sa.bindparam("today", type_=sa.Date)
    )
    # The row of a task that is done stays; it is not counted.
    coming = coming.where(
        sa.exists().where(
            task.c.id == follow_up.c.task, sa.func.coalesce(task.c.state, sa.literal_column("''")) == _OPEN
        )
    )
    found = (
        _many(held),
        _many(late),
        _owned(groups) if is_owned else _sum(_offers("g", groups)),
        _sum([*_offers("s", substituted), *_held("a", absent)]),
        _many(coming),
    )
    return Statement(sa.select(*(count.label(name) for name, count in zip(_NAMES, found, strict=True))))


def _number(value: int) -> sa.ColumnElement[Any]:
    return sa.literal_column(str(value))


def _many(query: sa.Select[Any]) -> sa.ScalarSelect[Any]:
    return (
        sa.select(sa.func.count())
        .select_from(query.limit(_number(COUNTED)).offset(_number(0)).subquery())
        .scalar_subquery()
    )


def _sum(queries: list[sa.Select[Any]]) -> sa.ColumnElement[Any]:
    found: sa.ColumnElement[Any] = _number(0)
    for query in queries:
        found = found + _many(query)
    return found


def _offers(prefix: str, count: int) -> list[sa.Select[Any]]:
    """What is offered to each group and to none of those before it.

    Of a group so many are looked at that COUNTED are left, whatever the groups before it share with it; where those
    have more to share, they alone reach COUNTED.
    """
    found = []
    for number in range(count):
        query = sa.select(task_candidate.c.task).where(task_candidate.c.group == sa.bindparam(f"{prefix}{number}"))
        if number:
            looked, other = (
                query.limit(_number(COUNTED * (number + 1))).offset(_number(0)).subquery(),
                task_candidate.alias(),
            )
            before: list[Bind] = [sa.bindparam(f"{prefix}{earlier}") for earlier in range(number)]
            # A scalar with a limit is looked up row by row; an anti-join might read the whole table.
            shared = sa.select(other.c.task).where(other.c.group.in_(before), other.c.task == looked.c.task)
            found_before = shared.limit(_number(1)).offset(_number(0)).scalar_subquery()
            query = sa.select(looked.c.task).where(found_before.is_(None))
        found.append(query)
    return found


def _held(prefix: str, count: int) -> list[sa.Select[Any]]:
    return [
        sa.select(task.c.id).where(
            task.c.assignee == sa.bindparam(f"{prefix}{number}"), _IS_OPEN, task.c.fixed.is_(False)
        )
        for number in range(count)
    ]


def _owned(groups: int) -> sa.ScalarSelect[Any] | sa.ColumnElement[Any]:
    if not groups:
        return _number(0)
    among: list[Bind] = [sa.bindparam(f"g{number}") for number in range(groups)]
    offer = sa.exists().where(task_candidate.c.task == task.c.id, task_candidate.c.group.in_(among))
    return _many(sa.select(task.c.id).where(task.c.owner == sa.bindparam("owner"), task.c.state == _OPEN, offer))
