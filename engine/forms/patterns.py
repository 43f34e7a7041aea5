"""Which regular expressions a form may carry: those whose worst case stays small on the texts they are tried on."""

from __future__ import annotations

import re
from math import comb
from typing import Any, Final

#: The longest text a pattern is tried on.
PATTERN_TEXT: Final = 200
MAX_PATTERN: Final = 200
MAX_OPEN: Final = 2
MAX_REPEATS: Final = 8
#: In how many ways a pattern may divide a text among its repeats and alternatives before it gives up.
MAX_WAYS: Final = 10_000_000

CLASS: Final = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
#: An open repeat: without an upper bound, or with one of two digits and more.
OPEN: Final = re.compile(r"[*+]|\{\d*,\d{2,}\}|\{\d*,\}")
ANY_REPEAT: Final = re.compile(r"[*+?]|\{\d*,\d*\}")
BOUNDED: Final = re.compile(r"\{(\d*),(\d)\}")


def object_to_pattern(pattern: Any) -> str | None:
    """Say in Russian why a pattern is not taken, or nothing.

    No repeated group, no reference, no look-around, at most two open repeats and eight in all, and few enough ways to
    try: on a text of 200 signs the search then takes at most some million steps.
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
    if count_ways(bare) > MAX_WAYS:
        return "способов разобрать текст слишком много; начните образец с ^ и уберите часть повторов и вариантов с |"
    return None


def count_ways(bare: str) -> int:
    """Count the ways in which a pattern without classes and escapes can be tried on the longest text.

    Where it begins and where each open repeat ends are places in the text, none before the one before it; every other
    repeat and every alternative multiplies them.
    """
    places = len(OPEN.findall(bare)) + (not bare.startswith("^") or "|" in bare)
    ways = comb(PATTERN_TEXT + places, places)
    for least, most in BOUNDED.findall(bare):
        ways *= max(int(most) - int(least or 0) + 1, 1)
    return ways << (bare.count("?") + bare.count("|"))
