"""Sets of entries by what they have: for each value of a field the numbers of its entries, as Roaring bitmaps.

A publication adds its number to a few dozen sets; a search intersects sets and counts by intersecting again, so that
its cost hardly grows with what it finds. Fields are an entry's columns, its words (`in.all`, `in.title`,
`in.organization`, `in.author.N`), months, beginnings of certificates, and the shelves of an order (`shelves`).
"""

import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from pyroaring import BitMap
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from engine.records.statements import Statement
from processes.depository.model import Entry
from processes.depository.records.lists import is_among
from processes.depository.records.marks import Key, stamp_of, touch, touched_since
from processes.depository.records.tables import entry, posting
from processes.depository.words import name_words, words_of

#: Signs of a certificate's number by which entries are roughly found.
CERTIFICATE_HEAD: Final = 10
_PLAIN: Final = ("direction", "level", "education_kind", "study_form", "issued_document", "organization")
_NUMBERS: Final = ("year", "hours")
_DAYS: Final = ("valid_from", "valid_until")
_MONTH: Final = len("2026-01")
_BATCH: Final = 500
#: Where the sets of a day are kept, which no row has.
_PUBLIC: Final = "public"

_BETWEEN: Final = Statement(
    sa.select(posting.c.entries).where(
        posting.c.field == sa.bindparam("of"),
        posting.c.value >= sa.bindparam("low"),
        posting.c.value <= sa.bindparam("high"),
    )
)

#: Sets of some fields, of fields and values (pairs of other ones too), of words in fields like a pattern.
_OF_FIELDS: Final = Statement(sa.select(posting).where(is_among(posting.c.field, "fields")))
_OF_KEYS: Final = Statement(
    sa.select(posting).where(is_among(posting.c.field, "fields"), is_among(posting.c.value, "values"))
)
_OF_WORDS: Final = Statement(
    sa.select(posting).where(is_among(posting.c.value, "words"), posting.c.field.like(sa.bindparam("like")))
)

Sets = dict[str, BitMap]


def keys_of(value: Entry) -> set[Key]:
    """Under which fields and values an entry is found."""
    title = words_of(value.title)
    organization = words_of(f"{value.organization} {value.organization_short}")
    authors = [name_words(name) for name in value.authors]
    other = words_of(" ".join([value.direction, *value.audience]))
    words = {("in.all", word) for words in (title, organization, other, *authors) for word in words}
    return (
        words
        | {("in.title", word) for word in title}
        | {("in.organization", word) for word in organization}
        | {(f"in.author.{part}", word) for part, name in enumerate(authors) for word in name}
        | {(name, getattr(value, name)) for name in _PLAIN}
        | {(name, spell(getattr(value, name))) for name in (*_NUMBERS, *_DAYS)}
        | {(f"{name}.month", spell(getattr(value, name))[:_MONTH]) for name in _DAYS}
        | {("audience", each) for each in value.audience}
        | {("certificate", value.certificate[:CERTIFICATE_HEAD])}
    )


def spell(value: int | date) -> str:
    """A number or a day as a posting's value, which sorts like it."""
    return value.isoformat() if isinstance(value, date) else f"{value:06d}"


def read_value(field: str, value: str) -> Any:
    """What a posting's value stands for."""
    if field in _NUMBERS:
        return int(value)
    return date.fromisoformat(value) if field in _DAYS else value


def add_numbers(connection: Connection, numbers: Iterable[int], keys: Collection[Key]) -> None:
    """Put entries into the sets of their values. The depository is touched already."""
    _change(connection, keys, BitMap(numbers), adds=True)


def take_number(connection: Connection, number: int, keys: Collection[Key]) -> None:
    """Take an entry out of the sets of its values. The depository is touched already."""
    _change(connection, keys, BitMap([number]), adds=False)


def _change(connection: Connection, keys: Collection[Key], numbers: BitMap, *, adds: bool) -> None:
    sets = _find(connection, keys)
    changed = {key: sets.get(key, BitMap()) for key in keys}
    write_sets(connection, {key: found | numbers if adds else found - numbers for key, found in changed.items()})


def _find(connection: Connection, keys: Collection[Key]) -> dict[Key, BitMap]:
    """The sets of these keys that there are. SQLite finds pairs by no index, so a few of other pairs are read too."""
    fields, values = {field for field, _value in keys}, {value for _field, value in keys}
    rows = _OF_KEYS.all(connection, {"fields": fields, "values": values})
    return {(field, value): BitMap.deserialize(numbers) for field, value, numbers in rows if (field, value) in keys}


def write_sets(connection: Connection, sets: dict[Key, BitMap]) -> None:
    """Keep sets in the place of those of before."""
    insert = sqlite.insert(posting) if connection.dialect.name == "sqlite" else postgresql.insert(posting)
    upsert = insert.on_conflict_do_update(
        index_elements=[posting.c.field, posting.c.value], set_={"entries": insert.excluded.entries}
    )
    rows = [{"field": f, "value": v, "entries": numbers.serialize()} for (f, v), numbers in sorted(sets.items())]
    for first in range(0, len(rows), _BATCH):
        connection.execute(upsert, rows[first : first + _BATCH])


