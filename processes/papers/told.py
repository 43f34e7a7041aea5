"""What a case's history tells of its documents: which fact filed each, and who signed it in what manner."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import orjson

from engine.records import history as records
from engine.signatures import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.runtime import Transaction

FILED: Final = "document.filed"
SIGNED: Final = "document.signed"
_SUBMITTED: Final = "application.submitted"
#: Other facts that name a document they file.
_FILING: Final = ("destruction.act_drawn_up", "inventory.drawn_up", "attachment.added")


@dataclass(frozen=True, slots=True)
class Told:
    """A signature as the history tells it: kind, signer's login, for whom and on which paper, when (aware).

    `office` is what a simple signature was given as, `sha256` what it names where that is another file than the one it
    stands on; `file` is the id of the signature file's document, `document` the one it signs.
    """

    document: str
    kind: Kind
    login: str
    at: datetime
    office: str = ""
    on_behalf_of: str | None = None
    basis: str = ""
    sha256: str | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """The fact that named a document first: its number, the hash it gives, the simple signatures under it."""

    seq: int
    sha256: str
    signatures: tuple[Told, ...] = ()


@dataclass(slots=True)
class Papers:
    """Everything that a history tells of documents, by document id."""

    filings: dict[str, Filing] = field(default_factory=dict)
    added: dict[str, list[Told]] = field(default_factory=dict)

    def signatures_of(self, document: str) -> tuple[Told, ...]:
        """All signatures of a document, simple ones first."""
        filing = self.filings.get(document)
        return (*(filing.signatures if filing else ()), *self.added.get(document, ()))


def read_papers(tx: "Transaction", case_id: str) -> Papers:
    """Read a case's facts on documents."""
    found = Papers()
    rows = records.of_kind(tx.connection, case_id, (FILED, SIGNED, _SUBMITTED, *_FILING))
    texts = {t["ref"]: t["text"] for t in _texts(tx, case_id, rows)}
    for row in rows:
        data = orjson.loads(row["data"])
        if row["kind"] == _SUBMITTED:
            for file in data["files"]:
                found.filings[file["id"]] = Filing(row["seq"], file["sha256"])
        elif row["kind"] == SIGNED:
            found.added.setdefault(data["document"], []).append(_added(row, data, texts))
        else:
            simple = tuple(_simple(data["document"], one, texts) for one in data.get("signatures", ()))
            found.filings[data["document"]] = Filing(row["seq"], data["sha256"], simple)
    return found


def _texts(tx: "Transaction", case_id: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not any('"ref"' in row["data"] for row in rows):
        return []
    return records.texts(tx.connection, case_id, rows[0]["seq"], rows[-1]["seq"])


def _simple(document: str, told: "Mapping[str, Any]", texts: "Mapping[str, str]") -> Told:
    return Told(
        document=document,
        kind=Kind(told["kind"]),
        login=told["login"],
        at=datetime.fromisoformat(told["at"]),
        office=told["office"],
        on_behalf_of=told["on_behalf_of"],
        basis=_text(told["basis"], texts),
        sha256=told["sha256"],
    )


def _added(row: "Mapping[str, Any]", data: "Mapping[str, Any]", texts: "Mapping[str, str]") -> Told:
    return Told(
        document=data["document"],
        kind=Kind(data["kind"]),
        login=row["actor"],
        at=datetime.fromisoformat(row["at"]),
        on_behalf_of=row["on_behalf_of"],
        basis=_text(data.get("basis"), texts),
        sha256=data["sha256"],
        file=data["signature"],
    )


def _text(value: Any, texts: "Mapping[str, str]") -> str:
    """A text kept apart from the chain; nothing where it was erased."""
    return texts.get(value["ref"], "") if isinstance(value, dict) else value or ""
