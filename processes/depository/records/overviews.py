"""What a search finds as a whole: how many entries, under which values; kept until the depository changes.

A first look reads every entry that meets the filters once. Pages after it, and other people's, read what was counted:
entries come and go a few times a day, searches all the time.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from engine.ids import new_id
from engine.records.tables import setting
from processes.depository.records.tables import audience, entry

FACETS: Final = ("direction", "level", "education_kind", "year", "study_form", "issued_document", "organization")
#: Finds of this size or less are kept entry by entry; larger ones are paged along an index of their order.
FEW: Final = 2_000
_STAMP: Final = "depository"
_FETCH: Final = 5_000

Facets = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Overview:
    """`total` entries and their `facets`; `ids` where they are few."""

    total: int
    facets: Facets
    ids: tuple[str, ...] | None


class Shelf:
    """The overviews last asked for, at most `size` of them; threads share it."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: dict[object, Overview] = {}
        self._lock = threading.Lock()

    def get(self, key: object) -> Overview | None:
        """The overview kept under a key."""
        with self._lock:
            found = self._kept.pop(key, None)
            if found is not None:
                self._kept[key] = found
            return found

    def put(self, key: object, overview: Overview) -> None:
        """Keep an overview; the one longest unused goes."""
        with self._lock:
            if len(self._kept) >= self._size:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = overview


def touch(connection: Connection) -> None:
    """Mark the depository as changed, by the transaction that changes it; what was counted before counts no more."""
    insert = sqlite.insert(setting) if connection.dialect.name == "sqlite" else postgresql.insert(setting)
    stamp = new_id()
    upsert = insert.values(key=_STAMP, value=stamp).on_conflict_do_update(
        index_elements=[setting.c.key], set_={"value": stamp}
    )
    connection.execute(upsert)


def stamp_of(connection: Connection) -> str | None:
    """What the last change left, different after each and in every database; None before the first."""
    found: str | None = connection.execute(sa.select(setting.c.value).where(setting.c.key == _STAMP)).scalar()
    return found


def look(connection: Connection, conditions: Sequence[sa.ColumnElement[bool]]) -> Overview:
    """Count what meets conditions: two statements, every entry read once."""
    counters: list[Counter[Any]] = [Counter() for _ in FACETS]
    ids: list[str] = []
    total = 0
    query = sa.select(*(entry.c[name] for name in FACETS), entry.c.id).where(*conditions)
    for rows in connection.execute(query.execution_options(yield_per=_FETCH)).partitions():
        *columns, identities = zip(*rows, strict=True)
        for counter, column in zip(counters, columns, strict=True):
            counter.update(column)
        total += len(rows)
        if total <= FEW:
            ids.extend(identities)
    facets = {name: sorted_facet(counter.items()) for name, counter in zip(FACETS, counters, strict=True)}
    is_few = total <= FEW
    chosen = [audience.c.entry.in_(ids)] if is_few else conditions
    source = audience if is_few else audience.join(entry, entry.c.id == audience.c.entry)
    heard = sa.select(audience.c.value, sa.func.count()).select_from(source).where(*chosen).group_by(audience.c.value)
    facets["audience"] = sorted_facet((row[0], row[1]) for row in connection.execute(heard)) if total else []
    return Overview(total, facets, tuple(ids) if is_few else None)


def sorted_facet(counts: Iterable[tuple[Any, int]]) -> list[dict[str, Any]]:
    """Values with their counts, the commonest first."""
    found = [{"value": value, "count": int(count)} for value, count in counts]
    return sorted(found, key=lambda facet: (-facet["count"], str(facet["value"])))
