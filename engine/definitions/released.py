"""Released versions: stored with their files, compiled once a process, chosen by the day they apply from."""

import threading
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.clock import moscow
from engine.definitions.arming import arm
from engine.definitions.bundle import Bundle
from engine.definitions.definition import Definition, compile_bundle
from engine.errors import ConflictError, InvalidError, NotFoundError
from engine.forks import mind_forks
from engine.ids import new_id
from engine.records import definitions as records

if TYPE_CHECKING:
    from engine.runtime import Transaction


class Shelf:
    """Compiled definitions by the id of their version, at most `size` of them; versions never change."""

    def __init__(self, size: int = 64) -> None:
        self._size = size
        self._found: dict[str, tuple[Definition, int]] = {}
        self.begin_anew()
        mind_forks(self)

    def begin_anew(self) -> None:
        """Let nobody wait for a thread that is not in this process."""
        self._lock = threading.Lock()

    def get(self, tx: "Transaction", identity: str) -> Definition:
        """The compiled version with this id. Raises NotFoundError."""
        return self._kept(tx, identity)[0]

    def number(self, tx: "Transaction", identity: str) -> int:
        """The number of a version. Raises NotFoundError."""
        return self._kept(tx, identity)[1]

    def _kept(self, tx: "Transaction", identity: str) -> tuple[Definition, int]:
        found = self._found.get(identity)
        if found is None:
            row = records.get_version(tx.connection, identity)
            if row is None:
                raise NotFoundError("Такой версии процедуры нет.")
            found = compile_bundle(Bundle(row["key"], row["files"])), int(row["number"])
            with self._lock:
                if len(self._found) >= self._size:
                    self._found.pop(next(iter(self._found)))
                self._found[identity] = found
        return found


def release(
    tx: "Transaction",
    bundle: Bundle,
    *,
    by: str,
    basis: str,
    effective_from: date | None = None,
    author: str | None = None,
) -> dict[str, Any]:
    """Store a bundle as the next version of its procedure, in force from a day on (today: at once).

    Compiled here; the caller has checked it (`engine.lint`, scenarios). Raises DrawingError for what cannot run,
    InvalidError without a basis, ConflictError where the newest version has the same files.
    """
    if not basis.strip():
        raise InvalidError(errors={"basis": ["Укажите основание: приказ или решение, по которому меняется процедура."]})
    definition = compile_bundle(bundle)
    records.stop_releases(tx.connection)
    known = records.versions(tx.connection, bundle.key)
    if known and known[-1]["hash"] == bundle.hash:
        raise ConflictError("Эта версия уже выпущена: файлы не отличаются.", slug="already_released")
    row = {
        "id": new_id(),
        "key": bundle.key,
        "number": (known[-1]["number"] if known else 0) + 1,
        "hash": bundle.hash,
        "name": definition.drawing.name,
        "files": dict(bundle.files),
        "author": author or by,
        "released_by": by,
        "basis": basis.strip(),
        "released_at": tx.now,
        "effective_from": effective_from or moscow(tx.now).date(),
    }
    records.insert_version(tx.connection, row)
    arm(tx, definition)
    return row


def in_force(tx: "Transaction", key: str, on: date | None = None) -> tuple[str, Definition]:
    """The id and the compiled version of a procedure in force on a day (default: the Moscow day of now).

    Raises NotFoundError where none is.
    """
    identity = records.in_force(tx.connection, key, on or moscow(tx.now).date())
    if identity is None:
        raise NotFoundError(f"Процедура «{key}» не выпущена.")
    return identity, tx.runtime.definitions.get(tx, identity)


def versions(tx: "Transaction", key: str) -> list[dict[str, Any]]:
    """All versions of a procedure, oldest first, without their files. Raises NotFoundError for an unknown key."""
    found = records.versions(tx.connection, key)
    if not found:
        raise NotFoundError(f"Процедуры «{key}» нет.")
    return found


def version_row(tx: "Transaction", key: str, number: int) -> Mapping[str, Any]:
    """One version with its files. Raises NotFoundError."""
    row = records.get_numbered(tx.connection, key, number)
    if row is None:
        raise NotFoundError("Такой версии процедуры нет.")
    return row
