"""The depository's filters as a page shows them: what was asked, what could be asked next, and what to take back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from handlers.pages.certificate_numbers import read_number
from handlers.pages.dates import read_day
from processes.depository.model import LEVELS

Asked = dict[str, list[str]]
Counts = dict[str, list[dict[str, Any]]]

#: The filters of annex 5 by name, with their labels; the thirteenth, the term of the certificate, is `valid_on`.
LABELS: Final = {
    "q": "Words anywhere",
    "title": "Programme title",
    "organization": "Organisation",
    "author": "Author",
    "direction": "Field of training",
    "level": "Level",
    "education_kind": "Kind of further education",
    "audience": "Audience",
    "hours_from": "hours from",
    "hours_to": "hours up to",
    "year_from": "year from",
    "year_to": "year up to",
    "study_form": "Form of study",
    "issued_document": "Document issued",
    "certificate": "Certificate number",
    "valid_on": "Valid on",
}
#: What else an address may hold, with labels for what is wrong with it; the page has no fields of these names.
PAGING: Final = {"sort": "Order", "page": "Page", "per_page": "Programmes on a page"}
SORTS: Final = ("-published", "title", "organization", "-year", "hours", "-hours", "-valid_until")
NEWEST: Final = SORTS[0]
#: Hours from and up to, as programmes are usually compared.
_HOURS: Final = ((None, 35), (36, 71), (72, 143), (144, None))
#: Days ahead on which a certificate may still be wanted in force.
_AHEAD: Final = (0, 90, 365, 730)
_MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that may be chosen by one click, or taken back: how many entries there are, and where it leads."""

    value: Any
    count: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in use and the address without it."""

    name: str
    value: str
    address: str


def read_asked(given: "MultiDict[str, str]") -> Asked:
    """The known parameters that are not blank, dates as ISO, a certificate's number as it is registered.

    The newest first where no order is asked.
    """
    asked = {
        name: [text.strip() for text in values if text.strip()]
        for name, values in given.lists()
        if name in LABELS or name in PAGING
    }
    if asked.get("valid_on"):
        asked["valid_on"] = [read_day(asked["valid_on"][-1])]
    if asked.get("certificate"):
        asked["certificate"] = [read_number(asked["certificate"][-1])]
    return {"sort": [NEWEST], **{name: values for name, values in asked.items() if values}}


def tidy(asked: Asked) -> Asked:
    """The parameters that an address needs: none that say what holds anyway."""
    told = dict(asked)
    if told.get("sort") == [NEWEST]:
        told.pop("sort")
    if told.get("page") == ["1"]:
        told.pop("page")
    return told


def filters_of(asked: Asked) -> Asked:
    """The filters alone, without order and paging."""
    return {name: values for name, values in asked.items() if name not in PAGING}


def address(asked: Asked, **changes: Iterable[str]) -> str:
    """The page's address with some filters changed (empty: taken back), from its first page."""
    merged = {**asked, **{name: list(values) for name, values in changes.items()}, "page": []}
    text = urlencode({name: values for name, values in tidy(merged).items() if values}, doseq=True)
    return f"/depository?{text}" if text else "/depository"


def chips_of(asked: Asked) -> list[Chip]:
    """The filters in use, one a value."""
    return [
        Chip(
            name,
            LEVELS.get(value, value) if name == "level" else value,
            address(asked, **{name: [each for each in asked[name] if each != value]}),
        )
        for name in LABELS
        for value in asked.get(name, [])
    ]


def values_of(counts: Counts, asked: Asked) -> Counts:
    """The counted values of each column, and those that are chosen though nothing is found under them."""
    told = dict(counts)
    for name in set(told) & set(LABELS):
        known = {str(row["value"]) for row in told[name]}
        lost = [value for value in asked.get(name, []) if value not in known]
        told[name] = [*told[name], *({"value": value, "count": 0} for value in lost)]
    return told


def choices_of(counts: Counts, asked: Asked, today: date) -> dict[str, list[Choice]]:
    """What one click chooses: organisations, spans of hours, years, and days on which the certificate is in force."""
    ends = [(_day(row["value"]), int(row["count"])) for row in counts.get("valid_until", [])]
    hours = [(int(row["value"]), int(row["count"])) for row in counts.get("hours", [])]
    years = sorted(((int(row["value"]), int(row["count"])) for row in counts.get("year", [])), reverse=True)
    told = {
        "organization": [
            _choice(asked, row["value"], int(row["count"]), organization=str(row["value"]))
            for row in counts.get("organization", [])
        ],
        "hours": [
            _choice(asked, (low, high), _within(hours, low, high), hours_from=low, hours_to=high)
            for low, high in _HOURS
        ],
        "year": [_choice(asked, year, count, year_from=year, year_to=year) for year, count in years],
        "valid_on": [
            _choice(
                asked,
                days,
                sum(count for end, count in ends if end >= today + timedelta(days=days)),
                valid_on=(today + timedelta(days=days)).isoformat(),
            )
            for days in _AHEAD
        ],
    }
    return {name: [one for one in found if one.count or one.chosen][:_MOST] for name, found in told.items()}


def _choice(asked: Asked, value: Any, count: int, **wanted: str | int | None) -> Choice:
    texts = {name: [] if text is None else [str(text)] for name, text in wanted.items()}
    chosen = all(asked.get(name, []) == text for name, text in texts.items())
    leads = {name: [] for name in texts} if chosen else texts
    return Choice(value, count, address(asked, **leads), chosen)


def _within(hours: list[tuple[int, int]], low: int | None, high: int | None) -> int:
    return sum(count for value, count in hours if (low or 0) <= value and (high is None or value <= high))


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
