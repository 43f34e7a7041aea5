"""The service as an integrator meets it: people who ask over HTTP, and the answers they must get."""

import io
from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

PREFIX = "/api/v1"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class Person:
    """Somebody who asks: each verb names the status that must come back, and returns the answer's JSON."""

    def __init__(self, app: Flask, token: str | None, login: str | None = None) -> None:
        self.login = login
        self._app = app
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}

    def ask(
        self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None
    ) -> TestResponse:
        """Send one request; a path that begins with `//` stands outside the API's prefix."""
        address = path[1:] if path.startswith("//") else PREFIX + path
        sent = {**self._headers, **(headers or {})}
        with self._app.test_client() as client:
            return client.open(address, method=method, json=body, headers=sent)

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        """Read something; `query` becomes the query string."""
        address = PREFIX + path
        with self._app.test_client() as client:
            return _told(client.get(address, query_string=query or None, headers=self._headers), status)

    def post(self, path: str, body: Any = None, status: int = 200, *, key: str | None = None) -> Any:
        """Do something, once under an idempotency key where one is given."""
        headers = {} if key is None else {"Idempotency-Key": key}
        return _told(self.ask("POST", path, {} if body is None else body, headers=headers), status)

    def put(self, path: str, body: Any, status: int = 200) -> Any:
        """Replace something."""
        return _told(self.ask("PUT", path, body), status)

    def delete(self, path: str, status: int = 204) -> Any:
        """Remove something."""
        return _told(self.ask("DELETE", path), status)

    def upload(
        self, application: str, kind: str, name: str = "file.pdf", content: bytes = PDF, status: int = 201
    ) -> Any:
        """Attach a file to an application."""
        with self._app.test_client() as client:
            answer = client.post(
                f"{PREFIX}/applications/{application}/files",
                data={"kind": kind, "file": (io.BytesIO(content), name)},
                headers=self._headers,
            )
        return _told(answer, status)

    def every(self, path: str, **query: Any) -> list[Any]:
        """Read a list to its end, page by page."""
        found: list[Any] = []
        page = self.get(path, **query)
        while True:
            assert set(page) >= {"items", "next"}
            found += page["items"]
            if page["next"] is None:
                return found
            page = self.get(path, **query, cursor=page["next"])

    def task(self, case: str, element: str) -> Any:
        """Find the one open task of a case at an element; the person's own where there are several."""
        found = self.get("/tasks", scope="all", case=case, element=element)["items"]
        own = [task for task in found if task["assignee"] == self.login] or found
        assert len(own) >= 1, f"{element}: no open task"
        return own[0]

    def complete(self, case: str, element: str, data: Any, status: int = 200, *, key: str | None = None) -> Any:
        """Complete that task."""
        return self.post(f"/tasks/{self.task(case, element)['id']}/complete", {"data": data}, status, key=key)

    def errors(self, case: str, element: str, data: Any) -> dict[str, list[str]]:
        """Try to complete that task with data that the form or a rule must refuse; returns the errors by path."""
        told: dict[str, list[str]] = self.complete(case, element, data, 422)["errors"]
        return told


class Service:
    """The whole service on a demonstration of its own."""

    def __init__(self, app: Flask, tokens: Mapping[str, str]) -> None:
        self.app = app
        self._tokens = tokens

    def as_(self, login: str | None) -> Person:
        """Return a demo person, or a visitor who has not signed in."""
        return Person(self.app, None if login is None else self._tokens[login], login)

    def with_token(self, token: str) -> Person:
        """Return somebody who has just this token."""
        return Person(self.app, token)

    def case(self, title: str) -> str:
        """Return the id of the demo's case of this title."""
        found = self.as_("secretary").get("/cases", q=title, process="certification")["items"]
        assert len(found) == 1, title
        return str(found[0]["id"])

    def shown(self, case: str) -> Any:
        """Return a case as the secretary sees it."""
        return self.as_("secretary").get(f"/cases/{case}")

    def stands_at(self, case: str) -> list[str]:
        """Return the elements at which a case stands."""
        at: list[str] = self.shown(case)["at"]
        return at

    def events(self, case: str) -> list[Any]:
        """Return a case's whole history."""
        items: list[Any] = self.as_("auditor").get(f"/cases/{case}/history", limit=1000)["items"]
        return items

    def kinds(self, case: str) -> list[str]:
        """Return the kinds of a case's events in order."""
        return [event["kind"] for event in self.events(case)]

    def letters(self, case: str) -> list[Any]:
        """Return a case's letters."""
        return self.as_("secretary").every("/letters", case=case, limit=100)

    def advance(self, period: str) -> Any:
        """Move the clock by a period; returns what fired."""
        return self.as_("admin").post("/clock", {"advance": period})["fired"]

    def set_clock(self, now: str) -> Any:
        """Move the clock to an instant; returns what fired."""
        return self.as_("admin").post("/clock", {"now": now})["fired"]


def _told(answer: TestResponse, status: int) -> Any:
    assert answer.status_code == status, f"{answer.request.method} {answer.request.path}: {answer.status} {answer.text}"
    if status >= 400 and answer.request.path.startswith(PREFIX) and "/certificates/" not in answer.request.path:
        assert answer.content_type == "application/problem+json"
    return answer.json if answer.is_json else answer.data
