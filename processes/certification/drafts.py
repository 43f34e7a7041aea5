"""Drafts of applications: begun, saved whole or in part, with files, checked before submission (clauses 4.3, 4.17)."""

from collections.abc import Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from engine.actors import Actor
from engine.documents import add_document, documents_of, drop_document
from engine.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from engine.records import cases as case_records
from processes.certification.application import check_shape
from processes.certification.model import FILE_KINDS, PROCESS, Findings
from processes.certification.parts import put_parts
from processes.certification.records import applications, manuscripts
from processes.certification.uploads import Inspected, inspect_upload
from processes.certification.views import describe_file, file_of, get_application, owner_of, remarks_before

if TYPE_CHECKING:
    from engine.runtime import Transaction

Row = dict[str, Any]

#: Ends of a case after which the same programme is filed again, with answers to what it was refused for (4.17, A-48).
REFUSED_ENDS: Final = frozenset({"not_accepted", "not_considered", "refused"})

#: What an application tells of the organisation rather than of the programme.
ABOUT_ORGANISATION: Final = (
    "organization", "registered", "legal_address", "license", "actual_address", "head", "legal_form", "activities",
)  # fmt: skip


def create_application(tx: "Transaction", data: Mapping[str, Any], *, actor: Actor) -> Row:
    """Begin a draft of the actor's organisation; it may be incomplete. Returns its view.

    Raises ForbiddenError for anybody but an applicant, InvalidError for unknown keys, wrong types, another's INN, a
    previous case that is not an ended one of the same organisation.
    """
    owner = owner_of(actor)
    _check_data(tx, data, owner)
    row = applications.insert(tx.connection, owner=owner, data=data, by=actor.login, at=tx.now)
    return get_application(tx, row["id"], actor)


def known_before(tx: "Transaction", actor: Actor) -> dict[str, Any]:
    """What the organisation told of itself in its last application (annex 1, fields 1-8), to begin a new one with.

    Raises ForbiddenError for anybody but an applicant.
    """
    rows = applications.of_owner(tx.connection, owner_of(actor), limit=1)
    last: Mapping[str, Any] = rows[0]["data"] if rows else {}
    return {key: deepcopy(last[key]) for key in ABOUT_ORGANISATION if last.get(key)}


def start_again(tx: "Transaction", identity: str, *, actor: Actor) -> Row:
    """Begin a draft from an application whose case has ended, with the same data; files are handed in anew.

    After a refusal it names the previous case and every remark of it, to be answered (4.17, A-48).

    Raises NotFoundError, ConflictError while the case runs.
    """
    row = own_application(tx, identity, actor)
    case = case_records.get_case(tx.connection, row["case"]) if row["case"] else None
    if case is None or case["state"] != "ended":
        raise ConflictError("Подать программу снова можно, когда прошлое дело завершено.", slug="not_ended")
    data = deepcopy(dict(row["data"]))
    data.pop("remedies", None)
    data["previous_case"] = case["id"] if case["end"] in REFUSED_ENDS else None
    if data["previous_case"]:
        data["remedies"] = [{"remark": remark} for remark in remarks_before(tx, data)]
    return create_application(tx, data, actor=actor)


def update_application(tx: "Transaction", identity: str, data: Mapping[str, Any], *, actor: Actor) -> Row:
    """Replace a draft's data. Raises NotFoundError, ConflictError where it was submitted.

    InvalidError as for creation.
    """
    row = own_application(tx, identity, actor)
    check_draft(row)
    _check_data(tx, data, row["owner"])
    applications.update_draft(tx.connection, identity, data, tx.now)
    return get_application(tx, identity, actor)


def save_parts(tx: "Transaction", identity: str, parts: Mapping[str, Any], *, actor: Actor) -> Findings:
    """Save some fields of a draft, by path (`head.last_name`, `plan`); None takes one away. The others stay.

    What has a wrong type or breaks the rules of a draft is left as it was, and told; all the rest is saved, so that
    one mistyped number loses nothing. A previous case brings its remarks along, to be answered. Raises NotFoundError,
    ConflictError where it was submitted.
    """
    row = own_application(tx, identity, actor)
    check_draft(row)
    wrong = {path: found for path, found in _wrong(tx, put_parts({}, parts), row["owner"]).items() if path}
    data = put_parts(row["data"], parts, but=wrong)
    if data.get("previous_case") and "previous_case" in parts:
        answered = {str(each.get("remark")) for each in data.get("remedies") or ()}
        asked = [{"remark": remark} for remark in remarks_before(tx, data) if remark not in answered]
        data["remedies"] = [*(data.get("remedies") or ()), *asked]
    applications.update_draft(tx.connection, identity, data, tx.now)
    return wrong


