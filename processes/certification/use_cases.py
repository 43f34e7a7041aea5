"""Acts of applicants on their applications, and of everybody who asks for a certificate or an expert (section 4)."""

from typing import TYPE_CHECKING, Any

from engine import cases
from engine.actors import Actor
from engine.documents import add_document, adopt, documents_of
from engine.errors import ConflictError, InvalidError
from engine.facts import Fact
from engine.ids import new_id
from processes.certification import documents, events
from processes.certification.application import (
    check_shape,
    find_missing,
    find_violations,
    names_of_missing,
    unanswered_remarks,
)
from processes.certification.drafts import (
    add_file,
    check_previous,
    create_application,
    delete_application,
    delete_file,
    known_before,
    own_application,
    save_parts,
    start_again,
    update_application,
)
from processes.certification.model import PROCESS
from processes.certification.parts import put_parts
from processes.certification.records import applications, manuscripts
from processes.certification.views import (
    expert_pool_of,
    get_application,
    list_applications,
    open_document,
    open_file,
    precheck_of,
    read_document,
    remarks_before,
    uploads_of,
)
from processes.council.people import day_of
from processes.council.records import journals, readings
from processes.papers.words import file_name

if TYPE_CHECKING:
    from engine.runtime import Transaction

__all__ = [
    "add_file",
    "create_application",
    "delete_application",
    "delete_file",
    "expert_pool_of",
    "get_application",
    "known_before",
    "list_applications",
    "open_document",
    "open_file",
    "precheck_of",
    "put_parts",
    "read_document",
    "save_parts",
    "start_again",
    "start_data",
    "submit",
    "update_application",
    "withdraw",
]

Row = dict[str, Any]


def submit(tx: "Transaction", identity: str, *, actor: Actor, has_consented: bool | None = None) -> Row:
    """Submit a complete application: starts its case on the version in force. Returns the case row with `application`.

    `has_consented`: whether the organisation lets the programme be published in the open depository and has its
    authors' leave (4.11, 4.14; A-44); None where the door did not ask, and the paper of the application says it.

    Raises InvalidError naming every missing field and file and every rule broken, ConflictError where it was submitted.
    """
    row = own_application(tx, identity, actor)
    if row["state"] != "draft":
        raise ConflictError("Заявка уже подана.", slug="already_submitted", case=row["case"])
    files = documents_of(tx, holder=identity)
    data, today = row["data"], day_of(tx.now)
    version = readings.version_on(tx.connection, today)
    wrong = names_of_missing(find_missing(data, uploads_of(files)))
    wrong |= (
        check_shape(data)
        | find_violations(data, row["owner"].removeprefix("org:"), today)
        | check_previous(tx, data, row["owner"])
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
    number = f"Вх-{today.year}-{serial:04d}"
    consent = None if has_consented is None else {"publication": has_consented}
    applications.mark_submitted(
        tx.connection, identity, case=case_id, by=actor.login, at=tx.now, readings=version, consent=consent
    )
    manuscripts.drop(tx.connection, application=identity)
    adopt(tx, identity, case_id)
    case = cases.start(
        tx,
        PROCESS,
        start_data(identity, version),
        actor=actor,
        title=title,
        owner=row["owner"],
        number=number,
        case_id=case_id,
    )
    form = add_document(
        tx,
        case=case_id,
        kind="application_form",
        title="Заявка на участие в сертификации",
        name=file_name(f"Заявка на участие в сертификации {number}", today),
        media_type=documents.MEDIA_TYPE,
        content=documents.application(data, at=tx.now),
        by=actor.login,
    )
    handed_in = [{key: row[key] for key in ("id", "kind", "sha256")} for row in files]
    facts = [
        Fact(events.SUBMITTED, None, {"application": identity, "files": handed_in, "consent": consent}),
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
    row = own_application(tx, identity, actor)
    if row["case"] is None:
        raise ConflictError("Заявка ещё не подана: черновик можно удалить.", slug="not_submitted")
    case = cases.deliver(tx, row["case"], "withdrawal", {"reason": reason}, actor=actor)
    return {**case, "application": identity}


def revoke(tx: "Transaction", case: str, payload: Row, *, actor: Actor) -> Row:
    """Revoke the certificate of a case by an order: `order`, `signed_on` (YYYY-MM-DD), `reason`; returns the case row.

    Raises NotFoundError, ForbiddenError for anybody but the ministry, ConflictError where none is in force, and
    InvalidError by `payload.order` and the like (A-46).
    """
    return cases.deliver(tx, str(cases.get_case(tx, case, actor)["id"]), "certificate_revoked", payload, actor=actor)
