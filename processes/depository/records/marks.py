"""The depository's mark, different after each change, and which sets the last changes touched.

Who keeps sets of an earlier mark reads anew what was touched since, and no more. What a change touched is told in a row
beside the sets; each row names the mark before, so that one that is missing - forgotten, or never written by a process
of an earlier version - is noticed, and all is read anew.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.ids import new_id
from engine.records import settings
from engine.records.statements import Statement
from engine.records.tables import setting
from processes.depository.records.tables import posting

Key = tuple[str, str]

_STAMP: Final = "depository"
#: What stands for a field in the rows that tell of changes.
_CHANGE: Final = "change"
#: Changes that are told.
_MOST: Final = 16

_STAMPED: Final = Statement(sa.select(setting.c.value).where(setting.c.key == sa.bindparam("stamp")))
_TOLD: Final = Statement(
    sa.select(posting.c.entries).where(posting.c.field == sa.bindparam("of"), posting.c.value == sa.bindparam("stamp"))
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a change leaves, and what the one before it left; None before the first."""

    stamp: str
    before: str | None


def touch(connection: Connection) -> Mark:
    """Mark the depository as changed, by the transaction that changes it; others that change it wait from here on."""
    mark = Mark(new_id(), settings.lock(connection, _STAMP))
    settings.write(connection, _STAMP, mark.stamp)
    return mark


def stamp_of(connection: Connection) -> str | None:
    """What the last change left, different after each and in every database; None before the first."""
    row = _STAMPED.first(connection, {"stamp": _STAMP})
    return None if row is None else str(row[0])


def tell(connection: Connection, mark: Mark, keys: Collection[Key]) -> None:
    """Leave word which sets the change of this mark touched; of old changes nothing more is told."""
    content = orjson.dumps([mark.before, sorted(keys)])
    connection.execute(sa.insert(posting).values(field=_CHANGE, value=mark.stamp, entries=content))
    newest = sa.select(posting.c.value).where(posting.c.field == _CHANGE).order_by(posting.c.value.desc())
    told = newest.limit(1).offset(_MOST - 1).scalar_subquery()
    connection.execute(sa.delete(posting).where(posting.c.field == _CHANGE, posting.c.value < told))


def touched_since(connection: Connection, stamp: str, known: Collection[str]) -> tuple[str, set[Key]] | None:
    """The latest of some known stamps before this one, and what was touched since; None where that is not told."""
    touched: set[Key] = set()
    while row := _TOLD.first(connection, {"of": _CHANGE, "stamp": stamp}):
        stamp, keys = orjson.loads(row[0])
        touched |= {(field, value) for field, value in keys}
        if stamp in known:
            return stamp, touched
    return None
