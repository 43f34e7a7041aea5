"""Words of a text as the search compares them: by word form, in any case, ё as е (annex 5).

The same on both databases.
"""

import re
from functools import lru_cache
from typing import Final

import snowballstemmer  # type: ignore[import-untyped]

_WORD: Final = re.compile(r"[0-9a-zа-я]+")
_SURNAME: Final = re.compile(r"(.{2,}(?:ов|ев|ин|ын))(?:а|у|е|ы|ым|ой|ых|ыми)?")
_STEMMER: Final = snowballstemmer.stemmer("russian")

#: Longest term that is kept; longer ones are cut alike in entries and queries.
TERM: Final = 40


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of one folded word; figures and Latin letters stay as they are."""
    return str(_STEMMER.stemWord(word))[:TERM] if word.isalpha() and not word.isascii() else word[:TERM]


def fold(text: str) -> str:
    """A text in lower case with ё as е and single spaces: a key to sort and compare by."""
    return " ".join(text.lower().replace("ё", "е").split())


def words_of(text: str) -> list[str]:
    """Stems of a text's words in order, each once."""
    return list(_words(text))


@lru_cache(maxsize=2_000)
def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(stem(word) for word in _WORD.findall(fold(text))))


@lru_cache(maxsize=20_000)
def stem_name(word: str) -> str:
    """The stem of one folded word of a name.

    A surname in -ов, -ев, -ин, -ын keeps that ending in every case and gender.
    """
    found = _SURNAME.fullmatch(word)
    return found[1][:TERM] if found else stem(word)


def name_words_of(text: str) -> list[str]:
    """Stems of a text's words as names, each once: what a search for a person compares."""
    return list(dict.fromkeys(stem_name(word) for word in _WORD.findall(fold(text))))


@lru_cache(maxsize=2_000)
def name_words(name: str) -> tuple[str, ...]:
    """Stems of a person's name and the initials of its parts, so that «И. И. Иванов» finds «Иванов Илья Ильич»."""
    initials = [word[0] for word in _WORD.findall(fold(name))[1:]]
    return tuple(dict.fromkeys([*name_words_of(name), *initials]))


def forms_of(text: str) -> list[tuple[str, ...]]:
    """For each word of a text what it may stand for in any field: the stem of a word, and of a name."""
    return list(dict.fromkeys((stem(word), stem_name(word)) for word in _WORD.findall(fold(text))))
