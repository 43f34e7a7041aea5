"""The words that cases are found by: of titles, numbers, and whatever else a procedure tells of a case.

A word is kept folded (lower case, ё as е); a number such as КЭС-2026-0001 is kept whole and in its parts. A search
compares beginnings, so it is a range of the index on both databases.
"""

import re
from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import METADATA
from engine.records.statements import Statement, Writes

#: The longest word kept, and how many words of a search are looked at.
LONGEST: Final = 60
ASKED: Final = 6
_CHUNK: Final = re.compile(r"[0-9a-zа-я]+(?:[-/.][0-9a-zа-я]+)*")
_PART: Final = re.compile(r"[0-9a-zа-я]+")
_Word = sa.String(LONGEST).with_variant(sa.String(LONGEST, collation="C"), "postgresql")

case_word = sa.Table(
    "case_word",
    METADATA,
    sa.Column("word", _Word, primary_key=True),
    sa.Column("case", sa.String(40), sa.ForeignKey("case_file.id"), primary_key=True),
    sa.Index("ix_case_word_case", "case", "word"),
)
_ADD: Final = Statement(case_word.insert())


def words_of(text: str) -> list[str]:
    """The words that a text is kept under, each once."""
    folded = text.lower().replace("ё", "е")
    found = dict.fromkeys(_CHUNK.findall(folded)) | dict.fromkeys(_PART.findall(folded))
    return [word for word in dict.fromkeys(word[:LONGEST] for word in found) if len(word) > 1 or word.isdigit()]


def asked_words(text: str) -> tuple[str, ...]:
    """The beginnings of words that a search asks for, the longest first, at most ASKED."""
    found = dict.fromkeys(word[:LONGEST] for word in _CHUNK.findall(text.lower().replace("ё", "е")))
    return tuple(sorted(found, key=lambda word: (-len(word), word))[:ASKED])


def range_of(word: str) -> tuple[str, str]:
    """The first word with this beginning, and the first one after all of them."""
    return word, word[:-1] + chr(ord(word[-1]) + 1)


def add_words(writes: Writes, case_id: str, texts: Sequence[str], *, is_new: bool = False) -> None:
    """Let a case be found by the words of these texts too; `is_new`: by none so far."""
    words = set(words_of(" ".join(texts)))
    if not is_new:
        query = sa.select(case_word.c.word).where(case_word.c.case == case_id)
        words -= set(writes.connection.execute(query).scalars())
    writes.add(_ADD, *({"word": word, "case": case_id} for word in sorted(words)))


def cases_with(connection: Connection, words: Sequence[str], limit: int) -> list[str]:
    """Ids of cases that have a word with each of these beginnings, at most `limit`, in no order."""
    first, *others = words
    low, high = range_of(first)
    query = sa.select(case_word.c.case).where(case_word.c.word >= low, case_word.c.word < high).distinct()
    for word in others:
        query = query.where(has_word(case_word.c.case, *range_of(word)))
    return list(connection.execute(query.limit(limit)).scalars())


def has_word(
    case_id: sa.ColumnElement[str], low: str | sa.BindParameter[str], high: str | sa.BindParameter[str]
) -> sa.ColumnElement[bool]:
    """Whether a case has a word of a range."""
    other = case_word.alias()
    return sa.exists().where(other.c.case == case_id, other.c.word >= low, other.c.word < high)
