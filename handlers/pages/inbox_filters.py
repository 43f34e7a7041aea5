"""What the inbox is asked for: tab and filters of an address, as the engine's filters, as chips, as an address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from engine.actors import Actor
from engine.clock import MOSCOW, moscow
from engine.inbox import Filters
from engine.inbox.choices import Step
from handlers.pages.dates import read_day
from handlers.pages.lines import week_end

#: Tab -> (scope, state) of the list.
TABS: Final = {
    "mine": ("mine", "open"),
    "available": ("available", "open"),
    "substituting": ("substituting", "open"),
    "following": ("following", "open"),
    "all": ("all", "open"),
    "done": ("done", "completed"),
}
#: Filters in the order in which they stand in an address.
FIELDS: Final = ("q", "when", "process", "stage", "element", "from", "to")
WHENS: Final = ("overdue", "today", "week")
_KEPT: Final = ("tab", *FIELDS)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Tab and filters as an address names them; what it does not know is left out."""

    tab: str = ""
    given: tuple[tuple[str, str], ...] = ()

    @property
    def values(self) -> dict[str, str]:
        """The filters by field."""
        return dict(self.given)

    def address(self, *without: str, **other: str) -> str:
        """Return the inbox's address with these filters, some left out or changed."""
        values = {"tab": self.tab, **self.values, **other}
        kept = {name: value for name, value in values.items() if value and name not in without}
        return f"/?{urlencode(kept)}" if kept else "/"


def read_chosen(args: Mapping[str, str]) -> Chosen:
    """Return what an address asks for."""
    tab = args.get("tab", "")
    given = {name: " ".join(str(args.get(name, "")).split())[:200] for name in FIELDS}
    # Of what is done, no term is left to ask for: its days are those of completion.
    if given["when"] not in WHENS or tab == "done":
        given["when"] = ""
    return Chosen(tab if tab in TABS else "", tuple((name, value) for name, value in given.items() if value))


def saved_of(chosen: Chosen) -> dict[str, str]:
    """Return what a saved view keeps."""
    return {name: value for name, value in {"tab": chosen.tab, **chosen.values}.items() if value}


def tabs_for(actor: Actor) -> list[str]:
    """Return the tabs that a person has: what may be substituted only for somebody, everything for those who see it."""
    shown = {"substituting": bool(actor.standins), "all": actor.sees_all or actor.owner is not None}
    return [name for name in TABS if shown.get(name, True)]


def filters_of(chosen: Chosen, steps: Iterable[Step], now: datetime) -> Filters:
    """Return the engine's filters; the days of an address are days in Europe/Moscow, both included."""
    values = chosen.values
    elements: list[str] | None = None
    if {"process", "stage", "element"} & set(values):
        elements = [step.element for step in steps if _has(step, values)]
    low, high = _day(values.get("from")), _day(values.get("to"))
    since = _midnight(low) if low else None
    until = _midnight(high + timedelta(days=1)) if high else None
    today = moscow(now).date()
    match values.get("when"):
        case "overdue":
            until = min(until or now, now)
        case "today":
            since = max(since or now, now)
            until = min(until or _midnight(today + timedelta(days=1)), _midnight(today + timedelta(days=1)))
        case "week":
            since = max(since or now, now)
            end = _midnight(week_end(today) + timedelta(days=1))
            until = min(until or end, end)
        case _:
            pass
    return Filters(
        elements=None if elements is None else tuple(dict.fromkeys(elements)),
        text=values.get("q", ""),
        due_from=since,
        due_before=until,
    )


def wrong_days(chosen: Chosen) -> list[str]:
    """Return the fields whose day cannot be read."""
    return [name for name in ("from", "to") if name in chosen.values and _day(chosen.values[name]) is None]


def chips_of(chosen: Chosen, steps: Iterable[Step]) -> list[tuple[str, str, str]]:
    """Return each filter as (field, value in words, address without it)."""
    names = {step.element: step.name for step in steps}
    return [
        (name, names.get(value, value) if name == "element" else value, chosen.address(name))
        for name, value in chosen.given
    ]


def options_of(steps: Iterable[Step]) -> dict[str, list[Any]]:
    """Return what the filters may be set to: procedures, stages, and steps by procedure."""
    found: dict[str, list[Step]] = {}
    for step in steps:
        found.setdefault(step.process, []).append(step)
    return {
        "processes": list(found),
        "stages": list(dict.fromkeys(step.stage for step in steps if step.stage)),
        "steps": list(found.items()),
    }


def with_tab(chosen: Chosen, tab: str) -> Chosen:
    """Return the same filters on another tab."""
    return replace(chosen, tab=tab)


def _has(step: Step, values: Mapping[str, str]) -> bool:
    return all(getattr(step, name) == values[name] for name in ("process", "stage", "element") if name in values)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(read_day(text)) if text else None
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, MOSCOW)
