"""Writing some fields of an application into it, by their paths."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any


def put_parts(data: Mapping[str, Any], parts: Mapping[str, Any], but: Iterable[str] = ()) -> dict[str, Any]:
    """A copy of `data` with some fields written, by path; None takes one away.

    A path of `but` keeps what stood there; one inside a list (`plan.0.lecture_hours`) is left out of its row.
    """
    told: dict[str, Any] = deepcopy(dict(data))
    kept = tuple(but)
    for path, value in parts.items():
        if path in kept:
            continue
        spot, steps = told, path.split(".")
        for step in steps[:-1]:
            inner = spot.get(step)
            spot[step] = inner if isinstance(inner, dict) else {}
            spot = spot[step]
        if value is None:
            spot.pop(steps[-1], None)
        else:
            spot[steps[-1]] = deepcopy(value)
        for inside in kept:
            if inside.startswith(f"{path}.") and value is not None:
                _leave_out(spot[steps[-1]], inside.removeprefix(f"{path}.").split("."))
    return told


def _leave_out(value: Any, steps: Sequence[str]) -> None:
    for step in steps[:-1]:
        if isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        elif isinstance(value, dict):
            value = value.get(step)
    if isinstance(value, dict):
        value.pop(steps[-1], None)
