"""The parts of a form: fields that take a value, notes that take none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Any, Final, TypeAlias

MAX_TEXT: Final = 10_000
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
Scalar: TypeAlias = str | int | bool | None


class Kind(Enum):
    """What a field's value is, in JSON."""

    #: A line of text.
    TEXT = "text"
    #: A text of many lines.
    TEXTAREA = "textarea"
    #: A list of texts.
    LINES = "lines"
    INTEGER = "integer"
    DECIMAL = "decimal"
    #: True or false.
    FLAG = "flag"
    #: One of the options.
    CHOICE = "choice"
    #: A list of options.
    CHOICES = "choices"
    #: "2026-01-12".
    DATE = "date"
    #: "2026-01-12T09:00:00+03:00": always with offset.
    DATETIME = "datetime"
    #: A list of objects, each with the fields of `rows`.
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Option:
    """One of a field's options: what people read, what the data hold."""

    label: str
    value: Scalar


@dataclass(frozen=True, slots=True)
class Condition:
    """Hides a part where the value at `path` equals `value` (or, `negated`, where it differs)."""

    path: tuple[str, ...]
    value: Scalar = True
    negated: bool = False
    #: The field at `path` is optional, so that its absence is an answer: null.
    settled: bool = False

    def holds(self, data: Mapping[str, Any]) -> bool | None:
        """Say whether the part is hidden; None where the value that decides is absent."""
        found: Any = data
        for step in self.path:
            if not isinstance(found, Mapping) or step not in found:
                if not self.settled:
                    return None
                found = None
                break
            found = found[step]
        return (type(found) is type(self.value) and found == self.value) is not self.negated


@dataclass(frozen=True, slots=True)
class Note:
    """A static text, Markdown as written."""

    text: str
    #: The labels of the groups around it, outermost first.
    group: tuple[str, ...] = ()
    hidden_when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field that takes a value."""

    path: tuple[str, ...]
    kind: Kind
    #: The form-js component type: what a page draws.
    component: str
    label: str
    description: str = ""
    required: bool = False
    #: Shown and never accepted.
    readonly: bool = False
    group: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    min_length: int = 0
    max_length: int = MAX_TEXT
    #: A regular expression searched for in the value, or nothing.
    pattern: str | None = None
    options: tuple[Option, ...] = ()
    #: The data provider of the options, where they are not in the file.
    provider: str | None = None
    #: What the keys are (`login`, `case`) where the value is a map with open keys.
    map: str | None = None
    #: The data provider of a map's keys.
    keys: str | None = None
    #: The variable that takes the value, as a path; empty: none.
    variable: tuple[str, ...] = ()
    #: History keeps the text as a digest.
    free_text: bool = False
    #: History keeps the whole value as a digest, whatever its JSON type.
    digest: bool = False
    #: Any one of them hides the field.
    hidden_when: tuple[Condition, ...] = ()
    #: The fields of one row of a ROWS field; their paths begin at the row.
    rows: tuple[Field, ...] = ()
    default: Any = field(default=None, hash=False)
    properties: Mapping[str, str] = field(default_factory=lambda: NOTHING, hash=False)

    @property
    def key(self) -> str:
        """The dotted path: `marks.T05`."""
        return ".".join(self.path)

    @property
    def name(self) -> str:
        """The label, shortened for a message; the key where there is none."""
        words = self.label or self.key
        return words if len(words) <= 80 else words[:79] + "…"

    def is_hidden(self, data: Mapping[str, Any]) -> bool | None:
        """Say whether the field is hidden with these data; None where that is not yet known."""
        if not self.hidden_when:
            return False
        answers = [condition.holds(data) for condition in self.hidden_when]
        if True in answers:
            return True
        return None if None in answers else False


Part: TypeAlias = Field | Note
