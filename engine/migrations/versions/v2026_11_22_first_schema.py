"""First schema.

Revision 0001_first_schema.
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0001_first_schema"
down_revision: str | None = None

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")

#: Facts stay as written, texts may be erased but not rewritten: by dialect, in order.
GUARDS = {
    "sqlite": (
        """CREATE TRIGGER keep_history_update BEFORE UPDATE ON history
BEGIN SELECT RAISE(ABORT, 'history rows stay as written'); END""",
        """CREATE TRIGGER keep_history_delete BEFORE DELETE ON history
BEGIN SELECT RAISE(ABORT, 'history rows stay as written'); END""",
        """CREATE TRIGGER keep_history_text_update BEFORE UPDATE ON history_text
BEGIN SELECT RAISE(ABORT, 'history_text rows stay as written'); END""",
        """CREATE TRIGGER keep_administrative_change_update BEFORE UPDATE ON administrative_change
BEGIN SELECT RAISE(ABORT, 'administrative_change rows stay as written'); END""",
        """CREATE TRIGGER keep_administrative_change_delete BEFORE DELETE ON administrative_change
BEGIN SELECT RAISE(ABORT, 'administrative_change rows stay as written'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'history rows stay as written' USING ERRCODE = 'restrict_violation'; END $$""",
        """CREATE TRIGGER keep_history_update BEFORE UPDATE ON history
FOR EACH ROW EXECUTE FUNCTION keep_history()""",
        """CREATE TRIGGER keep_history_delete BEFORE DELETE ON history
FOR EACH ROW EXECUTE FUNCTION keep_history()""",
        """CREATE TRIGGER keep_history_truncate BEFORE TRUNCATE ON history
FOR EACH STATEMENT EXECUTE FUNCTION keep_history()""",
        """CREATE FUNCTION keep_history_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'history_text rows stay as written' USING ERRCODE = 'restrict_violation'; END $$""",
        """CREATE TRIGGER keep_history_text_update BEFORE UPDATE ON history_text
FOR EACH ROW EXECUTE FUNCTION keep_history_text()""",
        """CREATE FUNCTION keep_administrative_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'administrative_change rows stay as written' USING ERRCODE = 'restrict_violation'; END $$""",
        """CREATE TRIGGER keep_administrative_change_update BEFORE UPDATE ON administrative_change
FOR EACH ROW EXECUTE FUNCTION keep_administrative_change()""",
        """CREATE TRIGGER keep_administrative_change_delete BEFORE DELETE ON administrative_change
FOR EACH ROW EXECUTE FUNCTION keep_administrative_change()""",
        """CREATE TRIGGER keep_administrative_change_truncate BEFORE TRUNCATE ON administrative_change
FOR EACH STATEMENT EXECUTE FUNCTION keep_administrative_change()""",
    ),
}
#: What is left of the guards when their tables are gone.
REMAINS = {
    "sqlite": (),
    "postgresql": (
        "DROP FUNCTION keep_history()",
        "DROP FUNCTION keep_history_text()",
        "DROP FUNCTION keep_administrative_change()",
    ),
}


def upgrade() -> None:  # noqa: PLR0915 - a long list, no logic
    """Bring the tables from the revision before to this one."""
    op.create_table(
        "administrative_change",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=80), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("matter", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("is_refused", sa.Boolean(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_administrative_change")),
    )
    op.create_index("ix_administrative_change_actor", "administrative_change", ["actor", "id"], unique=False)
    op.create_index(
        "ix_administrative_change_subject", "administrative_change", ["matter", "subject", "id"], unique=False
    )
    op.create_table(
        "agenda_item",
        sa.Column("meeting", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("case", sa.String(length=40), nullable=True),
        sa.Column("document", sa.String(length=24), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("recommendations", sa.Text(), nullable=True),
        sa.Column("opened_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("meeting", "n", name=op.f("pk_agenda_item")),
    )
    op.create_index("ix_agenda_item_case", "agenda_item", ["case"], unique=False)
    op.create_table(
        "agenda_place",
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("meeting", sa.String(length=40), nullable=True),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("voted_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("case", name=op.f("pk_agenda_place")),
    )
    op.create_table(
        "application",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("case", sa.String(length=40), nullable=True),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("submitted_by", sa.String(length=80), nullable=True),
        sa.Column("submitted_at", INSTANT, nullable=True),
        sa.Column("readings", sa.Integer(), nullable=True),
        sa.Column("consent", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("case", name=op.f("uq_application_case")),
    )
    op.create_index("ix_application_owner", "application", ["owner", "id"], unique=False)
    op.create_table(
        "calendar_key",
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_calendar_key")),
        sa.UniqueConstraint("hash", name=op.f("uq_calendar_key_hash")),
    )
    op.create_table(
        "calendar_year",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=80), nullable=False),
        sa.Column("table", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.String(length=80), nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_year")),
    )
    op.create_index("ix_calendar_year_year", "calendar_year", ["year", "id"], unique=False)
    op.create_table(
        "case_decision",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("decision", sa.String(length=12), nullable=False),
        sa.Column("protocol", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_decision")),
    )
    op.create_index("ix_case_decision_case", "case_decision", ["case"], unique=False)
    op.create_table(
        "case_order",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_order")),
    )
    op.create_index("ix_case_order_case", "case_order", ["case"], unique=False)
    op.create_table(
        "certificate",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("organization", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("signed_by", sa.String(length=80), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=80), nullable=True),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("revocation_order", sa.Text(), nullable=True),
        sa.Column("revocation_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_certificate")),
        sa.UniqueConstraint("case", name=op.f("uq_certificate_case")),
    )
    op.create_table(
        "certificate_signing",
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=80), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("case", name=op.f("pk_certificate_signing")),
    )
    op.create_table(
        "composition",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("order_number", sa.String(length=80), nullable=False),
        sa.Column("order_date", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("entered_by", sa.String(length=80), nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("file", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_composition")),
        sa.UniqueConstraint("valid_from", name=op.f("uq_composition_valid_from")),
    )
    op.create_table(
        "council_document",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("protocol", sa.Text(), nullable=False),
        sa.Column("meeting", sa.String(length=40), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("kind", "version", name=op.f("pk_council_document")),
    )
    op.create_table(
        "credential",
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_credential")),
    )
    op.create_table(
        "definition",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("released_by", sa.String(length=80), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("released_at", INSTANT, nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition")),
        sa.UniqueConstraint("key", "number", name=op.f("uq_definition_key_number")),
    )
    op.create_table(
        "depository_entry",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("organization", sa.Text(), nullable=False),
        sa.Column("organization_short", sa.Text(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("education_kind", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("study_form", sa.Text(), nullable=False),
        sa.Column("issued_document", sa.Text(), nullable=False),
        sa.Column(
            "certificate",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("published_by", sa.String(length=80), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=80), nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("removed_at", INSTANT, nullable=True),
        sa.Column("removal_reason", sa.String(length=12), nullable=True),
        sa.Column("removal_confirmed_by", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_depository_entry")),
        sa.UniqueConstraint("case", name=op.f("uq_depository_entry_case")),
        sa.UniqueConstraint("certificate", name=op.f("uq_depository_entry_certificate")),
        sa.UniqueConstraint("n", name=op.f("uq_depository_entry_n")),
    )
    op.create_index("ix_depository_entry_published_on", "depository_entry", ["published_on", "n"], unique=False)
    op.create_index("ix_depository_entry_title_key", "depository_entry", ["title_key", "n"], unique=False)
    op.create_index("ix_depository_entry_valid_until", "depository_entry", ["valid_until", "n"], unique=False)
    op.create_table(
        "depository_posting",
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("entries", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("field", "value", name=op.f("pk_depository_posting")),
    )
    op.create_index("ix_depository_posting_value", "depository_posting", ["value", "field"], unique=False)
    op.create_table(
        "digest",
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("letter", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("login", "day", name=op.f("pk_digest")),
    )
    op.create_index("ix_digest_day", "digest", ["day"], unique=False)
    op.create_table(
        "document",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case", sa.String(length=40), nullable=True),
        sa.Column("holder", sa.String(length=80), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    op.create_index("ix_document_case", "document", ["case", "id"], unique=False)
    op.create_index("ix_document_holder", "document", ["holder", "id"], unique=False)
    op.create_index("ix_document_sha256", "document", ["sha256"], unique=False)
    op.create_table(
        "idempotency",
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("login", "key", name=op.f("pk_idempotency")),
    )
    op.create_index("ix_idempotency_created_at", "idempotency", ["created_at"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_invitation")),
        sa.UniqueConstraint("login", name=op.f("uq_invitation_login")),
    )
    op.create_table(
        "journal",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "year", name=op.f("pk_journal")),
    )
    op.create_table(
        "journal_entry",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("case", sa.String(length=40), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.String(length=80), nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("kind", "year", "number", name=op.f("pk_journal_entry")),
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case", sa.String(length=40), nullable=True),
        sa.Column("owner", sa.String(length=80), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=True),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("delivery", sa.String(length=12), nullable=False),
        sa.Column("delivered_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
    )
    op.create_index("ix_letter_case", "letter", ["case", "id"], unique=False)
    op.create_index("ix_letter_login", "letter", ["login", "id"], unique=False)
    op.create_table(
        "letter_text",
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("entered_by", sa.String(length=80), nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("kind", "version", name=op.f("pk_letter_text")),
    )
    op.create_table(
        "manuscript",
        sa.Column("document", sa.String(length=40), nullable=False),
        sa.Column("application", sa.String(length=40), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_manuscript")),
    )
    op.create_index("ix_manuscript_application", "manuscript", ["application"], unique=False)
    op.create_table(
        "meeting",
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("form", sa.String(length=12), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("closes_at", INSTANT, nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("ballots_open", sa.Boolean(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=True),
        sa.Column("presiding", sa.String(length=80), nullable=True),
        sa.Column("presiding_for", sa.String(length=80), nullable=True),
        sa.Column("presiding_basis", sa.Text(), nullable=True),
        sa.Column("readings", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("case", name=op.f("pk_meeting")),
    )
    op.create_index("ix_meeting_held_on", "meeting", ["held_on"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("correlation", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("sender", sa.String(length=40), nullable=True),
        sa.Column("target", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index("ix_message_state", "message", ["state", "id"], unique=False)
    op.create_table(
        "ministry_order",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("registered_by", sa.String(length=80), nullable=False),
        sa.Column("registered_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("year", "number", name=op.f("pk_ministry_order")),
    )
    op.create_table(
        "normative_act",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_normative_act")),
    )
    op.create_table(
        "organization",
        sa.Column("inn", sa.String(length=12), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column("parent_inn", sa.String(length=12), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("inn", name=op.f("pk_organization")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index("ix_outbox_next", "outbox", ["next_at", "id"], unique=False)
    op.create_table(
        "preference",
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("login", "key", name=op.f("pk_preference")),
    )
    op.create_table(
        "publication",
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=80), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("case", name=op.f("pk_publication")),
    )
    op.create_table(
        "reading_version",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("protocol", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.String(length=80), nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("protocol_date", sa.Date(), nullable=True),
        sa.Column("file", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_reading_version")),
    )
    op.create_table(
        "refusal",
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("recommendations", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=80), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("case", name=op.f("pk_refusal")),
    )
    op.create_table(
        "registration",
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=80), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("case", name=op.f("pk_registration")),
        sa.UniqueConstraint("number", name=op.f("uq_registration_number")),
    )
    op.create_table(
        "retention_decision",
        sa.Column("retention", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=8), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=80), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("retention", "number", name=op.f("pk_retention_decision")),
    )
    op.create_table(
        "saved_view",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("group", sa.String(length=80), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("filters", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index("ix_saved_view_group", "saved_view", ["group", "id"], unique=False)
    op.create_index("ix_saved_view_login", "saved_view", ["login", "id"], unique=False)
    op.create_table(
        "session",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_session")),
    )
    op.create_index("ix_session_expires_at", "session", ["expires_at"], unique=False)
    op.create_index("ix_session_login", "session", ["login"], unique=False)
    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "sign_in_count",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("window", INSTANT, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "window", name=op.f("pk_sign_in_count")),
    )
    op.create_index("ix_sign_in_count_window", "sign_in_count", ["window"], unique=False)
    op.create_table(
        "sign_in_event",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_event")),
    )
    op.create_index("ix_sign_in_event_at", "sign_in_event", ["at"], unique=False)
    op.create_index("ix_sign_in_event_login", "sign_in_event", ["login", "id"], unique=False)
    op.create_table(
        "technical_review",
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("precheck", sa.Text(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("comments", sa.Text(), nullable=False),
        sa.Column("failed", sa.Text(), nullable=False),
        sa.Column("standard_version", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=80), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("case", name=op.f("pk_technical_review")),
    )
    op.create_table(
        "token",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_token")),
    )
    op.create_index("ix_token_expires_at", "token", ["expires_at"], unique=False)
    op.create_index("ix_token_login", "token", ["login"], unique=False)
    op.create_table(
        "withdrawal",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal")),
        sa.UniqueConstraint("case", name=op.f("uq_withdrawal_case")),
    )
    op.create_table(
        "case_file",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("process", sa.String(length=80), nullable=False),
        sa.Column("definition", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("end", sa.String(length=80), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("started_by", sa.String(length=80), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["definition"], ["definition.id"], name=op.f("fk_case_file_definition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("number", name=op.f("uq_case_file_number")),
    )
    op.create_index("ix_case_file_owner", "case_file", ["owner", "id"], unique=False)
    op.create_index("ix_case_file_process_state", "case_file", ["process", "state", "id"], unique=False)
    op.create_table(
        "first_view",
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("view", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["view"], ["saved_view.id"], name=op.f("fk_first_view_view")),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_first_view")),
    )
    op.create_index("ix_first_view_view", "first_view", ["view"], unique=False)
    op.create_table(
        "meeting_answer",
        sa.Column("meeting", sa.String(length=40), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(length=80), nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.case"], name=op.f("fk_meeting_answer_meeting")),
        sa.PrimaryKeyConstraint("meeting", "attempt", "member", name=op.f("pk_meeting_answer")),
    )
    op.create_table(
        "meeting_arrival",
        sa.Column("meeting", sa.String(length=40), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(length=80), nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column("noted_by", sa.String(length=80), nullable=False),
        sa.Column("noted_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.case"], name=op.f("fk_meeting_arrival_meeting")),
        sa.PrimaryKeyConstraint("meeting", "attempt", "member", name=op.f("pk_meeting_arrival")),
    )
    op.create_table(
        "meeting_assignment",
        sa.Column("meeting", sa.String(length=40), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("responsible", sa.String(length=80), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.String(length=80), nullable=True),
        sa.Column("done_note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.case"], name=op.f("fk_meeting_assignment_meeting")),
        sa.PrimaryKeyConstraint("meeting", "item", "n", name=op.f("pk_meeting_assignment")),
    )
    op.create_index("ix_meeting_assignment_due", "meeting_assignment", ["done_on", "due"], unique=False)
    op.create_table(
        "meeting_attendance",
        sa.Column("meeting", sa.String(length=40), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(length=80), nullable=False),
        sa.Column("registered_by", sa.String(length=80), nullable=False),
        sa.Column("registered_at", INSTANT, nullable=False),
        sa.Column("left_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.case"], name=op.f("fk_meeting_attendance_meeting")),
        sa.PrimaryKeyConstraint("meeting", "attempt", "member", name=op.f("pk_meeting_attendance")),
    )
    op.create_table(
        "meeting_floor",
        sa.Column("meeting", sa.String(length=40), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("called_by", sa.String(length=80), nullable=True),
        sa.Column("called_at", INSTANT, nullable=True),
        sa.Column("stopped_by", sa.String(length=80), nullable=True),
        sa.Column("stopped_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.case"], name=op.f("fk_meeting_floor_meeting")),
        sa.PrimaryKeyConstraint("meeting", "attempt", "item", name=op.f("pk_meeting_floor")),
    )
    op.create_table(
        "meeting_protocol",
        sa.Column("meeting", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("document", sa.String(length=40), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("drawn_up_at", INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.case"], name=op.f("fk_meeting_protocol_meeting")),
        sa.PrimaryKeyConstraint("meeting", name=op.f("pk_meeting_protocol")),
        sa.UniqueConstraint("number", name=op.f("uq_meeting_protocol_number")),
    )
    op.create_table(
        "meeting_protocol_version",
        sa.Column("meeting", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=40), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.case"], name=op.f("fk_meeting_protocol_version_meeting")),
        sa.PrimaryKeyConstraint("meeting", "version", name=op.f("pk_meeting_protocol_version")),
    )
    op.create_table(
        "meeting_reading",
        sa.Column("meeting", sa.String(length=40), nullable=False),
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("member", sa.String(length=80), nullable=False),
        sa.Column("document", sa.String(length=40), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.case"], name=op.f("fk_meeting_reading_meeting")),
        sa.PrimaryKeyConstraint("meeting", "case", "member", "document", name=op.f("pk_meeting_reading")),
    )
    op.create_table(
        "meeting_recusal",
        sa.Column("meeting", sa.String(length=40), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.case"], name=op.f("fk_meeting_recusal_meeting")),
        sa.PrimaryKeyConstraint("meeting", "attempt", "item", "member", name=op.f("pk_meeting_recusal")),
    )
    op.create_table(
        "meeting_result",
        sa.Column("meeting", sa.String(length=40), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("tally", sa.Text(), nullable=False),
        sa.Column("votes", sa.Text(), nullable=False),
        sa.Column("recused", sa.Text(), nullable=False),
        sa.Column("left", sa.Text(), nullable=False),
        sa.Column("recommendations", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.case"], name=op.f("fk_meeting_result_meeting")),
        sa.PrimaryKeyConstraint("meeting", "item", name=op.f("pk_meeting_result")),
    )
    op.create_table(
        "meeting_vote",
        sa.Column("meeting", sa.String(length=40), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(length=80), nullable=False),
        sa.Column("vote", sa.String(length=8), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("entered_by", sa.String(length=80), nullable=False),
        sa.Column("cast_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.case"], name=op.f("fk_meeting_vote_meeting")),
        sa.PrimaryKeyConstraint("meeting", "attempt", "item", "member", name=op.f("pk_meeting_vote")),
    )
    op.create_table(
        "meeting_wording",
        sa.Column("meeting", sa.String(length=40), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("heard", sa.Text(), nullable=False),
        sa.Column("spoke", sa.Text(), nullable=False),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.case"], name=op.f("fk_meeting_wording_meeting")),
        sa.PrimaryKeyConstraint("meeting", "item", name=op.f("pk_meeting_wording")),
    )
    op.create_table(
        "ministry_order_case",
        sa.Column("meeting", sa.String(length=40), nullable=False),
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meeting.case"], name=op.f("fk_ministry_order_case_meeting")),
        sa.ForeignKeyConstraint(
            ["year", "number"], ["ministry_order.year", "ministry_order.number"], name="fk_order_case"
        ),
        sa.PrimaryKeyConstraint("meeting", "case", name=op.f("pk_ministry_order_case")),
    )
    op.create_table(
        "person",
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("patronymic", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("degree", sa.Text(), nullable=False),
        sa.Column("academic_rank", sa.Text(), nullable=False),
        sa.Column("organization_inn", sa.String(length=12), nullable=True),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("directions", sa.Text(), nullable=False),
        sa.Column("meets_requirements", sa.Boolean(), nullable=False),
        sa.Column("role_periods", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["organization_inn"], ["organization.inn"], name=op.f("fk_person_organization_inn")),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_person")),
    )
    op.create_table(
        "reading",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["reading_version.version"], name=op.f("fk_reading_version")),
        sa.PrimaryKeyConstraint("version", "key", name=op.f("pk_reading")),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("appointed_at", INSTANT, nullable=False),
        sa.Column("appointed_by", sa.String(length=80), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=80), nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["login"], ["person.login"], name=op.f("fk_appointment_login")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index("ix_appointment_case", "appointment", ["case"], unique=False)
    op.create_index("ix_appointment_login", "appointment", ["login", "appointed_at"], unique=False)
    op.create_table(
        "case_comment",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(length=40), nullable=True),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=80), nullable=True),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("mentioned", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["case"], ["case_file.id"], name=op.f("fk_case_comment_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_comment")),
    )
    op.create_index("ix_case_comment_case", "case_comment", ["case", "seq"], unique=False)
    op.create_table(
        "case_state",
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["case_file.id"], name=op.f("fk_case_state_case")),
        sa.PrimaryKeyConstraint("case", name=op.f("pk_case_state")),
    )
    op.create_table(
        "case_word",
        sa.Column(
            "word", sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["case_file.id"], name=op.f("fk_case_word_case")),
        sa.PrimaryKeyConstraint("word", "case", name=op.f("pk_case_word")),
    )
    op.create_index("ix_case_word_case", "case_word", ["case", "word"], unique=False)
    op.create_table(
        "composition_member",
        sa.Column("composition", sa.String(length=40), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["composition"], ["composition.id"], name=op.f("fk_composition_member_composition")),
        sa.ForeignKeyConstraint(["login"], ["person.login"], name=op.f("fk_composition_member_login")),
        sa.PrimaryKeyConstraint("composition", "login", name=op.f("pk_composition_member")),
    )
    op.create_table(
        "disclosure",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("organization_inn", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("declared_at", INSTANT, nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["login"], ["person.login"], name=op.f("fk_disclosure_login")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
    )
    op.create_index("ix_disclosure_login", "disclosure", ["login"], unique=False)
    op.create_table(
        "expert_entry",
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.Column("included_on", sa.Date(), nullable=True),
        sa.Column("protocol", sa.Text(), nullable=False),
        sa.Column("excluded_on", sa.Date(), nullable=True),
        sa.Column("exclusion_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["login"], ["person.login"], name=op.f("fk_expert_entry_login")),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_expert_entry")),
    )
    op.create_table(
        "history",
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=80), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("element", sa.String(length=80), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["case_file.id"], name=op.f("fk_history_case")),
        sa.PrimaryKeyConstraint("case", "seq", name=op.f("pk_history")),
    )
    op.create_index(
        "ix_history_refused",
        "history",
        ["at"],
        unique=False,
        sqlite_where=sa.text("kind = 'act.refused'"),
        postgresql_where=sa.text("kind = 'act.refused'"),
    )
    op.create_table(
        "history_text",
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["case_file.id"], name=op.f("fk_history_text_case")),
        sa.PrimaryKeyConstraint("case", "ref", name=op.f("pk_history_text")),
    )
    op.create_table(
        "incident",
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("element", sa.String(length=80), nullable=True),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["case"], ["case_file.id"], name=op.f("fk_incident_case")),
        sa.PrimaryKeyConstraint("case", name=op.f("pk_incident")),
    )
    op.create_table(
        "meeting_signature",
        sa.Column("meeting", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=80), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meeting_protocol.meeting"], name=op.f("fk_meeting_signature_meeting")),
        sa.PrimaryKeyConstraint("meeting", "role", name=op.f("pk_meeting_signature")),
        sa.UniqueConstraint("meeting", "login", name=op.f("uq_meeting_signature_meeting_login")),
    )
    op.create_table(
        "substitution",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("absent", sa.String(length=80), nullable=False),
        sa.Column("deputy", sa.String(length=80), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.String(length=80), nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("revoked_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["absent"], ["person.login"], name=op.f("fk_substitution_absent")),
        sa.ForeignKeyConstraint(["deputy"], ["person.login"], name=op.f("fk_substitution_deputy")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitution")),
    )
    op.create_index("ix_substitution_until", "substitution", ["until"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("process", sa.String(length=80), nullable=False),
        sa.Column("element", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("assignee", sa.String(length=80), nullable=True),
        sa.Column("fixed", sa.Boolean(), nullable=False),
        sa.Column("candidates", sa.Text(), nullable=False),
        sa.Column("local", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("due", sa.Text(), nullable=True),
        sa.Column("completed_at", INSTANT, nullable=True),
        sa.Column("completed_by", sa.String(length=80), nullable=True),
        sa.Column("on_behalf_of", sa.String(length=80), nullable=True),
        sa.Column("draft", sa.Text(), nullable=True),
        sa.Column("draft_by", sa.String(length=80), nullable=True),
        sa.Column("completion", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["case_file.id"], name=op.f("fk_task_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("case", "token", name=op.f("uq_task_case_token")),
    )
    op.create_index("ix_task_assignee", "task", ["assignee", "state", "due_at", "id"], unique=False)
    op.create_index("ix_task_completed_by", "task", ["completed_by", "state", "due_at", "id"], unique=False)
    op.create_index("ix_task_element", "task", ["element", "state", "due_at", "id"], unique=False)
    op.create_index("ix_task_owner", "task", ["owner", "state", "due_at", "id"], unique=False)
    op.create_index("ix_task_state_due", "task", ["state", "due_at", "id"], unique=False)
    op.create_table(
        "timer",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case", sa.String(length=40), nullable=True),
        sa.Column("process", sa.String(length=80), nullable=False),
        sa.Column("token", sa.Integer(), nullable=True),
        sa.Column("host", sa.Integer(), nullable=True),
        sa.Column("element", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("due", INSTANT, nullable=False),
        sa.Column("deadline", sa.Text(), nullable=True),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["case_file.id"], name=op.f("fk_timer_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timer")),
        sa.UniqueConstraint("case", "token", name=op.f("uq_timer_case_token")),
    )
    op.create_index("ix_timer_due", "timer", ["held", "due", "id"], unique=False)
    op.create_table(
        "conclusion",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("appointment", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("comments", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("n_max", sa.Integer(), nullable=False),
        sa.Column("suggested", sa.String(length=20), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("verdict_reason", sa.Text(), nullable=True),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column("submitted_at", INSTANT, nullable=False),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("settled_by", sa.String(length=80), nullable=True),
        sa.Column("settled_for", sa.String(length=80), nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["appointment"], ["appointment.id"], name=op.f("fk_conclusion_appointment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conclusion")),
        sa.UniqueConstraint("case", "seat", "round", name=op.f("uq_conclusion_case_seat_round")),
    )
    op.create_index("ix_conclusion_case", "conclusion", ["case"], unique=False)
    op.create_table(
        "follow_up",
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("task", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["task"], ["task.id"], name=op.f("fk_follow_up_task")),
        sa.PrimaryKeyConstraint("login", "task", name=op.f("pk_follow_up")),
    )
    op.create_index("ix_follow_up_day", "follow_up", ["login", "day", "task"], unique=False)
    op.create_index("ix_follow_up_task", "follow_up", ["task"], unique=False)
    op.create_table(
        "task_candidate",
        sa.Column("group", sa.String(length=80), nullable=False),
        sa.Column("task", sa.String(length=40), nullable=False),
        sa.Column("element", sa.String(length=80), nullable=False),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["task"], ["task.id"], name=op.f("fk_task_candidate_task")),
        sa.PrimaryKeyConstraint("group", "task", name=op.f("pk_task_candidate")),
    )
    op.create_index("ix_task_candidate_due", "task_candidate", ["group", "due_at", "task"], unique=False)
    op.create_index("ix_task_candidate_element", "task_candidate", ["group", "element", "due_at", "task"], unique=False)
    op.create_index("ix_task_candidate_task", "task_candidate", ["task"], unique=False)
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:  # noqa: PLR0915 - a long list, no logic
    """Bring the tables back to the revision before."""
    op.drop_index("ix_task_candidate_task", table_name="task_candidate")
    op.drop_index("ix_task_candidate_element", table_name="task_candidate")
    op.drop_index("ix_task_candidate_due", table_name="task_candidate")
    op.drop_table("task_candidate")
    op.drop_index("ix_follow_up_task", table_name="follow_up")
    op.drop_index("ix_follow_up_day", table_name="follow_up")
    op.drop_table("follow_up")
    op.drop_index("ix_conclusion_case", table_name="conclusion")
    op.drop_table("conclusion")
    op.drop_index("ix_timer_due", table_name="timer")
    op.drop_table("timer")
    op.drop_index("ix_task_state_due", table_name="task")
    op.drop_index("ix_task_owner", table_name="task")
    op.drop_index("ix_task_element", table_name="task")
    op.drop_index("ix_task_completed_by", table_name="task")
    op.drop_index("ix_task_assignee", table_name="task")
    op.drop_table("task")
    op.drop_index("ix_substitution_until", table_name="substitution")
    op.drop_table("substitution")
    op.drop_table("meeting_signature")
    op.drop_table("incident")
    op.drop_table("history_text")
    op.drop_index(
        "ix_history_refused",
        table_name="history",
        sqlite_where=sa.text("kind = 'act.refused'"),
        postgresql_where=sa.text("kind = 'act.refused'"),
    )
    op.drop_table("history")
    op.drop_table("expert_entry")
    op.drop_index("ix_disclosure_login", table_name="disclosure")
    op.drop_table("disclosure")
    op.drop_table("composition_member")
    op.drop_index("ix_case_word_case", table_name="case_word")
    op.drop_table("case_word")
    op.drop_table("case_state")
    op.drop_index("ix_case_comment_case", table_name="case_comment")
    op.drop_table("case_comment")
    op.drop_index("ix_appointment_login", table_name="appointment")
    op.drop_index("ix_appointment_case", table_name="appointment")
    op.drop_table("appointment")
    op.drop_table("reading")
    op.drop_table("person")
    op.drop_table("ministry_order_case")
    op.drop_table("meeting_wording")
    op.drop_table("meeting_vote")
    op.drop_table("meeting_result")
    op.drop_table("meeting_recusal")
    op.drop_table("meeting_reading")
    op.drop_table("meeting_protocol_version")
    op.drop_table("meeting_protocol")
    op.drop_table("meeting_floor")
    op.drop_table("meeting_attendance")
    op.drop_index("ix_meeting_assignment_due", table_name="meeting_assignment")
    op.drop_table("meeting_assignment")
    op.drop_table("meeting_arrival")
    op.drop_table("meeting_answer")
    op.drop_index("ix_first_view_view", table_name="first_view")
    op.drop_table("first_view")
    op.drop_index("ix_case_file_process_state", table_name="case_file")
    op.drop_index("ix_case_file_owner", table_name="case_file")
    op.drop_table("case_file")
    op.drop_table("withdrawal")
    op.drop_index("ix_token_login", table_name="token")
    op.drop_index("ix_token_expires_at", table_name="token")
    op.drop_table("token")
    op.drop_table("technical_review")
    op.drop_index("ix_sign_in_event_login", table_name="sign_in_event")
    op.drop_index("ix_sign_in_event_at", table_name="sign_in_event")
    op.drop_table("sign_in_event")
    op.drop_index("ix_sign_in_count_window", table_name="sign_in_count")
    op.drop_table("sign_in_count")
    op.drop_table("setting")
    op.drop_index("ix_session_login", table_name="session")
    op.drop_index("ix_session_expires_at", table_name="session")
    op.drop_table("session")
    op.drop_index("ix_saved_view_login", table_name="saved_view")
    op.drop_index("ix_saved_view_group", table_name="saved_view")
    op.drop_table("saved_view")
    op.drop_table("retention_decision")
    op.drop_table("registration")
    op.drop_table("refusal")
    op.drop_table("reading_version")
    op.drop_table("publication")
    op.drop_table("preference")
    op.drop_index("ix_outbox_next", table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("organization")
    op.drop_table("normative_act")
    op.drop_table("ministry_order")
    op.drop_index("ix_message_state", table_name="message")
    op.drop_table("message")
    op.drop_index("ix_meeting_held_on", table_name="meeting")
    op.drop_table("meeting")
    op.drop_index("ix_manuscript_application", table_name="manuscript")
    op.drop_table("manuscript")
    op.drop_table("letter_text")
    op.drop_index("ix_letter_login", table_name="letter")
    op.drop_index("ix_letter_case", table_name="letter")
    op.drop_table("letter")
    op.drop_table("journal_entry")
    op.drop_table("journal")
    op.drop_table("invitation")
    op.drop_index("ix_idempotency_created_at", table_name="idempotency")
    op.drop_table("idempotency")
    op.drop_index("ix_document_sha256", table_name="document")
    op.drop_index("ix_document_holder", table_name="document")
    op.drop_index("ix_document_case", table_name="document")
    op.drop_table("document")
    op.drop_index("ix_digest_day", table_name="digest")
    op.drop_table("digest")
    op.drop_index("ix_depository_posting_value", table_name="depository_posting")
    op.drop_table("depository_posting")
    op.drop_index("ix_depository_entry_valid_until", table_name="depository_entry")
    op.drop_index("ix_depository_entry_title_key", table_name="depository_entry")
    op.drop_index("ix_depository_entry_published_on", table_name="depository_entry")
    op.drop_table("depository_entry")
    op.drop_table("definition")
    op.drop_table("credential")
    op.drop_table("council_document")
    op.drop_table("composition")
    op.drop_table("certificate_signing")
    op.drop_table("certificate")
    op.drop_index("ix_case_order_case", table_name="case_order")
    op.drop_table("case_order")
    op.drop_index("ix_case_decision_case", table_name="case_decision")
    op.drop_table("case_decision")
    op.drop_index("ix_calendar_year_year", table_name="calendar_year")
    op.drop_table("calendar_year")
    op.drop_table("calendar_key")
    op.drop_index("ix_application_owner", table_name="application")
    op.drop_table("application")
    op.drop_table("agenda_place")
    op.drop_index("ix_agenda_item_case", table_name="agenda_item")
    op.drop_table("agenda_item")
    op.drop_index("ix_administrative_change_subject", table_name="administrative_change")
    op.drop_index("ix_administrative_change_actor", table_name="administrative_change")
    op.drop_table("administrative_change")
    for statement in REMAINS[op.get_bind().dialect.name]:
        op.execute(statement)
