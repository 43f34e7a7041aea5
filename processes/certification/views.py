"""What applicants and staff may read of applications, files, documents and experts (section 4)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

from engine import cases
from engine.actors import Actor
from engine.documents import documents_of, get_document, open_content, read_content
from engine.errors import ForbiddenError, NotFoundError
from engine.records import cases as case_records
from processes.certification.access import check_application_file, check_document
from processes.certification.application import (
    find_missing,
    find_warnings,
    unanswered_remarks,
)
from processes.certification.manuscripts import Manuscript
from processes.certification.model import PROCESS, Upload
from processes.certification.precheck import Checked, Handed, Subject, check_before_submission
from processes.certification.records import applications, manuscripts, outcomes, reviews
from processes.certification.seating import subject_of
from processes.council.experts import expert_pool
from processes.council.people import day_of
from processes.council.records import appointments, readings

if TYPE_CHECKING:
    from engine.runtime import Transaction

Row = dict[str, Any]


def get_application(tx: "Transaction", identity: str, actor: Actor) -> Row:
    """An application: its fields, `id`, `state`, `case`, `files`, `missing` (paths), `warnings`.

    Raises NotFoundError.
    """
    row = visible(tx, identity, actor)
    files = documents_of(tx, holder=identity)
    missing = find_missing(row["data"], uploads_of(files)) if row["state"] == "draft" else []
    return {
        **row["data"],
        **_brief(row),
        "files": [describe_file(document) for document in files],
        "missing": missing,
        "warnings": _warnings(tx, row, files),
    }


def precheck_of(tx: "Transaction", identity: str, actor: Actor) -> Checked:
    """What the technical review would find in a draft (A-50). Raises NotFoundError."""
    row = visible(tx, identity, actor)
    read = manuscripts.of_application(tx.connection, identity)
    files = documents_of(tx, holder=identity)
    handed = [Handed(d["id"], d["kind"], d["name"], d["sha256"], read.get(d["id"]) or Manuscript()) for d in files]
    today = day_of(tx.now)
    values = readings.values_of(tx.connection, readings.version_on(tx.connection, today))
    organization = actor.details.get("organization")
    return check_before_submission(
        Subject(
            row["data"],
            handed,
            today,
            row["owner"].removeprefix("org:"),
            str(organization.get("full_name") or "") if isinstance(organization, Mapping) else "",
            applications.titles_of(tx.connection, row["owner"], identity),
            unanswered_remarks(remarks_before(tx, row["data"]), row["data"]),
            must_answer=values["resubmission.remarks"] == "refuse",
        )
    )


def list_applications(tx: "Transaction", actor: Actor, *, limit: int = 50, cursor: str | None = None) -> cases.Page:
    """The organisation's own applications, the newest first. Raises ForbiddenError for anybody but an applicant."""
    rows = applications.of_owner(tx.connection, owner_of(actor), limit=limit + 1, after=cursor)
    return cases.Page([_brief(row) for row in rows[:limit]], rows[limit - 1]["id"] if len(rows) > limit else None)


def open_file(tx: "Transaction", identity: str, file: str, actor: Actor) -> tuple[Row, BinaryIO]:
    """A file's document row and its content as a stream.

    Raises NotFoundError, ForbiddenError `declaration_required` for an expert.
    """
    row = visible(tx, identity, actor)
    document = file_of(tx, identity, file)
    check_application_file(tx, row, actor)
    return document, open_content(tx, document)


def read_document(tx: "Transaction", identity: str, actor: Actor) -> tuple[Row, bytes]:
    """A case document's row and whole content, for what must look into it. Raises as `open_document`."""
    document = _openable(tx, identity, actor)
    return document, read_content(tx, document)


def open_document(tx: "Transaction", identity: str, actor: Actor) -> tuple[Row, BinaryIO]:
    """A case document's row and its content as a stream, where the actor sees the case and may open it.

    Raises NotFoundError, ForbiddenError (`declaration_required`; conclusions before the decision, for the applicant).
    """
    document = _openable(tx, identity, actor)
    return document, open_content(tx, document)


