"""What the shipped fonts can show: text from people is turned into text that every face of them has a glyph for.

A document must not fail, nor lose a sign in silence, because somebody's title holds one that the fonts lack: such a
sign is printed as its code, `[U+1F600]`.
"""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

FONTS: Final = Path(__file__).parent / "fonts"

#: Signs that only advise where a line may break: dropped.
_ADVICE: Final = frozenset("\u00ad\u200b\u2060\ufeff")
#: Signs that look the same as one that the fonts have.
_ALIKE: Final = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2212": "–", "\u2009": " ", "\u202f": "\u00a0"})
_LONGEST_WORD: Final = 30
_PIECE: Final = 20
_BREAK: Final = "\u200b"
_SEGMENTS: Final = 4
_GROUPS: Final = 12


def printable(text: str, shown: frozenset[int] | None = None) -> str:
    """One line of text in signs that the fonts have; long words may break. `shown`: code points, else the fonts'."""
    known = glyphs() if shown is None else shown
    text = unicodedata.normalize("NFC", text).translate(_ALIKE)
    signs = "".join(_sign(sign, known) for sign in text if sign not in _ADVICE)
    return " ".join(_breakable(word) for word in signs.split(" ") if word)


def clean(value: Any) -> Any:
    """A JSON value with every text in it printable; keys are the templates' own."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: clean(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [clean(inner) for inner in value]
    return value


@cache
def glyphs(folder: Path = FONTS) -> frozenset[int]:
    """Code points that every face in a folder has; empty where there are no fonts."""
    faces = [read_coverage(path.read_bytes()) for path in sorted(folder.glob("*.ttf"))]
    return frozenset.intersection(*faces) if faces else frozenset()


def read_coverage(font: bytes) -> frozenset[int]:
    """Code points of a TrueType font's character map (subtables of formats 4 and 12)."""
    count = struct.unpack_from(">H", font, 4)[0]
    tables = {font[12 + 16 * n : 16 + 16 * n]: struct.unpack_from(">I", font, 20 + 16 * n)[0] for n in range(count)}
    start = tables[b"cmap"]
    found: set[int] = set()
    for n in range(struct.unpack_from(">H", font, start + 2)[0]):
        offset = start + struct.unpack_from(">I", font, start + 8 + 8 * n)[0]
        kind = struct.unpack_from(">H", font, offset)[0]
        if kind == _SEGMENTS:
            found.update(_segments(font, offset))
        elif kind == _GROUPS:
            found.update(_groups(font, offset))
    return frozenset(found)


def _segments(font: bytes, offset: int) -> Iterator[int]:
    double = struct.unpack_from(">H", font, offset + 6)[0]
    half = double // 2
    ends = struct.unpack_from(f">{half}H", font, offset + 14)
    starts = struct.unpack_from(f">{half}H", font, offset + 16 + double)
    deltas = struct.unpack_from(f">{half}H", font, offset + 16 + 2 * double)
    ranges_at = offset + 16 + 3 * double
    ranges = struct.unpack_from(f">{half}H", font, ranges_at)
    for n, (first, last, delta, distance) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if distance:
                glyph = struct.unpack_from(">H", font, ranges_at + 2 * n + distance + 2 * (code - first))[0]
            if distance and not glyph:
                continue
            if (glyph + delta) & 0xFFFF:
                yield code


def _groups(font: bytes, offset: int) -> Iterator[int]:
    for n in range(struct.unpack_from(">I", font, offset + 12)[0]):
        first, last, _glyph = struct.unpack_from(">III", font, offset + 16 + 12 * n)
        yield from range(first, last + 1)


def _sign(sign: str, known: frozenset[int]) -> str:
    if sign.isspace() and sign != "\u00a0":
        return " "
    category = unicodedata.category(sign)
    if category[0] == "C" or ord(sign) not in known:
        return f"[U+{ord(sign):04X}]"
    return sign


def _breakable(word: str) -> str:
    if max(map(len, word.split("-"))) <= _LONGEST_WORD:
        return word
    return _BREAK.join(word[n : n + _PIECE] for n in range(0, len(word), _PIECE))
