"""The whole service on a demonstration database, asked over HTTP by its demo people."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.clock import wall
from handlers.accounts import access
from handlers.context import Context
from processes.scenario_verbs import applications

PDF = applications.PDF
TECHNICAL: dict[str, Any] = {
    "precheck": {f"K{n}": "+" for n in range(1, 6)},
    "marks": {f"T{n:02}": "-" if n == 28 else "+" for n in range(1, 33)},
    "comments": {},
}
CONCLUSION: dict[str, Any] = {
    "declaration": {"no_conflict": True},
    "marks": {f"E{n:02}": "+" for n in range(1, 25)},
    "comments": {},
    "verdict": "conforms",
}
APPLICATION: dict[str, Any] = {**applications.APPLICATION, "programme_title": "Проверка знаний без отметок"}


class DemoHouse:
    """People ask by login; answers are Werkzeug's."""

    def __init__(self, app: Flask, context: Context) -> None:
        self.app = app
        self.context = context
        self._tokens: dict[str, str] = {}

    def client(self) -> FlaskClient:
        """Return a browser without cookies."""
        return self.app.test_client()

    def headers(self, login: str | None) -> dict[str, str]:
        """Return the header that says who asks."""
        if login is None:
            return {}
        if login not in self._tokens:
            with self.context.runtime.database.write() as connection:
                self._tokens[login] = access.issue_token(connection, login, at=wall())[0]
        return {"Authorization": f"Bearer {self._tokens[login]}"}

    def ask(
        self, login: str | None, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> TestResponse:
        """Send one request below /api/v1."""
        sent = {**self.headers(login), **(headers or {})}
        return self.client().open(f"/api/v1{path}", method=method, json=body, headers=sent)

    def get(self, login: str | None, path: str, status: int = 200) -> Any:
        """Return the JSON of a GET that must answer with a status."""
        answer = self.ask(login, "GET", path)
        assert answer.status_code == status, answer.text
        return answer.json

    def post(self, login: str | None, path: str, body: Any = None, status: int = 200) -> Any:
        """Return the JSON of a POST that must answer with a status."""
        answer = self.ask(login, "POST", path, {} if body is None else body)
        assert answer.status_code == status, answer.text
        return answer.json

    def task(self, login: str, case: str, element: str) -> dict[str, Any]:
        """Return the one open task of a case at an element, held by the person where several are."""
        items = self.get(login, f"/tasks?scope=all&case={case}&element={element}")["items"]
        mine = [task for task in items if task["assignee"] == login]
        found: dict[str, Any] = (mine or items)[0]
        return found

    def complete(self, login: str, case: str, element: str, data: Any, status: int = 200) -> Any:
        """Complete the task of a case at an element."""
        return self.post(login, f"/tasks/{self.task(login, case, element)['id']}/complete", {"data": data}, status)

    def upload(
        self,
        login: str,
        application: str,
        kind: str,
        name: str = "file.pdf",
        content: bytes = PDF,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> TestResponse:
        """Attach a file."""
        return self.client().post(
            f"/api/v1/applications/{application}/files",
            data={"kind": kind, "file": (io.BytesIO(content), name)},
            headers={**self.headers(login), **(headers or {})},
        )

    def draft(self, login: str = "applicant1", **changes: Any) -> str:
        """Begin an application that is complete but for its files; returns its id."""
        data = {**APPLICATION, "organization": self.get(login, "/me")["organization"], **changes}
        return str(self.post(login, "/applications", data, 201)["id"])

    @contextmanager
    def no_registering(self, case: str) -> Iterator[None]:
        """A case stopped by a failed registration; inside the with-block a retry fails too."""
        services = self.context.runtime.registry.services
        registers = services["certification.register"]

        def out_of_reach(*_: Any, **__: Any) -> Any:
            raise OSError("журнал заявок недоступен")

        services["certification.register"] = out_of_reach
        self.complete("secretary", case, "register_application", {"accepted": True, "copies": 3}, 409)
        yield
        services["certification.register"] = registers

    def submit(self, login: str = "applicant1", **changes: Any) -> dict[str, Any]:
        """Submit a complete application; returns its case."""
        application = self.draft(login, **changes)
        for kind in ("application", "license_copy", "programme"):
            assert self.upload(login, application, kind, content=PDF + kind.encode()).status_code == 201
        case: dict[str, Any] = self.post(login, f"/applications/{application}/submit", None, 201)
        return case
