"""Tables of the meetings. Votes, attendance and signatures are never changed; a new attempt has rows of its own."""

import sqlalchemy as sa

from engine.database import METADATA, Instant, Json

Id = sa.String(40)
Login = sa.String(80)

#: One row a meeting. `attempt` grows where a meeting without quorum is held anew; `held_on` is a Moscow date.
meeting = sa.Table(
    "meeting",
    METADATA,
    sa.Column("case", Id, primary_key=True),
    sa.Column("number", sa.String(60), nullable=False),
    sa.Column("form", sa.String(12), nullable=False),
    sa.Column("held_on", sa.Date, nullable=False),
    sa.Column("closes_at", Instant),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("ballots_open", sa.Boolean, nullable=False),
    sa.Column("opened_at", Instant),
    sa.Column("presiding", Login),
    sa.Column("presiding_for", Login),
    sa.Column("presiding_basis", sa.Text),
    sa.Column("readings", sa.Integer),
    sa.Index("ix_meeting_held_on", "held_on"),
)

#: Who takes part: registered as present, or sent a ballot. `left_at` is the number of the item before which one left.
attendance = sa.Table(
    "meeting_attendance",
    METADATA,
    sa.Column("meeting", Id, sa.ForeignKey("meeting.case"), primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True),
    sa.Column("member", Login, primary_key=True),
    sa.Column("registered_by", Login, nullable=False),
    sa.Column("registered_at", Instant, nullable=False),
    sa.Column("left_at", sa.Integer),
)

#: One vote a member an item (clause 3.6); `own` where the member cast it, else the secretary entered it.
vote = sa.Table(
    "meeting_vote",
    METADATA,
    sa.Column("meeting", Id, sa.ForeignKey("meeting.case"), primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True),
    sa.Column("item", sa.Integer, primary_key=True),
    sa.Column("member", Login, primary_key=True),
    sa.Column("vote", sa.String(8), nullable=False),
    sa.Column("own", sa.Boolean, nullable=False),
    sa.Column("entered_by", Login, nullable=False),
    sa.Column("cast_at", Instant, nullable=False),
)

#: The count of an item as the secretary closed it; `votes` are those that count, by login.
result = sa.Table(
    "meeting_result",
    METADATA,
    sa.Column("meeting", Id, sa.ForeignKey("meeting.case"), primary_key=True),
    sa.Column("item", sa.Integer, primary_key=True),
    sa.Column("tally", Json, nullable=False),
    sa.Column("votes", Json, nullable=False),
    sa.Column("recused", Json, nullable=False),
    sa.Column("left", Json, nullable=False),
    sa.Column("recommendations", Json, nullable=False),
    sa.Column("recorded_by", Login, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
)

#: The protocol in its last version; `sha256` of its PDF, `document`, is what both signatures name (clause 3.7);
#: `content` tells the same as text. It is not changed after the first signature.
protocol = sa.Table(
    "meeting_protocol",
    METADATA,
    sa.Column("meeting", Id, sa.ForeignKey("meeting.case"), primary_key=True),
    sa.Column("number", sa.String(40), nullable=False, unique=True),
    sa.Column("document", Id, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("drawn_up_at", Instant, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)

#: Two signatures by two persons: the second unique key says so to the database (A-31).
signature = sa.Table(
    "meeting_signature",
    METADATA,
    sa.Column("meeting", Id, sa.ForeignKey("meeting_protocol.meeting"), primary_key=True),
    sa.Column("role", sa.String(12), primary_key=True),
    sa.Column("login", Login, nullable=False),
    sa.Column("on_behalf_of", Login),
    sa.Column("basis", sa.Text),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("signed_at", Instant, nullable=False),
    sa.UniqueConstraint("meeting", "login"),
)

#: An order of the ministry; its number is used once a year (clause 4.10).
order = sa.Table(
    "ministry_order",
    METADATA,
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("number", sa.String(80), primary_key=True),
    sa.Column("signed_on", sa.Date, nullable=False),
    sa.Column("registered_by", Login, nullable=False),
    sa.Column("registered_at", Instant, nullable=False),
)

#: What an order says of a case that a meeting decided.
order_case = sa.Table(
    "ministry_order_case",
    METADATA,
    sa.Column("meeting", Id, sa.ForeignKey("meeting.case"), primary_key=True),
    sa.Column("case", Id, primary_key=True),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("number", sa.String(80), nullable=False),
    sa.Column("approved", sa.Boolean, nullable=False),
    sa.ForeignKeyConstraint(["year", "number"], ["ministry_order.year", "ministry_order.number"], name="fk_order_case"),
)
