"""A row of history: the facts of one act, which share its instant, its actor and in whose name, packed together.

A packed row is a line a fact, `kind TAB element TAB data`, each the very JSON that was hashed: JSON of ours has neither
a tab nor a line's end in it, so a row is taken apart and its hashes are made anew without parsing any of it. The lines
are deflated with the words that facts are made of as the dictionary, where that is shorter; the first byte tells
which. Of the hashes only the last fact's is kept: the others follow from it and from the row before.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, NamedTuple

import orjson

from engine.errors import EngineError

#: Facts in one row; an act of more has several.
MOST: Final = 128
FIRST: Final = "0" * 64

#: The first byte of a deflated row; a plain one begins with the quotation mark of its first kind.
_DEFLATED: Final = b"\x01"
#: What deflated rows refer to, the likeliest last. Never to be changed: rows are read with it for ever. Another one
#: would have another first byte.
_WORDS: Final = (
    b'"act.refused"\t"\t{"act":"complete","reason":"case.suspended""case.resumed""case.migrated""incident.raised"'
    b'"incident.retried","cause":"deadline.moved","new_due_at":"task.claimed""task.unclaimed""task.delegated""to":'
    b'"task.declined"\t"declined":true"task.escalated""task.overdue""task.reminded"\t"groups":["],"to":[]'
    b'"message.sent""message.received"\tnull\t{"message":"","payload":{"correlation":"timer.fired"\t"kind":"reminder"'
    b'"task.cancelled"\t"case.ended"\t"{"end":"case.started"\tnull\t{"calendar":"C.","data":{},"definition":"'
    b'"payload":null,"process":"","version":1}\n"letter.queued"\t"\t{"kind":"","letter":"document.filed"\t'
    b'{"document":"","sha256":"","number":"service.called"\t"\t{"operator":"","result":null,"token":true,false'
    b'{"deadline":{"calendar_version":"C:2026.","clause":"","counted_from":"2026-01-12","due_at":"2026-01-13T23:59:59'
    b'+03:00","moves":[],"normative":false,"provisional":false,"rule":"working_days(1)","working_days":1},"due":"2026-'
    b'01-14T00:00:00+03:00","kind":"deadline","token":\n"timer.set"\t"\t{"deadline":null,"due":"T00:00:00+03:00","kind":'
    b'"event","token":2}\n"task.completed"\t"\t{"data":{"remarks":[{"text":{"digest":"","ref":"1.1"}}],"task":"01a2",'
    b'"token":1,"variables":{}}\n"task.created"\t"\t{"assignee":null,"candidates":["],"due":null,"due_at":null,"name":"'
    b'","task":"01a2","token":3}\n"case.advanced"\tnull\t{"at":["],"elements":[["","waiting",1],["","cancelled",1],["",'
    b'"completed",1],["","ready",1]],"flows":["_to_","to_"],"revision":1,"set":{},"state":"","unset":[]}'
)
#: Measured on the reference case and on certifications: a wider window or a higher level saves some 2 per cent more.
_LEVEL: Final = 3
_WINDOW: Final = -12
_MEMORY: Final = 6
#: Ready with its dictionary; each row is pressed by a copy.
_PRESS: Final = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW, _MEMORY, zlib.Z_DEFAULT_STRATEGY, _WORDS)


class DamagedError(EngineError):
    """A row that was not packed here, or not left as it was."""

    slug = "damaged"

    def __init__(self) -> None:
        super().__init__("История дела повреждена: событие не читается. Администратору: проверьте дело, kes verify.")


class Line(NamedTuple):
    """One fact as it stands in a packed row: JSON, as it was hashed."""

    kind: bytes
    element: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class Seal:
    """What all facts of an act have in their hashes alike."""

    head: bytes
    tail: bytes

    @classmethod
    def of(cls, at: str, actor: str, on_behalf_of: str | None) -> "Seal":
        """The seal of an act: its instant (ISO 8601, Europe/Moscow), by whom, and in whose name where in another's."""
        return cls(
            b'{"actor":%b,"at":%b,"data":' % (orjson.dumps(actor), orjson.dumps(at)),
            b',"on_behalf_of":%b,"seq":%%d}' % orjson.dumps(on_behalf_of).replace(b"%", b"%%"),
        )

    def hash(self, prev_hash: str, seq: int, line: Line) -> str:
        """The hash of a fact: of `prev_hash` (ASCII) and the RFC 8785 JSON of the event without its two hashes."""
        kind, element, data = line
        event = b'%b%b%b,"element":%b,"kind":%b' % (prev_hash.encode(), self.head, data, element, kind)
        return sha256(event + self.tail % seq).hexdigest()

    def hashes(self, prev_hash: str, first: int, lines: Sequence[Line]) -> list[str]:
        """The hashes of facts that follow one another, the first of them after `prev_hash`."""
        found = []
        for seq, line in enumerate(lines, first):
            prev_hash = self.hash(prev_hash, seq, line)
            found.append(prev_hash)
        return found


def pack(lines: Sequence[Line]) -> bytes:
    """The facts of a row as they are stored, at least one."""
    plain = b"\n".join([b"\t".join(line) for line in lines])
    press = _PRESS.copy()
    packed = _DEFLATED + press.compress(plain) + press.flush()
    return packed if len(packed) < len(plain) else plain


def unpack(packed: bytes) -> list[Line]:
    """The facts of a row. Raises DamagedError for bytes that `pack` did not make."""
    plain = packed if packed[:1] != _DEFLATED else _inflate(packed[1:])
    try:
        return [Line(*line.split(b"\t")) for line in plain.split(b"\n")]
    except TypeError as error:
        raise DamagedError from error


def _inflate(deflated: bytes) -> bytes:
    press = zlib.decompressobj(_WINDOW, _WORDS)
    try:
        plain = press.decompress(deflated)
    except zlib.error as error:
        raise DamagedError from error
    if not press.eof or press.unused_data:
        raise DamagedError
    return plain
