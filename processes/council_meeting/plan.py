"""Reading a meeting's start data and dates strictly: unknown keys and wrong types are errors, nothing is converted."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

from engine.errors import InvalidError
from processes.council_meeting.model import DocumentKind, Form, Kind, Plan, Point
from processes.council_meeting.rules import Errors

_KEYS: Final = frozenset({"form", "date", "closes_at", "agenda"})
_POINT_KEYS: Final = {
    Kind.CERTIFICATION: frozenset({"kind", "case"}),
    Kind.DOCUMENT: frozenset({"kind", "title", "document"}),
}
_UNKNOWN: Final = "Неизвестное поле. Уберите его."

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


def read_plan(data: Mapping[str, Any]) -> Plan:
    """The plan in `{"form", "date", "agenda", "closes_at"?}`; titles of cases stay blank.

    Raises InvalidError (no refusal by a rule) with every missing, unknown or mistyped field.
    """
    errors: Errors = {key: [_UNKNOWN] for key in data if key not in _KEYS}
    form = _take(errors, data, "form", _choice(Form), "Укажите форму заседания: in_person или absentee.")
    day = _take(errors, data, "date", read_date, "Укажите дату заседания в виде ГГГГ-ММ-ДД.")
    closes_at = None
    if data.get("closes_at") is not None:
        closes_at = _take(errors, data, "closes_at", read_instant, "Укажите дату и время со смещением от UTC.")
    agenda = data.get("agenda")
    points: list[Point] = []
    if isinstance(agenda, list):
        points = [p for n, item in enumerate(agenda) if (p := _read_point(errors, n, item)) is not None]
    else:
        errors["agenda"] = ["Укажите повестку: список вопросов."]
    if errors or form is None or day is None:
        raise InvalidError(errors=errors, rule=False)
    return Plan(form, day, closes_at, tuple(points))


def read_date(value: Any) -> date | None:
    """A date from `YYYY-MM-DD`, or None."""
    if not isinstance(value, str):
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if day.isoformat() == value else None


def read_instant(value: Any) -> datetime | None:
    """An aware instant from ISO 8601 text with an offset, or None."""
    if not isinstance(value, str):
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None


def _read_point(errors: Errors, index: int, item: Any) -> Point | None:
    path = f"agenda.{index}"
    if not isinstance(item, Mapping):
        errors[path] = ["Вопрос повестки — объект с полем kind."]
        return None
    found: Errors = {}
    kind = _take(found, item, "kind", _choice(Kind), "Укажите вид вопроса: certification или document.")
    if kind is not None:
        found |= {str(key): [_UNKNOWN] for key in item if key not in _POINT_KEYS[kind]}
    case = title = document = None
    if kind is Kind.CERTIFICATION:
        case = _take(found, item, "case", _text, "Укажите дело, по которому нужно решение.")
    elif kind is Kind.DOCUMENT:
        title = _take(found, item, "title", _text, "Укажите название документа.")
        options = ", ".join(DocumentKind)
        document = _take(found, item, "document", _choice(DocumentKind), f"Укажите вид документа: {options}.")
    errors |= {f"{path}.{key}": texts for key, texts in found.items()}
    return None if found or kind is None else Point(index + 1, kind, title or "", case, document)


def _take(errors: Errors, data: Mapping[str, Any], key: str, read: Callable[[Any], T | None], message: str) -> T | None:
    value = read(data.get(key))
    if value is None:
        errors[key] = [message]
    return value


def _choice(options: type[E]) -> Callable[[Any], E | None]:
    return lambda value: next((o for o in options if o == value), None) if isinstance(value, str) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
