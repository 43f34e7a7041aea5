"""Signatures of a case's documents: what is known of them, who may add a signature file, adding one (63-FZ)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from engine import cases
from engine.actors import Actor, Right
from engine.documents import Inspection, add_document, documents_of, get_document, inspect, read_content
from engine.errors import ConflictError, ForbiddenError, NotFoundError
from engine.facts import Fact, Text
from engine.signatures import Kind, Signature, SignatureError, Signer, read_file
from processes.certification import events
from processes.certification.access import SIGNATURE, check_document, list_documents
from processes.certification.model import FILE_KINDS, PROCESS
from processes.papers.told import Papers, Told, read_papers

if TYPE_CHECKING:
    from engine.runtime import Transaction

Row = dict[str, Any]

MEDIA_TYPE: Final = "application/pkcs7-signature"
#: What the applicant made itself and may therefore sign: the files handed in, and the application as typeset.
_APPLICANTS: Final = frozenset(FILE_KINDS) | {"application_form"}
#: Files that those who work on a case show each other: nobody signs them.
_WORKING: Final = frozenset({"attachment", "attachment_open"})
_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature of a document: what the history tells, and of a signature file its row and what stands in it.

    `problem` is why the file can no longer be read or does not fit, else empty.
    """

    told: Told
    file: Row | None = None
    found: tuple[Signature, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document with its case, its signatures, the documents of the same name in the order of their making."""

    row: Row
    case: Row
    signatures: tuple[Signed, ...]
    versions: tuple[str, ...]
    may_sign: bool


def get_paper(tx: "Transaction", identity: str, actor: Actor) -> Paper:
    """A document as its page shows it. Raises NotFoundError, ForbiddenError where the actor may not open it."""
    row, case = open_document(tx, identity, actor)
    papers = read_papers(tx, case["id"])
    same = [
        one["id"]
        for one in documents_of(tx, case=case["id"])
        if (one["kind"], one["title"], one["holder"]) == (row["kind"], row["title"], row["holder"])
    ]
    return Paper(
        row=row,
        case=case,
        signatures=tuple(_read(tx, row, told) for told in papers.signatures_of(identity)),
        versions=tuple(same) if row["kind"] not in FILE_KINDS else (identity,),
        may_sign=right_to_sign(case, row, actor) is not None,
    )


def check_paper(tx: "Transaction", identity: str, actor: Actor) -> Inspection:
    """Compare a document with the store and the history. Raises as `get_paper`."""
    row, case = open_document(tx, identity, actor)
    filing = read_papers(tx, case["id"]).filings.get(identity)
    return inspect(tx, row, (filing.seq, filing.sha256) if filing else None)


def inventory(tx: "Transaction", case_id: str, actor: Actor) -> tuple[Row, list[Row], Papers]:
    """A case, its documents that the actor may know of (signature files left out), what the history tells of them."""
    case = cases.get_case(tx, case_id, actor)
    rows = [row for row in list_documents(tx, case, actor) if row["kind"] != SIGNATURE]
    return case, rows, read_papers(tx, case["id"])


def open_document(tx: "Transaction", identity: str, actor: Actor) -> tuple[Row, Row]:
    """A document's row and its case, where the actor may open it. Raises NotFoundError, ForbiddenError."""
    row = get_document(tx, identity)
    if row["case"] is None:
        raise NotFoundError("Такого документа нет.")
    case = cases.get_case(tx, row["case"], actor, "Такого документа нет.")
    if case["process"] == PROCESS:
        check_document(tx, case, row, actor)
    return row, case


def right_to_sign(case: Mapping[str, Any], row: Mapping[str, Any], actor: Actor) -> Right | None:
    """By which right an actor may add a signature to a document; None where it may not.

    Who made a document signs it; the secretary and the chair, or who acts for them, sign any; the ministry its order's
    draft; the applicant what it handed in. Neither a signature itself nor a working file is signed.
    """
    if row["kind"] == SIGNATURE or row["kind"] in _WORKING or actor.absent:
        return None
    if found := actor.right("secretary", "chair"):
        return found
    if row["kind"] == "order_draft" and (found := actor.right("ministry")):
        return found
    if row["kind"] in _APPLICANTS and actor.owner is not None and actor.owner == case["owner"]:
        return actor.right("applicant")
    if row["by"] == actor.login:
        return actor.right(*sorted(actor.groups))
    return None


def attach_signature(tx: "Transaction", identity: str, *, name: str, content: bytes, actor: Actor) -> Row:
    """Keep a signature file made elsewhere with a document, byte for byte. Returns the file's document row.

    Raises SignatureError for what is no detached signature of this document, ForbiddenError, ConflictError for a
    second copy of the same file.
    """
    if not content:
        raise SignatureError(errors={"file": ["Файл пуст. Выберите файл подписи .sig."]}, rule=False)
    return _keep(tx, identity, Kind.FILE, name=name, content=content, actor=actor)


def sign_for_show(tx: "Transaction", identity: str, *, signer: Signer, actor: Actor) -> Row:
    """Sign a document with the demonstration's own key. Raises as `attach_signature`."""
    row, case = open_document(tx, identity, actor)
    _right(case, row, actor)
    content = signer.sign(read_content(tx, row), name=actor.name, at=tx.now)
    return _keep(tx, identity, Kind.DEMO, name=f"{row['name']}.sig", content=content, actor=actor)


def _keep(tx: "Transaction", identity: str, kind: Kind, *, name: str, content: bytes, actor: Actor) -> Row:
    row, case = open_document(tx, identity, actor)
    right = _right(case, row, actor)
    try:
        found = read_file(content, read_content(tx, row))
    except SignatureError as error:
        error.case = case["id"]
        raise
    file = add_document(
        tx,
        case=case["id"],
        holder=identity,
        kind=SIGNATURE,
        title=f"Подпись к документу «{row['title']}»",
        name="".join(sign for sign in name if sign.isprintable() and sign not in '/\\"')[-_LONGEST_NAME:] or "file.sig",
        media_type=MEDIA_TYPE,
        content=content,
        by=actor.login,
    )
    if any(one["sha256"] == file["sha256"] and one["id"] != file["id"] for one in documents_of(tx, holder=identity)):
        raise ConflictError("Эта подпись уже приложена к документу.", slug="already_attached", case=case["id"])
    facts = [
        Fact(events.DOCUMENT_FILED, None, {"document": file["id"], "kind": SIGNATURE, "sha256": file["sha256"]}),
        Fact(
            events.DOCUMENT_SIGNED,
            None,
            {
                "document": identity,
                "sha256": row["sha256"],
                "kind": kind.value,
                "signature": file["id"],
                "signers": [_told(one) for one in found],
            },
        ),
    ]
    cases.tell(tx, case["id"], facts, actor=actor, right=right)
    return file


def _told(one: Signature) -> dict[str, Any]:
    return {
        "name": Text(one.certificate.subject),
        "certificate": Text(f"{one.certificate.serial}, {one.certificate.issuer}"),
        "digest": one.digest_name,
        "algorithm": one.algorithm,
        "digest_check": one.digest.value,
        "value_check": one.value.value,
    }


def _right(case: Mapping[str, Any], row: Mapping[str, Any], actor: Actor) -> Right:
    found = right_to_sign(case, row, actor)
    if found is None:
        raise ForbiddenError(
            "Подпись к этому документу прикладывает тот, кто его составил, секретарь или председатель.",
            slug="not_yours",
            case=case["id"],
        )
    return found


def _read(tx: "Transaction", row: Row, told: Told) -> Signed:
    if told.file is None:
        return Signed(told)
    file = get_document(tx, told.file)
    try:
        return Signed(told, file, read_file(read_content(tx, file), read_content(tx, row)))
    except SignatureError as error:
        return Signed(told, file, problem=error.errors["file"][0])
    except NotFoundError as error:
        return Signed(told, file, problem=error.message)
