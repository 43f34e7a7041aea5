"""Applications: drafts, their files, submission and withdrawal."""

from typing import Any

from flask import Response
from marshmallow import fields

from engine.errors import ConflictError
from engine.runtime import Transaction
from handlers.api import shapes, views
from handlers.api.application_body import Application
from handlers.api.fields import LONG, Body, Choice, Flag, Text
from handlers.api.queries import Paging, page_of
from handlers.api.routes import ANY_FILE, Door, Routes
from handlers.api.uploads import Upload, as_asked, read_upload
from handlers.auth import SIGNED_IN
from handlers.downloads import hand_out
from processes.certification import use_cases as certification
from processes.certification.precheck import Checked
from processes.certification.remarks import Remark
from processes.certification.uploads import inspect_upload

routes = Routes("Заявки")

KINDS = ("application", "license_copy", "programme", "other")


class Withdrawal(Body):
    """Why an application is taken back."""

    reason = Text(required=True, shortest=1, longest=LONG)


class ApplicationFile(Upload):
    """A file and what it is."""

    kind = Choice(*KINDS, required=True)


class Submission(Body):
    """What is declared at the submission; what is left out is recorded as not stated (A-44)."""

    consent = Flag(
        metadata={
            "description": "Согласие организации на публикацию программы и сертификата в открытом депозитарии; "
            "согласие авторов, в том числе на показ их имён, у неё есть. Без поля записывается «не указано»."
        }
    )


class RemarkShape(shapes.Shape):
    """One finding: the row of the technical review, the path of the field or file, what is wrong and what to do."""

    row = shapes.a_text()
    path = shapes.a_text()
    message = shapes.a_text()
    remedy = shapes.a_text()


class RowShape(shapes.Shape):
    """A row of the technical review: `certain` (cannot pass), `doubt`, `fine`, or `unseen` by a machine."""

    row = shapes.a_text()
    text = shapes.a_text()
    state = shapes.a_text()


class PrecheckShape(shapes.Shape):
    """What the technical review would find, as far as a machine can see."""

    ok = fields.Boolean(required=True)
    certain = fields.List(fields.Nested(RemarkShape), required=True)
    doubts = fields.List(fields.Nested(RemarkShape), required=True)
    rows = fields.List(fields.Nested(RowShape), required=True)


@routes.post(
    "/applications",
    SIGNED_IN,
    "Начать заявку",
    body=Application(),
    status=201,
    keyed=True,
    answer=shapes.ApplicationShape(),
)
def create_application(door: Door) -> Any:
    """Start a draft; it may be incomplete."""
    return door.perform(lambda tx: certification.create_application(tx, door.body, actor=door.actor))


@routes.get(
    "/applications",
    SIGNED_IN,
    "Заявки своей организации",
    query=Paging(),
    answer=shapes.list_of(shapes.ApplicationNameShape)(),
)
def list_applications(door: Door) -> dict[str, Any]:
    """Return a page of one's own applications."""

    def question(tx: Transaction) -> dict[str, Any]:
        page = certification.list_applications(tx, door.actor, **page_of(door.query))
        return views.list_view(page.items, page.next)

    return door.read(question)


@routes.get(
    "/applications/<application_id>", SIGNED_IN, "Заявка и чего в ней ещё не хватает", answer=shapes.ApplicationShape()
)
def show_application(door: Door, application_id: str) -> Any:
    """Return an application with `missing` and `warnings`."""
    return door.read(lambda tx: certification.get_application(tx, application_id, door.actor))


@routes.put(
    "/applications/<application_id>",
    SIGNED_IN,
    "Изменить черновик",
    body=Application(),
    answer=shapes.ApplicationShape(),
)
def update_application(door: Door, application_id: str) -> Any:
    """Replace a draft's data."""
    return door.perform(lambda tx: certification.update_application(tx, application_id, door.body, actor=door.actor))


@routes.delete("/applications/<application_id>", SIGNED_IN, "Удалить черновик", status=204)
def delete_application(door: Door, application_id: str) -> None:
    """Delete a draft and its files."""
    door.perform(lambda tx: certification.delete_application(tx, application_id, actor=door.actor))


