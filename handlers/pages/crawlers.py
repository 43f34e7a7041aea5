"""What search engines are told: where they may go (robots.txt) and what there is (the site map)."""

from datetime import date
from itertools import islice
from typing import Final

from engine.clock import moscow
from engine.errors import NotFoundError
from handlers.auth import PUBLIC
from handlers.pages.desk import Answer, Desk, Pages
from handlers.pages.published import publish
from processes.depository import use_cases as depository
from processes.depository.feeds import MOST, write_sitemap, write_sitemap_index

pages = Pages()

_XML: Final = "application/xml; charset=utf-8"
#: Open to everybody and worth finding; searches with filters are without number, their results stand in the map.
_OPEN: Final = ("/depository", "/certificates", "/opendata", "/help", "/static/")
_PLAIN: Final = ("/depository", "/certificates", "/opendata")


@pages.get("/robots.txt", PUBLIC)
def show_robots(desk: Desk) -> Answer:
    """Tell crawlers what is open."""
    lines = [
        "User-agent: *",
        *(f"Allow: {path}" for path in _OPEN),
        "Disallow: /depository?",
        "Disallow: /depository.",
        "Disallow: /",
        f"Sitemap: {desk.context.settings.base_url}/sitemap.xml",
    ]
    return publish(("\n".join(lines) + "\n").encode(), "text/plain; charset=utf-8")


@pages.get("/sitemap.xml", PUBLIC)
def show_sitemap(desk: Desk) -> Answer:
    """Tell crawlers every open address; where there are too many for one map, the maps."""
    found, base = _addresses(desk), desk.context.settings.base_url
    if len(found) <= MOST:
        return publish(write_sitemap(found), _XML)
    count = -(-len(found) // MOST)
    return publish(write_sitemap_index(f"{base}/sitemap-{number}.xml" for number in range(1, count + 1)), _XML)


@pages.get("/sitemap-<int:number>.xml", PUBLIC)
def show_sitemap_part(desk: Desk, number: int) -> Answer:
    """Tell crawlers one part of the open addresses."""
    part = list(islice(_addresses(desk), (number - 1) * MOST, number * MOST)) if number else []
    if not part:
        raise NotFoundError("Такой карты сайта нет.")
    return publish(write_sitemap(part), _XML)


def _addresses(desk: Desk) -> list[tuple[str, date | None]]:
    base = desk.context.settings.base_url
    entries, today = desk.read(lambda tx: (depository.find_all(tx, {"sort": ["-published"]}), moscow(tx.now).date()))
    plain: list[tuple[str, date | None]] = [(f"{base}{path}", today) for path in _PLAIN]
    return [*plain, *((f"{base}/depository/{entry.id}", entry.published_on) for entry in entries)]
