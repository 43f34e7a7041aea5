"""Reading a search, the state of a certificate, an entry's completeness (clauses 4.13-4.15; annex 5)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from processes.depository.model import LEVELS, SORTS, Search, Status

Findings = dict[str, list[str]]

_TEXTS: Final = (
    "title",
    "organization",
    "author",
    "q",
    "direction",
    "education_kind",
    "study_form",
    "issued_document",
    "certificate",
)
_NUMBERS: Final = ("hours_from", "hours_to", "year_from", "year_to")
_LONGEST: Final = 200
_PER_PAGE: Final = 100
_LARGEST: Final = 999_999


def status_of(valid_from: date, valid_until: date, *, revoked: bool, today: date) -> Status:
    """The state of a certificate on a day; in force through its last day (A-40)."""
    if revoked:
        return Status.REVOKED
    if today > valid_until:
        return Status.EXPIRED
    return Status.IN_FORCE if today >= valid_from else Status.UNKNOWN


def read_search(query: Mapping[str, Sequence[str]]) -> tuple[Search, int, int, Findings]:
    """A search, page and page length from query parameters as given, and what is wrong with them.

    An empty parameter counts as absent; `audience` may be repeated; `per_page` is at most 100, 20 where absent.
    """
    found: Findings = {}
    values: dict[str, Any] = {}
    for key, given in query.items():
        if key == "audience":
            values["audience"] = tuple(v.strip() for v in given if v.strip())
            continue
        text = given[-1].strip() if given else ""
        if key not in {*_TEXTS, *_NUMBERS, "level", "valid_on", "sort", "page", "per_page"}:
            found[key] = ["Такого условия поиска нет."]
        elif len(text) > _LONGEST:
            found[key] = [f"Не более {_LONGEST} знаков."]
        elif text:
            values[key] = _read(key, text, found)
    found |= _check_ranges(values, found)
    if found:
        return Search(), 1, 20, found
    page, per_page = values.pop("page", 1), values.pop("per_page", 20)
    return Search(**values), page, per_page, {}


def _read(key: str, text: str, found: Findings) -> Any:
    if key in _NUMBERS or key in {"page", "per_page"}:
        if not text.isascii() or not text.isdigit() or int(text[:7]) > _LARGEST:
            found[key] = ["Укажите целое число."]
            return None
        return int(text)
    if key == "valid_on":
        try:
            return date.fromisoformat(text)
        except ValueError:
            found[key] = ["Укажите дату в виде ГГГГ-ММ-ДД."]
            return None
    if key == "level" and text not in LEVELS:
        found[key] = [f"Допустимо: {', '.join(LEVELS)}."]
    if key == "sort" and text.removeprefix("-") not in SORTS:
        found[key] = [f"Допустимо: {', '.join(SORTS)}; с минусом впереди - в обратном порядке."]
    return text


def _check_ranges(values: Mapping[str, Any], found: Findings) -> Findings:
    wrong: Findings = {}
    for low, high in (("hours_from", "hours_to"), ("year_from", "year_to")):
        both = values.get(low) is not None and values.get(high) is not None
        if both and low not in found and high not in found and values[low] > values[high]:
            wrong[low] = ["Начало больше конца: поменяйте значения местами."]
    if "page" in values and values["page"] is not None and values["page"] < 1:
        wrong["page"] = ["Страницы считаются с 1."]
    if "per_page" in values and values["per_page"] is not None and not 1 <= values["per_page"] <= _PER_PAGE:
        wrong["per_page"] = [f"От 1 до {_PER_PAGE}."]
    return wrong


def missing_fields(values: Mapping[str, Any]) -> list[str]:
    """Names of the entry's mandatory fields that are blank (clause 4.13): nothing incomplete is published."""
    mandatory = (
        "title",
        "organization",
        "authors",
        "direction",
        "level",
        "education_kind",
        "audience",
        "hours",
        "year",
        "study_form",
        "issued_document",
    )
    return [name for name in mandatory if not values.get(name)]


def guard_cell(text: str) -> str:
    """A cell of a CSV file that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text