class Postings:
    """The sets as a transaction sees them; every process keeps whole fields, and reads anew what a change touched."""

    def __init__(self, connection: Connection, kept: dict[str, Sets]) -> None:
        self.connection = connection
        self._kept = kept

    def load(self, fields: Iterable[str]) -> None:
        """Read whole fields at once."""
        missing = [field for field in fields if field not in self._kept]
        if not missing:
            return
        found: dict[str, Sets] = {field: {} for field in missing}
        for field, value, numbers in _OF_FIELDS.all(self.connection, {"fields": missing}):
            found[field][value] = BitMap.deserialize(numbers)
        self._kept.update(found)

    def field(self, name: str) -> Sets:
        """The sets of a field by value."""
        self.load([name])
        return self._kept[name]

    def of_words(self, field: str, words: Collection[str]) -> dict[str, Sets]:
        """The sets of words, by field and word; `field` may end in a point and stands for all that begin so."""
        like = f"{field}%" if field.endswith(".") else field
        found: dict[str, Sets] = defaultdict(dict)
        for name, value, numbers in _OF_WORDS.all(self.connection, {"words": words, "like": like}):
            found[name][value] = BitMap.deserialize(numbers)
        return found

    def within(self, field: str, low: str | None, high: str | None) -> BitMap:
        """Entries with a value of a field from `low` up to `high`, both included."""
        chosen = [
            numbers
            for value, numbers in self.field(field).items()
            if (low is None or value >= low) and (high is None or value <= high)
        ]
        return BitMap.union(*chosen) if chosen else BitMap()

    def public_on(self, today: date) -> BitMap:
        """Entries whose certificate is in force on a day or later; who was removed is in no set."""
        kept = self._kept.setdefault(_PUBLIC, {})
        key = today.isoformat()
        if key not in kept:
            kept[key] = self.by_day("valid_until", low=today)
        return kept[key]

    def by_day(self, field: str, *, low: date | None = None, high: date | None = None) -> BitMap:
        """Entries with a day from `low` on, or up to `high`: whole months, and days of the month where it begins."""
        edge = spell(low or high or date.max)
        month = edge[:_MONTH]
        days = (edge, f"{month}-31") if low else (f"{month}-01", edge)
        rows = _BETWEEN.all(self.connection, {"of": field, "low": days[0], "high": days[1]})
        sets = [BitMap.deserialize(numbers) for (numbers,) in rows]
        months = self.field(f"{field}.month").items()
        sets += [numbers for value, numbers in months if (value > month if low else value < month)]
        return BitMap.union(*sets) if sets else BitMap()


_SHELF: Final[dict[str, dict[str, Sets]]] = {}
_LOCK: Final = threading.Lock()
#: Depositories whose sets a process keeps: one, and the one of a moment before.
_DEPOSITORIES: Final = 2


def open_postings(connection: Connection) -> Postings:
    """The sets, and what this process already knows of them."""
    stamp = stamp_of(connection)
    if stamp is None:
        return Postings(connection, {})
    with _LOCK:
        known = dict(_SHELF)
    kept = known[stamp] if stamp in known else _renewed(connection, stamp, known)
    with _LOCK:
        kept = _SHELF.pop(stamp, kept)
        _SHELF[stamp] = kept
        while len(_SHELF) > _DEPOSITORIES:
            _SHELF.pop(next(iter(_SHELF)))
    return Postings(connection, kept)


def _renewed(connection: Connection, stamp: str, known: dict[str, dict[str, Sets]]) -> dict[str, Sets]:
    """What was kept before some changes, as it is after them; nothing where it is not told what they touched."""
    found = touched_since(connection, stamp, known) if known else None
    if found is None:
        return {}
    before, touched = found
    kept = {field: sets.copy() for field, sets in known[before].copy().items() if field != _PUBLIC}
    touched = {(field, value) for field, value in touched if field in kept}
    for field, value in touched:
        kept[field].pop(value, None)
    for (field, value), numbers in _find(connection, touched).items():
        kept[field][value] = numbers
    return kept


def forget() -> None:
    """Keep nothing in this process: the next search reads its sets as that of a new one does."""
    with _LOCK:
        _SHELF.clear()


def reindex(connection: Connection, values: Iterator[tuple[int, Entry]]) -> None:
    """Make all sets anew from the entries that the public may see, with their numbers."""
    touch(connection)
    sets: dict[Key, BitMap] = defaultdict(BitMap)
    for number, value in values:
        for key in keys_of(value):
            sets[key].add(number)
    connection.execute(sa.delete(posting))
    write_sets(connection, sets)


def next_number(connection: Connection) -> int:
    """The number of the next entry; the depository is touched already, so that nobody else takes it."""
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(entry.c.n), 0))).scalar_one()) + 1
