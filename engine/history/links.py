"""The chain of facts alone: every hash anew, more than a hundred thousand facts a second, none of them kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import orjson

from engine.history.chain import FIRST
from engine.records import chains
from engine.records.acts import DamagedError, Line, Seal, unpack
from engine.records.chains import Row
from engine.records.history import journal_of

if TYPE_CHECKING:
    from engine.runtime import Transaction

_UNREADABLE: Final = Line(b"", b"", b"")


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as the history says: where (event number, table), and what."""

    table: str
    message: str
    seq: int | None = None


@dataclass(slots=True)
class Chain:
    """One case's chain, fed with its rows in order; `seq` and `last` are its head so far."""

    seq: int = 0
    last: str = FIRST
    differences: list[Difference] = field(default_factory=list)

    def take(self, row: Row) -> list[Line]:
        """Look at the facts of the next act: their numbers, their hashes from the one before on.

        Where they do not give the hash that is stored, the last is named: which of them it was cannot be told. Facts
        that cannot be read at all, or have no number, are one line that is no JSON.
        """
        _case, first, seq, at, actor, on_behalf_of, journal, packed, stored = row
        told = stored.hex() if isinstance(stored, bytes) else ""
        if not (isinstance(first, int) and isinstance(seq, int)):
            self.differences.append(Difference("history", "номер события изменён: это не число", self.seq + 1))
            self.last = told
            return [_UNREADABLE]
        try:
            lines = unpack(packed)
            last = Seal.of(at, actor, on_behalf_of).hashes(self.last, first, lines)[-1]
        except (TypeError, DamagedError):
            lines, last = [_UNREADABLE], "?"
        if first > self.seq + 1:  # the facts after a gap follow from a hash that nobody knows
            self.differences.append(Difference("history", f"нет события № {self.seq + 1}", self.seq + 1))
        elif first != self.seq + 1 or seq - first + 1 != len(lines) or last != told:
            self.differences.append(Difference("history", _changed(first, seq), seq))
        elif journal != journal_of(lines):
            self.differences.append(Difference("history", "журнал отказов говорит об этом событии не то", seq))
        self.seq, self.last = seq, told
        return lines

    def end(self, seq: int, last: str) -> None:
        """Look at the head that the case's row tells."""
        if self.seq != seq or self.last != last:
            message = f"история обрывается на событии № {self.seq}, у дела записано № {seq}"
            self.differences.append(Difference("case_file", message, self.seq))


def _changed(first: int, seq: int) -> str:
    if first >= seq:
        return "событие изменено или вставлено: не сходится хеш"
    return f"событие изменено или вставлено (из записанных вместе № {first}–{seq}): не сходится хеш"


def events_of(row: Row, lines: Sequence[Line]) -> Iterator[dict[str, Any]]:
    """The facts of a row as the API serves them, but for their hashes. Raises ValueError for what is no JSON."""
    _case, first, _seq, at, actor, on_behalf_of, _journal, _packed, _hash = row
    for seq, line in enumerate(lines, first):
        yield {
            "seq": seq,
            "at": at,
            "actor": actor,
            "on_behalf_of": on_behalf_of,
            "kind": orjson.loads(line.kind),
            "element": orjson.loads(line.element),
            "data": orjson.loads(line.data),
        }


def verify_chains(tx: "Transaction") -> Iterator[tuple[str, Difference]]:
    """Verify the chains of all cases, without re-execution: what differs, by case id."""
    heads = chains.heads(tx.connection)
    identity, chain = "", Chain()
    head: tuple[str, int, str] | None = None
    for row in chains.rows(tx.connection):
        if row[0] != identity:
            if head is not None:
                chain.end(head[1], head[2])
                yield from ((head[0], difference) for difference in chain.differences)
            for head in heads:
                if head[0] == row[0]:
                    break
                yield head[0], Difference("history", "у дела нет истории")
            identity, chain = row[0], Chain()
        chain.take(row)
    if head is not None:
        chain.end(head[1], head[2])
        yield from ((head[0], difference) for difference in chain.differences)
    for left in heads:
        yield left[0], Difference("history", "у дела нет истории")
