"""Acts of applicants on their applications, and of everybody who asks for a certificate or an expert (section 4)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine import cases
from engine.actors import Actor
from engine.documents import add_document, adopt, documents_of, drop_document, get_document, read_content
from engine.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from engine.facts import Fact
from engine.ids import new_id
from engine.records import cases as case_records
from processes.certification import documents, events
from processes.certification.access import check_application_file, check_document
from processes.certification.application import (
    check_shape,
    find_missing,
    find_violations,
    find_warnings,
    names_of_missing,
    unanswered_remarks,
)
from processes.certification.model import FILE_KINDS, PROCESS, Upload
from processes.certification.records import applications, outcomes, reviews
from processes.certification.seating import subject_of
from processes.certification.uploads import check_upload
from processes.council.experts import expert_pool
from processes.council.people import day_of
from processes.council.records import appointments, journals, readings

if TYPE_CHECKING:
    from engine.runtime import Transaction

Row = dict[str, Any]


def create_application(tx: "Transaction", data: Mapping[str, Any], *, actor: Actor) -> Row:
    """Begin a draft of the actor's organisation; it may be incomplete. Returns its view.

    Raises ForbiddenError for anybody but an applicant, InvalidError for unknown keys, wrong types, another's INN, a
    previous case that is not an ended one of the same organisation.
    """
    owner = _owner(actor)
    _check_data(tx, data, owner)
    row = applications.insert(tx.connection, owner=owner, data=data, by=actor.login, at=tx.now)
    return get_application(tx, row["id"], actor)


def update_application(tx: "Transaction", identity: str, data: Mapping[str, Any], *, actor: Actor) -> Row:
    """Replace a draft's data. Raises NotFoundError, ConflictError where it was submitted.

    InvalidError as for creation.
    """
    row = _own(tx, identity, actor)
    _check_draft(row)
    _check_data(tx, data, row["owner"])
    applications.update_draft(tx.connection, identity, data, tx.now)
    return get_application(tx, identity, actor)


def delete_application(tx: "Transaction", identity: str, *, actor: Actor) -> None:
    """Delete a draft and its files. Raises ConflictError where it was submitted."""
    row = _own(tx, identity, actor)
    _check_draft(row)
    for document in documents_of(tx, holder=identity):
        drop_document(tx, document["id"])
    applications.delete_draft(tx.connection, identity)


def add_file(tx: "Transaction", identity: str, *, kind: str, name: str, content: bytes, actor: Actor) -> Row:
    """Add a file to a draft; returns `id`, `kind`, `name`, `sha256`, `size`, `media_type`.

    Raises InvalidError for an unknown kind, a foreign extension, content that is not what the name says, an empty or
    too large file.
    """
    row = _own(tx, identity, actor)
    _check_draft(row)
    media_type, wrong = check_upload(kind, name, content)
    if wrong:
        raise InvalidError("Файл не принят.", errors=wrong, rule=False)
    document = add_document(
        tx,
        case=None,
        holder=identity,
        kind=kind,
        title=FILE_KINDS[kind],
        name=name,
        media_type=media_type,
        content=content,
        by=actor.login,
    )
    return _describe_file(document)


def delete_file(tx: "Transaction", identity: str, file: str, *, actor: Actor) -> None:
    """Take a file out of a draft. Raises NotFoundError, ConflictError where the application was submitted."""
    row = _own(tx, identity, actor)
    _check_draft(row)
    drop_document(tx, _file_of(tx, identity, file)["id"])


def read_file(tx: "Transaction", identity: str, file: str, actor: Actor) -> tuple[Row, bytes]:
    """A file's document row and content. Raises NotFoundError, ForbiddenError `declaration_required` for an expert."""
    row = _visible(tx, identity, actor)
    document = _file_of(tx, identity, file)
    check_application_file(tx, row, actor)
    return document, read_content(tx, document)


def read_document(tx: "Transaction", identity: str, actor: Actor) -> tuple[Row, bytes]:
    """A case document's row and content, where the actor sees the case and may open it.

    Raises NotFoundError, ForbiddenError (`declaration_required`; conclusions before the decision, for the applicant).
    """
    document = get_document(tx, identity)
    if document["case"] is None:
        raise NotFoundError("Такого документа нет.")
    case = cases.get_case(tx, document["case"], actor)
    if case["process"] == PROCESS:
        check_document(tx, case, document, actor)
    return document, read_content(tx, document)


