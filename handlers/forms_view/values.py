"""How a value of a form's JSON is found and written as the text of an input."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

#: Stands for a value that is not there: null is a value.
ABSENT: Final = object()


def text_of(value: Any) -> str:
    """Return a value as an input sends it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def pick(data: Any, path: Sequence[str]) -> Any:
    """Return the value at a path, ABSENT where there is none."""
    for step in path:
        if not isinstance(data, Mapping) or step not in data:
            return ABSENT
        data = data[step]
    return data
