"""The chain of facts alone: every hash anew, a hundred thousand facts in about a second, none of them kept."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from engine.history.chain import FIRST
from engine.records import chains
from engine.records.chains import Fact

if TYPE_CHECKING:
    from engine.runtime import Transaction


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as the history says: where (event number, table), and what."""

    table: str
    message: str
    seq: int | None = None


@dataclass(slots=True)
class Chain:
    """One case's chain, fed with its facts in order; `seq` and `last` are its head so far."""

    seq: int = 0
    last: str = FIRST
    differences: list[Difference] = field(default_factory=list)

    def take(self, fact: Fact) -> None:
        """Look at the next fact: its number, the link to the one before, its own hash."""
        _case, seq, at, actor, on_behalf_of, kind, element, data, prev_hash, told = fact
        if seq != self.seq + 1:
            self.differences.append(Difference("history", f"нет события № {self.seq + 1}", self.seq + 1))
            self.last = prev_hash
        self.seq = seq
        event = {
            "seq": seq,
            "at": at,
            "actor": actor,
            "on_behalf_of": on_behalf_of,
            "kind": kind,
            "element": element,
            "data": orjson.Fragment(data),  # kept as it was hashed: a blank more is a change, too
        }
        raw = prev_hash.encode() + orjson.dumps(event, option=orjson.OPT_SORT_KEYS)
        if prev_hash != self.last or hashlib.sha256(raw).hexdigest() != told:
            self.differences.append(Difference("history", "событие изменено или вставлено: не сходится хеш", seq))
        self.last = told

    def end(self, seq: int, last: str) -> None:
        """Look at the head that the case's row tells."""
        if self.seq != seq or self.last != last:
            message = f"история обрывается на событии № {self.seq}, у дела записано № {seq}"
            self.differences.append(Difference("case_file", message, self.seq))


def event_of(fact: Fact) -> dict[str, Any]:
    """A fact as the API serves it."""
    _case, seq, at, actor, on_behalf_of, kind, element, data, prev_hash, told = fact
    return {
        "seq": seq,
        "at": at,
        "actor": actor,
        "on_behalf_of": on_behalf_of,
        "kind": kind,
        "element": element,
        "data": orjson.loads(data),
        "prev_hash": prev_hash,
        "hash": told,
    }


def verify_chains(tx: "Transaction") -> Iterator[tuple[str, Difference]]:
    """Verify the chains of all cases, without re-execution: what differs, by case id."""
    heads = chains.heads(tx.connection)
    identity, chain = "", Chain()
    head: tuple[str, int, str] | None = None
    for fact in chains.facts(tx.connection):
        if fact[0] != identity:
            if head is not None:
                chain.end(head[1], head[2])
                yield from ((head[0], difference) for difference in chain.differences)
            for head in heads:
                if head[0] == fact[0]:
                    break
                yield head[0], Difference("history", "у дела нет истории")
            identity, chain = fact[0], Chain()
        chain.take(fact)
    if head is not None:
        chain.end(head[1], head[2])
        yield from ((head[0], difference) for difference in chain.differences)
    for left in heads:
        yield left[0], Difference("history", "у дела нет истории")
