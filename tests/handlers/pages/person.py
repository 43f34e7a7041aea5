"""A person before the pages: signs in, opens pages, fills forms in as they stand there and sends them."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from bs4 import BeautifulSoup, Tag
from werkzeug.test import TestResponse

from tests.handlers.demo_house import DemoHouse


class Person:
    """One browser without JavaScript."""

    def __init__(self, demo: DemoHouse, login: str | None = None) -> None:
        self.browser = demo.client()
        self.page = BeautifulSoup("", "html.parser")
        self.address = ""
        self.status = 0
        if login is not None:
            self.open("/login")
            self.send("form[action='/login']", {"login": login, "password": "demo"})

    def open(self, path: str) -> BeautifulSoup:
        """Open a page, redirects followed."""
        return self._took(self.browser.get(path, follow_redirects=True))

    def send(
        self,
        form: str,
        values: Mapping[str, Any] | None = None,
        *,
        button: str | None = None,
        without: Sequence[str] = (),
    ) -> BeautifulSoup:
        """Send a form of the page with all that stands in it, some values changed; `button` is its selector."""
        found = self.page.select_one(form)
        assert found is not None, f"no form {form} on {self.address}"
        data = {name: value for name, value in standing(found).items() if name not in without}
        action, pressed = str(found["action"]), found.select_one(button) if button else None
        if pressed is not None:
            action = str(pressed.get("formaction") or action)
            if pressed.get("name"):
                data[str(pressed["name"])] = [str(pressed.get("value", ""))]
        for name, value in (values or {}).items():
            data[name] = [str(item) for item in value] if isinstance(value, list) else [str(value)]
        return self._took(self.browser.post(action, data=data, follow_redirects=True))

    def attach(self, form: str, kind: str, name: str, content: bytes) -> BeautifulSoup:
        """Send a file through a form of the page."""
        found = self.page.select_one(form)
        assert found is not None
        data: dict[str, Any] = {**standing(found), "kind": [kind], "file": (io.BytesIO(content), name)}
        return self._took(self.browser.post(str(found["action"]), data=data, follow_redirects=True))

    def follow(self, words: str) -> BeautifulSoup:
        """Follow the first link with these words."""
        found = next(link for link in self.page.select("a[href]") if words in link.get_text())
        return self.open(str(found["href"]))

    def reads(self, words: str) -> bool:
        """Whether the page says something."""
        return words in " ".join(self.page.get_text(" ").split())

    def _took(self, answer: TestResponse) -> BeautifulSoup:
        self.status, self.address = answer.status_code, answer.request.path
        self.page = BeautifulSoup(answer.text if answer.mimetype == "text/html" else "", "html.parser")
        return self.page


def standing(form: Tag) -> dict[str, list[str]]:
    """What a browser would send of a form untouched."""
    data: dict[str, list[str]] = {}
    for one in form.select("input[name], textarea[name], select[name]"):
        name, kind = str(one["name"]), one.get("type", "text")
        if one.has_attr("disabled") or kind == "file":
            continue
        if one.name == "textarea":
            data.setdefault(name, []).append(one.get_text())
        elif one.name == "select":
            chosen = one.select_one("option[selected]") or one.select_one("option")
            data.setdefault(name, []).append(str(chosen["value"]) if chosen else "")
        elif kind not in {"checkbox", "radio"} or one.has_attr("checked"):
            data.setdefault(name, []).append(str(one.get("value", "")))
    return data
