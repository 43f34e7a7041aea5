"""Facts: what happened, in the past tense; the only source of history, inbox, timers and post."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class Text(str):
    """A string of free text or personal data: history keeps `{"ref", "digest"}` of it and the text apart, erasable."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened in a case. `data` is JSON; strings of class Text are kept apart from the chain."""

    kind: str
    element: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
