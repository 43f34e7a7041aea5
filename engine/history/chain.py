"""Appending facts: sealed, numbered, chained, and the facts of one act packed into one row.

`hash` = hex SHA-256 of `prev_hash` (ASCII) followed by the RFC 8785 JSON of the event without its two hashes. Strings
of class Text become `{"ref", "digest"}` (digest = hex SHA-256 of salt followed by text), so that one text can be erased
and the chain stays whole. No floats enter a fact, keys are in the basic plane, so orjson's sorted output is RFC 8785.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import orjson

from engine.actors import Actor, Right
from engine.clock import moscow
from engine.facts import Fact, Text
from engine.records import history as records
from engine.records.acts import FIRST, Line, Seal

if TYPE_CHECKING:
    from engine.runtime import Transaction

__all__ = ["FIRST", "append", "canonical", "event_hash", "served"]

#: What JSON has as it is; integers beyond 53 bits are refused when a fact is written down.
_PLAIN: Final = frozenset({str, int, bool, type(None)})
_KEYS: Final = frozenset({str})
_STRICT: Final = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


def canonical(value: Any) -> bytes:
    """RFC 8785 JSON of a sealed value."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def event_hash(prev_hash: str, event: Mapping[str, Any]) -> str:
    """The hash of an event as served, without its hashes."""
    return hashlib.sha256(prev_hash.encode("ascii") + canonical(event)).hexdigest()


def served(row: Mapping[str, Any]) -> dict[str, Any]:
    """A history row as the API serves it, hashes included."""
    return {
        "seq": row["seq"],
        "at": row["at"],
        "actor": row["actor"],
        "on_behalf_of": row["on_behalf_of"],
        "kind": row["kind"],
        "element": row["element"],
        "data": orjson.loads(row["data"]),
        "prev_hash": row["prev_hash"],
        "hash": row["hash"],
    }


def append(
    tx: "Transaction",
    case_id: str,
    seq: int,
    last: str,
    facts: Sequence[Fact],
    *,
    actor: Actor,
    right: Right | None = None,
) -> tuple[int, str]:
    """Append facts after (`seq`, `last`); returns the new head. The caller holds the case's lock and stores it."""
    lines: list[Line] = []
    hashes, texts = [], []
    first = seq + 1
    at = moscow(tx.now).isoformat()
    behalf = right.on_behalf_of if right else None
    seal = Seal.of(at, actor.login, behalf)
    for fact in facts:
        seq += 1
        found: list[dict[str, Any]] = []
        data = _seal(fact.data, seq, found)
        if right and right.basis and behalf:
            if "basis" in data:
                raise TypeError(f"{fact.kind}: `basis` is the stand-in's own")
            data = {**data, "basis": _seal(Text(right.basis), seq, found)}
        line = Line(orjson.dumps(fact.kind), orjson.dumps(fact.element), orjson.dumps(data, option=_STRICT))
        last = seal.hash(last, seq, line)
        lines.append(line)
        hashes.append(last)
        texts += [{**t, "case": case_id} for t in found]
    shared = {"case": case_id, "at": at, "actor": actor.login, "on_behalf_of": behalf}
    rows = records.rows_of(shared, first, lines, hashes)
    records.append(tx.writes, rows, texts, is_sqlite=tx.runtime.database.is_sqlite)
    return seq, last


def _seal(value: Any, seq: int, texts: list[dict[str, Any]]) -> Any:
    kind = type(value)
    # These first and by their very types: nearly all that a fact holds, most of it plain through and through.
    if kind is dict:
        if not _KEYS.issuperset(map(type, value)):
            value = {str(key): each for key, each in value.items()}
        if _PLAIN.issuperset(map(type, value.values())):
            return value
        found = {}
        for key, each in value.items():
            found[key] = each if type(each) in _PLAIN else _seal(each, seq, texts)
        return found
    if kind is list:
        if _PLAIN.issuperset(map(type, value)):
            return value
        items = []
        for each in value:  # a comprehension would take its names from here, and cost every call
            items.append(each if type(each) in _PLAIN else _seal(each, seq, texts))  # noqa: PERF401
        return items
    if kind in _PLAIN:
        return value
    return _seal_other(value, seq, texts)


def _seal_other(value: Any, seq: int, texts: list[dict[str, Any]]) -> Any:
    if isinstance(value, Text):
        text, salt = str(value), os.urandom(16).hex()
        ref = f"{seq}.{len(texts) + 1}"
        texts.append({"ref": ref, "seq": seq, "text": text, "salt": salt})
        orjson.dumps(text)  # leaves its UTF-8 in the string, where the digest and the driver find it ready
        return {"ref": ref, "digest": hashlib.sha256(salt.encode() + text.encode()).hexdigest()}
    if isinstance(value, Mapping):
        return _seal(dict(value), seq, texts)
    if isinstance(value, (set, frozenset)):
        return _seal(sorted(value), seq, texts)
    if not isinstance(value, str) and isinstance(value, Sequence):
        return _seal(list(value), seq, texts)
    return _plain(value)


def _plain(value: Any) -> Any:
    """A single value as JSON has it. Raises TypeError for a float and for what a fact cannot hold."""
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime):
        return moscow(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} in a fact")
