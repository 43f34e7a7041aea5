"""The loop of the web server, which leaves nobody unanswered when it ends, and what it refuses by itself."""

import threading
import time
from typing import Any, Final

from markupsafe import Markup
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask

from handlers.answers import write_json
from handlers.errors import Problem, problem_at, wants_document

#: Seconds between two looks whether the end was asked for, and after it whether all is answered.
_LOOK: Final = 1
_LAST_LOOK: Final = 0.05
#: Seconds after which the end waits for no answer any more.
_GRACE: Final = 10
#: A page by itself: the application, which has the house's pages, is not asked.
_PAGE: Final = Markup(
    '<!doctype html><html lang="ru"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title></head>'
    "<body><h1>{title}</h1><p>Вернитесь на прошлую страницу: введённое там осталось.</p></body></html>"
)


class _Refusal(ErrorTask):  # type: ignore[misc]
    """The answer to a request that does not reach the application: too large, or no HTTP."""

    def execute(self) -> None:
        problem = problem_at(self.request.error.code)
        kind, body = _told(problem, getattr(self.request, "path", ""))
        self.status = f"{problem.status} {self.request.error.reason}"
        self.response_headers.append(("Content-Type", kind))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Channel(HTTPChannel):  # type: ignore[misc]
    error_task_class = _Refusal


def _told(problem: Problem, path: str) -> tuple[str, bytes]:
    if wants_document(path):
        return "application/problem+json", write_json(problem.document())
    return "text/html; charset=utf-8", _PAGE.format(title=problem.title).encode()


def speak(sockets: dict[int, Any]) -> None:
    """Let a server (its map) refuse in the words of the house."""
    for server in _servers(sockets):
        server.channel_class = _Channel


def _servers(sockets: dict[int, Any]) -> list[Any]:
    return [each for each in sockets.values() if isinstance(each, BaseWSGIServer)]


def answer(sockets: dict[int, Any], stopped: threading.Event) -> None:
    """Answer what comes in at the sockets of a server (its map) until `stopped`, then only what has begun to come."""
    while not stopped.is_set():
        wasyncore.loop(timeout=_LOOK, map=sockets, count=1)
    for server in _servers(sockets):
        wasyncore.dispatcher.close(server)  # it listens no more; its trigger still wakes this loop
    end = time.monotonic() + _GRACE
    while any(map(_is_owed, sockets.values())) and time.monotonic() < end:
        wasyncore.loop(timeout=_LAST_LOOK, map=sockets, count=1)


def _is_owed(channel: Any) -> bool:
    """Whether a request has begun to come, is at work, or its answer is on its way."""
    if not isinstance(channel, HTTPChannel):
        return False
    return bool(channel.request is not None or channel.requests or channel.total_outbufs_len)
