"""Tables of the council: people, compositions, substitutions, journals, readings, approved documents, agendas.

Appointments, the experts' register, texts of letters, and the journal of administrative changes.
"""

import sqlalchemy as sa

from engine.database import METADATA, Instant, Json
from engine.records.guards import keep_rows

Id = sa.String(40)
Login = sa.String(80)

organization = sa.Table(
    "organization",
    METADATA,
    sa.Column("inn", sa.String(12), primary_key=True),
    sa.Column("full_name", sa.Text, nullable=False),
    sa.Column("short_name", sa.Text, nullable=False),
    sa.Column("parent_inn", sa.String(12)),
    sa.Column("email", sa.Text),
)

person = sa.Table(
    "person",
    METADATA,
    sa.Column("login", Login, primary_key=True),
    sa.Column("last_name", sa.Text, nullable=False),
    sa.Column("first_name", sa.Text, nullable=False),
    sa.Column("patronymic", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("position", sa.Text, nullable=False),
    sa.Column("degree", sa.Text, nullable=False),
    sa.Column("academic_rank", sa.Text, nullable=False),
    sa.Column("organization_inn", sa.String(12), sa.ForeignKey("organization.inn")),
    sa.Column("roles", Json, nullable=False),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("directions", Json, nullable=False),
    sa.Column("meets_requirements", sa.Boolean, nullable=False),
    # First and last day by role, where a role of the account is not held for good.
    sa.Column("role_periods", Json),
)

#: The council by order (clause 2.1); a row never changes but for the day its successor ends it.
composition = sa.Table(
    "composition",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("order_number", sa.String(80), nullable=False),
    sa.Column("order_date", sa.Date, nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False, unique=True),
    sa.Column("valid_until", sa.Date),
    sa.Column("entered_by", Login, nullable=False),
    sa.Column("entered_at", Instant, nullable=False),
    sa.Column("file", Id),
)

composition_member = sa.Table(
    "composition_member",
    METADATA,
    sa.Column("composition", Id, sa.ForeignKey("composition.id"), primary_key=True),
    sa.Column("login", Login, sa.ForeignKey("person.login"), primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("role", sa.String(12), nullable=False),
    sa.Column("category", sa.String(20)),
)

substitution = sa.Table(
    "substitution",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("absent", Login, sa.ForeignKey("person.login"), nullable=False),
    sa.Column("deputy", Login, sa.ForeignKey("person.login"), nullable=False),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("entered_by", Login, nullable=False),
    sa.Column("entered_at", Instant, nullable=False),
    sa.Column("revoked_at", Instant),
    sa.Column("revoked_by", Login),
    sa.Index("ix_substitution_until", "until"),
)

#: Last number given out of a journal; the row is the lock.
journal = sa.Table(
    "journal",
    METADATA,
    sa.Column("kind", sa.String(20), primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)

#: What was registered under a number (clause 2.6).
journal_entry = sa.Table(
    "journal_entry",
    METADATA,
    sa.Column("kind", sa.String(20), primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("case", Id),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("entered_by", Login, nullable=False),
    sa.Column("entered_at", Instant, nullable=False),
)

reading_version = sa.Table(
    "reading_version",
    METADATA,
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("protocol", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("entered_by", Login, nullable=False),
    sa.Column("entered_at", Instant, nullable=False),
    sa.Column("protocol_date", sa.Date),
    sa.Column("file", Id),
)

reading = sa.Table(
    "reading",
    METADATA,
    sa.Column("version", sa.Integer, sa.ForeignKey("reading_version.version"), primary_key=True),
    sa.Column("key", sa.String(40), primary_key=True),
    sa.Column("value", Json, nullable=False),
)

#: Standards, criteria, forms, requirements for experts, plans: each version with the protocol that approved it (3.5).
council_document = sa.Table(
    "council_document",
    METADATA,
    sa.Column("kind", sa.String(24), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("protocol", sa.Text, nullable=False),
    sa.Column("meeting", Id),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("entered_at", Instant, nullable=False),
)

#: The acts that the council works by (clause 1.2).
normative_act = sa.Table(
    "normative_act",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("number", sa.String(80), nullable=False),
    sa.Column("dated", sa.Date, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_until", sa.Date),
)

disclosure = sa.Table(
    "disclosure",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("login", Login, sa.ForeignKey("person.login"), nullable=False),
    sa.Column("organization_inn", sa.String(12), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("declared_at", Instant, nullable=False),
    sa.Column("valid_until", sa.Date),
    sa.Index("ix_disclosure_login", "login"),
)

#: An item of a meeting's agenda; states: pending, voting, struck, unreached, decided, dropped.
agenda_item = sa.Table(
    "agenda_item",
    METADATA,
    sa.Column("meeting", Id, primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("case", Id),
    sa.Column("document", sa.String(24)),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("outcome", sa.String(20)),
    sa.Column("recommendations", Json),
    sa.Column("opened_at", Instant),
    sa.Column("closed_at", Instant),
    sa.Index("ix_agenda_item_case", "case"),
)

#: Where a case stands towards the agendas: one row a case, what meetings and the applicant contend for.
#: States: free, pending, voting, decided, withdrawn. `voted_at` stays once voting has opened.
agenda_place = sa.Table(
    "agenda_place",
    METADATA,
    sa.Column("case", Id, primary_key=True),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("meeting", Id),
    sa.Column("n", sa.Integer),
    sa.Column("voted_at", Instant),
)

#: An expert's seat in a case; a replaced person's row is closed with the reason, and a new row opened (4.6, A-13).
appointment = sa.Table(
    "appointment",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("case", Id, nullable=False),
    sa.Column("seat", sa.Integer, nullable=False),
    sa.Column("login", Login, sa.ForeignKey("person.login"), nullable=False),
    sa.Column("appointed_at", Instant, nullable=False),
    sa.Column("appointed_by", Login, nullable=False),
    sa.Column("on_behalf_of", Login),
    sa.Column("closed_at", Instant),
    sa.Column("outcome", sa.String(12)),
    sa.Column("reason", sa.Text),
    sa.Index("ix_appointment_case", "case"),
    sa.Index("ix_appointment_login", "login", "appointed_at"),
)

#: What the experts' database keeps of a person besides the person (clause 2.6): consent, inclusion, exclusion.
expert_entry = sa.Table(
    "expert_entry",
    METADATA,
    sa.Column("login", Login, sa.ForeignKey("person.login"), primary_key=True),
    sa.Column("consent_on", sa.Date),
    sa.Column("included_on", sa.Date),
    sa.Column("protocol", sa.Text, nullable=False),
    sa.Column("excluded_on", sa.Date),
    sa.Column("exclusion_reason", sa.Text, nullable=False),
)

#: Texts of letters as the administrator worded them, every version; a version without a body is the shipped text.
letter_text = sa.Table(
    "letter_text",
    METADATA,
    sa.Column("kind", sa.String(60), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("subject", sa.Text),
    sa.Column("body", sa.Text),
    sa.Column("entered_by", Login, nullable=False),
    sa.Column("entered_at", Instant, nullable=False),
)

#: What was done and refused outside of cases: people, rights, composition, experts, readings, calendar, texts.
administrative_change = sa.Table(
    "administrative_change",
    METADATA,
    sa.Column("id", Id, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("actor", Login, nullable=False),
    sa.Column("on_behalf_of", Login),
    sa.Column("basis", sa.Text),
    sa.Column("matter", sa.String(20), nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("subject", sa.String(80), nullable=False),
    sa.Column("is_refused", sa.Boolean, nullable=False),
    sa.Column("data", Json, nullable=False),
    sa.Index("ix_administrative_change_subject", "matter", "subject", "id"),
    sa.Index("ix_administrative_change_actor", "actor", "id"),
)
keep_rows(administrative_change, "UPDATE", "DELETE", "TRUNCATE")