def _file_of(tx: "Transaction", identity: str, file: str) -> Row:
    document = get_document(tx, file)
    if document["holder"] != identity:
        raise NotFoundError("Такого файла в заявке нет.")
    return document


def list_applications(tx: "Transaction", actor: Actor, *, limit: int = 50, cursor: str | None = None) -> cases.Page:
    """The organisation's own applications, the newest first. Raises ForbiddenError for anybody but an applicant."""
    rows = applications.of_owner(tx.connection, _owner(actor), limit=limit + 1, after=cursor)
    return cases.Page([_brief(row) for row in rows[:limit]], rows[limit - 1]["id"] if len(rows) > limit else None)


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


def get_application(tx: "Transaction", identity: str, actor: Actor) -> Row:
    """An application: its fields, `id`, `state`, `case`, `files`, `missing` (paths), `warnings`.

    Raises NotFoundError.
    """
    row = _visible(tx, identity, actor)
    files = documents_of(tx, holder=identity)
    missing = find_missing(row["data"], _uploads(files)) if row["state"] == "draft" else []
    return {
        **row["data"],
        **_brief(row),
        "files": [_describe_file(document) for document in files],
        "missing": missing,
        "warnings": _warnings(tx, row, files),
    }


def submit(tx: "Transaction", identity: str, *, actor: Actor) -> Row:
    """Submit a complete application: starts its case on the version in force. Returns the case row with `application`.

    Raises InvalidError naming every missing field and file and every rule broken, ConflictError where it was submitted.
    """
    row = _own(tx, identity, actor)
    if row["state"] != "draft":
        raise ConflictError("Заявка уже подана.", slug="already_submitted", case=row["case"])
    files = documents_of(tx, holder=identity)
    data, today = row["data"], day_of(tx.now)
    version = readings.version_on(tx.connection, today)
    wrong = names_of_missing(find_missing(data, _uploads(files)))
    wrong |= (
        check_shape(data) | find_violations(data, _inn(row["owner"]), today) | _check_previous(tx, data, row["owner"])
    )
    if readings.values_of(tx.connection, version)["resubmission.remarks"] == "refuse":
        remarks = unanswered_remarks(_remarks_before(tx, data), data)
        if remarks:
            wrong["remedies"] = [f"Ответьте на замечание: {remark}" for remark in remarks]
    if wrong:
        raise InvalidError("Заявка не подана: заполните поля и приложите файлы.", errors=wrong, rule=False)
    title = " ".join(str(data["programme_title"]).split())
    case_id = new_id()
    serial = journals.enter(
        tx.connection, "submission", today.year, case=case_id, subject=title, by=actor.login, at=tx.now
    )
    applications.mark_submitted(tx.connection, identity, case=case_id, by=actor.login, at=tx.now, readings=version)
    adopt(tx, identity, case_id)
    case = cases.start(
        tx,
        PROCESS,
        start_data(identity, version),
        actor=actor,
        title=title,
        owner=row["owner"],
        number=f"Вх-{today.year}-{serial:04d}",
        case_id=case_id,
    )
    form = add_document(
        tx,
        case=case_id,
        kind="application_form",
        title="Заявка на участие в сертификации",
        name="application.txt",
        media_type=documents.MEDIA_TYPE,
        content=documents.application(data),
        by=actor.login,
    )
    handed_in = [{key: row[key] for key in ("id", "kind", "sha256")} for row in files]
    facts = [
        Fact(events.SUBMITTED, None, {"application": identity, "files": handed_in}),
        Fact(events.DOCUMENT_FILED, None, {"document": form["id"], "kind": form["kind"], "sha256": form["sha256"]}),
    ]
    case = cases.tell(tx, case_id, facts, actor=actor)
    return {**case, "application": identity}


def start_data(application: str, version: int) -> Row:
    """What a case begins with: every name that a gateway may read before anybody wrote it."""
    return {
        "application": application,
        "readings": version,
        "accepted": None,
        "unmet": None,
        "experts": [],
        "seats": {},
        "conclusions": {},
        "approve": None,
        "return_to": [],
        "decision": None,
        "order": None,
        "signed_on": None,
        "valid_until": None,
        "revocation": None,
        "withdrawal": None,
    }