def _openable(tx: "Transaction", identity: str, actor: Actor) -> Row:
    document = get_document(tx, identity)
    if document["case"] is None:
        raise NotFoundError("Такого документа нет.")
    case = cases.get_case(tx, document["case"], actor, "Такого документа нет.")
    if case["process"] == PROCESS:
        check_document(tx, case, document, actor)
    return document


def expert_pool_of(tx: "Transaction", case: str | None, *, actor: Actor) -> list[Row]:
    """The pool of experts, judged for a case where one is named (id or number). For the council's leadership.

    Raises ForbiddenError for others, NotFoundError for an unknown case.
    """
    if not actor.holds("chair", "deputy", "secretary", "admin", "auditor"):
        raise ForbiddenError("База экспертов доступна руководству совета.")
    if case is None:
        return expert_pool(tx.connection, None, tx.now)
    found = cases.get_case(tx, case, actor)
    row = applications.of_case(tx.connection, found["id"])
    seated = [holder["login"] for holder in appointments.holders_of(tx.connection, found["id"]).values()]
    definition = tx.runtime.definitions.get(tx, found["definition"])
    return expert_pool(
        tx.connection,
        subject_of(row["data"]) if row else None,
        tx.now,
        seated=seated,
        decide=lambda names: dict(definition.decide("expert_eligibility", names)),
    )


def owner_of(actor: Actor) -> str:
    """The key of the organisation an applicant acts for. Raises ForbiddenError for anybody else."""
    if actor.owner is None or not actor.holds("applicant"):
        raise ForbiddenError("Заявки подают организации: войдите под учётной записью заявителя.")
    return actor.owner


def visible(tx: "Transaction", identity: str, actor: Actor) -> Row:
    """The row of an application that the actor may see. Raises NotFoundError."""
    row = applications.find(tx.connection, identity)
    if row is None or (row["owner"] != actor.owner and not (actor.sees_all and row["state"] == "submitted")):
        raise NotFoundError("Такой заявки нет.")
    return row


def file_of(tx: "Transaction", identity: str, file: str) -> Row:
    """The document row of a file of an application. Raises NotFoundError."""
    document = get_document(tx, file)
    if document["holder"] != identity:
        raise NotFoundError("Такого файла в заявке нет.")
    return document


def uploads_of(files: list[Row]) -> list[Upload]:
    """Document rows as the rules see files."""
    return [Upload(row["id"], row["kind"], row["name"], row["sha256"]) for row in files]


def describe_file(document: Row) -> Row:
    """A file as the API shows it."""
    return {key: document[key] for key in ("id", "kind", "name", "sha256", "size", "media_type")}


def remarks_before(tx: "Transaction", data: Mapping[str, Any]) -> list[str]:
    """What the previous case was refused for: recommendations, or comments of the technical review."""
    previous = data.get("previous_case")
    case = case_records.get_case(tx.connection, previous) if previous else None
    if case is None:
        return []
    refusal = outcomes.find_refusal(tx.connection, case["id"])
    if refusal is not None:
        return list(refusal["recommendations"])
    review = reviews.find_technical_review(tx.connection, case["id"])
    if review is not None and review["failed"]:
        return [str(review["comments"].get(row, row)) for row in review["failed"]]
    registration = reviews.find_registration(tx.connection, case["id"])
    return [str(registration["reason"])] if registration and registration["reason"] else []


def _brief(row: Row) -> Row:
    return {
        "id": row["id"],
        "state": row["state"],
        "case": row["case"],
        "programme_title": row["data"].get("programme_title"),
        "created_at": row["created_at"].isoformat(),
        "updated_at": row["updated_at"].isoformat(),
        "submitted_at": row["submitted_at"].isoformat() if row["submitted_at"] else None,
    }


def _warnings(tx: "Transaction", row: Row, files: list[Row]) -> list[str]:
    data = row["data"]
    previous = data.get("previous_case")
    before: set[str] = set()
    case = case_records.get_case(tx.connection, previous) if previous else None
    if case is not None and case["owner"] == row["owner"]:
        before = {d["sha256"] for d in documents_of(tx, case=case["id"]) if d["kind"] == "programme"}
    same = [d["name"] for d in files if d["kind"] == "programme" and d["sha256"] in before]
    return find_warnings(data, same, unanswered_remarks(remarks_before(tx, data), data))
