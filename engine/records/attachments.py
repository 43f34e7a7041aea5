"""What the task index says of who works on a case."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.records.tables import task


def had_task(connection: Connection, case: str, login: str) -> bool:
    """Tell whether a person holds a task of a case, or has completed one."""
    theirs = sa.or_(task.c.assignee == login, task.c.completed_by == login)
    query = sa.select(task.c.id).where(task.c.case == case, theirs).limit(1)
    return connection.execute(query).first() is not None
