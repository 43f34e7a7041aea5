"""Which regular expressions a form may carry: those whose worst case stays small on the texts they are tried on."""

from __future__ import annotations

import re
from typing import Any, Final

#: The longest text a pattern is tried on.
PATTERN_TEXT: Final = 200
MAX_PATTERN: Final = 200
MAX_OPEN: Final = 2
MAX_REPEATS: Final = 8

CLASS: Final = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
#: An open repeat: without an upper bound, or with one of two digits and more.
OPEN: Final = re.compile(r"[*+]|\{\d*,\d{2,}\}|\{\d*,\}")
ANY_REPEAT: Final = re.compile(r"[*+?]|\{\d*,\d*\}")


def object_to_pattern(pattern: Any) -> str | None:
    """Say in Russian why a pattern is not taken, or nothing.

    No repeated group, no reference, no look-around, at most two open repeats and eight in all: on a text of 200 signs
    the search then takes at most some million steps.
    """
    if not isinstance(pattern, str) or len(pattern) > MAX_PATTERN:
        return f"это строка не длиннее {MAX_PATTERN} знаков"
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return "не читается как регулярное выражение"
    bare = re.sub(r"\\[^0-9]", "x", CLASS.sub("x", pattern))
    if "\\" in bare or "(?" in bare:
        return "ссылки и просмотр вперёд или назад не допускаются"
    if re.search(r"\)[*+?{]", bare):
        return "повтор группы не допускается"
    if len(OPEN.findall(bare)) > MAX_OPEN or len(ANY_REPEAT.findall(bare)) > MAX_REPEATS:
        return f"повторов больше допустимого ({MAX_OPEN} без верхней границы, {MAX_REPEATS} всего)"
    return None
