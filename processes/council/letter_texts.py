"""Texts of letters: what ships with the service, the variables each may name, and how a text is filled in.

A text is plain words with `{variables}`; nothing in it is ever run. A variable is replaced by its value as it stands,
once: what a person wrote into a programme's title cannot become a variable.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

_VARIABLE: Final = re.compile(r"\{([a-z_]+)\}")
_LONGEST_SUBJECT: Final = 200
_LONGEST_LINE: Final = 120
_LONGEST_BODY: Final = 10_000


@dataclass(frozen=True, slots=True)
class LetterText:
    """The shipped text of a kind of letter.

    `name` is what the administrator reads; `variables` maps each name that the text may use to a sample of its value.
    """

    kind: str
    name: str
    subject: str
    body: str
    variables: Mapping[str, str]


#: Every kind of letter that can be worded, by kind; filled while the procedures' packages are imported.
CATALOGUE: Final[dict[str, LetterText]] = {}

#: What each variable stands for, in words.
MEANINGS: Final[dict[str, str]] = {}


def declare(texts: Iterable[LetterText], meanings: Mapping[str, str]) -> None:
    """Add kinds of letters to the catalogue. Raises ValueError where a text names what it is not given."""
    for text in texts:
        if text.kind in CATALOGUE:
            raise ValueError(f"letter {text.kind} declared twice")
        if unknown := (names_of(text.subject) | names_of(text.body)) - set(text.variables):
            raise ValueError(f"letter {text.kind} names {sorted(unknown)}")
        CATALOGUE[text.kind] = text
    MEANINGS.update(meanings)


def names_of(text: str) -> set[str]:
    """The variables that a text names."""
    return set(_VARIABLE.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """A text with its variables replaced; one that has no value stays as written."""
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


def one_line(text: str) -> str:
    """A text as a subject: one line, cut where it grows too long."""
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST_LINE else f"{words[: _LONGEST_LINE - 1]}…"


def check_text(kind: LetterText, subject: str, body: str) -> dict[str, list[str]]:
    """What is wrong with a new text of a kind, by field."""
    found: dict[str, list[str]] = {}
    if not subject.strip() or "\n" in subject or len(subject) > _LONGEST_SUBJECT:
        found["subject"] = [f"Тема — одна непустая строка, не длиннее {_LONGEST_SUBJECT} знаков."]
    if not body.strip() or len(body) > _LONGEST_BODY:
        found["body"] = [f"Текст не пуст и не длиннее {_LONGEST_BODY} знаков."]
    for field, text in (("subject", subject), ("body", body)):
        if unknown := names_of(text) - set(kind.variables):
            named = ", ".join(f"{{{name}}}" for name in sorted(unknown))
            found.setdefault(field, []).append(f"Таких подстановок у этого письма нет: {named}. Возьмите из списка.")
        if strays := _strays(text):
            found.setdefault(field, []).append(
                f"Фигурные скобки стоят только вокруг подстановки из списка. Исправьте: {strays}"
            )
    return found


def _strays(text: str) -> str:
    rest = _VARIABLE.sub("", text)
    return next((line.strip()[:60] for line in rest.splitlines() if "{" in line or "}" in line), "")
