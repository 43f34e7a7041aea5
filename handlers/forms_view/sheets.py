"""A sheet of marks: rows with «+», «-» or «not applicable», what each means, and the outcome they come to so far.

What passes and what follows is told by the task's provider under `marking`, from the decision tables of the case's own
version, so that the page counts by no rule of its own:

- `accepted`: {row: [signs that pass]}; a row not named passes with «+»;
- `count`: `met` (rows passed) or `unmet` (rows failed), the number that `outcomes` goes by;
- `outcomes`: the table's answer for 0, 1, 2 … such rows;
- `hints`: {row: what the service already knows of it}.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from handlers.forms_view.controls import Control, Section

SIGNS: Final = frozenset({"+", "-", "na"})
#: How a sheet may be shown: as the form has it, what failed first, what is not marked alone.
ORDERS: Final = ("form", "defects", "blank")
MET, UNMET, BLANK = "met", "unmet", "blank"


@dataclass(frozen=True, slots=True)
class Marking:
    """What marks mean, as the provider tells it."""

    accepted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    count: str = MET
    outcomes: tuple[str, ...] = ()
    hints: Mapping[str, str] = field(default_factory=dict)

    def standing(self, code: str, sign: str) -> str:
        """Say whether a row is `met`, `unmet` or `blank`."""
        if not sign:
            return BLANK
        return MET if sign in self.passing(code) else UNMET

    def passing(self, code: str) -> frozenset[str]:
        """Return the signs that pass in a row."""
        return self.accepted.get(code, frozenset({"+"}))


@dataclass(frozen=True, slots=True)
class Mark:
    """One row: its number and text apart, the control with the comment, and how it stands.

    `passes` are the signs that pass; `place` is its place in the form, `band` that of its headings.
    """

    code: str
    text: str
    control: Control
    standing: str
    known: str = ""
    passes: frozenset[str] = frozenset({"+"})
    place: int = 0
    band: int = 0

    @property
    def turned(self) -> bool:
        """Whether «-» is what passes."""
        return "+" not in self.passes and "-" in self.passes


@dataclass(frozen=True, slots=True)
class Band:
    """Rows under one heading; `kind` is `form` for a heading of the form, else the standing of its rows."""

    kind: str
    titles: tuple[tuple[int, str], ...]
    rows: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """What is marked so far: numbers of rows, and what the outcome goes by."""

    met: int
    unmet: int
    blank: int
    count: str
    outcomes: tuple[str, ...]

    @property
    def rows(self) -> int:
        """All rows."""
        return self.met + self.unmet + self.blank

    @property
    def marked(self) -> int:
        """Rows with a mark."""
        return self.met + self.unmet

    @property
    def share(self) -> str:
        """Rows passed of all rows, per cent with two digits: «75,00»."""
        return share_of(self.met, self.rows)

    @property
    def outcome(self) -> str:
        """The outcome where no further mark can change it, else nothing."""
        least = self.met if self.count == MET else self.unmet
        possible = set(self.outcomes[least : least + self.blank + 1])
        return possible.pop() if len(possible) == 1 else ""

    @property
    def threshold(self) -> int | None:
        """The least number of rows passed that has the outcome of all passed; None where failures are counted."""
        if self.count != MET or not self.outcomes:
            return None
        return next(n for n, outcome in enumerate(self.outcomes) if outcome == self.outcomes[-1])

    @property
    def threshold_share(self) -> str:
        """The threshold as a share of all rows, per cent."""
        return share_of(self.threshold or 0, self.rows)


@dataclass(frozen=True, slots=True)
class Sheet:
    """All marks of a form."""

    bands: tuple[Band, ...]
    tally: Tally
    order: str

    @property
    def has_comments(self) -> bool:
        """Whether rows have a place for a comment."""
        return any(row.control.comment for band in self.bands for row in band.rows)


def read_marking(told: Mapping[str, Any]) -> Marking:
    """Return what the provider tells of marks; without it «+» passes and nothing follows."""
    found = told.get("marking")
    if not isinstance(found, Mapping):
        return Marking()
    accepted = {str(row): frozenset(map(str, signs)) for row, signs in dict(found.get("accepted") or {}).items()}
    hints = {str(row): str(text) for row, text in dict(found.get("hints") or {}).items()}
    return Marking(accepted, str(found.get("count") or MET), tuple(map(str, found.get("outcomes") or ())), hints)


def gather_sheets(sections: Sequence[Section], marking: Marking, order: str) -> list[Section]:
    """Put the marks of sections that follow each other into one sheet, in the place of the first of them."""
    found: list[Section] = []
    run: list[Section] = []
    for section in [*sections, None]:
        if section is not None and section.is_checklist and all(c.kind == "mark" for c in section.controls):
            run.append(section)
            continue
        if run:
            controls = tuple(control for one in run for control in one.controls)
            found.append(Section((), controls, is_checklist=True, sheet=_sheet(run, marking, order)))
            run = []
        if section is not None:
            found.append(section)
    return found


def tally_of(sections: Iterable[Section]) -> Tally | None:
    """Return the count of the first sheet."""
    return next((section.sheet.tally for section in sections if section.sheet), None)


def share_of(part: int, whole: int) -> str:
    """Return a part of a whole, per cent, rounded to two digits: «70,83»."""
    hundredths = (20_000 * part + whole) // (2 * whole) if whole else 0
    return f"{hundredths // 100},{hundredths % 100:02}"


def _sheet(sections: Sequence[Section], marking: Marking, order: str) -> Sheet:
    bands: list[Band] = []
    place = 0
    for number, section in enumerate(sections):
        rows = []
        for control in section.controls:
            rows.append(replace(_mark(control, marking), place=place, band=number))
            place += 1
        bands.append(Band("form", section.titles, tuple(rows)))
    every = [row for band in bands for row in band.rows]
    numbers = {standing: sum(1 for row in every if row.standing == standing) for standing in (MET, UNMET, BLANK)}
    tally = Tally(numbers[MET], numbers[UNMET], numbers[BLANK], marking.count, marking.outcomes)
    chosen = order if order in ORDERS else "form"
    sorted_rows = {kind: tuple(r for r in every if r.standing == kind) for kind in (UNMET, BLANK, MET)}
    first = chosen == "defects"
    by_standing = [Band(kind, (), rows if first else ()) for kind, rows in sorted_rows.items()]
    by_form = [replace(band, rows=()) if first else band for band in bands]
    return Sheet((*by_standing, *by_form), tally, chosen)


def _mark(control: Control, marking: Marking) -> Mark:
    code = control.name.rsplit(".", 1)[-1]
    passing = marking.passing(code)
    return Mark(
        code,
        control.label.removeprefix(f"{code}. "),
        control,
        marking.standing(code, control.chosen),
        marking.hints.get(code, ""),
        passing,
    )
