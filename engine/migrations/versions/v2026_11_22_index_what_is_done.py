"""Index what is done.

Revision 0002_index_what_is_done, after 0001_first_schema.
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0002_index_what_is_done"
down_revision: str | None = "0001_first_schema"


def upgrade() -> None:
    """Bring the tables from the revision before to this one."""
    op.create_index(
        "ix_task_done",
        "task",
        ["completed_by", "completed_at", "id"],
        unique=False,
        sqlite_where=sa.text("completed_by IS NOT NULL"),
        postgresql_where=sa.text("completed_by IS NOT NULL"),
    )


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_index(
        "ix_task_done",
        table_name="task",
        sqlite_where=sa.text("completed_by IS NOT NULL"),
        postgresql_where=sa.text("completed_by IS NOT NULL"),
    )
