"""Signing in through a door: each act in transactions of its own, none of which waits for a password check."""

from datetime import datetime

from engine.clock import wall
from handlers.accounts import access, limits
from handlers.context import Context


def sign_in(context: Context, login: str, password: str, address: str) -> str:
    """Return the login of a right password given from an address.

    Raises UnauthorizedError (the same for every cause) and TooManyError.
    """
    rules = limits.DEMO if context.settings.demo else limits.STRICT
    return access.check_password(
        context.runtime.database, login, password, address=address, wall=wall(), rules=rules, demo=context.settings.demo
    )


def begin_session(context: Context, login: str) -> str:
    """Open a new session and return its secret for the cookie; an old secret is never taken over."""
    with context.runtime.database.write() as connection:
        return access.open_session(connection, login, at=wall())


def end_session(context: Context, secret: str) -> None:
    """Close a session."""
    with context.runtime.database.write() as connection:
        access.close_session(connection, secret)


def grant_token(context: Context, login: str) -> tuple[str, datetime]:
    """Return a new bearer token of a person and when it expires (wall time)."""
    with context.runtime.database.write() as connection:
        return access.issue_token(connection, login, at=wall())
