"""The number of a certificate as people type, copy and paste it, and as it is registered."""

import re
import unicodedata
from typing import Final

_DASHES: Final = re.compile("[\u2010-\u2015\u2212]")
#: Letters that look like a zero, Latin and Cyrillic.
_ZEROS: Final = str.maketrans("OoОо", "0000")
_DIGIT: Final = "[0-9OoОо]"
_APART: Final = r"[-_./\s]{0,3}"
#: Region, year, number in the year; nothing of a longer number.
_NUMBER: Final = re.compile(
    rf"(?<![\w-])({_DIGIT}{{2}}){_APART}({_DIGIT}{{4}}){_APART}({_DIGIT}{{4,6}})(?!\w|[-./_]\w)"
)


def read_number(text: str) -> str:
    """Return the number that a text holds, as it is registered: «№ 23 2026 0001», or the address in a QR code.

    A text without one is returned without «№» and spaces, with short dashes.
    """
    plain = _plain(text)
    found = _found(plain)
    return found or "".join(plain.replace("№", "").split())


def find_number(text: str) -> str:
    """Return the number that a text holds, as it is registered; empty where there is none."""
    return _found(_plain(text))


def _plain(text: str) -> str:
    """A text with short dashes, plain digits and nothing invisible."""
    visible = "".join(sign for sign in text if unicodedata.category(sign) not in {"Cf", "Cc"} or sign.isspace())
    return _DASHES.sub("-", "".join(str(unicodedata.digit(sign, sign)) for sign in visible))


def _found(plain: str) -> str:
    found = _NUMBER.findall(plain)
    return "-".join(found[0]).translate(_ZEROS) if len(found) == 1 else ""
