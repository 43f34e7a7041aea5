"""What the engine's task index says of an expert's open review: is there one, and what stands in its draft."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

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


def was_opened(connection: Connection, case: str, element: str) -> bool:
    """Whether a task of an element was ever open in a case."""
    query = sa.select(sa.func.count()).select_from(task).where(task.c.case == case, task.c.element == element)
    return bool(connection.execute(query).scalar_one())