def delete_application(tx: "Transaction", identity: str, *, actor: Actor) -> None:
    """Delete a draft and its files. Raises ConflictError where it was submitted."""
    row = own_application(tx, identity, actor)
    check_draft(row)
    for document in documents_of(tx, holder=identity):
        drop_document(tx, document["id"])
    manuscripts.drop(tx.connection, application=identity)
    applications.delete_draft(tx.connection, identity)


def add_file(
    tx: "Transaction",
    identity: str,
    *,
    kind: str,
    name: str,
    content: bytes | BinaryIO,
    actor: Actor,
    inspected: Inspected | None = None,
) -> Row:
    """Add a file to a draft; returns `id`, `kind`, `name`, `sha256`, `size`, `media_type`.

    `inspected` is what `inspect_upload` found of the same file before the transaction; without it the file is judged
    here. Raises InvalidError for an unknown kind, a foreign extension, content that is not what the name says, a
    document locked by a password, an empty or too large file.
    """
    row = own_application(tx, identity, actor)
    check_draft(row)
    inspected = inspected or inspect_upload(kind, name, content)
    if inspected.wrong:
        raise InvalidError("Файл не принят.", errors=inspected.wrong, rule=False)
    document = add_document(
        tx,
        case=None,
        holder=identity,
        kind=kind,
        title=FILE_KINDS[kind],
        name=name,
        media_type=inspected.media_type,
        content=content,
        by=actor.login,
    )
    manuscripts.keep(tx.connection, document["id"], identity, inspected.manuscript)
    return describe_file(document)


def delete_file(tx: "Transaction", identity: str, file: str, *, actor: Actor) -> None:
    """Take a file out of a draft. Raises NotFoundError, ConflictError where the application was submitted."""
    row = own_application(tx, identity, actor)
    check_draft(row)
    drop_document(tx, file_of(tx, identity, file)["id"])
    manuscripts.drop(tx.connection, application=identity, document=file)


def own_application(tx: "Transaction", identity: str, actor: Actor) -> Row:
    """The locked row of an application of the actor's organisation.

    Raises NotFoundError, ForbiddenError for staff who may see it and not change it.
    """
    row = applications.lock(tx.connection, identity)
    if row is None or (row["owner"] != actor.owner and not (actor.sees_all and row["case"])):
        raise NotFoundError("Такой заявки нет.")
    if row["owner"] != actor.owner:
        raise ForbiddenError("Это может сделать только организация-заявитель.", case=row["case"])
    return row


def check_draft(row: Row) -> None:
    """Raise ConflictError where an application was submitted."""
    if row["state"] != "draft":
        raise ConflictError("Заявка уже подана: изменить её нельзя.", slug="already_submitted", case=row["case"])


def check_previous(tx: "Transaction", data: Mapping[str, Any], owner: str) -> Findings:
    """The previous case is an ended certification of the same organisation (clause 4.17)."""
    previous = data.get("previous_case")
    if not previous:
        return {}
    case = case_records.get_case(tx.connection, previous)
    if case is None or case["owner"] != owner or case["process"] != PROCESS or case["state"] != "ended":
        return {"previous_case": ["Укажите завершённое дело вашей организации или оставьте поле пустым."]}
    return {}


def _check_data(tx: "Transaction", data: Mapping[str, Any], owner: str) -> None:
    if wrong := _wrong(tx, data, owner):
        raise InvalidError("Заявка не сохранена: проверьте отмеченные поля.", errors=wrong, rule=False)


def _wrong(tx: "Transaction", data: Mapping[str, Any], owner: str) -> Findings:
    wrong = check_shape(data)
    inn = data["organization"].get("inn") if isinstance(data.get("organization"), Mapping) else None
    if inn and inn != owner.removeprefix("org:"):
        wrong.setdefault("organization.inn", ["Заявку подаёт сама организация: укажите её ИНН."])
    if "previous_case" not in wrong:
        wrong |= check_previous(tx, data, owner)
    return wrong
