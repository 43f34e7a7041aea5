"""Entries of the depository and the search of them.

Words are looked up in a table of stems, equal on both databases; sorting goes by folded keys in byte order. What few
entries meet is read by their ids; what many meet is paged along an index of the order asked for.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from processes.depository.model import Entry, Found, Search
from processes.depository.records.overviews import Overview, Shelf, look, sorted_facet, stamp_of, touch
from processes.depository.records.tables import audience, entry, term
from processes.depository.words import fold, forms_of, name_words, name_words_of, words_of

_SHELF: Final = Shelf(64)
_SORTS: Final = {
    "title": entry.c.title_key,
    "organization": entry.c.organization_key,
    "year": entry.c.year,
    "hours": entry.c.hours,
    "published": entry.c.published_on,
    "certificate": entry.c.certificate,
    "valid_until": entry.c.valid_until,
}


def add_entry(connection: Connection, value: Entry, *, at: datetime, by: str, on_behalf_of: str | None = None) -> None:
    """Publish an entry with the words it is found by."""
    connection.execute(
        sa.insert(entry).values(
            id=value.id,
            case=value.case,
            title=value.title,
            title_key=fold(value.title),
            organization=value.organization,
            organization_key=fold(value.organization),
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
    rows = [
        {"entry": value.id, "field": name, "part": part, "term": word}
        for name, part, words in _words(value)
        for word in words
    ]
    connection.execute(sa.insert(term), rows)
    if value.audience:
        connection.execute(
            sa.insert(audience), [{"entry": value.id, "value": v} for v in dict.fromkeys(value.audience)]
        )
    touch(connection)


def _words(value: Entry) -> list[tuple[str, int, list[str]]]:
    named = [("author", part, name_words(name)) for part, name in enumerate(value.authors)]
    return [
        ("title", 0, words_of(value.title)),
        ("organization", 0, words_of(f"{value.organization} {value.organization_short}")),
        *named,
        ("other", 0, words_of(" ".join([value.direction, *value.audience]))),
    ]


def _entry(row: Any) -> Entry:
    return Entry(
        id=row.id,
        case=row.case,
        title=row.title,
        organization=row.organization,
        organization_short=row.organization_short,
        authors=tuple(row.authors),
        direction=row.direction,
        level=row.level,
        education_kind=row.education_kind,
        audience=tuple(row.audience),
        hours=row.hours,
        year=row.year,
        study_form=row.study_form,
        issued_document=row.issued_document,
        certificate=row.certificate,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        published_on=row.published_on,
        url=row.url,
    )


def find_entry(connection: Connection, identity: str) -> Entry | None:
    """An entry by id, removed ones too."""
    row = connection.execute(sa.select(entry).where(entry.c.id == identity)).one_or_none()
    return None if row is None else _entry(row)


def entry_of_case(connection: Connection, case: str) -> Entry | None:
    """The entry of a case, removed ones too."""
    row = connection.execute(sa.select(entry).where(entry.c.case == case)).one_or_none()
    return None if row is None else _entry(row)


def find_public(connection: Connection, identity: str, today: date) -> Entry | None:
    """An entry by id, where the public may see it on a day."""
    row = connection.execute(sa.select(entry).where(entry.c.id == identity, *_public(today))).one_or_none()
    return None if row is None else _entry(row)


def remove_entry(connection: Connection, case: str, *, reason: str, at: datetime) -> None:
    """Take a case's entry out of the public view; its history stays (clause 4.15)."""
    connection.execute(
        sa.update(entry)
        .where(entry.c.case == case, entry.c.removed_at.is_(None))
        .values(removed_at=at, removal_reason=reason)
    )
    touch(connection)


def confirm_removal(connection: Connection, case: str, *, by: str) -> None:
    """Write down who confirmed the removal."""
    connection.execute(sa.update(entry).where(entry.c.case == case).values(removal_confirmed_by=by))


def _public(today: date, *, hides: bool = False) -> list[sa.ColumnElement[bool]]:
    """What the public may see on a day; `hides` it from the planner, that it may go along the order asked for."""
    until = sa.func.coalesce(entry.c.valid_until, entry.c.valid_from) if hides else entry.c.valid_until
    return [entry.c.removed_at.is_(None), until >= today]


