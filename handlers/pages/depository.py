"""The depository: open to all, nothing but what is published."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from flask import make_response, redirect, request

from engine.clock import moscow
from engine.errors import InvalidError
from engine.runtime import Transaction
from handlers.auth import PUBLIC
from handlers.downloads import hand_out
from handlers.pages.certificate_numbers import find_number
from handlers.pages.dates import ask_plainly
from handlers.pages.depository_filters import (
    LABELS,
    PAGING,
    SORTS,
    address,
    chips_of,
    choices_of,
    filters_of,
    read_asked,
    tidy,
    values_of,
)
from handlers.pages.desk import Answer, Desk, Pages
from processes.depository import publications
from processes.depository import use_cases as depository
from processes.depository.feeds import link_entry
from processes.depository.marking import mark_words
from processes.depository.model import LEVELS

pages = Pages()

_UNPROCESSABLE: Final = 422
_PER_PAGE: Final = 20
_NEAR: Final = 2
#: Days before its last one from which a certificate is said to be running out.
_SOON: Final = timedelta(days=90)
_ALIKE: Final = 4


@pages.get("/depository", PUBLIC)
def show_depository(desk: Desk) -> Answer:
    """Show the programmes that meet the filters."""
    asked = read_asked(request.args)
    clean = tidy(asked)
    if not all(_given()):
        return redirect(f"/depository?{urlencode(clean, doseq=True)}".rstrip("?"))
    found: dict[str, Any] = {"items": [], "total": 0, "facets": {}, "page": 1, "per_page": _PER_PAGE}
    error = None
    try:
        found = desk.read(lambda tx: depository.search(tx, asked))
    except InvalidError as refused:
        refused.errors = ask_plainly(refused.errors)
        error = refused
    last = -(-found["total"] // found["per_page"])
    if found["page"] > last > 0:  # of a search that found more when the address was kept
        return redirect(_paged(asked, last))
    counts, today = desk.read(lambda tx: (publications.count_choices(tx, asked), _today(tx)))
    sought = [text for name in ("q", "title") for text in asked.get(name, [])]
    values = {
        "found": found,
        "rows": [{**each, "marked": mark_words(each["title"], *sought)} for each in found["items"]],
        "soon": (today + _SOON).isoformat(),
        "asked": asked,
        "values_of": values_of(counts, asked),
        "choices": choices_of(counts, asked, today),
        "chips": chips_of(asked),
        "labels": LABELS,
        "levels": LEVELS,
        "sorts": SORTS,
        "error": error,
        "paging": PAGING,
        "number": "" if found["total"] else find_number(" ".join(asked.get("q", []))),
        "last": last,
        "steps": _steps(found["page"], last),
        "page_address": lambda number: _paged(asked, number),
        "query_text": urlencode({**filters_of(asked), "sort": asked["sort"]}, doseq=True),
        "feed_text": urlencode(filters_of(asked), doseq=True),
        "is_plain": not clean,
    }
    return make_response(desk.show("depository.html", **values), _UNPROCESSABLE if error else 200)


@pages.get("/depository/<entry_id>", PUBLIC)
def show_entry(desk: Desk, entry_id: str) -> Answer:
    """Show one programme with its files."""

    def read(tx: Transaction) -> dict[str, Any]:
        entry = publications.read_public(tx, entry_id)
        alike = depository.newest(tx, {"direction": [entry.direction]}, _ALIKE)
        return {
            "entry": entry,
            "files": publications.list_files(tx, entry),
            "soon": entry.valid_until <= _today(tx) + _SOON,
            "alike": [one for one in alike if one.id != entry.id][: _ALIKE - 1],
        }

    told = desk.read(read)
    base = desk.context.settings.base_url
    return desk.show(
        "entry.html",
        **told,
        levels=LEVELS,
        base=base,
        linked=link_entry(told["entry"], base),
        by_direction=address({}, direction=[told["entry"].direction]),
        by_organization=address({}, organization=[told["entry"].organization]),
    )


@pages.get("/depository/<entry_id>/<any(programme, certificate):kind>", PUBLIC)
def download_entry_file(desk: Desk, entry_id: str, kind: str) -> Answer:
    """Hand out the programme or its certificate."""
    row, content = desk.read(lambda tx: publications.read_open_file(tx, entry_id, kind))
    return hand_out(row, content)


def _today(tx: Transaction) -> date:
    return moscow(tx.now).date()


def _given() -> list[str]:
    return [text.strip() for _name, values in request.args.lists() for text in values]


def _paged(asked: dict[str, list[str]], number: int) -> str:
    text = urlencode(tidy({**asked, "page": [str(number)]}), doseq=True)
    return f"/depository?{text}" if text else "/depository"


def _steps(page: int, last: int) -> Sequence[int | None]:
    """Numbers of the pages to offer; None stands for those left out between."""
    near = [number for number in range(1, last + 1) if number in {1, last} or abs(number - page) <= _NEAR]
    told: list[int | None] = []
    for number in near:
        if told and told[-1] is not None and number - told[-1] > 1:
            told.append(None)
        told.append(number)
    return told
