"""What a form-js component says of its value: kind, bounds, pattern, options, variable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Protocol

from engine.forms.fields import MAX_TEXT, Kind, Option, Scalar
from engine.forms.patterns import PATTERN_TEXT, object_to_pattern
from engine.lint.findings import Severity


class Find(Protocol):
    """Notes a finding of the form that is being read."""

    def __call__(self, rule: str, message: str, severity: Severity = Severity.ERROR) -> None:
        """Note it."""


def narrow(find: Find, kind: Kind, component: dict[str, Any], properties: Mapping[str, str]) -> Kind:
    """Tell kinds that share a component apart."""
    digits = component.get("decimalDigits") or 0
    if kind is Kind.INTEGER and type(digits) is not int:
        find("form-bound", "Число знаков после запятой (decimalDigits) — целое; исправьте его.")
    elif kind is Kind.INTEGER and digits > 0:
        return Kind.DECIMAL
    if kind is Kind.DATE and component.get("subtype", "date") != "date":
        if component["subtype"] == "datetime":
            return Kind.DATETIME
        find("form-component-unsupported", "Поле времени без даты не поддерживается; выберите дату и время.")
    if kind is Kind.TEXTAREA and properties.get("list") == "text":
        return Kind.LINES
    return kind


def bound(find: Find, validate: Mapping[str, Any], name: str, path: tuple[str, ...]) -> float | None:
    """Give a bound of the file."""
    value = validate.get(name)
    if value is None or value == "":
        return None
    if type(value) in {int, float} and abs(value) < 2**53:
        return value if isinstance(value, (int, float)) else None
    find("form-bound", f"Граница {name} поля {'.'.join(path)} — число; формулы не поддерживаются.")
    return None


def max_length(find: Find, validate: Mapping[str, Any], path: tuple[str, ...], pattern: str | None) -> int:
    """Give the longest text allowed; a pattern is never tried on a long one."""
    longest = PATTERN_TEXT if pattern else MAX_TEXT
    wanted = bound(find, validate, "maxLength", path)
    return longest if wanted is None else min(longest, int(wanted))


def read_pattern(find: Find, validate: Mapping[str, Any], path: tuple[str, ...]) -> str | None:
    """Give the pattern of a text where it is one that can do no harm."""
    pattern = validate.get("pattern")
    kind = validate.get("validationType")
    if not pattern:
        return {"email": r"^[^@\s]{1,64}@[^@\s]{1,190}$", "phone": r"^[+\d][\d\s()-]{4,30}$"}.get(str(kind))
    reason = object_to_pattern(pattern)
    if reason is None:
        return str(pattern)
    find("form-pattern", f"Образец поля {'.'.join(path)}: {reason}.")
    return None


def read_options(
    find: Find, component: dict[str, Any], properties: Mapping[str, str], path: tuple[str, ...]
) -> tuple[Option, ...]:
    """Give the options of the file; none where a data provider gives them."""
    values = component.get("values")
    if component.get("valuesExpression") or not (values or component.get("valuesKey")):
        find("form-options", f"У поля {'.'.join(path)} нет значений: нужен values или valuesKey.")
    found: list[Option] = []
    for value in values if isinstance(values, list) else []:
        if not isinstance(value, dict) or not isinstance(value.get("value"), (str, int, bool)):
            find("form-options", f"Значение поля {'.'.join(path)} — строка, целое число, true или false.")
            continue
        found.append(Option(str(value.get("label") or value["value"]), typed(value["value"], properties.get("type"))))
    return tuple(found)


def texts_of(properties: Any) -> dict[str, str]:
    """Give a component's properties as texts."""
    return {str(key): str(value) for key, value in properties.items()} if isinstance(properties, dict) else {}


def typed(value: str | int, kind: str | None) -> Scalar:
    """Read an option's text as the type that the file names."""
    if kind == "boolean" and value in {"true", "false"}:
        return value == "true"
    if kind == "integer" and isinstance(value, str) and re.fullmatch(r"-?\d{1,15}", value):
        return int(value)
    return value


def variable_of(text: str | None, path: tuple[str, ...]) -> tuple[str, ...]:
    """Give the variable that takes the value: the field's own path, a name, or none."""
    if not text or text == "false":
        return ()
    return path if text == "true" else tuple(text.split("."))
