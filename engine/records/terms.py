"""Queries on the terms of open cases: what a new year's table may move."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.records.tables import case, task, task_candidate, timer

Row = dict[str, Any]


def cases_with_terms(connection: Connection) -> list[str]:
    """Ids of the cases with a waiting timer that is counted in working days, in order."""
    query = sa.select(timer.c.case).where(timer.c.case.is_not(None), _is_counted()).distinct().order_by(timer.c.case)
    return list(connection.execute(query).scalars())


def stop_starts(connection: Connection) -> None:
    """Let no case be started or changed until the transaction ends, and wait for those that are being (PostgreSQL).

    Whoever starts a case announces it by `announce_start` and reads the calendar after that.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE case_file IN EXCLUSIVE MODE")


def announce_start(connection: Connection) -> None:
    """A case is about to be started: waits while all starts are stopped (PostgreSQL)."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE case_file IN ROW EXCLUSIVE MODE")


def term_timers(connection: Connection, case_id: str) -> list[Row]:
    """The waiting timers of a case that are counted in working days: terms first, then their reminders."""
    query = sa.select(timer).where(timer.c.case == case_id, _is_counted()).order_by(timer.c.token)
    rows = [dict(r) for r in connection.execute(query).mappings()]
    return sorted(rows, key=lambda row: not row["deadline"])


def read_cases(connection: Connection, identities: Sequence[str]) -> list[Row]:
    """Case rows by id, in order of id."""
    found: list[Row] = []
    for first in range(0, len(identities), 500):
        query = sa.select(case).where(case.c.id.in_(identities[first : first + 500])).order_by(case.c.id)
        found += [dict(r) for r in connection.execute(query).mappings()]
    return found


def move_task(connection: Connection, identity: str, due_at: datetime, due: Mapping[str, Any]) -> None:
    """Give an open task another due date, in its row and wherever it is offered."""
    connection.execute(task.update().where(task.c.id == identity), {"due_at": due_at, "due": dict(due)})
    connection.execute(task_candidate.update().where(task_candidate.c.task == identity), {"due_at": due_at})


def _is_counted() -> sa.ColumnElement[bool]:
    return sa.or_(timer.c.rule.like("%working_days%"), timer.c.rule.like("%before_due%"))
