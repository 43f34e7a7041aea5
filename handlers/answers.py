"""JSON as the service speaks it: UTF-8, instants with their offset in Europe/Moscow, sets as sorted lists."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Any

import orjson

from engine.clock import moscow

_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_PASSTHROUGH_DATACLASS


def write_json(value: Any) -> bytes:
    """Return a JSON text in UTF-8. Raises TypeError for what has no place in an answer."""
    return orjson.dumps(value, default=_plain, option=_OPTIONS)


def instant_text(instant: datetime) -> str:
    """Return an instant as answers tell it: ISO 8601 with the offset of Europe/Moscow."""
    return moscow(instant).isoformat()


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return instant_text(value)
        case date():
            return value.isoformat()
        case Enum():
            return value.value
        case Mapping():
            return dict(value)
        case set() | frozenset():
            return sorted(value)
        case str():
            return str.__str__(value)
        case list() | tuple():
            return list(value)
        case Decimal() | PurePath():
            return str(value)
        case _:
            raise TypeError(f"no JSON for {type(value).__name__}")
