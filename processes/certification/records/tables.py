"""Tables of the certification: what was filed, reviewed, decided and issued; the case data holds references only."""

import sqlalchemy as sa

from engine.database import METADATA, Instant, Json

Id = sa.String(40)
Login = sa.String(80)

application = sa.Table(
    "application",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("owner", sa.String(80), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("data", Json, nullable=False),
    sa.Column("case", Id, unique=True),
    sa.Column("created_by", Login, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Column("submitted_by", Login),
    sa.Column("submitted_at", Instant),
    sa.Column("readings", sa.Integer),
    sa.Column("consent", Json),
    sa.Index("ix_application_owner", "owner", "id"),
)

#: What could be read of a draft's file, for the check before submission; gone when the application is submitted.
manuscript = sa.Table(
    "manuscript",
    METADATA,
    sa.Column("document", Id, primary_key=True),
    sa.Column("application", Id, nullable=False),
    sa.Column("problem", sa.Text, nullable=False),
    sa.Column("pages", sa.Integer),
    sa.Column("text", sa.Text, nullable=False),
    sa.Index("ix_manuscript_application", "application"),
)

#: The secretary's act of registration, or its refusal (clauses 2.6, 4.3).
registration = sa.Table(
    "registration",
    METADATA,
    sa.Column("case", Id, primary_key=True),
    sa.Column("accepted", sa.Boolean, nullable=False),
    sa.Column("copies", sa.Integer),
    sa.Column("reason", sa.Text),
    sa.Column("number", sa.String(40), unique=True),
    sa.Column("registered_on", sa.Date),
    sa.Column("by", Login, nullable=False),
    sa.Column("on_behalf_of", Login),
    sa.Column("at", Instant, nullable=False),
)

technical_review = sa.Table(
    "technical_review",
    METADATA,
    sa.Column("case", Id, primary_key=True),
    sa.Column("precheck", Json, nullable=False),
    sa.Column("marks", Json, nullable=False),
    sa.Column("comments", Json, nullable=False),
    sa.Column("failed", Json, nullable=False),
    sa.Column("standard_version", sa.Integer),
    sa.Column("by", Login, nullable=False),
    sa.Column("on_behalf_of", Login),
    sa.Column("at", Instant, nullable=False),
)

#: An expert's conclusion; a returned one stays, and the next round stands beside it. States: filed, returned, approved.
conclusion = sa.Table(
    "conclusion",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("case", Id, nullable=False),
    sa.Column("seat", sa.Integer, nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("login", Login, nullable=False),
    sa.Column("appointment", Id, sa.ForeignKey("appointment.id"), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("marks", Json, nullable=False),
    sa.Column("comments", Json, nullable=False),
    sa.Column("n", sa.Integer, nullable=False),
    sa.Column("n_max", sa.Integer, nullable=False),
    sa.Column("suggested", sa.String(20), nullable=False),
    sa.Column("verdict", sa.String(20), nullable=False),
    sa.Column("verdict_reason", sa.Text),
    sa.Column("form_version", sa.Integer, nullable=False),
    sa.Column("submitted_at", Instant, nullable=False),
    sa.Column("return_reason", sa.Text),
    sa.Column("settled_by", Login),
    sa.Column("settled_for", Login),
    sa.Column("settled_at", Instant),
    sa.UniqueConstraint("case", "seat", "round"),
    sa.Index("ix_conclusion_case", "case"),
)

#: A decision of the council as it reached the case; one row a delivery.
case_decision = sa.Table(
    "case_decision",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("case", Id, nullable=False),
    sa.Column("decision", sa.String(12), nullable=False),
    sa.Column("protocol", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Index("ix_case_decision_case", "case"),
)

#: An order of the ministry as it reached the case; one row a delivery.
case_order = sa.Table(
    "case_order",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("case", Id, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("signed_on", sa.Date, nullable=False),
    sa.Column("approved", sa.Boolean, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Index("ix_case_order_case", "case"),
)

#: The chair's act of signing, from which the certificate is issued in the same step.
certificate_signing = sa.Table(
    "certificate_signing",
    METADATA,
    sa.Column("case", Id, primary_key=True),
    sa.Column("by", Login, nullable=False),
    sa.Column("on_behalf_of", Login),
    sa.Column("at", Instant, nullable=False),
)

#: The secretary's act of publication, with the corrections of the entry's fields.
publication = sa.Table(
    "publication",
    METADATA,
    sa.Column("case", Id, primary_key=True),
    sa.Column("fields", Json, nullable=False),
    sa.Column("by", Login, nullable=False),
    sa.Column("on_behalf_of", Login),
    sa.Column("at", Instant, nullable=False),
)

refusal = sa.Table(
    "refusal",
    METADATA,
    sa.Column("case", Id, primary_key=True),
    sa.Column("recommendations", Json, nullable=False),
    sa.Column("by", Login, nullable=False),
    sa.Column("on_behalf_of", Login),
    sa.Column("at", Instant, nullable=False),
)

withdrawal = sa.Table(
    "withdrawal",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("case", Id, nullable=False, unique=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("by", Login, nullable=False),
    sa.Column("at", Instant, nullable=False),
)
