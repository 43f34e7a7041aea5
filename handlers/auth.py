"""Who asks, and whether the door opens: nothing is open unless its view says to whom.

A view declares its permission with `allow`; without one it is closed to all. A bearer token needs no CSRF token,
since no browser sends it by itself; a session cookie does, and comes only from this site's own pages. Roles that belong
to an act on a case are the use case's to check, so that a refusal becomes a fact of the case (contract, section 8,
History).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from hmac import compare_digest
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from flask import Flask, g
from flask.globals import request_ctx
from flask.wrappers import Request, Response

from engine.actors import Actor
from engine.clock import wall
from engine.errors import ForbiddenError
from handlers import acts
from handlers.accounts import access, records
from handlers.context import Context
from handlers.errors import ForeignRequestError, UnauthorizedError

COOKIE: Final = "kes_session"
CSRF_HEADER: Final = "X-CSRF-Token"
CSRF_FIELD: Final = "csrf_token"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Permission:
    """To whom a view is open: everybody (`public`), signed-in people, of some groups, and integrations where said."""

    name: str
    groups: frozenset[str] = frozenset()
    public: bool = False
    integrations: bool = False


PUBLIC: Final = Permission("public", public=True)
SIGNED_IN: Final = Permission("signed_in")
SIGNED_IN_OR_PEER: Final = Permission("signed_in_or_peer", integrations=True)
ADMIN: Final = Permission("admin", frozenset({"admin"}))


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent the request: the actor, and the session where a browser asks (None for a bearer token)."""

    actor: Actor
    session: access.Session | None = None
    secret: str | None = None


def allow(permission: Permission) -> Callable[[View], View]:
    """Declare to whom a view is open."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def permission_of(view: Callable[..., Any]) -> Permission | None:
    """Return what a view declares; None closes it."""
    found: Permission | None = getattr(view, "permission", None)
    return found


def visitor() -> Caller | None:
    """Return who sent the request, or None for somebody not signed in."""
    found: Caller | None = g.get("caller")
    return found


def caller() -> Caller:
    """Return who sent the request. Raises UnauthorizedError for somebody not signed in."""
    found = visitor()
    if found is None:
        raise UnauthorizedError("Войдите в систему: нужен токен или сеанс.")
    return found


def csrf_token() -> str:
    """Return the token that forms of this session carry; empty for somebody not signed in."""
    found = visitor()
    return found.session.csrf if found and found.session else ""


def set_cookie(response: Response, secret: str, context: Context) -> None:
    """Give the browser its session: not for scripts, not for other sites."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(access.ABSOLUTE.total_seconds()),
        secure=context.settings.cookie_secure,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def drop_cookie(response: Response) -> None:
    """Take the session from the browser."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="Lax")


def install_auth(app: Flask, context: Context) -> None:
    """Check every request before its view is called."""

    @app.before_request
    def check() -> None:
        asked, endpoint = request_ctx.request, request_ctx.request.endpoint
        g.caller = None
        if endpoint == "static":
            return
        if endpoint is None:
            # Nothing is there; a signed-in person is told so within the usual frame.
            g.caller = _browser(context, asked.cookies.get(COOKIE, ""))
            return
        permission = permission_of(app.view_functions[endpoint])
        if permission is None:
            raise ForbiddenError("Эта страница закрыта.")
        changes = asked.method not in _SAFE
        if changes:
            _refuse_foreign(context, asked)
        found = g.caller = _find_caller(context, asked)
        try:
            _check_permission(permission, found, changes=changes)
        except ForbiddenError as error:
            if changes and found is not None:
                # Nobody's page sends this, so it is an attempt, and leaves a trace like those that a rule refuses.
                acts.note_outside(context, found.actor, error, name=endpoint.rpartition(":")[2])
            raise
        if changes and found is not None:
            _check_csrf(found, asked)


def _find_caller(context: Context, request: Request) -> Caller | None:
    header = request.environ.get("HTTP_AUTHORIZATION")
    if header is not None:
        scheme, _, secret = header.partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            raise UnauthorizedError("Заголовок Authorization должен быть вида «Bearer токен».")
        return _bearer(context, secret.strip())
    cookie = request.cookies.get(COOKIE)
    return _browser(context, cookie) if cookie else None


def _bearer(context: Context, secret: str) -> Caller:
    with context.runtime.asking() as tx:
        token = access.find_token(tx.connection, secret, at=tx.wall)
        if token is None:
            raise UnauthorizedError("Токен неизвестен или истёк. Получите новый: POST /api/v1/tokens.")
        if token.kind == "integration":
            return Caller(Actor(token.login, token.login, scopes=token.scopes, kind="integration"))
        actor = context.find_actor(tx, token.login)
    if actor is None:
        raise UnauthorizedError("Учётная запись закрыта. Обратитесь к администратору.")
    return Caller(actor)


def _browser(context: Context, secret: str) -> Caller | None:
    with context.runtime.asking() as tx:
        session = access.find_session(tx.connection, secret, at=tx.wall)
        actor = context.find_actor(tx, session.login) if session else None
    if session is None or actor is None:
        return None
    if session.stale:
        with context.runtime.database.write() as connection:
            records.touch_session(connection, session.digest, wall())
    return Caller(actor, replace(session, stale=False), secret)


def _check_permission(permission: Permission, found: Caller | None, *, changes: bool) -> None:
    if permission.public:
        return
    if found is None:
        raise UnauthorizedError("Войдите в систему: нужен токен или сеанс.")
    if found.actor.kind == "integration" and not permission.integrations:
        raise ForbiddenError("Токен интеграции сюда не пускает.")
    if permission.groups and not _has_part(permission.groups, found.actor, changes=changes):
        raise ForbiddenError("Это действие вам недоступно: нужна другая роль.", roles=sorted(permission.groups))


def _has_part(groups: frozenset[str], actor: Actor, *, changes: bool) -> bool:
    # An absent person does nothing meanwhile, and still reads (contract, section 8, People).
    return actor.holds(*groups) or (not changes and bool(groups & actor.groups))


def _check_csrf(found: Caller, request: Request) -> None:
    if found.session is None:
        return
    sent = request.headers.get(CSRF_HEADER) or (
        request.form.get(CSRF_FIELD, "") if request.mimetype != "application/json" else ""
    )
    if not compare_digest(sent.encode(), found.session.csrf.encode()):
        raise ForeignRequestError("Страница устарела. Обновите её и повторите.")


def _refuse_foreign(context: Context, request: Request) -> None:
    # Browsers say where a request comes from; programs say nothing, and are judged by their token alone.
    if request.environ.get("HTTP_SEC_FETCH_SITE") in {"cross-site", "same-site"}:
        raise ForeignRequestError("Запрос пришёл с чужого сайта и не выполнен.")
    origin = request.environ.get("HTTP_ORIGIN")
    if origin is None:
        return
    allowed = {urlsplit(context.settings.base_url).netloc, request.host}
    if urlsplit(origin).netloc not in allowed:
        raise ForeignRequestError("Запрос пришёл с чужого сайта и не выполнен.")
