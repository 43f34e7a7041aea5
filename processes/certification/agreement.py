"""What an audit asks of facts and rows: the facts of a kind, and whether a row says what a fact holds."""

from collections.abc import Mapping, Sequence
from typing import Any

#: (`seq` of the fact or None, table, what differs)
Finding = tuple[int | None, str, str]
Fact = Mapping[str, Any]
Facts = Sequence[Fact]


def of(facts: Facts, kind: str) -> list[tuple[int, Mapping[str, Any]]]:
    """The facts of a kind: number and data of each."""
    return [(fact["seq"], fact["data"]) for fact in facts if fact["kind"] == kind]


def says(shown: Any, kept: Any, texts: Mapping[str, str]) -> bool:
    """Whether a row's value is what the fact holds; a text erased from the history is no difference."""
    if isinstance(shown, Mapping) and "ref" in shown and "digest" in shown:
        return bool(texts.get(shown["ref"], kept) == kept)
    if isinstance(shown, Mapping):
        other: Mapping[str, Any] = kept or {}
        keys = shown.keys() | other.keys()
        return all(says(_filled(shown.get(key)), _filled(other.get(key)), texts) for key in keys)
    if isinstance(shown, list):
        return len(shown) == len(kept or ()) and all(says(a, b, texts) for a, b in zip(shown, kept or (), strict=True))
    return bool(shown == kept)


def _filled(value: Any) -> Any:
    """Nothing and an empty text are the same: what was left out of a form may be kept as either."""
    return "" if value is None else value
