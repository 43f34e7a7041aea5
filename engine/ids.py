"""Ids: text, unguessable, ordered by the time they were made (RFC 9562, version 7)."""

import os

from engine.clock import wall


def new_id() -> str:
    """A new id of 36 characters; later ones sort after earlier ones (to the millisecond of wall time)."""
    millis = int(wall().timestamp() * 1000)
    noise = int.from_bytes(os.urandom(10), "big")
    value = (
        (millis & ((1 << 48) - 1)) << 80
        | 0x7 << 76
        | (noise >> 68 & 0xFFF) << 64
        | 0b10 << 62
        | (noise & ((1 << 62) - 1))
    )
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
