"""The engine's tables.

All ids are text; `case` rows carry a revision (raised by every step) and the head of their history, so that one locked
row is all that a step needs to extend state and chain.
"""

import sqlalchemy as sa

from engine.database import METADATA, Blob, Instant, Json

Id = sa.String(40)


def _partial(name: str, condition: str, *columns: str) -> sa.Index:
    """An index of the rows of a condition, which a query has to say in the same words."""
    return sa.Index(name, *columns, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))


#: Single values: the virtual clock, the epoch (raised by a restore), the calendar in force.
setting = sa.Table(
    "setting",
    METADATA,
    sa.Column("key", sa.String(60), primary_key=True),
    sa.Column("value", Json, nullable=False),
)

#: One released version of a procedure; files are stored with it, so a version can never change.
definition = sa.Table(
    "definition",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("key", sa.String(80), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("files", Json, nullable=False),
    sa.Column("author", sa.String(80), nullable=False),
    sa.Column("released_by", sa.String(80), nullable=False),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("released_at", Instant, nullable=False),
    sa.Column("effective_from", sa.Date, nullable=False),
    sa.UniqueConstraint("key", "number"),
)

case = sa.Table(
    "case_file",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("number", sa.String(60), nullable=False, unique=True),
    sa.Column("process", sa.String(80), nullable=False),
    sa.Column("definition", Id, sa.ForeignKey("definition.id"), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("end", sa.String(80)),
    sa.Column("at", Json, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("owner", sa.String(80)),
    sa.Column("data", Json, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("started_by", sa.String(80), nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Index("ix_case_file_owner", "owner", "id"),
    sa.Index("ix_case_file_process_state", "process", "state", "id"),
)

#: What the machine needs to go on; apart from `case_file`, so that lists never read it.
case_state = sa.Table(
    "case_state",
    METADATA,
    sa.Column("case", Id, sa.ForeignKey("case_file.id"), primary_key=True),
    sa.Column("state", Blob, nullable=False),
)

#: The task index: one row a user task that was ever open.
task = sa.Table(
    "task",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("case", Id, sa.ForeignKey("case_file.id"), nullable=False),
    sa.Column("token", sa.Integer, nullable=False),
    sa.Column("process", sa.String(80), nullable=False),
    sa.Column("element", sa.String(80), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("assignee", sa.String(80)),
    sa.Column("fixed", sa.Boolean, nullable=False),
    sa.Column("candidates", Json, nullable=False),
    sa.Column("local", Json, nullable=False),
    sa.Column("owner", sa.String(80)),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("due_at", Instant),
    sa.Column("due", Json),
    sa.Column("completed_at", Instant),
    sa.Column("completed_by", sa.String(80)),
    sa.Column("on_behalf_of", sa.String(80)),
    sa.Column("draft", Json),
    sa.Column("draft_by", sa.String(80)),
    # The fact that tells the completion: what was entered stands there and nowhere else.
    sa.Column("completion", sa.Integer),
    sa.UniqueConstraint("case", "token"),
    # One index for each way into the inbox, in its order: a page costs the same at any number of tasks. A row only
    # where the way leads to the task: what is held is looked for while it is open, what was done once it was.
    _partial("ix_task_assignee", "completed_at IS NULL AND assignee IS NOT NULL", "assignee", "due_at", "id"),
    _partial("ix_task_completed_by", "completed_by IS NOT NULL", "completed_by", "due_at", "id"),
    sa.Index("ix_task_element", "element", "state", "due_at", "id"),
    _partial("ix_task_owner", "owner IS NOT NULL", "owner", "state", "due_at", "id"),
    sa.Index("ix_task_state_due", "state", "due_at", "id"),
    # A person's completions, the newest first.
    _partial("ix_task_done", "completed_by IS NOT NULL", "completed_by", "completed_at", "id"),
)

#: The groups that an open task held by nobody is offered to; rows go when it is taken or closes.
task_candidate = sa.Table(
    "task_candidate",
    METADATA,
    sa.Column("group", sa.String(80)),
    sa.Column("task", Id, sa.ForeignKey("task.id")),
    sa.Column("element", sa.String(80), nullable=False),
    sa.Column("due_at", Instant),
    sa.PrimaryKeyConstraint("task", "group"),
    sa.Index("ix_task_candidate_due", "group", "due_at", "task"),
    sa.Index("ix_task_candidate_element", "group", "element", "due_at", "task"),
    # Rows are few and short, and found by what is in them: the key is the table.
    sqlite_with_rowid=False,
)

#: A timer not yet fired; the row goes with the firing's commit, the history keeps it. `case` is null for a start timer.
timer = sa.Table(
    "timer",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("case", Id, sa.ForeignKey("case_file.id")),
    sa.Column("process", sa.String(80), nullable=False),
    sa.Column("token", sa.Integer),
    sa.Column("host", sa.Integer),
    sa.Column("element", sa.String(80), nullable=False),
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("due", Instant, nullable=False),
    sa.Column("deadline", Json),
    sa.Column("held", sa.Boolean, nullable=False, default=False),
    sa.UniqueConstraint("case", "token"),
    sa.Index("ix_timer_due", "held", "due", "id"),
)

#: The facts of one act a row, `first` to `seq`, packed by `engine.records.acts`; `hash` is that of the last, raw.
history = sa.Table(
    "history",
    METADATA,
    sa.Column("case", Id, sa.ForeignKey("case_file.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("first", sa.Integer, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("on_behalf_of", sa.String(80)),
    # The kind of fact by which the row is looked for among all cases: `act.refused`, or nothing.
    sa.Column("journal", sa.String(60)),
    sa.Column("facts", Blob, nullable=False),
    sa.Column("hash", Blob, nullable=False),
    # Refused acts of all cases for the administrator's journal; a row only where something was refused.
    _partial("ix_history_journal", "journal IS NOT NULL", "journal", "at"),
)

#: Free text and personal data of facts, erasable: the chain holds only the salted digest.
text = sa.Table(
    "history_text",
    METADATA,
    sa.Column("case", Id, sa.ForeignKey("case_file.id"), primary_key=True),
    sa.Column("ref", sa.String(40), primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("salt", sa.String(32), nullable=False),
)

#: Messages between cases: written by the sender's step, each delivered in a transaction of its own.
message = sa.Table(
    "message",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("correlation", Json, nullable=False),
    sa.Column("payload", Json, nullable=False),
    sa.Column("sender", Id),
    sa.Column("target", Id),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("settled_at", Instant),
    sa.Index("ix_message_state", "state", "id"),
)

#: A command that could not be carried out: the case waits for a retry.
incident = sa.Table(
    "incident",
    METADATA,
    sa.Column("case", Id, sa.ForeignKey("case_file.id"), primary_key=True),
    sa.Column("command", Json, nullable=False),
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("element", sa.String(80)),
    sa.Column("raised_at", Instant, nullable=False),
)

letter = sa.Table(
    "letter",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("case", Id),
    sa.Column("owner", sa.String(80)),
    sa.Column("kind", sa.String(60), nullable=False),
    sa.Column("login", sa.String(80)),
    sa.Column("to", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("delivery", sa.String(12), nullable=False),
    sa.Column("delivered_at", Instant),
    sa.Index("ix_letter_case", "case", "id"),
    sa.Index("ix_letter_login", "login", "id"),
)

#: What must leave the process, at least once, with a stable id; retried by lease on wall time.
outbox = sa.Table(
    "outbox",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("payload", Json, nullable=False),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("next_at", Instant, nullable=False),
    sa.Column("error", sa.Text),
    sa.Index("ix_outbox_next", "next_at", "id"),
)

#: A file of a case: what was handed in and what was issued; the content lies in the content-addressed store.
document = sa.Table(
    "document",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("case", Id),
    sa.Column("holder", sa.String(80)),
    sa.Column("kind", sa.String(60), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("media_type", sa.String(120), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("by", sa.String(80), nullable=False),
    sa.Index("ix_document_case", "case", "id"),
    sa.Index("ix_document_holder", "holder", "id"),
    sa.Index("ix_document_sha256", "sha256"),
)

#: An idempotency key of one person, with the answer it got; kept 30 days of wall time.
idempotency = sa.Table(
    "idempotency",
    METADATA,
    sa.Column("login", sa.String(80), primary_key=True),
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("request", sa.String(64), nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("body", sa.Text),
    sa.Column("created_at", Instant, nullable=False),
    sa.Index("ix_idempotency_created_at", "created_at"),
)

#: A year's table of the calendar, as entered; the newest row of a year is in force.
calendar_year = sa.Table(
    "calendar_year",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("version", sa.String(80), nullable=False),
    sa.Column("table", Json, nullable=False),
    sa.Column("entered_by", sa.String(80), nullable=False),
    sa.Column("entered_at", Instant, nullable=False),
    sa.Index("ix_calendar_year_year", "year", "id"),
)
