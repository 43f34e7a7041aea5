"""Values of any number as one parameter of a statement, so that it is one statement, compiled and planned once."""

from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

from engine.database import as_json

_ESCAPED: Final = str.maketrans({"\\": "\\\\", '"': '\\"'})


class _Listed(TypeDecorator[Iterable[Any]]):
    """Numbers, or texts: a JSON array for SQLite, PostgreSQL's own writing of an array."""

    impl = sa.Text
    cache_ok = True

    @override
    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> str:
        values = list(value or ())
        if dialect.name == "sqlite":
            return as_json(values)
        return f"{{{','.join(_quoted(each) if isinstance(each, str) else str(each) for each in values)}}}"


def _quoted(text: str) -> str:
    return f'"{text.translate(_ESCAPED)}"'


class _Among(sa.ColumnElement[bool]):
    """Whether a column's value is one of those that a parameter lists."""

    inherit_cache = False
    type = sa.Boolean()

    def __init__(self, column: sa.Column[Any], name: str) -> None:
        self.column = column
        self.listed = sa.bindparam(name, type_=_Listed())

    @override
    def self_group(self, against: Any = None) -> "_Among":
        """A condition as it is: what SQLAlchemy takes for a column of SQLite's it would compare with 1."""
        return self


@compiles(_Among, "sqlite")
def _ask_sqlite(element: _Among, compiler: SQLCompiler, **kept: Any) -> str:
    values = sa.func.json_each(element.listed).table_valued("value")
    return compiler.process(element.column.in_(sa.select(values.c.value)), **kept)


@compiles(_Among, "postgresql")
def _ask_postgresql(element: _Among, compiler: SQLCompiler, **kept: Any) -> str:
    kind: Any = sa.Integer() if isinstance(element.column.type, sa.Integer) else sa.Text()
    array = sa.cast(element.listed, sa.ARRAY(kind))
    return compiler.process(element.column == sa.any_(array), **kept)


def is_among(column: sa.Column[Any], name: str) -> sa.ColumnElement[bool]:
    """Whether a column's value is one of those that the parameter of this name lists, as numbers or as texts."""
    return _Among(column, name)
