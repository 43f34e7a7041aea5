"""What went wrong, told over HTTP: RFC 9457 problem documents for programs, a page for people.

One table gives each cause its status; a refusal's own slug stands in `type`, its data beside it (contract, head of the
document and section 8).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, ClassVar, Final

import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from engine.errors import (
    ConflictError,
    DrawingError,
    EngineError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    RefusedError,
    StepFailedError,
    UnavailableError,
)
from engine.files import FullDiskError
from handlers.answers import write_json

log = structlog.get_logger(__name__)


class DoorError(EngineError):
    """Something that only a door can refuse: the request itself, before any rule of the procedure."""

    slug: ClassVar[str] = "bad_request"
    status: ClassVar[int] = 400

    def __init__(self, message: str, *, retry_after: int | None = None, **data: Any) -> None:
        super().__init__(message, **data)
        self.retry_after = retry_after


class BadRequestError(DoorError):
    """The request cannot be read."""


class UnauthorizedError(DoorError):
    """Nobody is signed in, or the sign-in has run out."""

    slug = "unauthorized"
    status = 401


class ForeignRequestError(DoorError):
    """A request that another site made for the signed-in person, or without the page's token."""

    slug = "csrf"
    status = 403


class WrongMediaError(DoorError):
    """The body is of another kind than the door takes."""

    slug = "unsupported_media_type"
    status = 415


class TooManyError(DoorError):
    """Too often; `retry_after` seconds of wall time later it may be tried again."""

    slug = "too_many_requests"
    status = 429


#: Cause -> status; the first class that fits wins, so subclasses stand before their roots.
STATUS: Final[tuple[tuple[type[EngineError], int], ...]] = (
    (NotFoundError, 404),
    (ForbiddenError, 403),
    (ConflictError, 409),
    (InvalidError, 422),
    (RefusedError, 409),
    (StepFailedError, 409),
    (DrawingError, 422),
    (FullDiskError, 507),
    (UnavailableError, 503),
)

#: What HTTP itself refuses: status -> slug and Russian title.
HTTP: Final[Mapping[int, tuple[str, str]]] = {
    400: ("bad_request", "Запрос не удалось прочитать."),
    401: ("unauthorized", "Войдите в систему."),
    403: ("forbidden", "Это действие вам недоступно."),
    404: ("not_found", "Такой страницы или записи нет."),
    405: ("method_not_allowed", "Этот адрес не принимает такой запрос."),
    406: ("not_acceptable", "Ответа в таком виде нет."),
    408: ("timeout", "Запрос шёл слишком долго."),
    409: ("conflict", "Сейчас это невозможно."),
    411: ("length_required", "Укажите длину запроса."),
    413: ("too_large", "Запрос слишком велик: файл до 50 МБ, данные до 1 МБ."),
    414: ("uri_too_long", "Адрес слишком длинный."),
    415: ("unsupported_media_type", "Пришлите данные в виде application/json."),
    416: ("range", "Такой части файла нет."),
    422: ("invalid", "Проверьте отмеченные поля."),
    428: ("precondition_required", "Не хватает условия запроса."),
    429: ("too_many_requests", "Слишком часто. Подождите и повторите."),
    431: ("headers_too_large", "Заголовки запроса слишком велики."),
    500: ("internal", "Внутренняя ошибка. Ничего не изменено; повторите позже или сообщите администратору."),
    503: ("unavailable", "Служба временно недоступна. Повторите через минуту."),
    507: ("storage_full", "Кончилось место для файлов. Сообщите администратору."),
}


_KEPT_HEADERS: Final = frozenset({"Allow", "Retry-After", "WWW-Authenticate", "Content-Range"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal as it is shown: `type` is a stable slug, `title` Russian, `extra` the cause's own data."""

    status: int
    type: str
    title: str
    detail: str | None = None
    errors: Mapping[str, list[str]] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """Return the members of the problem document (RFC 9457)."""
        told: dict[str, Any] = {"type": self.type, "title": self.title, "status": self.status}
        if self.detail:
            told["detail"] = self.detail
        if self.errors:
            told["errors"] = dict(self.errors)
        return {**{k: v for k, v in self.extra.items() if k not in told}, **told}


def status_of(error: EngineError) -> int:
    """Return the HTTP status of a cause."""
    if isinstance(error, DoorError):
        return error.status
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def problem_of(error: Exception) -> Problem:
    """Return any exception as a problem; what nobody foresaw is 500 and tells nothing of its inside."""
    if isinstance(error, EngineError):
        return _known(error)
    if isinstance(error, HTTPException) and error.code is not None:
        headers = {key: value for key, value in error.get_headers() if key in _KEPT_HEADERS}
        return problem_at(error.code, headers)
    return problem_at(500)


def problem_at(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    """Return what HTTP itself refuses, by its status."""
    slug, title = HTTP.get(status) or HTTP[400 if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500]
    return Problem(status, slug, title, headers=headers or {})


def _known(error: EngineError) -> Problem:
    status = status_of(error)
    slug = error.slug_ if isinstance(error, RefusedError) else error.slug
    headers: dict[str, str] = {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="kes"'
    if isinstance(error, DoorError) and error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if "retry_after" in error.data:
        headers["Retry-After"] = str(error.data["retry_after"])
    errors = error.errors if isinstance(error, InvalidError) else None
    extra = dict(error.data)
    if isinstance(error, DrawingError) and error.findings:
        extra["findings"] = [str(finding) for finding in error.findings]
    return Problem(status, slug, error.message, errors=errors, extra=extra, headers=headers)


def wants_document(path: str) -> bool:
    """Tell whether a path is a program's: it gets problem documents, and people pages."""
    return path.startswith(("/api/", "/healthz", "/readyz", "/metrics"))


def install_errors(app: Flask, page: Callable[[Problem], Any] | None = None) -> None:
    """Answer every exception of the application; `page` makes the page for people (a Flask answer)."""

    def answer(error: Exception) -> Response:
        problem = problem_of(error)
        if isinstance(error, UnavailableError):
            log.warning("request.put_off", path=_path(), method=request.method, error=str(error.__cause__ or error))
        elif problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("request.failed", path=_path(), method=request.method, exc_info=error)
        if wants_document(request.path) or page is None:
            response = Response(write_json(problem.document()), problem.status, content_type="application/problem+json")
        else:
            response = app.make_response(page(problem))
            if response.status_code == HTTPStatus.OK:
                response.status_code = problem.status
        response.headers.extend(dict(problem.headers))
        return response

    app.register_error_handler(Exception, answer)


def _path() -> str:
    """The path asked for, without the secret that some addresses are."""
    secret = (request.view_args or {}).get("secret")
    return request.path.replace(secret, "…") if secret else request.path
