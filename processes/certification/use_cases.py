"""Acts of applicants on their applications, and of everybody who asks for a certificate or an expert (section 4)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine import cases
from engine.actors import Actor
from engine.documents import add_document, adopt, documents_of, drop_document
from engine.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from engine.facts import Fact
from engine.ids import new_id
from engine.records import cases as case_records
from processes.certification import documents, events
from processes.certification.application import (
    check_shape,
    find_missing,
    find_violations,
    names_of_missing,
    unanswered_remarks,
)
from processes.certification.model import FILE_KINDS, PROCESS
from processes.certification.records import applications
from processes.certification.uploads import check_upload
from processes.certification.views import (
    describe_file,
    expert_pool_of,
    file_of,
    get_application,
    list_applications,
    owner_of,
    read_document,
    read_file,
    remarks_before,
    uploads_of,
)
from processes.council.people import day_of
from processes.council.records import journals, readings

if TYPE_CHECKING:
    from engine.runtime import Transaction

__all__ = [
    "add_file",
    "create_application",
    "delete_application",
    "delete_file",
    "expert_pool_of",
    "get_application",
    "list_applications",
    "read_document",
    "read_file",
    "start_data",
    "submit",
    "update_application",
    "withdraw",
]

Row = dict[str, Any]


def create_application(tx: "Transaction", data: Mapping[str, Any], *, actor: Actor) -> Row:
    """Begin a draft of the actor's organisation; it may be incomplete. Returns its view.

    Raises ForbiddenError for anybody but an applicant, InvalidError for unknown keys, wrong types, another's INN, a
    previous case that is not an ended one of the same organisation.
    """
    owner = owner_of(actor)
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
    return describe_file(document)


def delete_file(tx: "Transaction", identity: str, file: str, *, actor: Actor) -> None:
    """Take a file out of a draft. Raises NotFoundError, ConflictError where the application was submitted."""
    row = _own(tx, identity, actor)
    _check_draft(row)
    drop_document(tx, file_of(tx, identity, file)["id"])


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
    wrong = names_of_missing(find_missing(data, uploads_of(files)))
    wrong |= (
        check_shape(data) | find_violations(data, _inn(row["owner"]), today) | _check_previous(tx, data, row["owner"])
    )
    if readings.values_of(tx.connection, version)["resubmission.remarks"] == "refuse":
        remarks = unanswered_remarks(remarks_before(tx, data), data)
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
        name="application.pdf",
        media_type=documents.MEDIA_TYPE,
        content=documents.application(data, at=tx.now),
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


def _inn(owner: str) -> str:
    return owner.removeprefix("org:")


def _own(tx: "Transaction", identity: str, actor: Actor) -> Row:
    row = applications.lock(tx.connection, identity)
    if row is None or (row["owner"] != actor.owner and not (actor.sees_all and row["case"])):
        raise NotFoundError("Такой заявки нет.")
    if row["owner"] != actor.owner:
        raise ForbiddenError("Это может сделать только организация-заявитель.", case=row["case"])
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
