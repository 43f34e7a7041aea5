"""Where a person is among the tasks, and where an act on one of them leads back to.

A form carries the address of its page in `back`; only a page of this site that shows tasks is ever gone back to.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import redirect, request
from werkzeug.wrappers import Response

from handlers.pages.inbox_filters import Chosen

#: Pages that show tasks: the inbox, a case, a meeting, an application. No host, no backslash, nothing to be decoded.
_PAGE: Final = re.compile(r"/(?:\?[!-\[\]-~]*|(?:cases|meetings|applications)/[!-\[\]-~]+)?")
#: What an address tells of one visit: which task stood open, what had just been done.
_PASSING: Final = frozenset({"task", "next", "done", "about"})


@dataclass(frozen=True, slots=True)
class Place:
    """A list as it is looked at: tab and filters, the saved view that they are, the page of it."""

    asked: Chosen
    view: Mapping[str, Any] | None = None
    cursor: str = ""

    @property
    def here(self) -> str:
        """Its address, without a task beside it."""
        return self.address()

    def address(self, **other: str) -> str:
        """Return its address with something more."""
        known = {"view": str(self.view["id"])} if self.view else {"tab": self.asked.tab, **self.asked.values}
        kept = {name: value for name, value in {**known, "cursor": self.cursor, **other}.items() if value}
        return f"/?{urlencode(kept)}" if kept else "/"

    def page(self, cursor: str) -> str:
        """Return the address of another page of it."""
        return self.address(cursor=cursor)


def read_back(address: str) -> str:
    """Return an address that may be gone back to, without what it told of one visit; nothing for any other."""
    if not _PAGE.fullmatch(address):
        return ""
    parts = urlsplit(address)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name not in _PASSING]
    return f"{parts.path}?{urlencode(kept)}" if kept else parts.path


def came_from() -> str:
    """Return where the person came from: what the form or the address names, else the page of the link."""
    named = request.values.get("back", "")
    if named or request.method != "GET" or request.referrer is None:
        return read_back(named)
    parts = urlsplit(request.referrer)
    if parts.netloc != request.host:
        return ""
    return read_back(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def is_beside(address: str) -> bool:
    """Tell whether an address is the inbox with a task beside the list."""
    return is_list(address) and "task" in arguments(address)


def is_list(address: str) -> bool:
    """Tell whether an address is the inbox."""
    return bool(address) and urlsplit(address).path == "/"


def arguments(address: str) -> dict[str, str]:
    """Return what an address asks for."""
    return dict(parse_qsl(urlsplit(address).query))


def go_to(address: str, *, anchor: str = "", **told: str) -> Response:
    """Send the browser to a page of ours, which tells what has been done."""
    parts = urlsplit(address)
    asked = {**arguments(address), **{name: value for name, value in told.items() if value}}
    page = f"{parts.path}?{urlencode(asked)}" if asked else parts.path
    return redirect(f"{page}#{anchor}" if anchor else page, code=303)


def next_of(before: Sequence[str], after: Sequence[str], done: str) -> str:
    """Return the task to do next: the one that stood below, else the nearest above; nothing where none is left."""
    left = [task for task in after if task != done]
    place = before.index(done) if done in before else -1
    near = [*before[place + 1 :], *reversed(before[: max(place, 0)])]
    return next((task for task in near if task in left), left[0] if left else "")
