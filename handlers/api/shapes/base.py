"""What every shape is made of."""

from functools import cache
from typing import Any

from marshmallow import RAISE, Schema, fields

_INSTANT = {"format": "date-time"}
_DATE = {"format": "date"}


class Shape(Schema):
    """A JSON object of which every key is named."""

    class Meta:
        """Unknown keys are a mistake of ours."""

        unknown = RAISE


def a_text(**options: Any) -> fields.String:
    """Return the field of a text."""
    return fields.String(required=True, **options)


def maybe_text() -> fields.String:
    """Return the field of a text or null."""
    return fields.String(required=True, allow_none=True)


def a_moment(**options: Any) -> fields.String:
    """Return the field of an instant with its offset."""
    return fields.String(required=True, metadata=_INSTANT, **options)


def a_number() -> fields.Integer:
    """Return the field of a whole number."""
    return fields.Integer(required=True, strict=True)


def a_day() -> fields.String:
    """Return the field of a date."""
    return fields.String(required=True, metadata=_DATE)


def maybe_day(*, required: bool = True) -> fields.String:
    """Return the field of a date or null."""
    return fields.String(required=required, allow_none=True, metadata=_DATE)


@cache
def list_of(item: type[Schema]) -> type[Schema]:
    """Return the shape of a page of a list: `items`, `next`."""
    items = fields.List(fields.Nested(item), required=True)
    following = fields.Raw(required=True, allow_none=True, metadata={"nullable": True})
    return Shape.from_dict({"items": items, "next": following}, name=f"{item.__name__}Page")
