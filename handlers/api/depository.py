"""The public register: no sign-in, nothing but what is published."""

from typing import Any

from flask import Response, request

from handlers.answers import write_json
from handlers.api import shapes
from handlers.api.fields import Body, Choice, Day, Number, Rows, Text
from handlers.api.routes import Door, Routes
from handlers.auth import PUBLIC
from handlers.downloads import disposition
from processes.depository import use_cases as depository
from processes.depository.model import LEVELS, SORTS, Status

routes = Routes("Депозитарий")

_YEAR = {"least": 1900, "most": 2199}
_HOURS = {"least": 0, "most": 999_999}


class Filters(Body):
    """The 13 filters, and the search over all texts."""

    q = Text()
    title = Text()
    organization = Text()
    author = Text()
    direction = Text()
    level = Choice(*LEVELS)
    education_kind = Text()
    audience = Rows(Text())
    hours_from = Number(**_HOURS)
    hours_to = Number(**_HOURS)
    year_from = Number(**_YEAR)
    year_to = Number(**_YEAR)
    study_form = Text()
    issued_document = Text()
    certificate = Text()
    valid_on = Day()
    sort = Choice(*SORTS, *(f"-{name}" for name in SORTS))


class Search(Filters):
    """A page of what is found."""

    page = Number(least=1, most=999_999)
    per_page = Number(least=1, most=100)


@routes.get("/depository", PUBLIC, "Найти программы", query=Search(), reads_query=True, answer=shapes.FoundShape())
def search_depository(door: Door) -> dict[str, Any]:
    """Return a page of entries with the counts under each value."""
    return door.read(lambda tx: depository.search(tx, _asked()))


@routes.get(
    "/depository.csv", PUBLIC, "Все найденные программы, CSV", query=Filters(), reads_query=True, media="text/csv"
)
def export_csv(door: Door) -> Response:
    """Return every entry found, for spreadsheets."""
    content = door.read(lambda tx: depository.export_csv(tx, _asked()))
    return _file(content, "depository.csv", "text/csv; charset=utf-8")


@routes.get(
    "/depository.json",
    PUBLIC,
    "Все найденные программы с паспортом набора",
    query=Filters(),
    reads_query=True,
    answer=shapes.DataSetShape(),
)
def export_json(door: Door) -> Response:
    """Return every entry found with the passport of the open data set."""
    base = door.context.settings.base_url
    content = door.read(lambda tx: depository.export_json(tx, _asked(), base))
    return _file(write_json(content), "depository.json", "application/json")


@routes.get("/depository/<entry_id>", PUBLIC, "Карточка программы", answer=shapes.EntryShape())
def show_entry(door: Door, entry_id: str) -> dict[str, Any]:
    """Return one published entry."""
    return door.read(lambda tx: depository.read_entry(tx, entry_id))


@routes.get(
    "/certificates/<path:number>",
    PUBLIC,
    "Проверить сертификат",
    answer=shapes.CertificateShape(),
    others={404: shapes.CertificateShape()},
)
def show_certificate(door: Door, number: str) -> Response:
    """Return a certificate's state; an unknown number is 404 with `status` unknown."""
    found = door.read(lambda tx: depository.find_certificate(tx, number))
    known = found["status"] != Status.UNKNOWN.value
    return Response(write_json(found), 200 if known else 404, content_type="application/json")


def _asked() -> dict[str, list[str]]:
    return request.args.to_dict(flat=False)


def _file(content: bytes, name: str, media_type: str) -> Response:
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = disposition(name)
    return response
