"""What an administrator does to accounts: invites, closes, opens again, ends sessions, withdraws tokens.

Each act leaves a line in the journal of administrative changes, in the same transaction. Nobody closes the own account.
"""

import secrets
from datetime import datetime, timedelta
from typing import Final

from engine.actors import Actor
from engine.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from engine.runtime import Transaction
from handlers.accounts import access, records
from handlers.accounts.passwords import hash_password
from processes.council.administration import Matter, note, take_turn
from processes.council.personnel import check_admin_remains, find_person

#: How long an invitation opens the door.
INVITED: Final = timedelta(days=3)


def invite(tx: Transaction, login: str, *, actor: Actor) -> tuple[str, datetime]:
    """Return the secret of a one-time link to set the password, and the wall instant at which it expires.

    The password in force stays until the link is used; a new link ends the one before. Raises ForbiddenError,
    NotFoundError, ConflictError for a closed account.
    """
    _check_admin(actor)
    find_person(tx, login)
    known = records.find_credential(tx.connection, login)
    if known is not None and known["disabled"]:
        raise ConflictError("Учётная запись закрыта. Сначала откройте её.", slug="closed")
    secret = secrets.token_urlsafe(32)
    expires_at = tx.wall + INVITED
    row = {
        "hash": access.digest_of(secret),
        "login": login,
        "made_by": actor.login,
        "made_at": tx.wall,
        "expires_at": expires_at,
    }
    records.put_invitation(tx.connection, row)
    note(tx, actor, Matter.ACCESS, "invitation.made", login, "admin")
    return secret, expires_at


def invited_login(tx: Transaction, secret: str) -> str:
    """Return whose invitation a secret is. Raises NotFoundError for one used, replaced or run out."""
    row = records.find_invitation(tx.connection, access.digest_of(secret))
    if row is None or row["expires_at"] <= tx.wall:
        raise NotFoundError("Ссылка уже использована или истекла. Попросите администратора выдать новую.")
    return str(row["login"])


def accept(tx: Transaction, secret: str, password_hash: str) -> str:
    """Set the password of an invitation's login; the link, sessions and tokens end. Returns the login.

    Raises NotFoundError, and ConflictError for an account closed meanwhile.
    """
    take_turn(tx)
    login = invited_login(tx, secret)
    known = records.find_credential(tx.connection, login)
    if known is not None and known["disabled"]:
        raise ConflictError("Учётная запись закрыта. Обратитесь к администратору.", slug="closed")
    records.put_credential(tx.connection, login, password_hash, tx.wall)
    records.drop_access(tx.connection, login)
    records.drop_invitation(tx.connection, login)
    note(tx, Actor(login, login), Matter.ACCESS, "invitation.used", login)
    return login


def read_new_password(password: str, again: str) -> str:
    """Return the hash of a new password typed twice. Raises InvalidError; slow, so to be called outside an act."""
    if password != again:
        raise InvalidError(errors={"again": ["Пароли не совпадают. Введите один и тот же пароль дважды."]}, rule=False)
    return hash_password(password)


def close(tx: Transaction, login: str, *, actor: Actor) -> None:
    """Close an account and end its sessions, tokens and invitation. Raises ForbiddenError, NotFoundError."""
    _check_admin(actor)
    if login == actor.login:
        raise ForbiddenError("Свою учётную запись закрыть нельзя: это делает другой администратор.", slug="own_rights")
    take_turn(tx)
    if "admin" in find_person(tx, login).roles:
        check_admin_remains(tx, login)
    access.disable_user(tx.connection, login)
    records.drop_invitation(tx.connection, login)
    note(tx, actor, Matter.ACCESS, "account.closed", login, "admin")


def reopen(tx: Transaction, login: str, *, actor: Actor) -> None:
    """Open a closed account again, with the password it had. Raises ForbiddenError, NotFoundError."""
    _check_admin(actor)
    if not records.set_disabled(tx.connection, login, False):
        raise NotFoundError(f"Нет учётной записи {login}.")
    note(tx, actor, Matter.ACCESS, "account.opened", login, "admin")


def end_access(tx: Transaction, login: str, *, actor: Actor) -> None:
    """End every session and token of a person. Raises ForbiddenError, NotFoundError."""
    _check_admin(actor)
    find_person(tx, login)
    records.drop_access(tx.connection, login)
    note(tx, actor, Matter.ACCESS, "sessions.ended", login, "admin")


def revoke_token(tx: Transaction, digest: str, *, actor: Actor) -> str:
    """Withdraw a token; returns whose it was. Raises ForbiddenError, NotFoundError."""
    _check_admin(actor)
    row = records.drop_token(tx.connection, digest)
    if row is None:
        raise NotFoundError("Такого токена уже нет.")
    note(tx, actor, Matter.ACCESS, "token.revoked", row["login"], "admin", bearer=row["kind"])
    return str(row["login"])


def issue_token(tx: Transaction, name: str, scopes: list[str], *, actor: Actor) -> str:
    """Return a peer's new token; the one that the name had before ends. Raises ForbiddenError, InvalidError."""
    _check_admin(actor)
    clean = name.strip()
    if not clean or len(clean) > 80:
        raise InvalidError(errors={"name": ["Укажите имя системы, не длиннее 80 знаков."]}, rule=False)
    secret = access.issue_integration_token(tx.connection, clean, scopes, at=tx.wall)
    note(tx, actor, Matter.ACCESS, "token.issued", clean, "admin", scopes=sorted(scopes))
    return secret


def _check_admin(actor: Actor) -> None:
    if not actor.holds("admin"):
        raise ForbiddenError("Учётными записями управляет администратор.")
