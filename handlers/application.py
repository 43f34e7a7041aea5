"""The Flask application of this house, without what nobody here needs in each request.

No view is a coroutine, and no session of Flask's own is kept: who is signed in stands in the database
(`handlers.accounts`).
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, Request, Response
from flask.sessions import NullSession, SessionInterface, SessionMixin
from typing_extensions import override
from werkzeug.exceptions import SecurityError
from werkzeug.routing import IntegerConverter, MapAdapter

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_NOBODYS: Final = NullSession()
#: Spellings of the service's own address that are known without another look: a port may be anything.
_MOST_HOSTS: Final = 64


class _Number(IntegerConverter):
    """A whole number in an address, no greater than a column of the database holds: there is nothing beyond."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{"max": 2**31 - 1, **options})


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

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Take what Flask takes."""
        super().__init__(*arguments, **options)
        self.url_map.converters["int"] = _Number
        #: A slash typed after an address leads to the same page.
        self.url_map.strict_slashes = False
        #: What was asked for in the name of this service and found to be one of its own names.
        self._hosts: dict[tuple[str, str], str] = {}

    @override
    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func

    @override
    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Bind the map to what was asked for. No rule here hangs on host or subdomain, so the host is only judged.

        One that is none of the service's names becomes empty: `handlers.security` refuses it, on a page as elsewhere.
        """
        if request is None:
            return super().create_url_adapter(None)
        given = request.environ.get("HTTP_HOST", "")
        if given != given.lower():  # a name is the same in capitals (RFC 9110, 4.2.3)
            request.environ["HTTP_HOST"] = given = given.lower()
        asked = (request.scheme, given)
        host = self._hosts.get(asked)
        if host is None:
            known = self.config["TRUSTED_HOSTS"]
            # The library cuts a name at its first colon, so it knows none that is an address in brackets (IPv6).
            is_address = given.startswith("[") and given[1:].partition("]")[0] in known
            request.trusted_hosts = None if is_address else known
            try:
                host = request.host
            except SecurityError:
                host = ""
            if host and asked[1] and len(self._hosts) < _MOST_HOSTS:
                self._hosts[asked] = host
        request.host = host
        query = request.query_string.decode("latin1")
        return MapAdapter(
            self.url_map, host, f"{request.root_path}/", "", request.scheme, request.path, request.method, query
        )

    @override
    def wsgi_app(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def begin(status: str, headers: list[tuple[str, str]], *failure: Any) -> Callable[[bytes], object]:
            given = {name.lower() for name, _text in headers}
            path = f"/{environ.get('PATH_INFO', '').lstrip('/')}"
            headers += [pair for pair in self.headers_of(path) if pair[0].lower() not in given]
            return start_response(status, headers, *failure)

        return super().wsgi_app(environ, begin)
