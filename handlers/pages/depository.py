"""The depository and the check of a certificate: open to all, nothing but what is published."""

from typing import Any, Final
from urllib.parse import urlencode

from flask import make_response, request

from engine.errors import InvalidError
from handlers.auth import PUBLIC
from handlers.pages.dates import read_day
from handlers.pages.desk import Answer, Desk, Pages
from processes.depository import use_cases as depository
from processes.depository.model import LEVELS, SORTS

pages = Pages()

_UNPROCESSABLE = 422
_NOT_FOUND = 404
_PER_PAGE: Final = 20
_NEAR: Final = 4

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
_FACETS: Final = ("direction", "level", "education_kind", "audience", "study_form", "issued_document")


@pages.get("/depository", PUBLIC)
def show_depository(desk: Desk) -> Answer:
    """Show the programmes that meet the filters."""
    asked = _asked()
    found: dict[str, Any] = {"items": [], "total": 0, "facets": {}, "page": 1, "per_page": _PER_PAGE}
    error = None
    try:
        found = desk.read(lambda tx: depository.search(tx, asked))
    except InvalidError as refused:
        error = refused
    pages_count = -(-found["total"] // found["per_page"])
    query = {k: v for k, v in asked.items() if k not in {"page", "per_page"}}
    values = {
        "found": found,
        "asked": asked,
        "chips": _chips(asked),
        "labels": LABELS,
        "facet_names": _FACETS,
        "levels": LEVELS,
        "sorts": [name for base in SORTS for name in (base, f"-{base}")],
        "error": error,
        "pages_count": pages_count,
        "range_of_pages": range(max(1, found["page"] - _NEAR), min(pages_count, found["page"] + _NEAR) + 1),
        "query": query,
        "query_text": urlencode(query, doseq=True),
    }
    return make_response(desk.show("depository.html", **values), _UNPROCESSABLE if error else 200)


@pages.get("/depository/<entry_id>", PUBLIC)
def show_entry(desk: Desk, entry_id: str) -> Answer:
    """Show one programme."""
    return desk.show("entry.html", entry=desk.read(lambda tx: depository.read_entry(tx, entry_id)), levels=LEVELS)


@pages.get("/certificates", PUBLIC)
def find_certificate(desk: Desk) -> Answer:
    """Ask for a number, or lead to its certificate."""
    number = request.args.get("number", "").strip()
    if number:
        return desk.go("show_certificate", number=number)
    return desk.show("certificate.html", number="", certificate=None)


@pages.get("/certificates/<path:number>", PUBLIC)
def show_certificate(desk: Desk, number: str) -> Answer:
    """Tell whether a certificate is in force."""
    found = desk.read(lambda tx: depository.find_certificate(tx, number))
    status = _NOT_FOUND if found["status"] == "unknown" else 200
    return make_response(desk.show("certificate.html", number=number, certificate=found), status)


def _asked() -> dict[str, list[str]]:
    given = {
        name: [text.strip() for text in values if text.strip()]
        for name, values in request.args.to_dict(flat=False).items()
        if name in LABELS or name in {"sort", "page", "per_page"}
    }
    if given.get("valid_on"):
        given["valid_on"] = [read_day(given["valid_on"][-1])]
    kept = {name: values for name, values in given.items() if values}
    return {"sort": ["-published"], **kept}


def _chips(asked: dict[str, list[str]]) -> list[tuple[str, str, str]]:
    """Return the filters in use as (label, value, address without it)."""
    chips = []
    for name, values in asked.items():
        if name not in LABELS:
            continue
        for value in values:
            rest = {k: [v for v in vs if (k, v) != (name, value)] for k, vs in asked.items() if k != "page"}
            shown = LEVELS.get(value, value) if name == "level" else value
            chips.append((name, shown, f"{request.path}?{urlencode(rest, doseq=True)}"))
    return chips
