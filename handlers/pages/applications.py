"""The applicant's cabinet: drafts, files, submission, withdrawal."""

from collections.abc import Mapping
from typing import Any

from flask import make_response, request

from engine import cases
from engine.errors import InvalidError
from engine.runtime import Transaction
from handlers.auth import SIGNED_IN
from handlers.downloads import attachment
from handlers.pages import application_fields as fields
from handlers.pages.application_parts import FILES
from handlers.pages.desk import Answer, Desk, Pages
from processes.certification import use_cases as certification

pages = Pages()

KINDS = ("application", "license_copy", "programme", "other")
_UNPROCESSABLE = 422


@pages.get("/applications", SIGNED_IN)
def show_applications(desk: Desk) -> Answer:
    """Show one's own applications."""

    def ask(tx: Transaction) -> Any:
        return certification.list_applications(tx, desk.actor, limit=50, cursor=request.args.get("cursor") or None)

    return desk.show("applications.html", page=desk.read(ask))


@pages.post("/applications", SIGNED_IN)
def start_application(desk: Desk) -> Answer:
    """Start a draft with what is known of the organisation."""
    organization = desk.actor.details.get("organization")
    data = {"organization": dict(organization)} if isinstance(organization, Mapping) else {}
    made = desk.act(lambda tx: certification.create_application(tx, data, actor=desk.actor), name="application")
    return desk.go("show_application", application_id=made["id"])


@pages.get("/applications/<application_id>", SIGNED_IN)
def show_application(desk: Desk, application_id: str) -> Answer:
    """Show an application with what it still lacks."""
    return _page(desk, application_id)


@pages.post("/applications/<application_id>", SIGNED_IN)
def save_application(desk: Desk, application_id: str) -> Answer:
    """Save a draft, and submit it where asked; what is wrong is shown at its field, and nothing typed is lost."""
    data = fields.read_application(desk.posted)
    wants = request.form.get("do", "save")
    try:
        desk.act(lambda tx: _save(tx, desk, application_id, data), name="application")
        if wants == "submit":
            done = desk.act(lambda tx: _submit(tx, desk, application_id), name="submit")
            return desk.go("show_case", case_id=done["case"], done="submitted")
    except InvalidError as error:
        return _page(desk, application_id, data, error, _UNPROCESSABLE)
    return desk.go("show_application", application_id=application_id, done="saved")


@pages.post("/applications/<application_id>/delete", SIGNED_IN)
def delete_application(desk: Desk, application_id: str) -> Answer:
    """Delete a draft."""
    desk.act(lambda tx: certification.delete_application(tx, application_id, actor=desk.actor), name="delete")
    return desk.go("show_applications", done="deleted")


@pages.post("/applications/<application_id>/withdraw", SIGNED_IN)
def withdraw_application(desk: Desk, application_id: str) -> Answer:
    """Take an application back, with the reason."""
    reason = request.form.get("reason", "").strip()

    def act(tx: Transaction) -> dict[str, Any]:
        return {"case": certification.withdraw(tx, application_id, reason, actor=desk.actor)["id"]}

    try:
        done = desk.act(act, name="withdraw")
    except InvalidError as error:
        return _page(desk, application_id, None, error, _UNPROCESSABLE)
    return desk.go("show_case", case_id=done["case"], done="withdrawn")


@pages.post("/applications/<application_id>/files", SIGNED_IN)
def add_file(desk: Desk, application_id: str) -> Answer:
    """Add a file to a draft."""
    kind, sent = request.form.get("kind", ""), request.files.get("file")
    name = sent.filename if sent else ""
    if kind not in KINDS or sent is None or not name:
        error = InvalidError(errors={"file": ["Выберите файл и укажите, что это за документ."]}, rule=False)
        return _page(desk, application_id, None, error, _UNPROCESSABLE)
    content = sent.stream.read()
    try:
        desk.act(
            lambda tx: _told(certification.add_file(
                tx, application_id, kind=kind, name=name, content=content, actor=desk.actor
            )),
            name="file",
        )  # fmt: skip
    except InvalidError as refused:
        return _page(desk, application_id, None, refused, _UNPROCESSABLE)
    return desk.go("show_application", application_id=application_id, done="file", _anchor="files")


@pages.post("/applications/<application_id>/files/<file_id>/delete", SIGNED_IN)
def delete_file(desk: Desk, application_id: str, file_id: str) -> Answer:
    """Take a file out of a draft."""
    desk.act(lambda tx: certification.delete_file(tx, application_id, file_id, actor=desk.actor), name="file")
    return desk.go("show_application", application_id=application_id, done="file_deleted", _anchor="files")


@pages.get("/applications/<application_id>/files/<file_id>", SIGNED_IN)
def download_file(desk: Desk, application_id: str, file_id: str) -> Answer:
    """Give a file's content."""
    row, content = desk.read(lambda tx: certification.read_file(tx, application_id, file_id, desk.actor))
    return attachment(content, name=row["name"], media_type=row["media_type"])


def _save(tx: Transaction, desk: Desk, application_id: str, data: Mapping[str, Any]) -> dict[str, Any]:
    certification.update_application(tx, application_id, dict(data), actor=desk.actor)
    return {"id": application_id}


def _submit(tx: Transaction, desk: Desk, application_id: str) -> dict[str, Any]:
    return {"case": certification.submit(tx, application_id, actor=desk.actor)["id"]}


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": row["id"]}


def _page(
    desk: Desk,
    application_id: str,
    data: Mapping[str, Any] | None = None,
    error: InvalidError | None = None,
    status: int = 200,
) -> Answer:
    def ask(tx: Transaction) -> tuple[dict[str, Any], list[tuple[str, str]], dict[str, Any] | None]:
        found = certification.get_application(tx, application_id, desk.actor)
        ended = cases.list_cases(tx, desk.actor, state="ended", process="certification", limit=100).items
        case = cases.get_case(tx, found["case"], desk.actor) if found["case"] else None
        return dict(found), [(row["id"], f"{row['number']}: {row['title']}") for row in ended], case

    application, ended, case = desk.read(ask)
    wrong = dict(error.errors) if error else {}
    values = {
        "application": application,
        "case": case,
        "sections": fields.lay_out(
            data if data is not None else application, fields.State(application["missing"], wrong, ended)
        ),
        "gaps": [(path, *fields.label_of(path)) for path in application["missing"]],
        "faults": [(path, *fields.label_of(path), text) for path in wrong for text in wrong[path]],
        "error": error,
        "kinds": KINDS,
        "kind_names": FILES,
    }
    return make_response(desk.show("application.html", **values), status)
