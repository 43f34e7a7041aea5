"""What a field offers to choose from: the file's own options, or those that the task's provider tells."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from engine.forms import Field
from handlers.forms_view.controls import Choice
from handlers.forms_view.values import text_of

#: What a provider may say beside an option, in the order shown.
_SAID: Final = ("organization", "directions", "active", "recent", "days_since", "conflict", "why_not", "suggested")

#: Orders of people, each with those first who may be chosen: never appointed is longest ago.
_KEYS: Final[Mapping[str, Callable[[Mapping[str, Any]], Any]]] = {
    "name": lambda e: str(e.get("name", "")).casefold(),
    "organization": lambda e: str(e.get("organization") or "").casefold(),
    "directions": lambda e: ", ".join(e.get("directions") or ()).casefold() or "\uffff",
    "load": lambda e: (e.get("active") or 0, e.get("recent") or 0),
    "days": lambda e: -(1_000_000 if e.get("days_since") is None else e["days_since"]),
}


def list_choices(one: Field, given: Any, told: Mapping[str, Any], *, suggest: bool = False) -> tuple[Choice, ...]:
    """Return a field's options with what is chosen; `suggest` chooses those that the provider suggests instead."""
    chosen = {text_of(v) for v in given} if isinstance(given, list) else set() if given is None else {text_of(given)}
    if not one.provider:
        return tuple(
            Choice(text_of(option.value), option.label, text_of(option.value) in chosen) for option in one.options
        )
    # Where the provider tells all it knows of everybody, those who may not be chosen are shown with the reason.
    offered = (told.get("pool") if one.provider == "experts" else None) or told.get(one.provider)
    if suggest and isinstance(offered, Sequence):
        taken = {_value(o) for o in offered if isinstance(o, Mapping) and o.get("suggested")}
        chosen = taken if one.component == "checklist" and taken else chosen
    return tuple(list_offered(offered, chosen))


def list_offered(options: Any, chosen: Iterable[str]) -> Iterator[Choice]:
    """Yield what a provider offers: texts, or objects with `value` or `login`, `label` or `name`, and more to say."""
    taken = set(chosen)
    for option in options if isinstance(options, Sequence) and not isinstance(options, str) else ():
        if not isinstance(option, Mapping):
            yield Choice(str(option), str(option), str(option) in taken)
            continue
        value = _value(option)
        label = str(option.get("label") or option.get("name") or value)
        notes = tuple((key, text) for key in _SAID if (text := _said(option.get(key))))
        closed = option.get("eligible") is False or option.get("closed") is True
        yield Choice(value, label, value in taken and not closed, notes, closed, option)


def sort_people(choices: Sequence[Choice], order: str) -> tuple[Choice, ...]:
    """Return people in an order of `name`, `organization`, `directions`, `load` or `days`; any other: as offered."""
    key = _KEYS.get(order)
    if key is None:
        return tuple(choices)
    return tuple(sorted(choices, key=lambda choice: (choice.closed, key(choice.facts))))


def _value(option: Mapping[str, Any]) -> str:
    return str(option.get("value", option.get("login", "")))


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
