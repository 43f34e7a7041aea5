"""A posted page as the typed data that the form's check reads.

Nothing is judged here: what cannot be read as its type stays as typed, so that the check names it and the person sees
it again.
"""

from collections.abc import Sequence
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from engine.forms import Field, Form, Kind
from handlers.forms_view.controls import PREFIX
from handlers.forms_view.values import ABSENT, text_of
from handlers.pages.dates import read_day, read_moment

Data = dict[str, Any]
_MANY: Final = 8


def read_answers(form: Form, posted: "MultiDict[str, str]") -> Data:
    """Return what was posted as the form's JSON: blank fields are absent, hidden ones are left out."""
    found: Data = {}
    for one in form.fields:
        value = _read_map(one, posted) if one.map else _read(one, one.key, posted)
        if value is not ABSENT:
            _put(found, one.path, value)
    for one in form.fields:
        if one.hidden_when and one.is_hidden(found):
            _drop(found, one.path)
    return found


def _read_map(one: Field, posted: "MultiDict[str, str]") -> Any:
    start = f"{PREFIX}{one.key}."
    keys = dict.fromkeys(name.removeprefix(start) for name in posted if name.startswith(start))
    values = {key: _read(one, f"{one.key}.{key}", posted) for key in keys}
    found = {key: value for key, value in values.items() if value is not ABSENT}
    return found or ABSENT


def _read(one: Field, path: str, posted: "MultiDict[str, str]") -> Any:
    name = PREFIX + path
    if one.kind is Kind.CHOICES:
        given = [_option(one, text) for text in posted.getlist(name) if text]
        return given or ABSENT
    text = posted.get(name, "").replace("\r\n", "\n").strip()
    if not text:
        return ABSENT
    match one.kind:
        case Kind.FLAG:
            return True
        case Kind.CHOICE:
            return _option(one, text)
        case Kind.INTEGER | Kind.DECIMAL:
            return _number(text)
        case Kind.DATE:
            return read_day(text)
        case Kind.DATETIME:
            return read_moment(text)
        case Kind.LINES:
            return [line.strip() for line in text.split("\n") if line.strip()]
        case _:
            return text


def _number(text: str) -> Any:
    plain = text.replace("\u00a0", "").replace(" ", "").replace(",", ".")
    digits = plain.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) <= _MANY:
        return int(plain)
    return text


def _option(one: Field, text: str) -> Any:
    return next((option.value for option in one.options if text_of(option.value) == text), text)


def _put(data: Data, path: Sequence[str], value: Any) -> None:
    for step in path[:-1]:
        data = data.setdefault(step, {})
    data[path[-1]] = value


def _drop(data: Data, path: Sequence[str]) -> None:
    branch: Any = data
    for step in path[:-1]:
        branch = branch.get(step) if isinstance(branch, dict) else None
    if isinstance(branch, dict):
        branch.pop(path[-1], None)
