"""What columns are made of, the same on both databases: instants, JSON kept as text, bytes; and the list of tables."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
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
    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        return _utc if dialect.name == "postgresql" else _utc_text

    @override
    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        return _utc if dialect.name == "postgresql" else _instant


class Json(TypeDecorator[Any]):
    """A JSON value kept as text, in the order given: the same bytes on both databases."""

    impl = sa.Text
    cache_ok = True

    @override
    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:
        return _json_text

    @override
    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], Any]:
        return _json_value


def _utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("naive instant")
    return value.astimezone(UTC)


def _utc_text(value: datetime | None) -> str | None:
    utc = _utc(value)
    return None if utc is None else _text_of(utc)


@lru_cache(maxsize=64)
def _text_of(utc: datetime) -> str:
    """An instant in UTC as text; the rows of one act hold the same instant many times."""
    return utc.isoformat(timespec="microseconds")[:26] + "Z"


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _json_text(value: Any) -> str | None:
    return None if value is None else as_json(value)


def _json_value(text: str | None) -> Any:
    return None if text is None else orjson.loads(text)


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
