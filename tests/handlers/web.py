"""A running door for tests, and how its people come in."""

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient

from engine.clock import wall
from handlers.accounts import access
from handlers.context import Context


@dataclass
class Web:
    """A running shell: `call` sends JSON as a person who has a token."""

    app: Flask
    context: Context

    def client(self) -> FlaskClient:
        return self.app.test_client()

    def token(self, login: str) -> str:
        with self.context.runtime.database.write() as connection:
            return access.issue_token(connection, login, at=wall())[0]

    def headers(self, login: str, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(login)}", **more}
