"""Where a text meets what was looked for: its words by their forms, as the search compares them."""

import re
from typing import Final

from processes.depository.words import fold, forms_of, stem, stem_name

_WORD: Final = re.compile(r"[0-9A-Za-zА-Яа-яЁё]+")


def mark_words(text: str, *asked: str) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it was looked for; neighbours looked for are one piece."""
    wanted = {form for each in asked for forms in forms_of(each) for form in forms}
    if not wanted:
        return [(text, False)]
    pieces: list[tuple[str, bool]] = []
    end = 0
    for found in _WORD.finditer(text):
        word = fold(found[0])
        if not {stem(word), stem_name(word)} & wanted:
            continue
        between = text[end : found.start()]
        if pieces and pieces[-1][1] and between.isspace():
            pieces[-1] = (f"{pieces[-1][0]}{between}{found[0]}", True)
        else:
            pieces += [(between, False)] if between else []
            pieces.append((found[0], True))
        end = found.end()
    return [*pieces, (text[end:], False)] if text[end:] or not pieces else pieces
