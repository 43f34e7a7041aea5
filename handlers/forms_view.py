"""A form file as controls of a page, and a posted page as the typed data that the form's check reads.

Nothing is judged here: what cannot be read as its type stays as typed, so that the check names it and the person sees
it again. Names of inputs are `data.` and the field's path, ids the same with dashes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import orjson
from werkzeug.datastructures import MultiDict

from engine.forms import Condition, Field, Form, Kind, Note
from handlers.pages.dates import field_day, field_moment, read_day, read_moment

PREFIX: Final = "data."
_SIGNS: Final = frozenset({"+", "-", "na"})
_ABSENT: Final = object()
_MANY: Final = 8

Data = dict[str, Any]
Errors = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One option: what is read, what is sent, what is said beside it."""

    value: str
    label: str
    chosen: bool = False
    notes: tuple[tuple[str, str], ...] = ()
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """One field or note of a page. `kind` names the template's macro; `value` is what stands in the field, as text.

    `hide` is a JSON list of [name, value, negated]: any of them hides the control. `rows` are the controls of a map.
    """

    kind: str
    id: str
    name: str
    label: str
    hint: str = ""
    required: bool = False
    value: str = ""
    choices: tuple[Choice, ...] = ()
    errors: tuple[str, ...] = ()
    hide: str = ""
    comment: "Control | None" = None
    rows: tuple["Control", ...] = ()
    limits: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """Controls under the same headings; `titles` are the headings to open, as (level, text)."""

    titles: tuple[tuple[int, str], ...]
    controls: tuple[Control, ...]
    is_checklist: bool = False


def lay_out(
    form: Form, data: Mapping[str, Any], shown: Mapping[str, Any] | None = None, errors: Errors | None = None
) -> list[Section]:
    """Return the form's sections, filled with `data`; `shown` is what the task's provider tells, `errors` by path."""
    told, wrong = dict(shown or {}), {k: tuple(v) for k, v in (errors or {}).items()}
    comments = {str(one.properties["comment_of"]): one for one in form.fields if "comment_of" in one.properties}
    sections: list[Section] = []
    group: tuple[str, ...] | None = None
    for part in form.parts:
        if isinstance(part, Field) and ("comment_of" in part.properties or part.readonly):
            continue
        control = _note(part) if isinstance(part, Note) else _control(part, data, told, wrong)
        if isinstance(part, Field) and part.key in comments:
            control = replace(control, comment=_control(comments[part.key], data, told, wrong))
        if part.group != group:
            sections.append(Section(_titles(group or (), part.group), ()))
            group = part.group
        last = sections[-1]
        sections[-1] = replace(
            last, controls=(*last.controls, control), is_checklist=last.is_checklist or control.kind == "mark"
        )
    return sections


def read_answers(form: Form, posted: "MultiDict[str, str]") -> Data:
    """Return what was posted as the form's JSON: blank fields are absent, hidden ones are left out."""
    found: Data = {}
    for one in form.fields:
        value = _read_map(one, posted) if one.map else _read(one, one.key, posted)
        if value is not _ABSENT:
            _put(found, one.path, value)
    for one in form.fields:
        if one.hidden_when and one.is_hidden(found):
            _drop(found, one.path)
    return found


def summary_of(form: Form, errors: Errors) -> list[tuple[str, str]]:
    """Return the errors in the form's order as (id of the field, message), then those of no field."""
    order = [one.key for one in form.fields]

    def place(path: str) -> int:
        return next((n for n, key in enumerate(order) if path == key or path.startswith(f"{key}.")), len(order))

    return [(id_of(path), text) for path in sorted(errors, key=place) for text in errors[path]]


def id_of(path: str) -> str:
    """Return the id of the control at a path."""
    return "f-" + path.replace(".", "-")