def withdraw(tx: "Transaction", identity: str, reason: str, *, actor: Actor) -> Row:
    """Take a submitted application back; returns the case row with `application`.

    Raises ConflictError once voting on it has opened, for good (A-49), and where it was never submitted.
    """
    row = _own(tx, identity, actor)
    if row["case"] is None:
        raise ConflictError("Заявка ещё не подана: черновик можно удалить.", slug="not_submitted")
    case = cases.deliver(tx, row["case"], "withdrawal", {"reason": reason}, actor=actor)
    return {**case, "application": identity}


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


def _owner(actor: Actor) -> str:
    if actor.owner is None or not actor.holds("applicant"):
        raise ForbiddenError("Заявки подают организации: войдите под учётной записью заявителя.")
    return actor.owner


def _inn(owner: str) -> str:
    return owner.removeprefix("org:")


def _own(tx: "Transaction", identity: str, actor: Actor) -> Row:
    row = applications.lock(tx.connection, identity)
    if row is None or (row["owner"] != actor.owner and not (actor.sees_all and row["case"])):
        raise NotFoundError("Такой заявки нет.")
    if row["owner"] != actor.owner:
        raise ForbiddenError("Это может сделать только организация-заявитель.", case=row["case"])
    return row


def _visible(tx: "Transaction", identity: str, actor: Actor) -> Row:
    row = applications.find(tx.connection, identity)
    if row is None or (row["owner"] != actor.owner and not (actor.sees_all and row["state"] == "submitted")):
        raise NotFoundError("Такой заявки нет.")
    return row


def _check_draft(row: Row) -> None:
    if row["state"] != "draft":
        raise ConflictError("Заявка уже подана: изменить её нельзя.", slug="already_submitted", case=row["case"])


def _check_data(tx: "Transaction", data: Mapping[str, Any], owner: str) -> None:
    wrong = check_shape(data)
    if not wrong:
        inn = (data.get("organization") or {}).get("inn")
        if inn and inn != _inn(owner):
            wrong["organization.inn"] = ["Заявку подаёт сама организация: укажите её ИНН."]
        wrong |= _check_previous(tx, data, owner)
    if wrong:
        raise InvalidError("Заявка не сохранена: проверьте отмеченные поля.", errors=wrong, rule=False)


def _check_previous(tx: "Transaction", data: Mapping[str, Any], owner: str) -> dict[str, list[str]]:
    previous = data.get("previous_case")
    if not previous:
        return {}
    case = case_records.get_case(tx.connection, previous)
    if case is None or case["owner"] != owner or case["process"] != PROCESS or case["state"] != "ended":
        return {"previous_case": ["Укажите завершённое дело вашей организации или оставьте поле пустым."]}
    return {}


def _uploads(files: list[Row]) -> list[Upload]:
    return [Upload(row["id"], row["kind"], row["name"], row["sha256"]) for row in files]


def _describe_file(document: Row) -> Row:
    return {key: document[key] for key in ("id", "kind", "name", "sha256", "size", "media_type")}


def _remarks_before(tx: "Transaction", data: Mapping[str, Any]) -> list[str]:
    previous = data.get("previous_case")
    case = case_records.get_case(tx.connection, previous) if previous else None
    if case is None:
        return []
    refusal = outcomes.find_refusal(tx.connection, case["id"])
    if refusal is not None:
        return list(refusal["recommendations"])
    review = reviews.find_technical_review(tx.connection, case["id"])
    return [str(review["comments"].get(row, row)) for row in review["failed"]] if review else []


def _warnings(tx: "Transaction", row: Row, files: list[Row]) -> list[str]:
    data = row["data"]
    previous = data.get("previous_case")
    before: set[str] = set()
    case = case_records.get_case(tx.connection, previous) if previous else None
    if case is not None and case["owner"] == row["owner"]:
        before = {d["sha256"] for d in documents_of(tx, case=case["id"]) if d["kind"] == "programme"}
    same = [d["name"] for d in files if d["kind"] == "programme" and d["sha256"] in before]
    return find_warnings(data, same, unanswered_remarks(_remarks_before(tx, data), data))
