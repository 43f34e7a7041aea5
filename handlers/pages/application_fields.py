"""The application as fields of a page, and a posted page as the JSON of contract section 5.

Names of inputs are its paths below `data.`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from handlers.forms_view import PREFIX, Choice, Control, Section, id_of
from handlers.pages.application_parts import FILES, HOURS, LEVELS, PARTS, PLAN, STEPS, Group, Spec, Step, Table
from handlers.pages.dates import field_day, read_day

Data = dict[str, Any]
_DIGITS = 3
_MANY = 8
#: What follows a date typed beside a ticked «бессрочно»: no date, so that neither wins unseen.
_BOTH = ", бессрочно"


@dataclass(frozen=True, slots=True)
class State:
    """What is shown beside the fields: gaps and errors by path, and the cases that a new application may follow.

    `spare` is how many blank rows a table shows besides its own.
    """

    missing: Sequence[str] = ()
    wrong: Mapping[str, Sequence[str]] = field(default_factory=dict)
    previous: Sequence[tuple[str, str]] = ()
    spare: int = 0


def lay_out(data: Mapping[str, Any], state: State, parts: Sequence[Group | Table] = PARTS) -> list[Section]:
    """Return the sections of the form, or of some parts of it, filled; gaps and errors stand at their fields."""
    sections = []
    for part in parts:
        if isinstance(part, Table):
            controls: tuple[Control, ...] = (_table(part, data, state),)
        else:
            controls = tuple(_control(one, one.path, _pick(data, one.path), state) for one in part.fields)
        sections.append(Section(((0, part.label),), controls))
    return sections


def read_parts(posted: "MultiDict[str, str]", parts: Sequence[Group | Table]) -> Data:
    """Return what was posted of some parts, by path: values as contract section 5 has them, None for a blank field."""
    found: Data = {}
    for part in parts:
        if isinstance(part, Table):
            found[part.path] = [row for _, row in read_rows(part, posted)] or None
        else:
            for one in part.fields:
                found[one.path] = _read(one.kind, PREFIX + one.path, posted)
    return found


def arrange(table: Table, posted: "MultiDict[str, str]", do: str) -> list[Data]:
    """Return a table's posted rows after a button of the page: `up.N`, `down.N` or `remove.N`, N as it stood there."""
    rows = read_rows(table, posted)
    verb, _, number = do.partition(".")
    place = next((n for n, (stood, _) in enumerate(rows) if str(stood) == number), None)
    if place is not None and verb == "remove":
        del rows[place]
    other = None if place is None else {"up": place - 1, "down": place + 1}.get(verb)
    if place is not None and other is not None and 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    return [row for _, row in rows]


def step_of(path: str) -> Step | None:
    """Return the step on which a field or file stands."""
    return next((step for step in STEPS if step.holds(path)), None)


def read_rows(table: Table, posted: "MultiDict[str, str]") -> list[tuple[int, Data]]:
    """Return a table's posted rows that are not blank, each with its number on the page."""
    start = f"{PREFIX}{table.path}."
    steps = {name.removeprefix(start).split(".")[0] for name in posted if name.startswith(start)}
    numbers = sorted(int(step) for step in steps if step.isascii() and step.isdigit() and len(step) <= _DIGITS)
    rows = []
    for number in numbers:
        read = {c.path: _read(c.kind, f"{start}{number}.{c.path}", posted) for c in table.columns}
        row = {key: value for key, value in read.items() if value is not None}
        if any(value is not False for value in row.values()):
            rows.append((number, row))
    return rows


def label_of(path: str) -> tuple[str, int | None, str]:
    """Return what a path is called: the section, the row (from 1) and the field; English words of the catalogue."""
    steps = path.split(".")
    for part in PARTS:
        if isinstance(part, Table):
            if part.path == steps[0]:
                row = int(steps[1]) + 1 if len(steps) > 1 and steps[1].isdigit() else None
                column = next((c.label for c in part.columns if c.path == steps[-1]), "")
                return part.label, row, column
        else:
            for one in part.fields:
                if one.path == path or path.startswith(f"{one.path}."):
                    return part.label, None, one.label
    return FILES.get(path, path), None, ""


def _table(table: Table, data: Mapping[str, Any], state: State) -> Control:
    given = data.get(table.path)
    rows = list(given) if isinstance(given, list) else []
    filled = [row if isinstance(row, Mapping) else {} for row in rows]
    controls = []
    for index, row in enumerate([*filled, *({} for _ in range(table.spare + state.spare))]):
        path = f"{table.path}.{index}"
        cells = tuple(_control(c, f"{path}.{c.path}", row.get(c.path), state) for c in table.columns)
        total = sum(_whole(row.get(kind)) for kind in HOURS) if table is PLAN else 0
        controls.append(Control("row", id_of(path), PREFIX + path, str(index + 1), rows=cells, limits={"total": total}))
    sums = tuple((kind, sum(_whole(row.get(kind)) for row in filled)) for kind in HOURS) if table is PLAN else ()
    return Control(
        "table",
        id_of(table.path),
        PREFIX + table.path,
        table.label,
        table.hint,
        errors=tuple(state.wrong.get(table.path, ())),
        rows=tuple(controls),
        limits={
            "plan": table is PLAN,
            "gap": table.path in state.missing,
            "sums": sums,
            "total": sum(value for _, value in sums),
        },
    )


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _control(one: Spec, path: str, value: Any, state: State) -> Control:
    plain = Control(
        "text",
        id_of(path),
        PREFIX + path,
        one.label,
        one.hint,
        one.required,
        "" if value is None else str(value),
        errors=tuple(state.wrong.get(path, ())),
        limits={"gap": path in state.missing},
    )
    match one.kind:
        case "date":
            return replace(plain, kind="date", value=field_day(value))
        case "date_or_indefinite":
            typed = "" if value == "indefinite" else str(value or "").removesuffix(_BOTH)
            choices = (Choice("indefinite", "without a term", typed != str(value or "")),)
            return replace(plain, kind=one.kind, value=field_day(typed), choices=choices)
        case "lines":
            return replace(plain, kind="lines", value="\n".join(map(str, value)) if isinstance(value, list) else "")
        case "level":
            return replace(plain, kind="select", choices=_offered(LEVELS, value))
        case "previous":
            return replace(plain, kind="select", choices=_offered(state.previous, value))
        case "hours":
            return replace(plain, kind="number")
        case "flag":
            return replace(plain, kind="checkbox", value="true" if value is True else "")
        case _:
            return replace(plain, kind=one.kind)


def _offered(options: Sequence[tuple[str, str]], value: Any) -> tuple[Choice, ...]:
    return tuple(Choice(one, label, one == value) for one, label in options)


def _read(kind: str, name: str, posted: "MultiDict[str, str]") -> Any:
    text = posted.get(name, "").replace("\r\n", "\n").strip()
    match kind:
        case "flag":
            return text == "true"
        case "date_or_indefinite":
            if posted.get(f"{name}.indefinite"):
                return read_day(text) + _BOTH if text else "indefinite"
            return read_day(text) or None
        case _ if not text:
            return None
        case "date":
            return read_day(text)
        case "title":
            return " ".join(text.split())
        case "lines":
            return [line.strip() for line in text.split("\n") if line.strip()]
        case "hours":
            digits = text.replace("\u00a0", "").replace(" ", "")
            return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < _MANY else text
        case _:
            return text


def _pick(data: Mapping[str, Any], path: str) -> Any:
    found: Any = data
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found