def _titles(before: tuple[str, ...], now: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    same = next((n for n, pair in enumerate(zip(before, now, strict=False)) if pair[0] != pair[1]), None)
    start = min(len(before), len(now)) if same is None else same
    return tuple((level, now[level]) for level in range(start, len(now)) if now[level])


def _note(part: Note) -> Control:
    return Control("note", "", "", part.text, hide=_hide(part.hidden_when))


def _control(
    one: Field, data: Mapping[str, Any], told: Mapping[str, Any], wrong: Mapping[str, tuple[str, ...]]
) -> Control:
    value = _pick(data, one.path)
    errors = _errors_at(one, wrong)
    base = Control(
        "text",
        id_of(one.key),
        PREFIX + one.key,
        one.label or one.key,
        one.description,
        one.required,
        errors=errors,
        hide=_hide(one.hidden_when),
        limits=_limits(one),
    )
    if one.map:
        return _map(one, base, value, told, wrong)
    return _filled(one, base, value, told)


def _filled(one: Field, base: Control, value: Any, told: Mapping[str, Any]) -> Control:
    given = None if value is _ABSENT else value
    match one.kind:
        case Kind.CHOICE | Kind.CHOICES:
            choices = tuple(_choices(one, given, told))
            return replace(base, kind=_choice_kind(one, choices), choices=choices)
        case Kind.FLAG:
            return replace(base, kind="checkbox", value="true" if given is True else "")
        case Kind.DATE:
            return replace(base, kind="date", value=field_day(given))
        case Kind.DATETIME:
            return replace(base, kind="moment", value=field_moment(given))
        case Kind.LINES:
            lines = [str(item) for item in given] if isinstance(given, list) else []
            return replace(base, kind="lines", value="\n".join(lines))
        case Kind.INTEGER | Kind.DECIMAL:
            return replace(base, kind="number", value="" if given is None else str(given))
        case Kind.TEXTAREA:
            return replace(base, kind="textarea", value=str(given or ""))
        case _:
            return replace(base, value=str(given or ""))


def _choice_kind(one: Field, choices: Sequence[Choice]) -> str:
    if one.kind is Kind.CHOICES:
        return "people" if any(choice.notes for choice in choices) else "checklist"
    if {choice.value for choice in choices} <= _SIGNS and choices:
        return "mark"
    if one.component == "select" and not any(choice.notes for choice in choices):
        return "select"
    return "radio"


def _map(
    one: Field, base: Control, value: Any, told: Mapping[str, Any], wrong: Mapping[str, tuple[str, ...]]
) -> Control:
    given = value if isinstance(value, Mapping) else {}
    keys = [(c.value, c.label) for c in _offered(told.get(one.keys or ""), ())]
    keys += [(key, key) for key in given if key not in {k for k, _ in keys} and not one.keys]
    rows = []
    for key, label in keys:
        path = f"{one.key}.{key}"
        row = Control("text", id_of(path), PREFIX + path, label, errors=wrong.get(path, ()))
        rows.append(_filled(one, row, given.get(key, _ABSENT), told))
    return replace(base, kind="map", rows=tuple(rows), errors=wrong.get(one.key, ()))


def _choices(one: Field, given: Any, told: Mapping[str, Any]) -> Iterator[Choice]:
    chosen = {_text(v) for v in given} if isinstance(given, list) else set() if given is None else {_text(given)}
    if one.provider:
        # Where the provider tells all it knows of everybody, those who may not be chosen are shown with the reason.
        pool = told.get("pool") if one.provider == "experts" else None
        yield from _offered(pool or told.get(one.provider), chosen)
    else:
        for option in one.options:
            yield Choice(_text(option.value), option.label, _text(option.value) in chosen)


#: What a provider may say beside an option, in the order shown.
_SAID: Final = ("organization", "directions", "active", "recent", "days_since", "conflict", "why_not", "suggested")


def _offered(options: Any, chosen: Iterable[str]) -> Iterator[Choice]:
    taken = set(chosen)
    for option in options if isinstance(options, Sequence) and not isinstance(options, str) else ():
        if not isinstance(option, Mapping):
            yield Choice(str(option), str(option), str(option) in taken)
            continue
        value = str(option.get("value", option.get("login", "")))
        label = str(option.get("label") or option.get("name") or value)
        notes = tuple((key, text) for key in _SAID if (text := _said(option.get(key))))
        yield Choice(value, label, value in taken, notes, option.get("eligible") is False)


def _said(value: Any) -> str:
    match value:
        case None | False | "" | []:
            return ""
        case Mapping():
            return str(value.get("reason") or value.get("short_name") or "")
        case list() | tuple():
            return ", ".join(str(item) for item in value)
        case _:
            return str(value)


def _limits(one: Field) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if one.kind in {Kind.TEXT, Kind.TEXTAREA}:
        found["maxlength"] = one.max_length
    return found


def _hide(conditions: Sequence[Condition]) -> str:
    if not conditions:
        return ""
    return orjson.dumps([[PREFIX + ".".join(c.path), _text(c.value), c.negated] for c in conditions]).decode()


def _errors_at(one: Field, wrong: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    inner = () if one.map else tuple(t for k, v in wrong.items() if k.startswith(f"{one.key}.") for t in v)
    return (*wrong.get(one.key, ()), *inner)


def _read_map(one: Field, posted: "MultiDict[str, str]") -> Any:
    start = f"{PREFIX}{one.key}."
    keys = dict.fromkeys(name.removeprefix(start) for name in posted if name.startswith(start))
    values = {key: _read(one, f"{one.key}.{key}", posted) for key in keys}
    found = {key: value for key, value in values.items() if value is not _ABSENT}
    return found or _ABSENT


def _read(one: Field, path: str, posted: "MultiDict[str, str]") -> Any:
    name = PREFIX + path
    if one.kind is Kind.CHOICES:
        given = [_option(one, text) for text in posted.getlist(name) if text]
        return given or _ABSENT
    text = posted.get(name, "").replace("\r\n", "\n").strip()
    if not text:
        return _ABSENT
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
    return next((option.value for option in one.options if _text(option.value) == text), text)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _pick(data: Any, path: Sequence[str]) -> Any:
    for step in path:
        if not isinstance(data, Mapping) or step not in data:
            return _ABSENT
        data = data[step]
    return data


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
