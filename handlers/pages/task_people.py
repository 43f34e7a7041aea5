"""What a task's provider tells of people, with their names in place of their logins."""

from collections.abc import Callable, Mapping
from typing import Any, Final

#: Where a provider tells one login, a list of them, or something of each (contract, providers of tasks).
_ONE: Final = frozenset({"by", "on_behalf_of", "login", "presiding", "casting"})
_MANY: Final = frozenset({"conflicts", "recused"})
_EACH: Final = frozenset({"votes", "declined"})

Name = Callable[[str], str]


def name_people(told: Any, name: Name) -> Any:
    """Return what was told with names for logins; an option of a list (`value`, `label`) is its label alone."""
    if isinstance(told, Mapping):
        if told.keys() == {"value", "label"}:
            return told["label"]
        return {key: _named(key, value, name) for key, value in told.items()}
    if isinstance(told, list | tuple):
        return [name_people(one, name) for one in told]
    return told


def _named(key: str, value: Any, name: Name) -> Any:
    if key in _ONE and isinstance(value, str):
        return name(value)
    if key in _MANY and isinstance(value, list | tuple):
        return [name(one) if isinstance(one, str) else one for one in value]
    if key in _EACH and isinstance(value, Mapping):
        return {name(login): name_people(one, name) for login, one in value.items()}
    return name_people(value, name)
