"""What people set for themselves: letters, the digest's hour, language, password, tokens for programs."""

from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from flask import make_response, redirect, request, url_for

from engine import preferences
from engine.clock import wall
from engine.errors import InvalidError
from engine.runtime import Transaction
from handlers.accounts import begin_session, change_password, grant_token, own_tokens, revoke_token
from handlers.auth import SIGNED_IN, set_cookie
from handlers.errors import DoorError
from handlers.pages import words
from handlers.pages.desk import Answer, Desk, Pages
from processes.council.choices import choose_language

pages = Pages()

_UNPROCESSABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY
_YEAR: Final = 365 * 24 * 3600


@pages.get("/me", SIGNED_IN)
def show_own_settings(desk: Desk) -> Answer:
    """Show what a person has set."""
    return _page(desk)


@pages.post("/me", SIGNED_IN)
def save_own_settings(desk: Desk) -> Answer:
    """Keep letters, the digest's hour and the language."""
    sent = desk.posted
    hour, language = sent.get("digest_hour", ""), sent.get("language", "")

    def act(tx: Transaction) -> dict[str, Any]:
        preferences.write_preferences(
            tx,
            desk.actor.login,
            letters=sent.getlist("letters"),
            digest_hour=int(hour) if hour.isdecimal() and hour.isascii() else -1,
        )
        if language in words.LANGUAGES:
            choose_language(tx, desk.actor.login, language)
        return {}

    try:
        desk.act(act, name="settings", again=True)
    except InvalidError as error:
        return _page(desk, error=error, status=_UNPROCESSABLE)
    went = redirect(url_for("show_own_settings", done="settings"), code=303)
    if language in words.LANGUAGES:
        secure = desk.context.settings.cookie_secure
        went.set_cookie(words.COOKIE, language, max_age=_YEAR, secure=secure, httponly=True, samesite="Lax")
    return went


@pages.post("/me/password", SIGNED_IN)
def save_own_password(desk: Desk) -> Answer:
    """Change the password: every session and token ends, and this browser gets a new session."""
    sent = request.form
    try:
        if sent.get("new", "") != sent.get("again", ""):
            raise InvalidError(errors={"again": ["Пароли не совпали. Введите новый пароль дважды одинаково."]})
        change_password(desk.context, desk.actor.login, sent.get("old", ""), sent.get("new", ""), request.remote_addr)
    except InvalidError as error:
        return _page(desk, error=error, status=_UNPROCESSABLE)
    except DoorError as error:
        # A wrong password is a field of this form, not the end of the session.
        status = _UNPROCESSABLE if error.status == HTTPStatus.UNAUTHORIZED else error.status
        return _page(desk, error=InvalidError(errors={"old": [error.message]}), status=status)
    went = redirect(url_for("show_own_settings", done="password"), code=303)
    set_cookie(went, begin_session(desk.context, desk.actor.login), desk.context)  # type: ignore[arg-type]
    return went


@pages.post("/me/tokens", SIGNED_IN)
def issue_own_token(desk: Desk) -> Answer:
    """Issue a token for a program; it is shown this once."""
    return _page(desk, token=grant_token(desk.context, desk.actor.login))


@pages.post("/me/tokens/<mark>/revoke", SIGNED_IN)
def drop_own_token(desk: Desk, mark: str) -> Answer:
    """Take one's own token back."""
    revoke_token(desk.context, desk.actor.login, mark)
    return desk.go("show_own_settings", done="token-revoked", _anchor="tokens")


def _page(
    desk: Desk, *, error: InvalidError | None = None, token: tuple[str, datetime] | None = None, status: int = 200
) -> Answer:
    actor = desk.actor
    kept = desk.read(lambda tx: preferences.read_preferences(tx, actor.login))
    tokens, is_demo = own_tokens(desk.context, actor.login, at=wall())
    values = {
        "kept": kept,
        "kinds": preferences.OPTIONAL,
        "hours": preferences.HOURS,
        "email": actor.details.get("email"),
        "tokens": tokens,
        "token": token,
        "is_demo": is_demo,
        "error": error,
        "wrong": error.errors if error else {},
        "summary": [(f"f-{name}", text) for name, texts in error.errors.items() for text in texts] if error else [],
    }
    return make_response(desk.show("settings.html", **values), status)
