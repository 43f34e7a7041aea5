"""The Flask application of this house, without what nobody here needs in each request.

No view is a coroutine, and no session of Flask's own is kept: who is signed in stands in the database
(`handlers.accounts`).
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, Request, Response
from flask.sessions import NullSession, SessionInterface, SessionMixin
from typing_extensions import override
from werkzeug.routing import MapAdapter

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_NOBODYS: Final = NullSession()


class _NoSession(SessionInterface):
    @override
    def open_session(self, app: Flask, request: Request) -> SessionMixin:
        return _NOBODYS

    @override
    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep nothing."""


class Application(Flask):
    """Flask with plain functions only, no session cookie of its own, and headers that every answer has.

    `headers_of` gives them for the path asked for; an answer's own header of the same name stays.
    """

    session_interface = _NoSession()
    headers_of: Callable[[str], Sequence[tuple[str, str]]] = staticmethod(lambda _path: ())

    @override
    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func

    @override
    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Bind the map to what was asked for, under one look at the host: no rule here hangs on host or subdomain."""
        if request is None:
            return super().create_url_adapter(None)
        request.trusted_hosts = self.config["TRUSTED_HOSTS"]
        return self.url_map.bind(
            request.host,
            request.root_path,
            "",
            request.scheme,
            request.method,
            request.path,
            request.query_string.decode("latin1"),
        )

    @override
    def wsgi_app(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def begin(status: str, headers: list[tuple[str, str]], *failure: Any) -> Callable[[bytes], object]:
            given = {name.lower() for name, _text in headers}
            path = f"/{environ.get('PATH_INFO', '').lstrip('/')}"
            headers += [pair for pair in self.headers_of(path) if pair[0].lower() not in given]
            return start_response(status, headers, *failure)

        return super().wsgi_app(environ, begin)
