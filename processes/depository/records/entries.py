"""Entries of the depository and the search of them.

Words are looked up by their stems, equal on both databases; sorting goes by folded keys in byte order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.records.statements import Statement
from processes.depository.model import Entry, Found, Search
from processes.depository.records import marks, postings, searching, shelves
from processes.depository.records.lists import is_among
from processes.depository.records.tables import entry
from processes.depository.words import fold

_BATCH: Final = 1_000
_NAMES: Final = tuple(each.name for each in fields(Entry))
#: The number of an entry, and what it is made of.
_COLUMNS: Final = (entry.c.n, *(entry.c[name] for name in _NAMES))
_NUMBERED: Final = Statement(sa.select(*_COLUMNS).where(is_among(entry.c.n, "numbers")))


def add_entry(connection: Connection, value: Entry, *, at: datetime, by: str, on_behalf_of: str | None = None) -> None:
    """Publish an entry and put it into the sets it is found by."""
    mark = marks.touch(connection)
    number = postings.next_number(connection)
    connection.execute(
        sa.insert(entry).values(
            id=value.id,
            n=number,
            case=value.case,
            title=value.title,
            title_key=fold(value.title),
            organization=value.organization,
            organization_short=value.organization_short,
            authors=list(value.authors),
            direction=value.direction,
            level=value.level,
            education_kind=value.education_kind,
            audience=list(value.audience),
            hours=value.hours,
            year=value.year,
            study_form=value.study_form,
            issued_document=value.issued_document,
            certificate=value.certificate,
            valid_from=value.valid_from,
            valid_until=value.valid_until,
            published_at=at,
            published_on=value.published_on,
            published_by=by,
            on_behalf_of=on_behalf_of,
            url=value.url,
        )
    )
    keys = postings.keys_of(value)
    postings.add_numbers(connection, [number], keys)
    marks.tell(connection, mark, keys | shelves.place(connection, number, value))


def _entry(row: Sequence[Any]) -> Entry:
    """An entry from the columns of `_COLUMNS`."""
    values = dict(zip(_NAMES, row[1:], strict=True))
    return Entry(**{**values, "authors": tuple(values["authors"]), "audience": tuple(values["audience"])})


def find_entry(connection: Connection, identity: str) -> Entry | None:
    """An entry by id, removed ones too."""
    row = connection.execute(sa.select(*_COLUMNS).where(entry.c.id == identity)).one_or_none()
    return None if row is None else _entry(row)


def entry_of_case(connection: Connection, case: str) -> Entry | None:
    """The entry of a case, removed ones too."""
    row = connection.execute(sa.select(*_COLUMNS).where(entry.c.case == case)).one_or_none()
    return None if row is None else _entry(row)


def find_public(connection: Connection, identity: str, today: date) -> Entry | None:
    """An entry by id, where the public may see it on a day."""
    row = connection.execute(sa.select(*_COLUMNS).where(entry.c.id == identity, _is_public(today))).one_or_none()
    return None if row is None else _entry(row)


def remove_entry(connection: Connection, case: str, *, reason: str, at: datetime) -> None:
    """Take a case's entry out of the public view; its history stays (clause 4.15)."""
    mark = marks.touch(connection)
    row = connection.execute(
        sa.select(*_COLUMNS).where(entry.c.case == case, entry.c.removed_at.is_(None))
    ).one_or_none()
    if row is None:
        marks.tell(connection, mark, ())
        return
    connection.execute(sa.update(entry).where(entry.c.n == row.n).values(removed_at=at, removal_reason=reason))
    value = _entry(row)
    keys = postings.keys_of(value)
    postings.take_number(connection, row.n, keys)
    marks.tell(connection, mark, keys | shelves.take(connection, row.n, value))


def confirm_removal(connection: Connection, case: str, *, by: str) -> None:
    """Write down who confirmed the removal."""
    connection.execute(sa.update(entry).where(entry.c.case == case).values(removal_confirmed_by=by))


def _is_public(today: date) -> sa.ColumnElement[bool]:
    return sa.and_(entry.c.removed_at.is_(None), entry.c.valid_until >= today)


def search(connection: Connection, asked: Search, today: date, *, page: int = 1, per_page: int | None = 20) -> Found:
    """Entries that the public may see on a day and that meet every filter; all of them where `per_page` is None."""
    sets = postings.open_postings(connection)
    found = searching.find(sets, asked, today)
    facets = {name: searching.count(sets, found, name) for name in searching.FACETS}
    first = 0 if per_page is None else (page - 1) * per_page
    numbers = searching.put_in_order(sets, found, asked.sort, first=first, count=per_page or len(found))
    return Found(tuple(_read(connection, numbers)), len(found), facets)


def _read(connection: Connection, numbers: list[int]) -> Iterator[Entry]:
    """The entries of these numbers, in their order."""
    for first in range(0, len(numbers), _BATCH):
        part = numbers[first : first + _BATCH]
        by_number = {row[0]: row for row in _NUMBERED.all(connection, {"numbers": part})}
        yield from (_entry(by_number[number]) for number in part if number in by_number)


def count_by(connection: Connection, asked: Search, today: date, name: str) -> searching.Facet:
    """How many of the entries found stand under each value of a field, the commonest first: `value`, `count`."""
    sets = postings.open_postings(connection)
    return searching.count(sets, searching.find(sets, asked, today), name)


def reindex(connection: Connection) -> None:
    """Make the sets that entries are found by anew from their rows."""
    query = sa.select(*_COLUMNS).where(entry.c.removed_at.is_(None)).order_by(entry.c.n)
    with connection.execute(query.execution_options(yield_per=_BATCH)) as rows:
        postings.reindex(connection, ((row.n, _entry(row)) for row in rows))
    shelves.rebuild(connection)
