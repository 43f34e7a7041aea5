"""What the engine's task index says of an expert's review: is it open, what stands in its draft, when it was done."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.records import history
from engine.records.tables import task


def open_review(connection: Connection, case: str, login: str) -> dict[str, Any] | None:
    """The open review of an expert in a case: `draft` is the holder's, or None."""
    row = (
        connection.execute(
            sa.select(task.c.id, task.c.draft, task.c.draft_by, task.c.due_at).where(
                task.c.case == case,
                task.c.element == "expert_review",
                task.c.assignee == login,
                task.c.state == "open",
            )
        )
        .mappings()
        .first()
    )
    if row is None:
        return None
    return {"id": row["id"], "due_at": row["due_at"], "draft": row["draft"] if row["draft_by"] == login else None}


def is_reviewed(connection: Connection, case: str) -> bool:
    """Tell whether any expert's review of a case is open."""
    query = sa.select(task.c.id).where(task.c.case == case, task.c.element == "expert_review", task.c.state == "open")
    return connection.execute(query.limit(1)).first() is not None


def completion_of(connection: Connection, case: str, task_id: str) -> int | None:
    """The number of the fact by which a task of a case was completed or declined; None while it is not."""
    query = sa.select(task.c.completion).where(task.c.id == task_id, task.c.case == case)
    found: int | None = connection.execute(query).scalar_one_or_none()
    return found


def last_opening(connection: Connection, case: str, element: str) -> int:
    """The number of the fact by which a task of an element was last opened in a case; 0 where it never was."""
    opened = [fact for fact in history.of_kind(connection, case, ("task.created",)) if fact["element"] == element]
    return int(opened[-1]["seq"]) if opened else 0
