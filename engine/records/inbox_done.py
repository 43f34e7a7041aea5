"""What a person has completed, the newest first; the cursor is (completed, id).

A page is read along the index of the person's completions, in its order; other filters are hidden from the planner. A
search that finds few cases is read case by case, as in `engine.records.inbox`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.records.inbox import KEYS, LISTED, NARROW, Row
from engine.records.tables import case, task
from engine.records.words import cases_with, has_word, range_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """Whose completions, and what they are narrowed to; None or empty asks for nothing.

    `owner`: of cases of that organisation. `elements`: at one of these. `words`: of a case with words of these
    beginnings. `since`, `until`: completed in [since, until).
    """

    login: str
    owner: str | None = None
    elements: Collection[str] | None = None
    words: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


_BASE: Final = sa.select(*LISTED).join(case, case.c.id == task.c.case)


def done(connection: Connection, asked: Finished, after: tuple[datetime, str] | None, limit: int) -> list[Row]:
    """Completed tasks past a key, as `engine.records.inbox.tasks` gives them; at most two statements."""
    at, identity = task.c.completed_at, task.c.id
    query = _BASE.order_by(at.desc(), identity.desc()).limit(limit)
    if asked.words:
        found = cases_with(connection, asked.words, NARROW + 1)
        if not found:
            return []
        if len(found) > NARROW:
            query = query.where(*(has_word(task.c.case, *range_of(word)) for word in asked.words))
        else:
            query = query.where(task.c.case.in_(found))
    query = query.where(task.c.completed_by == asked.login)
    if asked.owner is not None:
        query = query.where(_hidden(task.c.owner) == asked.owner)
    if asked.elements is not None:
        query = query.where(_hidden(task.c.element).in_(sorted(asked.elements)))
    if asked.since is not None:
        query = query.where(at >= asked.since)
    if asked.until is not None:
        query = query.where(at < asked.until)
    if after is not None:
        query = query.where(sa.tuple_(at, identity) < sa.tuple_(sa.literal(after[0], at.type), after[1]))
    return [dict(zip(KEYS, row, strict=True)) for row in connection.execute(query)]


def _hidden(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """A column as no index knows it."""
    return sa.func.coalesce(column, sa.literal_column("''"))
