"""The check of one value: its JSON type, its bounds; nothing is converted."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from typing import Any, Final, TypeAlias, assert_never

from engine.forms.fields import Field, Kind

#: An error of a value: the path below its field, and what is wrong.
Fault: TypeAlias = tuple[tuple[str, ...], str]

MAX_ITEMS: Final = 1_000
MAX_CHOICE: Final = 200
#: The greatest integer that JSON readers agree on (RFC 8785).
MAX_NUMBER: Final = 2**53 - 1
YEARS: Final = range(1900, 2200)
DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
DATETIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})")
UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
#: Signs of ordinary texts that do not print.
WRITABLE_BLANKS: Final = "\n\r\t\N{NO-BREAK SPACE}"


def check_value(field: Field, value: Any) -> list[Fault]:
    """Give each error of a value (not of a map or of rows) with the path below the field."""
    match field.kind:
        case Kind.TEXT | Kind.TEXTAREA:
            message = check_text(field, value)
        case Kind.INTEGER | Kind.DECIMAL:
            message = check_number(field, value)
        case Kind.FLAG:
            message = check_flag(field, value)
        case Kind.CHOICE:
            message = check_choice(field, value)
        case Kind.DATE | Kind.DATETIME:
            message = check_moment(field, value)
        case Kind.LINES | Kind.CHOICES:
            return check_list(field, value)
        case Kind.ROWS:
            raise AssertionError(field.key)
        case _:
            assert_never(field.kind)
    return [((), message)] if message else []


def has_unwritable(text: str) -> bool:
    """Say whether a text has a sign that is UNWRITABLE.  What prints has none, and that is asked in half the time."""
    if text.isprintable():
        return False
    for sign in WRITABLE_BLANKS:
        text = text.replace(sign, " ")
    return not text.isprintable() and UNWRITABLE.search(text) is not None


def check_text(field: Field, value: Any) -> str | None:
    """Want a text within its bounds; blanks alone do not fill a required field."""
    if not isinstance(value, str):
        return f"Поле «{field.name}» — текст; передайте строку."
    if field.required and not value.strip():
        return f"Заполните поле «{field.name}»."
    if has_unwritable(value):
        return f"В поле «{field.name}» есть недопустимые управляющие знаки; удалите их."
    if len(value) > field.max_length:
        return f"Поле «{field.name}» длиннее {field.max_length} знаков; сократите текст."
    if value and len(value) < field.min_length:
        return f"Поле «{field.name}» короче {field.min_length} знаков; дополните текст."
    if value and field.pattern and not re.search(field.pattern, value):
        return f"Поле «{field.name}» заполнено не по образцу; проверьте запись."
    return None


def check_number(field: Field, value: Any) -> str | None:
    """Want an integer, or for DECIMAL any finite number; true is no number."""
    if field.kind is Kind.INTEGER:
        if type(value) is not int:
            return f"Поле «{field.name}» — целое число; передайте число без кавычек."
    elif type(value) not in {int, float}:
        return f"Поле «{field.name}» — число; передайте число без кавычек."
    if not math.isfinite(value) or abs(value) > MAX_NUMBER:
        return f"Число в поле «{field.name}» слишком велико."
    if field.minimum is not None and value < field.minimum:
        return f"Число в поле «{field.name}» — не меньше {field.minimum:g}."
    if field.maximum is not None and value > field.maximum:
        return f"Число в поле «{field.name}» — не больше {field.maximum:g}."
    return None


def check_flag(field: Field, value: Any) -> str | None:
    """Want true or false; a required mark (not in a map) must be true."""
    if type(value) is not bool:
        return f"Поле «{field.name}» — да или нет; передайте true или false."
    if field.required and not field.map and not value:
        return f"Поставьте отметку «{field.name}»: без неё действие не выполняется."
    return None


def check_choice(field: Field, value: Any) -> str | None:
    """Want one of the options; where a data provider gives them, a short text that the rule will judge."""
    if field.provider and not field.options:
        if not isinstance(value, str):
            return f"Поле «{field.name}» — выбранное значение; передайте строку."
        if not value.strip():
            return f"Выберите значение в поле «{field.name}»." if field.required else None
        if len(value) > MAX_CHOICE or has_unwritable(value):
            return f"Значения в поле «{field.name}» нет среди допустимых."
        return None
    if any(type(option.value) is type(value) and option.value == value for option in field.options):
        return None
    allowed = ", ".join(spell(option.value) for option in field.options[:12])
    return f"Выберите в поле «{field.name}» одно из значений: {allowed}."


def spell(value: object) -> str:
    """Write an option's value as JSON does."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def check_moment(field: Field, value: Any) -> str | None:
    """Want a date, or an instant with offset, of the years 1900-2199."""
    is_date = field.kind is Kind.DATE
    example = "2026-01-12" if is_date else "2026-01-12T09:00:00+03:00"
    wanted = f"Поле «{field.name}» — {'дата' if is_date else 'дата и время со смещением'}, например {example}."
    if not isinstance(value, str) or not (DATE if is_date else DATETIME).fullmatch(value):
        return wanted
    try:
        moment = date.fromisoformat(value) if is_date else datetime.fromisoformat(value)
    except ValueError:
        return wanted
    return None if moment.year in YEARS else f"Год в поле «{field.name}» — от {YEARS.start} до {YEARS.stop - 1}."


def check_list(field: Field, value: Any) -> list[Fault]:
    """Want a list of texts or options; a required one is not empty.  An item's error stands at its index from 0."""
    if not isinstance(value, list):
        return [((), f"Поле «{field.name}» — список; передайте массив.")]
    found: list[Fault] = []
    if field.required and not value:
        found.append(((), f"Заполните поле «{field.name}»: нужно хотя бы одно значение."))
    if len(value) > MAX_ITEMS:
        return [*found, ((), f"В поле «{field.name}» больше {MAX_ITEMS} значений; сократите список.")]
    check_item = check_text if field.kind is Kind.LINES else check_choice
    for index, item in enumerate(value):
        message = check_item(field, item)
        if message:
            found.append(((str(index),), message))
    return found
