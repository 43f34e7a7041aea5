"""What must leave the house: queued in the step's transaction, sent by a tick, at least once, with a stable id.

Letters are kept and shown whether or not a mail server is configured; a dead server delays them and nothing else.
"""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol

import structlog

from engine.errors import InvalidError
from engine.faults import crash_point
from engine.ids import new_id
from engine.records import messages as records
from engine.records import outbox as outbox_records

if TYPE_CHECKING:
    from engine.runtime import Runtime, Transaction

log = structlog.get_logger(__name__)

#: Waits between attempts; after the last the letter is marked failed and shown so.
SCHEDULE: Final = tuple(timedelta(seconds=s) for s in (5, 30, 300, 1_800, 7_200, 18_000, 36_000, 36_000))
LEASE: Final = timedelta(minutes=2)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_BODY_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
#: One mailbox and nothing else: no display name, no list, no quoted or commented parts, Latin letters.
_ADDRESS: Final = re.compile(
    r"(?=.{3,254}\Z)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])\Z"
)
_MAILBOX_LENGTH: Final = 64


class SendError(Exception):
    """A letter did not leave. `is_permanent`: trying again is of no use. `is_server`: no letter would leave now."""

    def __init__(self, message: str, *, is_permanent: bool = False, is_server: bool = False) -> None:
        super().__init__(message)
        self.is_permanent = is_permanent
        self.is_server = is_server


class Postman(Protocol):
    """Hands one letter to the outside; raises SendError."""

    def post(self, *, identity: str, to: str, subject: str, body: str) -> None:
        """Send; `identity` is stable, so that a repeated letter can be recognised."""
        ...


def check_address(address: str) -> str:
    """A single e-mail address as given. Raises InvalidError for anything that is none or could smuggle a header."""
    if not _ADDRESS.match(address) or len(address.partition("@")[0]) > _MAILBOX_LENGTH:
        shown = _CONTROL.sub("?", address[:80])
        raise InvalidError(errors={"email": [f"«{shown}» — не адрес электронной почты; нужен один, вида имя@узел.ру."]})
    return address


def check_subject(subject: str) -> str:
    """A subject as given. Raises InvalidError for an empty one or one with a control character."""
    if _CONTROL.search(subject) or not subject.strip():
        raise InvalidError(errors={"subject": ["Тема письма пуста или содержит перевод строки; нужна одна строка."]})
    return subject


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
    """Write a letter and its outbox row. Returns the letter's id. Raises InvalidError (address, subject).

    Line breaks and tabs of the body stay; other control characters are taken out.
    """
    check_address(to)
    check_subject(subject)
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
            "body": _BODY_CONTROL.sub("", body),
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
    """Send what is due; without a postman letters are kept (`kept`) and shown. Returns how many were tried.

    A round ends where the server itself fails: the other letters keep their turn and wait for the next round.
    """
    count = 0
    while count < limit:
        taken = _take(runtime, has_postman=postman is not None)
        if taken is None:
            break
        count += 1
        if (
            postman is not None
            and taken.letter is not None
            and not _send(runtime, postman, taken.letter, taken.attempt)
        ):
            break
    return count


@dataclass(frozen=True, slots=True)
class _Taken:
    """A letter under lease (None: erased); `attempt` counts from 1 and tells this lease from a later one."""

    letter: Mapping[str, Any] | None
    attempt: int


def _take(runtime: "Runtime", *, has_postman: bool) -> _Taken | None:
    """The next letter due, leased; without a postman it is kept at once. Post of an older epoch stays where it is."""
    with runtime.transaction() as tx:
        row = records.lease_outbox(tx.connection, tx.wall, tx.wall + LEASE, "letter", tx.epoch)
        if row is None:
            return None
        letter = records.get_letter(tx.connection, row["payload"]["letter"])
        if letter is None or not has_postman:
            records.drop_outbox(tx.connection, row["id"])
            records.update_letter(tx.connection, row["id"], {"delivery": "kept"})
        return _Taken(letter, row["attempts"])


def _send(runtime: "Runtime", postman: Postman, letter: Mapping[str, Any], attempt: int) -> bool:
    """Hand a letter over outside any transaction and record what came of it; false where the server itself failed."""
    error: SendError | None = None
    try:
        crash_point("letter.before")
        postman.post(identity=letter["id"], to=letter["to"], subject=letter["subject"], body=letter["body"])
        crash_point("letter.after")
    except SendError as reason:
        error = reason
    except Exception as reason:  # noqa: BLE001 - a fault of the postman's must keep no other letter
        error = SendError(f"{type(reason).__name__}: {reason}")
    with runtime.transaction() as tx:
        if error is None:
            records.drop_outbox(tx.connection, letter["id"])
            records.update_letter(tx.connection, letter["id"], {"delivery": "sent", "delivered_at": tx.wall})
        elif outbox_records.holds(tx.connection, letter["id"], attempt):
            _put_off(tx, letter, attempt, error)
    return error is None or not error.is_server


def _put_off(tx: "Transaction", letter: Mapping[str, Any], attempt: int, error: SendError) -> None:
    identity = letter["id"]
    if error.is_permanent or attempt > len(SCHEDULE):
        records.drop_outbox(tx.connection, identity)
        records.update_letter(tx.connection, identity, {"delivery": "failed"})
        log.warning("letter_failed", letter=identity, kind=letter["kind"], attempts=attempt)
        return
    next_at = tx.wall + wait_after(identity, attempt)
    records.update_outbox(tx.connection, identity, {"next_at": next_at, "error": str(error)[:500]})
    records.update_letter(tx.connection, identity, {"delivery": "delayed"})


def wait_after(identity: str, attempt: int) -> timedelta:
    """How long a letter waits after its attempt of that number (from 1): the schedule, and up to a tenth more.

    The part more is the letter's own, so that letters delayed together do not come back together.
    """
    spread = zlib.crc32(identity.encode()) / 0xFFFF_FFFF
    return SCHEDULE[attempt - 1] * (1 + spread / 10)
