"""What a page of a form is made of: controls with their options, sections, and the names their inputs bear."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from handlers.forms_view.sheets import Sheet

PREFIX: Final = "data."


@dataclass(frozen=True, slots=True)
class Choice:
    """One option: what is read, what is sent, what is said beside it.

    `facts` is all that the provider tells of the option, as it stands in the task's data.
    """

    value: str
    label: str
    chosen: bool = False
    notes: tuple[tuple[str, str], ...] = ()
    closed: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Control:
    """One field or note of a page. `kind` names the template's macro; `value` is what stands in the field, as text.

    `hide` is a JSON list of [name, value, negated]: any of them hides the control. `rows` are the controls of a map.
    `focus`: the first field in error, which the page opens at. `now` is what stands where nothing is filled in.
    `limits` are what else the template needs to know.
    """

    kind: str
    id: str
    name: str
    label: str
    hint: str = ""
    required: bool = False
    value: str = ""
    choices: tuple[Choice, ...] = ()
    errors: tuple[str, ...] = ()
    hide: str = ""
    comment: "Control | None" = None
    rows: tuple["Control", ...] = ()
    limits: Mapping[str, Any] = field(default_factory=dict)
    clause: str = ""
    focus: bool = False
    now: str = ""

    @property
    def chosen(self) -> str:
        """The value of the first option chosen; empty where there is none."""
        return next((choice.value for choice in self.choices if choice.chosen), "")


@dataclass(frozen=True, slots=True)
class Section:
    """Controls under the same headings; `titles` are the headings to open, as (level, text).

    Marks stand in a `sheet`, one table for all the headings that follow each other; its rows are not among `controls`
    of the page but are counted there too, so that nothing that reads the controls misses them.
    """

    titles: tuple[tuple[int, str], ...]
    controls: tuple[Control, ...]
    is_checklist: bool = False
    sheet: "Sheet | None" = None


def id_of(path: str) -> str:
    """Return the id of the control at a path."""
    return "f-" + path.replace(".", "-")
