"""Tables of a protocol's words: what was heard, said and decided beside the counted votes, and who must do what."""

import sqlalchemy as sa

from engine.database import METADATA, Instant, Json
from processes.council_meeting.records.tables import Id, Login

#: The secretary's words on an item; numbers, names and votes are never here.
wording = sa.Table(
    "meeting_wording",
    METADATA,
    sa.Column("meeting", Id, sa.ForeignKey("meeting.case"), primary_key=True),
    sa.Column("item", sa.Integer, primary_key=True),
    sa.Column("heard", sa.Text, nullable=False),
    sa.Column("spoke", sa.Text, nullable=False),
    sa.Column("decided", sa.Text, nullable=False),
)

#: What the meeting asked somebody to do, by when (a Moscow date), and when that was done.
assignment = sa.Table(
    "meeting_assignment",
    METADATA,
    sa.Column("meeting", Id, sa.ForeignKey("meeting.case"), primary_key=True),
    sa.Column("item", sa.Integer, primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("responsible", Login, nullable=False),
    sa.Column("due", sa.Date, nullable=False),
    sa.Column("done_on", sa.Date),
    sa.Column("done_by", Login),
    sa.Column("done_note", sa.Text),
    sa.Index("ix_meeting_assignment_due", "done_on", "due"),
)

#: Every version of a protocol: 1 as drawn up, then one for each correction before the first signature.
version = sa.Table(
    "meeting_protocol_version",
    METADATA,
    sa.Column("meeting", Id, sa.ForeignKey("meeting.case"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("document", Id, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("changes", Json, nullable=False),
    sa.Column("made_by", Login, nullable=False),
    sa.Column("made_at", Instant, nullable=False),
)
