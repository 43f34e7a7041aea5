"""A form file as the sections of a page, filled with what is known. Nothing is judged here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from engine.forms import Condition, Field, Form, Kind, Note
from handlers.forms_view.controls import PREFIX, Choice, Control, Section, id_of
from handlers.forms_view.options import list_choices, list_offered, sort_people
from handlers.forms_view.sheets import SIGNS, Tally, gather_sheets, read_marking, tally_of
from handlers.forms_view.values import ABSENT, pick, text_of
from handlers.pages.dates import field_day, field_moment

Errors = Mapping[str, Sequence[str]]
_LINES: Final = 3


@dataclass(frozen=True, slots=True)
class Look:
    """How a person wants to see a form: the order of its marks, of its people, and whether the suggestion is taken."""

    order: str = ""
    sort: str = ""
    suggest: str = ""

    def query(self) -> dict[str, str]:
        """Return it as parameters of an address, nothing where nothing is asked."""
        asked = {"order": self.order, "sort": self.sort, "suggest": self.suggest}
        return {name: value for name, value in asked.items() if value}


def look_of(values: Mapping[str, str]) -> Look:
    """Return the look that an address or a posted form asks for."""
    order, sort, suggest = (values.get(name, "")[:20] for name in ("order", "sort", "suggest"))
    return Look("" if order == "form" else order, sort, suggest)


@dataclass(frozen=True, slots=True)
class _Page:
    """What the controls are filled from."""

    data: Mapping[str, Any]
    told: Mapping[str, Any]
    wrong: Mapping[str, tuple[str, ...]]
    look: Look


def lay_out(
    form: Form,
    data: Mapping[str, Any],
    shown: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
    look: Look | None = None,
) -> list[Section]:
    """Return the form's sections, filled with `data`; `shown` is what the task's provider tells, `errors` by path."""
    wrong = {path: tuple(texts) for path, texts in (errors or {}).items()}
    page = _Page(data, dict(shown or {}), wrong, look or Look())
    comments = {str(one.properties["comment_of"]): one for one in form.fields if "comment_of" in one.properties}
    sections: list[Section] = []
    group: tuple[str, ...] | None = None
    focused = False
    for part in form.parts:
        if isinstance(part, Field) and ("comment_of" in part.properties or part.readonly):
            continue
        control = _note(part) if isinstance(part, Note) else _control(part, page)
        if isinstance(part, Field) and part.key in comments:
            control = replace(control, comment=_control(comments[part.key], page))
        if not focused:
            control, focused = _focus(control)
        if part.group != group:
            sections.append(Section(_titles(group or (), part.group), ()))
            group = part.group
        last = sections[-1]
        sections[-1] = replace(
            last, controls=(*last.controls, control), is_checklist=last.is_checklist or control.kind == "mark"
        )
    gathered = gather_sheets(sections, read_marking(page.told), page.look.order)
    return _hold_against(gathered, tally_of(gathered))


def _titles(before: tuple[str, ...], now: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    same = next((n for n, pair in enumerate(zip(before, now, strict=False)) if pair[0] != pair[1]), None)
    start = min(len(before), len(now)) if same is None else same
    return tuple((level, now[level]) for level in range(start, len(now)) if now[level])


def _focus(control: Control) -> tuple[Control, bool]:
    """Give the page's focus to a control in error: to the row of a map or the comment where the error stands there."""
    for number, row in enumerate(control.rows):
        if row.errors:
            rows = (*control.rows[:number], replace(row, focus=True), *control.rows[number + 1 :])
            return replace(control, rows=rows), True
    if control.errors:
        return replace(control, focus=True), True
    if control.comment and control.comment.errors:
        return replace(control, comment=replace(control.comment, focus=True)), True
    return control, False


def _hold_against(sections: list[Section], tally: Tally | None) -> list[Section]:
    """Tell the control of the verdict what the marks suggest, and that of its reason whether one is wanted.

    Where every row is marked and no verdict chosen, the suggested one is (A-20).
    """
    if tally is None or not tally.outcomes:
        return sections
    chosen = {c.name: c.chosen for section in sections for c in section.controls}

    def hold(control: Control) -> Control:
        if control.limits.get("suggested_by"):
            choices = control.choices
            if not control.chosen and not tally.blank:
                choices = tuple(replace(choice, chosen=choice.value == tally.outcome) for choice in choices)
            limits = {**control.limits, "suggested": tally.outcome, "tally": tally}
            return replace(control, choices=choices, limits=limits)
        verdict = chosen.get(PREFIX + str(control.limits.get("reason_for", "")))
        if verdict is None:
            return control
        against = bool(verdict and tally.outcome and verdict != tally.outcome)
        return replace(control, limits={**control.limits, "against": against})

    return [replace(section, controls=tuple(hold(c) for c in section.controls)) for section in sections]