def search(connection: Connection, asked: Search, today: date, *, page: int = 1, per_page: int | None = 20) -> Found:
    """Entries that the public may see on a day and that meet every filter; all of them where `per_page` is None."""
    overview = _overview(connection, asked, today)
    column = _SORTS[asked.sort.removeprefix("-")]
    order = (column.desc() if asked.sort.startswith("-") else column, entry.c.id)
    if overview.ids is not None:
        query = sa.select(entry).where(entry.c.id.in_(overview.ids))
    else:
        query = sa.select(entry).where(*_public(today, hides=True), *_conditions(asked, by_entry=True))
    query = query.order_by(*order)
    if per_page is not None:
        query = query.limit(per_page).offset((page - 1) * per_page)
    items = tuple(_entry(row) for row in connection.execute(query))
    return Found(items, overview.total, overview.facets)


def _overview(connection: Connection, asked: Search, today: date) -> Overview:
    stamp = stamp_of(connection)
    key = (stamp, today, replace(asked, sort=""))
    found = _SHELF.get(key)
    if found is None:
        found = look(connection, [*_public(today), *_conditions(asked)])
        if stamp is not None:
            _SHELF.put(key, found)
    return found


def _conditions(asked: Search, *, by_entry: bool = False) -> list[sa.ColumnElement[bool]]:
    """What an entry must meet. Words find their entries, or `by_entry` each entry is asked for its words."""
    found = [*_word_conditions(asked, by_entry=by_entry), *_range_conditions(asked)]
    found += [
        entry.c[name] == value
        for name in ("direction", "level", "education_kind", "study_form", "issued_document")
        if (value := getattr(asked, name))
    ]
    if asked.audience:
        found.append(_is_in(audience.c.entry, audience.c.value.in_(asked.audience), by_entry=by_entry))
    if asked.certificate:
        found.append(entry.c.certificate.startswith(asked.certificate, autoescape=True))
    return found


def _is_in(
    column: sa.ColumnElement[str], *conditions: sa.ColumnElement[bool], by_entry: bool
) -> sa.ColumnElement[bool]:
    found = sa.select(column).where(*conditions)
    return found.where(column == entry.c.id).exists() if by_entry else entry.c.id.in_(found)


def _word_conditions(asked: Search, *, by_entry: bool) -> list[sa.ColumnElement[bool]]:
    named = (
        ("title", asked.title, words_of),
        ("organization", asked.organization, words_of),
        ("author", asked.author, name_words_of),
    )
    found = [_has_words(name, words(text), by_entry=by_entry) for name, text, words in named if text]
    if asked.q:
        forms = forms_of(asked.q)
        found += [_is_in(term.c.entry, term.c.term.in_(form), by_entry=by_entry) for form in forms]
        if not forms:
            found.append(sa.false())
    return found


def _range_conditions(asked: Search) -> list[sa.ColumnElement[bool]]:
    lows = ((entry.c.hours, asked.hours_from), (entry.c.year, asked.year_from), (entry.c.valid_until, asked.valid_on))
    highs = ((entry.c.hours, asked.hours_to), (entry.c.year, asked.year_to), (entry.c.valid_from, asked.valid_on))
    return [
        *(column >= limit for column, limit in lows if limit is not None),
        *(column <= limit for column, limit in highs if limit is not None),
    ]


def _has_words(name: str, words: list[str], *, by_entry: bool) -> sa.ColumnElement[bool]:
    if not words:
        return sa.false()
    found = (
        sa.select(term.c.entry)
        .where(term.c.field == name, term.c.term.in_(words))
        .group_by(term.c.entry, term.c.part)
        .having(sa.func.count() == len(words))
    )
    return found.where(term.c.entry == entry.c.id).exists() if by_entry else entry.c.id.in_(found)


def count_by(connection: Connection, asked: Search, today: date, name: str) -> list[dict[str, Any]]:
    """How many of the entries found stand under each value of a column, the commonest first: `value`, `count`."""
    return _count(connection, name, [*_public(today), *_conditions(asked)])


def _count(connection: Connection, name: str, conditions: list[sa.ColumnElement[bool]]) -> list[dict[str, Any]]:
    column = audience.c.value if name == "audience" else entry.c[name]
    query = sa.select(column.label("value"), sa.func.count().label("count")).where(*conditions).group_by(column)
    source = audience.join(entry, entry.c.id == audience.c.entry) if name == "audience" else entry
    return sorted_facet((row[0], row[1]) for row in connection.execute(query.select_from(source)))
