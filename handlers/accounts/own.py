"""What people do with their own account: a new password, the tokens of their programs."""

from datetime import datetime
from typing import Any

from engine.clock import wall
from engine.errors import InvalidError, NotFoundError
from handlers.accounts import access, limits, passwords, records
from handlers.context import Context


def change_password(context: Context, login: str, old: str, new: str, address: str | None) -> None:
    """Give a person a new password; every session and token of theirs ends.

    Raises UnauthorizedError for a wrong old password, TooManyError, InvalidError (`password`) for a new one that is too
    short or too long, and for an account of the demonstration, whose password is public knowledge.
    """
    with context.runtime.reading() as tx:
        row = records.find_credential(tx.connection, login)
    if row is not None and row["is_demo"]:
        raise InvalidError(errors={"password": ["Пароль учётной записи демонстрации не меняется."]}, rule=False)
    rules = limits.DEMO if context.settings.demo else limits.STRICT
    access.check_password(
        context.runtime.database, login, old, address=address or "", wall=wall(), rules=rules, demo=False
    )
    found = passwords.hash_password(new)
    with context.runtime.database.write() as connection:
        records.put_credential(connection, login, found, wall())
        records.drop_access(connection, login)


def own_tokens(context: Context, login: str, *, at: datetime) -> tuple[list[dict[str, Any]], bool]:
    """Return a person's tokens in force at a wall instant, oldest first, and whether the account is a demonstration's.

    A token's `mark` names it without telling anything of its secret.
    """
    with context.runtime.reading() as tx:
        rows = records.tokens_of(tx.connection, login)
        row = records.find_credential(tx.connection, login)
    live = [{**one, "mark": _mark(one["hash"])} for one in rows if one["expires_at"] > at]
    return live, bool(row and row["is_demo"])


def revoke_token(context: Context, login: str, mark: str) -> None:
    """End one token of a person. Raises NotFoundError."""
    with context.runtime.database.write() as connection:
        found = [one["hash"] for one in records.tokens_of(connection, login) if _mark(one["hash"]) == mark]
        if not found:
            raise NotFoundError("Такого токена нет: он истёк или уже отозван.")
        records.drop_token(connection, found[0])


def _mark(digest: str) -> str:
    return digest[:16]
