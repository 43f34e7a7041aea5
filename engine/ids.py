"""Ids: text, unguessable, ordered by the time they were made (RFC 9562, version 7)."""

import os
import uuid

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
    return str(uuid.UUID(int=value))