@routes.post(
    "/applications/<application_id>/files",
    SIGNED_IN,
    "Приложить файл",
    status=201,
    keyed=True,
    upload=ApplicationFile(),
    answer=shapes.FileShape(),
)
def add_file(door: Door, application_id: str) -> Any:
    """Add a file to a draft (multipart: `kind`, `file`); it is read in pieces and judged before the transaction."""
    form = read_upload(ApplicationFile())
    door.body = as_asked(form)
    kind, (name, content) = form["kind"], form["file"]
    inspected = inspect_upload(kind, name, content)

    def act(tx: Transaction) -> dict[str, Any]:
        content.seek(0)
        return certification.add_file(
            tx, application_id, kind=kind, name=name, content=content, actor=door.actor, inspected=inspected
        )

    return door.perform(act)


@routes.get(
    "/applications/<application_id>/files/<file_id>",
    SIGNED_IN,
    "Содержимое файла",
    media=ANY_FILE,
)
def show_file(door: Door, application_id: str, file_id: str) -> Response:
    """Return a file's content as an attachment."""
    row, content = door.ask(lambda tx: certification.open_file(tx, application_id, file_id, door.actor))
    return hand_out(row, content)


@routes.delete("/applications/<application_id>/files/<file_id>", SIGNED_IN, "Убрать файл из черновика", status=204)
def delete_file(door: Door, application_id: str, file_id: str) -> None:
    """Take a file out of a draft."""
    door.perform(lambda tx: certification.delete_file(tx, application_id, file_id, actor=door.actor))


@routes.get(
    "/applications/<application_id>/precheck",
    SIGNED_IN,
    "Что нашла бы техническая экспертиза, насколько это видно машине",
    answer=PrecheckShape(),
    others={409: None},
)
def precheck_application(door: Door, application_id: str) -> dict[str, Any]:
    """Return the findings on a draft as it stands; they forbid nothing, and a person may find more."""

    def question(tx: Transaction) -> Checked:
        shown = certification.get_application(tx, application_id, door.actor)
        if shown["state"] != "draft":
            raise ConflictError(
                "Заявка уже подана: проверяется черновик.", slug="already_submitted", case=shown["case"]
            )
        return certification.precheck_of(tx, application_id, door.actor)

    found = door.ask(question)
    return {
        "ok": not found.remarks,
        "certain": [_remark(one) for one in found.certain],
        "doubts": [_remark(one) for one in found.doubts],
        "rows": [{"row": row, "text": text, "state": state} for row, text, state in found.rows()],
    }


@routes.post(
    "/applications/<application_id>/submit",
    SIGNED_IN,
    "Подать заявку",
    body=Submission(),
    status=201,
    keyed=True,
    answer=shapes.SubmittedShape(),
)
def submit_application(door: Door, application_id: str) -> Any:
    """Submit a draft; 422 names every missing field and file."""

    def act(tx: Transaction) -> dict[str, Any]:
        case = certification.submit(tx, application_id, actor=door.actor, has_consented=door.body.get("consent"))
        return {**views.case_view(tx, case), "application": application_id}

    return door.perform(act)


@routes.post(
    "/applications/<application_id>/withdraw",
    SIGNED_IN,
    "Отозвать заявку",
    body=Withdrawal(),
    keyed=True,
    answer=shapes.CaseShape(),
)
def withdraw_application(door: Door, application_id: str) -> Any:
    """Withdraw an application; 409 once voting on it has opened."""
    return door.perform(
        lambda tx: views.case_view(
            tx, certification.withdraw(tx, application_id, door.body["reason"], actor=door.actor)
        )
    )


@routes.post(
    "/applications/<application_id>/again",
    SIGNED_IN,
    "Начать заявку заново по завершённому делу",
    status=201,
    keyed=True,
    answer=shapes.ApplicationShape(),
)
def file_again(door: Door, application_id: str) -> Any:
    """Begin a draft from an application whose case has ended; after a refusal with each remark to be answered."""
    return door.perform(lambda tx: certification.start_again(tx, application_id, actor=door.actor))


def _remark(one: Remark) -> dict[str, Any]:
    return {"row": one.row, "path": one.path, "message": one.text, "remedy": one.remedy}
