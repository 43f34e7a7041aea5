"""A search as operations on sets of entries: what it finds, how that spreads over values, and a page of it in order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from pyroaring import BitMap

from processes.depository.model import Search
from processes.depository.records import shelves
from processes.depository.records.postings import CERTIFICATE_HEAD, Postings, read_value, spell
from processes.depository.records.tables import entry
from processes.depository.words import fold, forms_of, name_words_of, words_of

FACETS: Final = (
    "direction",
    "level",
    "education_kind",
    "year",
    "study_form",
    "issued_document",
    "organization",
    "audience",
)
_EQUAL: Final = ("direction", "level", "education_kind", "study_form", "issued_document")
_LAST: Final = "\U0010ffff"

Facet = list[dict[str, Any]]


def find(postings: Postings, asked: Search, today: date) -> BitMap:
    """Numbers of the entries that the public may see on a day and that meet every filter."""
    postings.load(["valid_until.month", *FACETS, _field_of(asked.sort)])
    found = postings.public_on(today).copy()
    for name in _EQUAL:
        if value := getattr(asked, name):
            found &= postings.field(name).get(value, BitMap())
    if asked.audience:
        heard = postings.field("audience")
        found &= BitMap.union(*(heard.get(value, BitMap()) for value in asked.audience))
    for numbers in _ranges(postings, asked):
        found &= numbers
    for numbers in _words(postings, asked):
        found &= numbers
    if asked.certificate:
        found &= _numbered(postings, asked.certificate)
    return found


def _ranges(postings: Postings, asked: Search) -> Iterable[BitMap]:
    for name in ("hours", "year"):
        low, high = getattr(asked, f"{name}_from"), getattr(asked, f"{name}_to")
        if low is not None or high is not None:
            yield postings.within(name, None if low is None else spell(low), None if high is None else spell(high))
    if asked.valid_on:
        yield postings.by_day("valid_until", low=asked.valid_on)
        yield postings.by_day("valid_from", high=asked.valid_on)


def _words(postings: Postings, asked: Search) -> Iterable[BitMap]:
    for name, text in (("title", asked.title), ("organization", asked.organization)):
        if text:
            yield _meet(postings.of_words(f"in.{name}", words_of(text)).values(), words_of(text))
    if asked.author:
        words = name_words_of(asked.author)
        yield _meet(postings.of_words("in.author.", words).values(), words)
    if asked.q:
        forms = forms_of(asked.q)
        known = postings.of_words("in.all", {form for pair in forms for form in pair}).get("in.all", {})
        each = [BitMap.union(*(known.get(form, BitMap()) for form in pair)) for pair in forms]
        yield BitMap.intersection(*each) if each else BitMap()


def _meet(parts: Iterable[Mapping[str, BitMap]], words: list[str]) -> BitMap:
    """Entries of which one part - a title, one of the authors - has all words."""
    found = BitMap()
    for sets in parts:
        if words and all(word in sets for word in words):
            found |= BitMap.intersection(*(sets[word] for word in words))
    return found


def _numbered(postings: Postings, prefix: str) -> BitMap:
    """Entries whose certificate begins so; within one beginning the rows are asked."""
    sets = [s for head, s in postings.field("certificate").items() if head.startswith(prefix[:CERTIFICATE_HEAD])]
    found = BitMap.union(*sets) if sets else BitMap()
    if len(prefix) <= CERTIFICATE_HEAD or not found:
        return found
    query = sa.select(entry.c.n).where(entry.c.certificate >= prefix, entry.c.certificate < prefix + _LAST)
    return found & BitMap(postings.connection.execute(query).scalars().all())


def count(postings: Postings, found: BitMap, field: str) -> Facet:
    """How many of the entries found stand under each value of a field, the commonest first: `value`, `count`."""
    counted = ((value, numbers.intersection_cardinality(found)) for value, numbers in postings.field(field).items())
    facet = [{"value": read_value(field, value), "count": number} for value, number in counted if number]
    return sorted(facet, key=lambda each: (-each["count"], str(each["value"])))


def _field_of(sort: str) -> str:
    """The field that an order is read off."""
    name = sort.removeprefix("-")
    return shelves.field_of(name) if name in shelves.COLUMNS else name


def put_in_order(postings: Postings, found: BitMap, sort: str, *, first: int, count: int) -> list[int]:
    """Numbers `first` to `first + count` of the entries found, in the order asked for; equal ones as they came."""
    name, is_back = sort.removeprefix("-"), sort.startswith("-")
    if name in shelves.COLUMNS:
        return shelves.pick(postings, found, name, is_back=is_back, first=first, count=count)
    numbers: list[int] = []
    for _value, entries in sorted(_sets(postings, name).items(), reverse=is_back):
        here = entries.intersection_cardinality(found)
        if here <= first:
            first -= here
            continue
        numbers += (entries & found)[first : first + count - len(numbers)]
        first = 0
        if len(numbers) >= count:
            break
    return numbers


def _sets(postings: Postings, name: str) -> Mapping[str, BitMap]:
    """The sets of an order by its key. Organisations whose names sort alike share one."""
    sets = postings.field(name)
    if name != "organization":
        return sets
    folded: dict[str, BitMap] = defaultdict(BitMap)
    for value, numbers in sets.items():
        folded[fold(value)] |= numbers
    return folded
