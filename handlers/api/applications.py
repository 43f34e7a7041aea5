"""Applications: drafts, their files, submission and withdrawal."""

from typing import Any, BinaryIO, cast

from flask import Response, request
from marshmallow import Schema, fields

from engine.errors import InvalidError
from engine.runtime import Transaction
from handlers.api import shapes, views
from handlers.api.application_body import Application
from handlers.api.fields import LONG, Body, Choice, Text
from handlers.api.queries import Paging, page_of
from handlers.api.routes import Door, Routes
from handlers.auth import SIGNED_IN
from handlers.downloads import hand_out
from handlers.errors import WrongMediaError
from processes.certification import use_cases as certification
from processes.certification.uploads import inspect_upload

routes = Routes("Заявки")

KINDS = ("application", "license_copy", "programme", "other")


class Withdrawal(Body):
    """Why an application is taken back."""

    reason = Text(required=True, shortest=1, longest=LONG)


class Upload(Schema):
    """A file and what it is."""

    kind = Choice(*KINDS, required=True)
    file = fields.Raw(required=True, metadata={"type": "string", "format": "binary"})


@routes.post(
    "/applications", SIGNED_IN, "Начать заявку", body=Application(), status=201, answer=shapes.ApplicationShape()
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
    upload=Upload(),
    answer=shapes.FileShape(),
)
def add_file(door: Door, application_id: str) -> Any:
    """Add a file to a draft (multipart: `kind`, `file`); it is read in pieces and judged before the transaction."""
    kind, name, content = _uploaded()
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
    media="application/octet-stream",
)
def show_file(door: Door, application_id: str, file_id: str) -> Response:
    """Return a file's content as an attachment."""
    row, content = door.ask(lambda tx: certification.open_file(tx, application_id, file_id, door.actor))
    return hand_out(row, content)


@routes.delete("/applications/<application_id>/files/<file_id>", SIGNED_IN, "Убрать файл из черновика", status=204)
def delete_file(door: Door, application_id: str, file_id: str) -> None:
    """Take a file out of a draft."""
    door.perform(lambda tx: certification.delete_file(tx, application_id, file_id, actor=door.actor))


@routes.post(
    "/applications/<application_id>/submit",
    SIGNED_IN,
    "Подать заявку",
    status=201,
    keyed=True,
    answer=shapes.SubmittedShape(),
)
def submit_application(door: Door, application_id: str) -> Any:
    """Submit a draft; 422 names every missing field and file."""

    def act(tx: Transaction) -> dict[str, Any]:
        case = certification.submit(tx, application_id, actor=door.actor)
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


def _uploaded() -> tuple[str, str, BinaryIO]:
    if request.mimetype != "multipart/form-data":
        raise WrongMediaError("Пришлите файл в виде multipart/form-data.")
    kinds, files = request.form.getlist("kind"), request.files.getlist("file")
    errors: dict[str, list[str]] = {}
    if len(kinds) != 1 or kinds[0] not in KINDS:
        errors["kind"] = [f"Может быть: {', '.join(KINDS)}."]
    if len(files) != 1 or not files[0].filename:
        errors["file"] = ["Приложите один файл с именем."]
    for name in sorted({*request.form, *request.files} - {"kind", "file", "csrf_token"}):
        errors[name] = ["Неизвестное поле."]
    if errors:
        raise InvalidError(errors=errors, rule=False)
    return kinds[0], str(files[0].filename), cast("BinaryIO", files[0].stream)
