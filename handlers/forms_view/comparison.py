"""Several conclusions on the same rows, side by side: who marked what, where they differ, what they come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from handlers.forms_view.sheets import share_of

#: Which rows may be asked for: all, those where the signs differ, those with a «-».
FILTERS: Final = ("all", "differ", "minus")


@dataclass(frozen=True, slots=True)
class Said:
    """What one expert said of one row."""

    who: str
    sign: str
    comment: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row with what everybody said of it."""

    code: str
    text: str
    said: tuple[Said, ...]

    @property
    def differs(self) -> bool:
        """Whether the signs are not all the same."""
        return len({one.sign for one in self.said}) > 1

    @property
    def has_minus(self) -> bool:
        """Whether anybody marked it «-»."""
        return any(one.sign == "-" for one in self.said)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Conclusions as the provider tells them, with a line a row.

    `shown` is the filter of :data:`FILTERS`; `is_open`: somebody asked for the rows, or they hold what is to be read.
    """

    conclusions: tuple[Mapping[str, Any], ...]
    lines: tuple[Line, ...]
    shown: str
    is_open: bool

    @property
    def points(self) -> int:
        """Points of all experts together."""
        return self._sum("score")

    @property
    def most(self) -> int:
        """The most points that they could give."""
        return self._sum("score_max")

    @property
    def share(self) -> str:
        """Points of all points, per cent: the mean of all experts."""
        return share_of(self.points, self.most)

    def share_of(self, one: Mapping[str, Any]) -> str:
        """Return one conclusion's score, per cent."""
        return share_of(int(one["score"]), int(one["score_max"]))

    @property
    def conforming(self) -> int:
        """How many experts say that the programme conforms."""
        return sum(1 for one in self.conclusions if one["verdict"] == "conforms")

    def shows(self, line: Line) -> bool:
        """Whether the filter lets a line through."""
        return {"differ": line.differs, "minus": line.has_minus}.get(self.shown, True)

    @property
    def shown_count(self) -> int:
        """How many lines the filter lets through."""
        return sum(1 for line in self.lines if self.shows(line))

    def _sum(self, key: str) -> int:
        return sum(int(one[key]) for one in self.conclusions)


def compare(told: Mapping[str, Any], shown: str = "") -> Comparison | None:
    """Return a task's conclusions compared; None where it has none. Unasked, the rows with a «-» are shown.

    Wants `conclusions` (`name`, `marks`, `comments`, `score`, `score_max`, `verdict`, …) and, for the rows' words,
    `rows` ({row: text}).
    """
    found: Sequence[Mapping[str, Any]] = told.get("conclusions") or ()
    if not found:
        return None
    words = told.get("rows")
    texts: Mapping[str, str] = words if isinstance(words, Mapping) else {}
    codes = dict.fromkeys([*texts, *sorted({code for one in found for code in one["marks"]} - set(texts))])
    lines = tuple(
        Line(
            code,
            texts.get(code, ""),
            tuple(Said(one["name"], one["marks"].get(code, ""), one["comments"].get(code) or "") for one in found),
        )
        for code in codes
    )
    disputed = any(line.has_minus for line in lines)
    asked = shown in FILTERS
    return Comparison(
        tuple(found), lines, shown if asked else "minus" if disputed else "all", is_open=asked or disputed
    )