def _note(part: Note) -> Control:
    return Control("note", "", "", part.text, hide=_hide(part.hidden_when))


def _control(one: Field, page: _Page) -> Control:
    base = Control(
        "text",
        id_of(one.key),
        PREFIX + one.key,
        one.label or one.key,
        one.description,
        one.required,
        errors=_errors_at(one, page.wrong),
        hide=_hide(one.hidden_when),
        limits=_limits(one),
        clause=one.properties.get("clause", ""),
        now=_standing_now(one, page.told),
    )
    value = pick(page.data, one.path)
    return _map(one, base, value, page) if one.map else _filled(one, base, value, page)


def _standing_now(one: Field, told: Mapping[str, Any]) -> str:
    path = one.properties.get("now")
    value = pick(told, path.split(".")) if path else ABSENT
    if value is ABSENT or value is None:
        return ""
    labels = {text_of(option.value): option.label for option in one.options}
    items = value if isinstance(value, list) else [value]
    return ", ".join(labels.get(text_of(item), text_of(item)) for item in items)


def _filled(one: Field, base: Control, value: Any, page: _Page) -> Control:
    given = None if value is ABSENT else value
    match one.kind:
        case Kind.CHOICE | Kind.CHOICES:
            choices = list_choices(one, given, page.told, suggest=bool(page.look.suggest))
            kind = _choice_kind(one, choices)
            if kind == "people":
                choices = sort_people(choices, page.look.sort)
                base = replace(base, limits={**base.limits, "sort": page.look.sort})
            return replace(base, kind=kind, choices=choices)
        case Kind.FLAG:
            return replace(base, kind="checkbox", value="true" if given is True else "")
        case Kind.DATE:
            return replace(base, kind="date", value=field_day(given))
        case Kind.DATETIME:
            return replace(base, kind="moment", value=field_moment(given))
        case Kind.LINES:
            lines = [str(item) for item in given] if isinstance(given, list) else []
            rows = max(_LINES, len(lines) + 1)
            return replace(base, kind="lines", value="\n".join(lines), limits={**base.limits, "lines": rows})
        case Kind.INTEGER | Kind.DECIMAL:
            return replace(base, kind="number", value=text_of(given))
        case Kind.TEXTAREA:
            return replace(base, kind="textarea", value=str(given or ""))
        case _:
            return replace(base, value=str(given or ""))


def _choice_kind(one: Field, choices: Sequence[Choice]) -> str:
    if one.provider and any("eligible" in choice.facts for choice in choices):
        return "people"
    if one.kind is Kind.CHOICES:
        return "checklist"
    if {choice.value for choice in choices} <= SIGNS and choices:
        return "mark"
    return "select" if one.component == "select" else "radio"


def _map(one: Field, base: Control, value: Any, page: _Page) -> Control:
    given = value if isinstance(value, Mapping) else {}
    keys = [(c.value, c.label) for c in list_offered(page.told.get(one.keys or ""), ())]
    keys += [(key, key) for key in given if key not in {k for k, _ in keys} and not one.keys]
    rows = []
    for key, label in keys:
        path = f"{one.key}.{key}"
        row = Control("text", id_of(path), PREFIX + path, label, errors=page.wrong.get(path, ()))
        rows.append(_filled(one, row, given.get(key, ABSENT), page))
    return replace(base, kind="map", rows=tuple(rows), errors=page.wrong.get(one.key, ()))


def _limits(one: Field) -> dict[str, Any]:
    found: dict[str, Any] = {"one": one.kind is Kind.CHOICE}
    if one.kind in {Kind.TEXT, Kind.TEXTAREA}:
        found["maxlength"] = one.max_length
    if wanted := one.properties.get("count"):
        found["count"] = int(wanted)
    for name in ("suggested_by", "reason_for"):
        if name in one.properties:
            found[name] = one.properties[name]
    return found


def _hide(conditions: Sequence[Condition]) -> str:
    if not conditions:
        return ""
    return orjson.dumps([[PREFIX + ".".join(c.path), text_of(c.value), c.negated] for c in conditions]).decode()


def _errors_at(one: Field, wrong: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    inner = () if one.map else tuple(t for k, v in wrong.items() if k.startswith(f"{one.key}.") for t in v)
    return (*wrong.get(one.key, ()), *inner)
