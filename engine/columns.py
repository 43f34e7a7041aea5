"""What columns are made of, the same on both databases: instants, JSON kept as text, bytes; and the list of tables."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine
from typing_extensions import override

#: All tables of the house; records modules add theirs.
METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware instant: timestamptz on PostgreSQL, fixed-width UTC text (sortable) on SQLite; read back as UTC."""

    impl = sa.String(32)
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(sa.DateTime(timezone=True))
        return dialect.type_descriptor(sa.String(32))

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive instant")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.isoformat(timespec="microseconds")[:26] + "Z"

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if isinstance(value, datetime) else datetime.fromisoformat(value)


class Json(TypeDecorator[Any]):
    """A JSON value kept as text, in the order given: the same bytes on both databases."""

    impl = sa.Text
    cache_ok = True

    @override
    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else as_json(value)

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else read_json(value)


def as_json(value: Any) -> str:
    """A value as a Json column keeps it."""
    return orjson.dumps(value, default=_plain).decode()


#: A value from the text that a Json column keeps.
read_json = orjson.loads


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(type(value).__name__)


#: Bytes of a state: bytea on PostgreSQL, BLOB on SQLite.
Blob = sa.LargeBinary().with_variant(postgresql.BYTEA(), "postgresql")


def dumps(value: Any) -> str:
    """Compact JSON text with sorted keys, for keys and digests of small values."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
