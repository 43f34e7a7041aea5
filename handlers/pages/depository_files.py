"""The depository to take away and to follow: tables for people, the feed of new entries."""

from typing import Final
from urllib.parse import urlencode

from flask import request

from engine.clock import moscow
from handlers.answers import write_json
from handlers.auth import PUBLIC
from handlers.pages.depository_filters import filters_of, read_asked
from handlers.pages.desk import Answer, Desk, Pages
from handlers.pages.published import publish
from processes.depository import publications
from processes.depository import use_cases as depository
from processes.depository.feeds import write_atom
from processes.depository.spreadsheets import write_csv, write_xlsx

pages = Pages()

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/depository.csv", PUBLIC)
def download_csv(desk: Desk) -> Answer:
    """Hand out what is found as a table for people."""
    asked = read_asked(request.args)
    found = desk.read(lambda tx: depository.find_all(tx, asked))
    return publish(write_csv(found, desk.context.settings.base_url), "text/csv; charset=utf-8", "depository.csv")


@pages.get("/depository.xlsx", PUBLIC)
def download_xlsx(desk: Desk) -> Answer:
    """Hand out what is found as a workbook."""
    asked = read_asked(request.args)
    found, today = desk.read(lambda tx: (depository.find_all(tx, asked), moscow(tx.now).date()))
    return publish(write_xlsx(found, today, desk.context.settings.base_url), XLSX, "depository.xlsx")


@pages.get("/depository.json", PUBLIC)
def download_json(desk: Desk) -> Answer:
    """Hand out what is found with the passport of the set."""
    asked = read_asked(request.args)
    found = desk.read(lambda tx: depository.export_json(tx, asked, desk.context.settings.base_url))
    return publish(write_json(found), "application/json", "depository.json")


@pages.get("/depository.atom", PUBLIC)
def follow_depository(desk: Desk) -> Answer:
    """Tell the newest entries that meet the filters, as a feed."""
    asked = filters_of(read_asked(request.args))
    query = f"?{urlencode(asked, doseq=True)}" if asked else ""
    base = desk.context.settings.base_url
    found, data_set = desk.read(lambda tx: (depository.newest(tx, asked), publications.read_data_set(tx, base)))
    content = write_atom(
        found,
        base_url=base,
        address=f"/depository.atom{query}",
        page=f"/depository{query}",
        changed_on=max((each.published_on for each in found), default=data_set.changed_on),
        author=data_set.owner,
    )
    return publish(content, "application/atom+xml; charset=utf-8")
