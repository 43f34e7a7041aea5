"""Tables of the depository: certificates, published entries, and the sets by which entries are found."""

import sqlalchemy as sa

from engine.database import METADATA, Blob, Instant, Json

_Key = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_Number = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")

entry = sa.Table(
    "depository_entry",
    METADATA,
    sa.Column("id", sa.String(40), primary_key=True),
    # In the order of publication, from 1: what the sets of entries hold.
    sa.Column("n", sa.Integer, nullable=False, unique=True),
    sa.Column("case", sa.String(40), nullable=False, unique=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("title_key", _Key, nullable=False),
    sa.Column("organization", sa.Text, nullable=False),
    sa.Column("organization_short", sa.Text, nullable=False),
    sa.Column("authors", Json, nullable=False),
    sa.Column("direction", sa.Text, nullable=False),
    sa.Column("level", sa.String(12), nullable=False),
    sa.Column("education_kind", sa.Text, nullable=False),
    sa.Column("audience", Json, nullable=False),
    sa.Column("hours", sa.Integer, nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("study_form", sa.Text, nullable=False),
    sa.Column("issued_document", sa.Text, nullable=False),
    sa.Column("certificate", _Number, nullable=False, unique=True),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_until", sa.Date, nullable=False),
    sa.Column("published_at", Instant, nullable=False),
    sa.Column("published_on", sa.Date, nullable=False),
    sa.Column("published_by", sa.String(80), nullable=False),
    sa.Column("on_behalf_of", sa.String(80)),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("removed_at", Instant),
    sa.Column("removal_reason", sa.String(12)),
    sa.Column("removal_confirmed_by", sa.String(80)),
    # Orders of a page; `certificate` has its own, and the others are read off the sets of entries.
    sa.Index("ix_depository_entry_title_key", "title_key", "n"),
    sa.Index("ix_depository_entry_published_on", "published_on", "n"),
    sa.Index("ix_depository_entry_valid_until", "valid_until", "n"),
)

#: For each value of a field the set of entries (their `n`) that have it, as a serialized Roaring bitmap; and what the
#: last changes touched (`marks`).
posting = sa.Table(
    "depository_posting",
    METADATA,
    sa.Column("field", sa.String(40), primary_key=True),
    sa.Column("value", _Key, primary_key=True),
    sa.Column("entries", Blob, nullable=False),
    sa.Index("ix_depository_posting_value", "value", "field"),
)

#: The register of certificates (clause 2.6): a number is never used again.
certificate = sa.Table(
    "certificate",
    METADATA,
    sa.Column("number", sa.String(40), primary_key=True),
    sa.Column("case", sa.String(40), nullable=False, unique=True),
    sa.Column("owner", sa.String(80), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("organization", sa.Text, nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_until", sa.Date, nullable=False),
    sa.Column("signed_by", sa.String(80), nullable=False),
    sa.Column("on_behalf_of", sa.String(80)),
    sa.Column("issued_at", Instant, nullable=False),
    sa.Column("sha256", sa.String(64)),
    sa.Column("revoked_at", Instant),
    sa.Column("revoked_on", sa.Date),
    sa.Column("revocation_order", sa.Text),
    sa.Column("revocation_reason", sa.Text),
)
