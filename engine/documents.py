"""Documents of a case: what was handed in and what was issued; rows here, contents in the file store."""

from dataclasses import dataclass
from io import SEEK_END
from typing import TYPE_CHECKING, Any, BinaryIO

from engine.errors import NotFoundError, StepFailedError
from engine.history.links import Chain
from engine.ids import new_id
from engine.records import cases as case_records
from engine.records import chains
from engine.records import messages as records

if TYPE_CHECKING:
    from engine.runtime import Transaction


def add_document(
    tx: "Transaction",
    *,
    case: str | None,
    kind: str,
    title: str,
    name: str,
    media_type: str,
    content: bytes | BinaryIO,
    by: str,
    holder: str | None = None,
) -> dict[str, Any]:
    """Store a document of a case, or of a holder (an application's id) before there is a case. Returns its row."""
    if tx.runtime.files is None:
        raise StepFailedError("Хранилище файлов не настроено.")
    sha256, size = tx.runtime.files.put(content)
    row = {
        "id": new_id(),
        "case": case,
        "holder": holder,
        "kind": kind,
        "title": title,
        "name": name,
        "media_type": media_type,
        "size": size,
        "sha256": sha256,
        "at": tx.now,
        "by": by,
    }
    records.insert_document(tx.connection, row)
    return row


def get_document(tx: "Transaction", identity: str) -> dict[str, Any]:
    """A document's row. Raises NotFoundError."""
    row = records.get_document(tx.connection, identity)
    if row is None:
        raise NotFoundError("Такого документа нет.")
    return row


def read_content(tx: "Transaction", row: dict[str, Any]) -> bytes:
    """A document's content. Raises NotFoundError where it is lost or damaged."""
    if tx.runtime.files is None:
        raise NotFoundError("Хранилище файлов не настроено.")
    return tx.runtime.files.read(row["sha256"])


def open_content(tx: "Transaction", row: dict[str, Any]) -> BinaryIO:
    """A document's content as a stream that outlives the transaction; whoever asked closes it. Raises NotFoundError."""
    if tx.runtime.files is None:
        raise NotFoundError("Хранилище файлов не настроено.")
    return tx.runtime.files.open(row["sha256"])


def documents_of(
    tx: "Transaction", *, case: str | None = None, holder: str | None = None, is_loose: bool = False
) -> list[dict[str, Any]]:
    """Documents of a case or a holder, or those of no case yet, oldest first."""
    return records.documents(tx.connection, case_id=case, holder=holder, is_loose=is_loose)


def adopt(tx: "Transaction", holder: str, case: str) -> None:
    """The documents of a holder become those of its case."""
    records.adopt_documents(tx.connection, holder, case)


def drop_document(tx: "Transaction", identity: str) -> None:
    """Take a draft's document away."""
    records.drop_document(tx.connection, identity)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What came of looking at a document anew.

    `is_intact`: the content in the store has the hash and the size that its row tells; `seq` is the event of the
    history that named it (None: none does), `is_told` that this event gives the same hash, `is_chained` that no event
    of the case was changed, left out or put in.
    """

    is_intact: bool
    seq: int | None
    is_told: bool
    is_chained: bool

    @property
    def is_true(self) -> bool:
        """Whether everything agrees."""
        return self.is_intact and self.is_told and self.is_chained


def inspect(tx: "Transaction", row: dict[str, Any], told: tuple[int, str] | None) -> Inspection:
    """Compare a case's document with the store and with the history; reads only.

    `told` is the event that named it and the hash that it gives, or None.
    """
    try:
        with open_content(tx, row) as content:
            is_intact = content.seek(0, SEEK_END) == row["size"]
    except NotFoundError:
        is_intact = False
    case, chain = case_records.get_case(tx.connection, row["case"]), Chain()
    for told_together in chains.rows(tx.connection, row["case"]):
        chain.take(told_together)
    if case is not None:
        chain.end(case["seq"], case["hash"])
    return Inspection(
        is_intact=is_intact,
        seq=told[0] if told else None,
        is_told=told is not None and told[1] == row["sha256"],
        is_chained=case is not None and not chain.differences,
    )
