"""Tables of the meeting room: answers to the invitation, arrivals, materials read, recusals, the chair's word."""

import sqlalchemy as sa

from engine.database import METADATA, Instant
from processes.council_meeting.records.tables import Id, Login

#: What a member answered to the invitation to an attempt: `in_person`, `remote` or `declined` (clause 2.7).
answer = sa.Table(
    "meeting_answer",
    METADATA,
    sa.Column("meeting", Id, sa.ForeignKey("meeting.case"), primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True),
    sa.Column("member", Login, primary_key=True),
    sa.Column("answer", sa.String(12), nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("answered_at", Instant, nullable=False),
)

#: Who has come, before the secretary registers attendance: `mode` is `in_person` or `remote`.
arrival = sa.Table(
    "meeting_arrival",
    METADATA,
    sa.Column("meeting", Id, sa.ForeignKey("meeting.case"), primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True),
    sa.Column("member", Login, primary_key=True),
    sa.Column("mode", sa.String(12), nullable=False),
    sa.Column("noted_by", Login, nullable=False),
    sa.Column("noted_at", Instant, nullable=False),
)

#: Which materials of a case a member opened for a meeting; a blank `document` says that all of them were read.
reading = sa.Table(
    "meeting_reading",
    METADATA,
    sa.Column("meeting", Id, sa.ForeignKey("meeting.case"), primary_key=True),
    sa.Column("case", Id, primary_key=True),
    sa.Column("member", Login, primary_key=True),
    sa.Column("document", Id, primary_key=True),
    sa.Column("opened_at", Instant, nullable=False),
)

#: A member's own recusal from an item, with the reason to be minuted (A-17).
recusal = sa.Table(
    "meeting_recusal",
    METADATA,
    sa.Column("meeting", Id, sa.ForeignKey("meeting.case"), primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True),
    sa.Column("item", sa.Integer, primary_key=True),
    sa.Column("member", Login, primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("declared_at", Instant, nullable=False),
)

#: When the presiding person put an item to the vote and ended the taking of votes (clause 2.5).
floor = sa.Table(
    "meeting_floor",
    METADATA,
    sa.Column("meeting", Id, sa.ForeignKey("meeting.case"), primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True),
    sa.Column("item", sa.Integer, primary_key=True),
    sa.Column("called_by", Login),
    sa.Column("called_at", Instant),
    sa.Column("stopped_by", Login),
    sa.Column("stopped_at", Instant),
)
