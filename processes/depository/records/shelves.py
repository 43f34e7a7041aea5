"""Orders of entries as shelves: neighbours in an order kept as one set, under the least key that stands on the shelf.

A page anywhere is found by counting what a search leaves on each shelf; only the shelf where the page begins is sorted.
No key stands on two shelves, and a shelf of more than MOST entries has a single key: equal ones go as they came.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import sqlalchemy as sa
from pyroaring import BitMap
from sqlalchemy.engine import Connection

from engine.records.statements import Statement
from processes.depository.model import Entry
from processes.depository.records.lists import is_among
from processes.depository.records.marks import Key
from processes.depository.records.postings import Postings, spell, write_sets
from processes.depository.records.tables import entry, posting
from processes.depository.words import fold

#: Entries of different keys on one shelf.
MOST: Final = 512
#: Orders that stand on shelves, each with the column that it goes by.
COLUMNS: Final[Mapping[str, sa.Column[Any]]] = {
    "title": entry.c.title_key,
    "certificate": entry.c.certificate,
    "published": entry.c.published_on,
    "valid_until": entry.c.valid_until,
}
_IS_ASKED: Final = is_among(entry.c.n, "numbers")
_KEYS: Final = {
    order: Statement(sa.select(column, entry.c.n).where(_IS_ASKED).order_by(column, entry.c.n))
    for order, column in COLUMNS.items()
}
#: By the order, and whether it is turned round.
_SORTED: Final = {
    (order, is_back): Statement(
        sa.select(entry.c.n)
        .where(_IS_ASKED)
        .order_by(column.desc() if is_back else column, entry.c.n)
        .limit(sa.bindparam("count", type_=sa.Integer()))
        .offset(sa.bindparam("first", type_=sa.Integer()))
    )
    for order, column in COLUMNS.items()
    for is_back in (False, True)
}
#: Entries that are sorted by one statement where very many are asked for.
_BATCH: Final = 2_000


def place(connection: Connection, number: int, value: Entry) -> set[Key]:
    """Put an entry, whose row is there, on its shelves; which of them changed. The depository is touched already."""
    touched: set[Key] = set()
    for order, key in _keys_of(value).items():
        found = _shelf_of(connection, order, key)
        if found is None or (len(found[1]) > MOST and key != found[0]):
            touched |= _write(connection, order, {key: BitMap([number])})
            continue
        bound, numbers = found
        is_full = len(numbers) == MOST
        numbers.add(number)
        pieces = dict(_cut(_read_keys(connection, order, numbers))) if is_full else {min(bound, key): numbers}
        if bound not in pieces:
            connection.execute(sa.delete(posting).where(posting.c.field == field_of(order), posting.c.value == bound))
        touched |= _write(connection, order, pieces) | {(field_of(order), bound)}
    return touched


def take(connection: Connection, number: int, value: Entry) -> set[Key]:
    """Take an entry off its shelves; which of them changed. The depository is touched already."""
    touched: set[Key] = set()
    for order, key in _keys_of(value).items():
        found = _shelf_of(connection, order, key)
        if found is not None:
            touched |= _write(connection, order, {found[0]: found[1] - BitMap([number])})
    return touched


def rebuild(connection: Connection) -> None:
    """Make the shelves anew from the rows that the public may see. The depository is touched already."""
    for order, column in COLUMNS.items():
        connection.execute(sa.delete(posting).where(posting.c.field == field_of(order)))
        query = sa.select(column, entry.c.n).where(entry.c.removed_at.is_(None)).order_by(column, entry.c.n)
        _write(connection, order, dict(_cut(_spelled(connection.execute(query)))))


def pick(postings: Postings, found: BitMap, order: str, *, is_back: bool, first: int, count: int) -> list[int]:
    """Numbers `first` to `first + count` of the entries found in an order that stands on shelves."""
    picked: list[int] = []
    wanted = BitMap()
    skipped = 0
    for _bound, shelf in sorted(postings.field(field_of(order)).items(), reverse=is_back):
        here = shelf.intersection_cardinality(found)
        if here <= first:
            first -= here
            continue
        numbers = shelf & found
        if len(shelf) > MOST:
            numbers = numbers[first : first + count]
        else:
            skipped += first
        first = 0
        wanted |= numbers
        left = count - len(picked)
        if len(wanted) >= skipped + min(left, _BATCH):
            picked += _sort(postings.connection, order, wanted, is_back=is_back, first=skipped, count=left)
            wanted, skipped = BitMap(), 0
            if len(picked) >= count:
                return picked
    return picked + _sort(postings.connection, order, wanted, is_back=is_back, first=skipped, count=count - len(picked))


def _keys_of(value: Entry) -> dict[str, str]:
    return {
        "title": fold(value.title),
        "certificate": value.certificate,
        "published": spell(value.published_on),
        "valid_until": spell(value.valid_until),
    }


def field_of(order: str) -> str:
    """The field whose sets are the shelves of an order."""
    return f"order.{order}"


def _shelf_of(connection: Connection, order: str, key: str) -> tuple[str, BitMap] | None:
    """The shelf where a key stands or would: the last that begins at it or before it, else the first one."""
    shelves = sa.select(posting.c.value, posting.c.entries).where(posting.c.field == field_of(order)).limit(1)
    before = shelves.where(posting.c.value <= key).order_by(posting.c.value.desc())
    row = (
        connection.execute(before).one_or_none() or connection.execute(shelves.order_by(posting.c.value)).one_or_none()
    )
    return None if row is None else (row.value, BitMap.deserialize(row.entries))


def _read_keys(connection: Connection, order: str, numbers: BitMap) -> Iterator[tuple[str, int]]:
    return _spelled(_KEYS[order].all(connection, {"numbers": numbers}))


def _spelled(rows: Iterable[Any]) -> Iterator[tuple[str, int]]:
    return ((key if isinstance(key, str) else spell(key), number) for key, number in rows)


def _cut(ordered: Iterable[tuple[str, int]]) -> Iterator[tuple[str, BitMap]]:
    """Half-full shelves of entries that come in order, each with its least key."""
    bound, shelf = "", BitMap()
    for key, run in groupby(ordered, itemgetter(0)):
        numbers = BitMap([number for _key, number in run])
        if shelf and len(shelf) + len(numbers) > MOST // 2:
            yield bound, shelf
            shelf = BitMap()
        bound = bound if shelf else key
        shelf |= numbers
    if shelf:
        yield bound, shelf


def _write(connection: Connection, order: str, shelves: Mapping[str, BitMap]) -> set[Key]:
    sets = {(field_of(order), bound): numbers for bound, numbers in shelves.items()}
    write_sets(connection, sets)
    return set(sets)


def _sort(connection: Connection, order: str, numbers: BitMap, *, is_back: bool, first: int, count: int) -> list[int]:
    if not numbers or count <= 0:
        return []
    rows = _SORTED[order, is_back].all(connection, {"numbers": numbers, "count": count, "first": first})
    return [number for (number,) in rows]
