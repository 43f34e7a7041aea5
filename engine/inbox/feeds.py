"""A person's calendar of deadlines: opened by a secret address that can be renewed and closed."""

import secrets
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from engine.actors import Actor
from engine.inbox.listing import Filters, find_tasks
from engine.records import desks

if TYPE_CHECKING:
    from engine.runtime import Transaction

Row = dict[str, Any]

#: How many tasks of a kind a calendar shows: the most urgent ones.
MOST: Final = 500


def open_calendar(tx: "Transaction", *, actor: Actor, offered: bool = False) -> str:
    """Give the actor's calendar a new secret key and return it; the one before ends. Only its SHA-256 is kept."""
    secret = secrets.token_urlsafe(32)
    row = {"login": actor.login, "hash": _digest(secret), "offered": offered, "made_at": tx.now}
    desks.put_calendar_key(tx.connection, row)
    return secret


def close_calendar(tx: "Transaction", *, actor: Actor) -> None:
    """Let the actor's key open nothing any more."""
    desks.drop_calendar_key(tx.connection, actor.login)


def calendar_of(tx: "Transaction", actor: Actor) -> Row | None:
    """When the actor's calendar was opened (`made_at`) and whether it shows `offered` tasks; None where closed."""
    return desks.calendar_key_of(tx.connection, actor.login)


def find_calendar(tx: "Transaction", secret: str) -> Row | None:
    """Whose calendar (`login`, `offered`) a key opens; None for an unknown or closed one."""
    return desks.find_calendar(tx.connection, _digest(secret))


def deadlines(tx: "Transaction", actor: Actor, *, offered: bool) -> tuple[list[Row], dict[str, date]]:
    """Open tasks with a due date that the actor holds (and is offered), by due date; and the days to come back to."""
    scopes = ("mine", "available") if offered else ("mine",)
    rows = [row for scope in scopes for row in find_tasks(tx, actor, Filters(), scope=scope, limit=MOST).items]
    days = {row["id"]: row["follow_up"] for row in find_tasks(tx, actor, Filters(), scope="following").items}
    found = {row["id"]: row for row in rows if row["due_at"] is not None}
    return sorted(found.values(), key=lambda row: (row["due_at"], row["id"])), days


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
