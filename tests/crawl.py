"""Every page that a person can reach by links, one of each kind: for tests that look at them, and for pictures."""

import re
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml import html
from playwright.sync_api import Browser, Page, ViewportSize

from tests.looks import WATCH, note_errors

#: Demo people, one a role; None is the public.
ROLES: Final = (None, "applicant1", "secretary", "chair", "member03", "ministry", "auditor", "admin", "analyst1")
SIZES: Final[dict[str, ViewportSize]] = {
    "wide": {"width": 1440, "height": 900}, "narrow": {"width": 390, "height": 844},
}  # fmt: skip
#: Milliseconds to wait for anything: generous, as the machine may be busy and nothing here is about speed.
PATIENCE: Final = 90_000
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d[\w.-]*|[A-ZА-ЯЁ][\w-]*\d[\w-]*|%D0[\w%-]+")
#: Where the last step of a path names one of many, unless it is a word of the pages' own.
_MANY: Final = re.compile(r"^(/admin/(?:people|experts|letters|organizations))/(?!new|import)[^/]+")
_NO_PAGES: Final = ("/api/", "/static/", "/logout", "/files/", "/sitemap", "/robots")

Read = Callable[[str], tuple[str, str] | None]


def kind_of(address: str) -> str:
    """The kind of page at an address: its path with ids left out; on the first page also the names of what it asks."""
    parts = urlsplit(address)
    path = "/".join("*" if _ID.fullmatch(step) else step for step in _MANY.sub(r"\1/*", parts.path).split("/"))
    if path == "/":
        return "/?" + "&".join(sorted({name for name, _value in parse_qsl(parts.query)} & {"tab", "task"}))
    return f"{path}?" if parts.query else path


def crawl(read: Read, first: str = "/") -> Iterator[str]:
    """The addresses of pages reached from `first`, one a kind.

    `read` gives an address's media type and body, or None where it is refused.
    """
    seen, waiting = {kind_of(first)}, [first]
    while waiting:
        address = waiting.pop(0)
        found = read(address)
        if found is None or not found[0].startswith("text/html"):
            continue
        yield address
        for path in links_of(address, found[1]):
            if kind_of(path) not in seen:
                seen.add(kind_of(path))
                waiting.append(path)


def links_of(address: str, body: str) -> Iterator[str]:
    """The addresses of our own pages that a page links to."""
    for link in html.fromstring(body.encode(), parser=html.HTMLParser(encoding="utf-8")).iterfind(".//a[@href]"):
        target = urlsplit(urljoin(address, link.attrib["href"]))
        path = target.path + (f"?{target.query}" if target.query else "")
        if not (target.netloc or target.scheme or "download" in link.attrib or path.startswith(_NO_PAGES)):
            yield path


def pages_of(page: Page, login: str | None) -> Iterator[tuple[str, str]]:
    """Every page that a person reaches: what kind it is, an address of it; a page a task's element among them."""
    first = "/depository" if login is None else "/"
    yield from ((kind_of(address), address) for address in crawl(reader(page), first))
    if login is not None:
        yield from ((f"/tasks/{element}", address) for element, address in tasks_of(page))


def enter(
    browser: Browser,
    base: str,
    login: str | None,
    size: str = "wide",
    scheme: str = "light",
    *,
    scripts: bool = True,
    wrong: list[str] | None = None,
) -> Page:
    """A page of a demo person who has signed in, or of the public, in Moscow, in Russian.

    `wrong` is filled with what the browser calls an error, from before the sign-in on.
    """
    context = browser.new_context(
        base_url=base,
        locale="ru-RU",
        timezone_id="Europe/Moscow",
        viewport=SIZES[size],
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=scripts,
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.add_init_script(WATCH)
    note_errors(page, [] if wrong is None else wrong)
    if login is not None:
        page.goto("/login")
        page.fill("#login", login)
        page.fill("#password", "demo")
        page.click("form[action='/login'] button")
        page.wait_for_selector("nav.main")
    return page


def tasks_of(page: Page) -> Iterator[tuple[str, str]]:
    """One open task of each element that a person sees: the element, the address of its page."""
    seen: set[str] = set()
    for task in page.request.get("/api/v1/tasks?scope=all&limit=200").json().get("items", ()):
        if task["element"] not in seen:
            seen.add(task["element"])
            yield task["element"], f"/tasks/{task['id']}"


def reader(page: Page) -> Read:
    """How `crawl` reads with a page's cookies."""

    def read(address: str) -> tuple[str, str] | None:
        answer = page.request.get(address)
        if not answer.ok:
            return None
        media = answer.headers.get("content-type", "")
        return media, answer.text() if media.startswith("text/html") else ""

    return read
