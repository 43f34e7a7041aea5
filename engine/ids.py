"""Ids: ULIDs, text of 26 characters, unguessable, ordered by the time they were made.

128 bits, of which 48 are milliseconds and 80 are chance, in Crockford's base 32, in small letters. Rows of before have
UUIDs of version 7 (RFC 9562), 36 characters, which sort before them; nobody reads an id but to compare it.
"""

import os
from typing import Final
from uuid import UUID

from engine.clock import wall

_DIGITS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS: Final = tuple(high + low for high in _DIGITS for low in _DIGITS)
_SHIFTS: Final = range(120, -1, -10)


def new_id() -> str:
    """A new id of 26 characters; later ones sort after earlier ones (to the millisecond of wall time)."""
    value = int(wall().timestamp() * 1000) << 80 | int.from_bytes(os.urandom(10), "big")
    return "".join([_PAIRS[value >> shift & 0x3FF] for shift in _SHIFTS])


def uuid_of(identity: str) -> UUID:
    """The same 128 bits as a UUID, for formats that want one. Raises ValueError for what is no id of ours."""
    if len(identity) != 2 * len(_SHIFTS):
        return UUID(identity)
    value = 0
    for digit in identity:
        value = value << 5 | _DIGITS.index(digit)
    return UUID(int=value)
