"""The trace of what is administered: who changed what outside of cases, by which right, and what was refused."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from engine.actors import Actor
from engine.errors import InvalidError, RefusedError
from processes.council.records import changes

if TYPE_CHECKING:
    from engine.runtime import Transaction

_LONGEST_SUBJECT = 80


class Matter(StrEnum):
    """What an administrative change is about."""

    PERSON = "person"
    ACCESS = "access"
    COMPOSITION = "composition"
    EXPERT = "expert"
    SUBSTITUTION = "substitution"
    READINGS = "readings"
    CALENDAR = "calendar"
    LETTER_TEXT = "letter_text"
    OPEN_DATA = "open_data"
    INCIDENT = "incident"
    #: Any other act outside of cases; only its refusals are written down.
    ACT = "act"


def take_turn(tx: "Transaction") -> None:
    """From here on nobody else administers until this act has ended: what it reads and checks stays so."""
    changes.take_turn(tx.connection)


def note(tx: "Transaction", actor: Actor, matter: Matter, kind: str, subject: str, *groups: str, **data: Any) -> None:
    """Write a change into the journal, in the transaction of the change itself.

    `groups` are those that may do it: a stand-in's line names the absent person and the document. `data` holds names of
    fields, dates, roles and numbers, and never free text or personal data: the journal cannot be erased.
    """
    right = actor.right(*groups) if groups else None
    changes.write(
        tx.connection,
        at=tx.now,
        actor=actor.login,
        on_behalf_of=right.on_behalf_of if right else None,
        basis=right.basis if right else None,
        matter=matter.value,
        kind=kind,
        subject=subject[:_LONGEST_SUBJECT],
        data=data,
    )


def note_refusal(
    tx: "Transaction", actor: Actor, matter: Matter, kind: str, subject: str, *, error: RefusedError
) -> None:
    """Write a refused act into the journal: in a transaction of its own, after the rollback."""
    data: dict[str, Any] = {"reason": error.slug_}
    if isinstance(error, InvalidError):
        data["fields"] = sorted(error.errors)
    changes.write(
        tx.connection,
        at=tx.now,
        actor=actor.login,
        matter=matter.value,
        kind=kind,
        subject=subject[:_LONGEST_SUBJECT],
        is_refused=True,
        data=data,
    )


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The names of the values that differ, in order."""
    return sorted(key for key in after if before.get(key) != after[key])
