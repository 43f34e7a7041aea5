"""Signing in and out, and how the pages look: language and size."""

from typing import Final
from urllib.parse import urlsplit

from flask import make_response, redirect, request
from werkzeug.wrappers import Response

from handlers.accounts import begin_session, end_session, sign_in
from handlers.auth import PUBLIC, SIGNED_IN, caller, drop_cookie, set_cookie, visitor
from handlers.errors import DoorError
from handlers.pages import words
from handlers.pages.desk import Answer, Desk, Pages
from handlers.pages.kept import keep, read_kept

pages = Pages()

SIZE_COOKIE: Final = "kes_size"
_YEAR: Final = 365 * 24 * 3600
_LOOKS: Final = {words.COOKIE: words.LANGUAGES, SIZE_COOKIE: ("normal", "large")}


@pages.get("/login", PUBLIC)
def show_login(desk: Desk) -> Answer:
    """Ask who comes."""
    if visitor():
        return redirect(_local(request.args.get("next", "/")), code=303)
    return desk.show("login.html", following=_local(request.args.get("next", "/")), login="", problem=None)


@pages.post("/login", PUBLIC)
def enter(desk: Desk) -> Answer:
    """Let a person in with a session of their own; what was typed when the last one ended becomes a draft."""
    login, following = request.form.get("login", "").strip(), _local(request.form.get("next", "/"))
    kept = request.form.get("kept", "")
    try:
        known = sign_in(desk.context, login, request.form.get("password", ""), request.remote_addr or "")
    except DoorError as error:
        page = desk.show("login.html", following=following, login=login, problem=error.message, kept=kept)
        answer = make_response(page, error.status)
        if error.retry_after is not None:
            answer.headers["Retry-After"] = str(error.retry_after)
        return answer
    found = read_kept(kept)
    if found is not None:
        following = found.address(done=keep(desk.context, known, found))
    went = redirect(following, code=303)
    set_cookie(went, begin_session(desk.context, known), desk.context)  # type: ignore[arg-type]
    return went


@pages.post("/logout", SIGNED_IN)
def leave(desk: Desk) -> Answer:
    """Close the session."""
    secret = caller().secret
    if secret:
        end_session(desk.context, secret)
    went = redirect("/login", code=303)
    drop_cookie(went)  # type: ignore[arg-type]
    return went


@pages.post("/looks", PUBLIC)
def change_looks(desk: Desk) -> Response:
    """Keep the visitor's choice of language or size in a cookie."""
    went = redirect(_local(request.form.get("next", "/")), code=303)
    for name, allowed in _LOOKS.items():
        chosen = request.form.get(name, "")
        if chosen in allowed:
            secure = desk.context.settings.cookie_secure
            went.set_cookie(name, chosen, max_age=_YEAR, secure=secure, httponly=True, samesite="Lax")
    return went


def _local(address: str) -> str:
    """Return an address of this site only; the start page for any other."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not address.startswith("/") or address.startswith(("//", "/\\")):
        return "/"
    return address
