"""Epochs: a restored database may hold post that left before it was lost, so it waits for a person's word.

Whoever restores begins a new epoch. Post of an earlier one stays in the outbox until it is released or laid aside; acts
done since, and timers that were due meanwhile, write post of the new epoch, which leaves by itself.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import structlog

from engine.errors import NotFoundError
from engine.records import epochs as records
from engine.records import settings

if TYPE_CHECKING:
    from engine.database import Connection
    from engine.runtime import Transaction

log = structlog.get_logger(__name__)


def begin(connection: "Connection") -> int:
    """Begin the next epoch of a database that nobody works on yet; returns its number."""
    epoch = int(settings.read_all(connection).get("epoch", 1)) + 1
    settings.write(connection, "epoch", epoch)
    return epoch


def held(tx: "Transaction") -> list[dict[str, Any]]:
    """Letters that wait for a person's word, oldest first."""
    return records.held(tx.connection, tx.epoch)


def release(tx: "Transaction", identities: Collection[str] = ()) -> int:
    """Let held letters leave, the given ones or all; how many went. Raises NotFoundError for one that is not held."""
    chosen = _chosen(tx, identities)
    records.move(tx.connection, chosen, tx.epoch, tx.wall)
    log.info("letters_released", letters=chosen)
    return len(chosen)


def lay_aside(tx: "Transaction", identities: Collection[str] = ()) -> int:
    """Never send held letters, the given ones or all; they stay to be read. Raises NotFoundError as `release`."""
    chosen = _chosen(tx, identities)
    records.drop(tx.connection, chosen, tx.epoch)
    log.info("letters_laid_aside", letters=chosen)
    return len(chosen)


def _chosen(tx: "Transaction", identities: Collection[str]) -> list[str]:
    waiting = [letter["id"] for letter in held(tx)]
    unknown = set(identities) - set(waiting)
    if unknown:
        raise NotFoundError(f"Среди задержанных писем нет: {', '.join(sorted(unknown))}.")
    return [identity for identity in waiting if not identities or identity in identities]
