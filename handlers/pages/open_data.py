"""Open data: the set's passport as a page and as files under the names that programs expect."""

from flask import redirect

from engine.errors import NotFoundError
from handlers.auth import PUBLIC
from handlers.pages.desk import Answer, Desk, Pages
from handlers.pages.published import publish
from processes.depository import open_data
from processes.depository import use_cases as depository
from processes.depository.feeds import link_data_set
from processes.depository.publications import read_data_set

pages = Pages()

_CSV = "text/csv; charset=utf-8"


@pages.get("/opendata", PUBLIC)
def show_open_data(desk: Desk) -> Answer:
    """Lead to the one set of open data."""
    return redirect(_found(desk).address().removeprefix(desk.context.settings.base_url))


@pages.get("/opendata/list.csv", PUBLIC)
def list_open_data(desk: Desk) -> Answer:
    """Hand out the list of sets."""
    return publish(open_data.write_list(_found(desk)), _CSV, "list.csv")


@pages.get("/opendata/<identifier>", PUBLIC)
def show_data_set(desk: Desk, identifier: str) -> Answer:
    """Show the set's passport."""
    found = _found(desk, identifier)
    return desk.show(
        "open_data.html",
        found=found,
        title=open_data.TITLE,
        description=open_data.DESCRIPTION,
        keywords=open_data.KEYWORDS,
        terms=open_data.TERMS,
        fields=open_data.FIELDS,
        structure_day=open_data.STRUCTURE_DAY,
        linked=link_data_set(found),
        dialled="".join(sign for sign in found.phone.partition(",")[0] if sign.isdigit() or sign == "+"),
    )


@pages.get("/opendata/<identifier>/<name>.csv", PUBLIC)
def download_data_set(desk: Desk, identifier: str, name: str) -> Answer:
    """Hand out the passport, the structure or the data of today's version."""
    found = _found(desk, identifier)
    if name == "meta":
        content = open_data.write_meta(found)
    elif name == found.structure:
        content = open_data.write_structure()
    elif name == found.data:
        entries = desk.read(lambda tx: depository.find_all(tx, {"sort": ["certificate"]}))
        content = open_data.write_data(entries, found.base_url)
    else:
        raise NotFoundError(
            f"Такого файла у набора нет: изъятые записи не раздаются, поэтому прежние версии не хранятся. "
            f"Текущая версия: {found.data}.csv."
        )
    return publish(content, _CSV, f"{name}.csv")


def _found(desk: Desk, identifier: str | None = None) -> open_data.DataSet:
    found = desk.read(lambda tx: read_data_set(tx, desk.context.settings.base_url))
    if identifier not in {None, found.identifier}:
        raise NotFoundError(f"Такого набора данных нет. Есть набор {found.identifier}.")
    return found
