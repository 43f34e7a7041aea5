"""Fields of requests: the JSON type must be right, and the value goes on as it came; nothing is converted."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from marshmallow import RAISE, Schema, ValidationError, fields, validate
from typing_extensions import override

#: Characters of a text.
SHORT: Final = 500
LONG: Final = 10_000
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


def _messages(**messages: str) -> dict[str, Any]:
    return {"required": "Заполните поле.", "null": "Поле не может быть пустым.", **messages}


class Body(Schema):
    """A JSON object with known keys only."""

    class Meta:
        """Unknown keys are refused."""

        unknown = RAISE

    error_messages = _messages(unknown="Неизвестное поле.", type="Нужен объект JSON.")


class Text(fields.String):
    """A string of bounded length."""

    default_error_messages = _messages(invalid="Нужна строка.", invalid_utf8="Нужна строка в UTF-8.")

    def __init__(self, *, longest: int = SHORT, shortest: int = 0, **options: Any) -> None:
        length = validate.Length(
            shortest or None,
            longest,
            error=f"Не короче {shortest} и не длиннее {longest} знаков."
            if shortest
            else f"Не длиннее {longest} знаков.",
        )
        super().__init__(validate=length, **options)


class Whole(fields.Integer):
    """A whole number within bounds; neither a text, nor a fraction, nor a truth value."""

    default_error_messages = _messages(invalid="Нужно целое число.")

    def __init__(self, *, least: int, most: int, **options: Any) -> None:
        bounds = validate.Range(least, most, error=f"Целое число от {least} до {most}.")
        super().__init__(strict=True, validate=bounds, **options)

    @override
    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Flag(fields.Boolean):
    """true or false, and nothing that resembles them."""

    default_error_messages = _messages(invalid="Нужно true или false.")

    @override
    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Day(fields.String):
    """A date `YYYY-MM-DD`, kept as text."""

    default_error_messages = _messages(invalid="Нужна дата вида 2026-01-31.")

    @override
    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> str:
        if not isinstance(value, str) or not _is_day(value):
            raise self.make_error("invalid")
        return value


def _is_day(value: str) -> bool:
    try:
        return _DAY.fullmatch(value) is not None and bool(date.fromisoformat(value))
    except ValueError:
        return False


class Moment(fields.String):
    """An instant in ISO 8601 with its offset, kept as text."""

    default_error_messages = _messages(invalid="Нужен момент со смещением, например 2026-01-31T12:00:00+03:00.")

    @override
    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> str:
        if not isinstance(value, str) or read_instant(value) is None:
            raise self.make_error("invalid")
        return value


def read_instant(text: str) -> datetime | None:
    """Return an instant in UTC from ISO 8601 with an offset; None for anything else, or an instant that UTC has not."""
    try:
        instant = datetime.fromisoformat(text)
        return instant.astimezone(UTC) if instant.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


class Choice(Text):
    """One of a closed list of words."""

    def __init__(self, *words: str, **options: Any) -> None:
        super().__init__(**options)
        self.validators = [validate.OneOf(words, error=f"Может быть: {', '.join(words)}.")]


class Anything(fields.Dict):
    """A JSON object whose keys another place knows (a task's form, a message's payload)."""

    default_error_messages = _messages(invalid="Нужен объект JSON.")


class Rows(fields.List[Any]):
    """A list of bounded length."""

    default_error_messages = _messages(invalid="Нужен список.")

    def __init__(self, inner: Any, *, most: int = 200, **options: Any) -> None:
        length = validate.Length(max=most, error=f"Не больше {most} строк.")
        super().__init__(inner, validate=length, **options)


class Part(fields.Nested):
    """An object within an object."""

    default_error_messages = _messages(type="Нужен объект JSON.")


class Number(Whole):
    """A whole number as a query string writes it: digits only."""

    @override
    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> int:
        if not isinstance(value, str) or not re.fullmatch(r"\d{1,9}", value, re.ASCII):
            raise self.make_error("invalid", input=value)
        return int(value)


def paths_of(messages: Any, before: str = "") -> dict[str, list[str]]:
    """Flatten marshmallow's messages to dotted paths with indices from 0 (contract, section 8)."""
    if isinstance(messages, Mapping):
        found: dict[str, list[str]] = {}
        for key, inner in messages.items():
            name = before if key == "_schema" else f"{before}.{key}" if before else str(key)
            for path, texts in paths_of(inner, name).items():
                found.setdefault(path, []).extend(texts)
        return found
    return {before: [str(text) for text in messages]}


def check(schema: Schema, value: Any) -> dict[str, Any]:
    """Return the value as the schema lets it pass. Raises marshmallow's ValidationError."""
    loaded: dict[str, Any] = schema.load(value)
    return loaded


__all__ = [
    "LONG",
    "SHORT",
    "Anything",
    "Body",
    "Choice",
    "Day",
    "Flag",
    "Moment",
    "Number",
    "Part",
    "Rows",
    "Text",
    "ValidationError",
    "Whole",
    "check",
    "paths_of",
    "read_instant",
]
