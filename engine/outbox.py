"""What must leave the house: queued in the step's transaction, sent by a tick, at least once, with a stable id.

Letters are kept and shown whether or not a mail server is configured; a dead server delays them and nothing else.
"""

import re
from datetime import timedelta
from email.headerregistry import Address
from typing import TYPE_CHECKING, Final, Protocol

from engine.errors import InvalidError
from engine.ids import new_id
from engine.records import messages as records

if TYPE_CHECKING:
    from engine.runtime import Runtime, Transaction

#: Waits between attempts; after the last the letter is marked failed and shown so.
SCHEDULE: Final = tuple(timedelta(seconds=s) for s in (5, 30, 300, 1_800, 7_200, 18_000, 36_000, 36_000))
LEASE: Final = timedelta(minutes=2)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


class SendError(Exception):
    """A letter did not leave. `is_permanent`: trying again is of no use."""

    def __init__(self, message: str, *, is_permanent: bool = False) -> None:
        super().__init__(message)
        self.is_permanent = is_permanent


class Postman(Protocol):
    """Hands one letter to the outside; raises SendError."""

    def post(self, *, identity: str, to: str, subject: str, body: str) -> None:
        """Send; `identity` is stable, so that a repeated letter can be recognised."""
        ...


def check_address(address: str) -> str:
    """A single e-mail address as given. Raises InvalidError for anything that is none or could smuggle a header."""
    try:
        if _CONTROL.search(address) or len(address) > 254 or "," in address:
            raise ValueError("control character")
        parsed = Address(addr_spec=address)
        if not parsed.username or "." not in parsed.domain or not address.isascii():
            raise ValueError("no domain")
    except (ValueError, IndexError) as error:
        raise InvalidError(errors={"email": [f"«{address[:80]}» — не адрес электронной почты."]}) from error
    return address


def queue_letter(
    tx: "Transaction",
    kind: str,
    *,
    case: str | None,
    to: str,
    subject: str,
    body: str,
    login: str | None = None,
    owner: str | None = None,
    language: str = "ru",
) -> str:
    """Write a letter and its outbox row. Returns the letter's id. Raises InvalidError (address, control characters)."""
    check_address(to)
    if _CONTROL.search(subject) or not subject.strip():
        raise InvalidError(errors={"subject": ["Тема письма пуста или содержит недопустимые знаки."]})
    identity = new_id()
    records.insert_letter(
        tx.connection,
        {
            "id": identity,
            "case": case,
            "owner": owner,
            "kind": kind,
            "login": login,
            "to": to,
            "subject": subject,
            "body": body,
            "language": language,
            "at": tx.now,
            "delivery": "queued",
            "delivered_at": None,
        },
    )
    records.insert_outbox(
        tx.connection,
        {
            "id": identity,
            "kind": "letter",
            "payload": {"letter": identity},
            "epoch": tx.epoch,
            "attempts": 0,
            "next_at": tx.wall,
            "error": None,
        },
    )
    return identity


def send_letters(runtime: "Runtime", postman: Postman | None, limit: int = 100) -> int:
    """Send what is due; without a postman letters are kept (`kept`) and shown. Returns how many were settled."""
    count = 0
    while count < limit and _send_next(runtime, postman):
        count += 1
    return count


def _send_next(runtime: "Runtime", postman: Postman | None) -> bool:
    with runtime.transaction() as tx:
        row = records.lease_outbox(tx.connection, tx.wall, tx.wall + LEASE, "letter", tx.epoch)
        if row is None:
            return False
        letter = records.get_letter(tx.connection, row["payload"]["letter"])
        if postman is None or letter is None:
            records.drop_outbox(tx.connection, row["id"])
            records.update_letter(tx.connection, row["id"], {"delivery": "kept"})
            return True
    error: SendError | None = None
    try:
        postman.post(identity=letter["id"], to=letter["to"], subject=letter["subject"], body=letter["body"])
    except SendError as reason:
        error = reason
    with runtime.transaction() as tx:
        if error is None:
            records.drop_outbox(tx.connection, row["id"])
            records.update_letter(tx.connection, row["id"], {"delivery": "sent", "delivered_at": tx.wall})
        elif error.is_permanent or row["attempts"] > len(SCHEDULE):
            records.drop_outbox(tx.connection, row["id"])
            records.update_letter(tx.connection, row["id"], {"delivery": "failed"})
        else:
            wait = SCHEDULE[row["attempts"] - 1]
            records.update_outbox(tx.connection, row["id"], {"next_at": tx.wall + wait, "error": str(error)[:500]})
            records.update_letter(tx.connection, row["id"], {"delivery": "delayed"})
    return True
