"""Files of an application: handed in several at once, with progress where scripts run, and taken out again.

An upload is streamed to disk by the server, judged and opened before any transaction, and never held whole. A script
asks for JSON and sends one file a request; a form without scripts sends them all and gets the page again.
"""

from collections.abc import Sequence
from typing import Any, BinaryIO, Final, cast

from flask import Response, make_response, request
from werkzeug.datastructures import FileStorage

from engine.errors import InvalidError
from engine.runtime import Transaction
from handlers.answers import write_json
from handlers.auth import SIGNED_IN
from handlers.downloads import hand_out
from handlers.pages.application_frame import open_draft
from handlers.pages.application_parts import FILES, STEP_BY_SLUG
from handlers.pages.desk import Answer, Desk, Pages
from processes.certification import use_cases as certification
from processes.certification.uploads import LARGEST, MEDIA_TYPES, Inspected, inspect_upload

pages = Pages()

KINDS: Final = ("application", "license_copy", "programme", "other")
_UNPROCESSABLE: Final = 422


@pages.get("/applications/<application_id>/files", SIGNED_IN)
def show_files(desk: Desk, application_id: str) -> Answer:
    """Show the files of a draft, and what each should be."""
    return _page(desk, application_id)


@pages.post("/applications/<application_id>/files", SIGNED_IN)
def add_files(desk: Desk, application_id: str) -> Answer:
    """Add files of one kind; those that are wrong are named, and the others kept."""
    kind = request.form.get("kind", "")
    sent = [one for one in request.files.getlist("file") if one.filename]
    if kind not in KINDS or not sent:
        return _answer(desk, application_id, kind, ["Выберите файл и укажите, что это за документ."])
    wrong: list[str] = []
    for one in sent:
        found = _judged(kind, one)
        if found.wrong:
            wrong += [f"«{one.filename}»: {text}" for texts in found.wrong.values() for text in texts]
        else:
            _keep(desk, application_id, kind, one, found)
    return _answer(desk, application_id, kind, wrong)


@pages.post("/applications/<application_id>/files/<file_id>/delete", SIGNED_IN)
def delete_file(desk: Desk, application_id: str, file_id: str) -> Answer:
    """Take a file out of a draft."""
    desk.act(lambda tx: certification.delete_file(tx, application_id, file_id, actor=desk.actor), name="file")
    return desk.go("show_files", application_id=application_id, done="file_deleted")


@pages.get("/applications/<application_id>/files/<file_id>", SIGNED_IN)
def download_file(desk: Desk, application_id: str, file_id: str) -> Answer:
    """Give a file's content."""
    return hand_out(*desk.read(lambda tx: certification.open_file(tx, application_id, file_id, desk.actor)))


def _judged(kind: str, sent: FileStorage) -> Inspected:
    """What is known of a file; through the page one that does not open is refused, while it is easy to replace."""
    name = str(sent.filename)
    found = inspect_upload(kind, name, cast("BinaryIO", sent.stream))
    if found.manuscript.problem and not found.wrong:
        return Inspected(found.media_type, {"file": [found.manuscript.problem]}, found.manuscript)
    return found


def _keep(desk: Desk, application_id: str, kind: str, sent: FileStorage, found: Inspected) -> None:
    def act(tx: Transaction) -> dict[str, Any]:
        stream = cast("BinaryIO", sent.stream)
        stream.seek(0)
        name = str(sent.filename)
        row = certification.add_file(
            tx, application_id, kind=kind, name=name, content=stream, actor=desk.actor, inspected=found
        )
        return {"id": row["id"]}

    desk.act(act, name="file", again=True)


def _answer(desk: Desk, application_id: str, kind: str, wrong: Sequence[str]) -> Answer:
    if request.accept_mimetypes.best == "application/json":
        # A file that is not taken is no failure of the request: browsers would report a 422 on their console.
        return Response(write_json({"errors": list(wrong)}), content_type="application/json")
    if wrong:
        error = InvalidError("Не все файлы приняты.", errors={f"files.{kind}": list(wrong)}, rule=False)
        return make_response(_page(desk, application_id, error), _UNPROCESSABLE)
    return desk.go("show_files", application_id=application_id, done="file", _anchor=f"kind-{kind}")


def _page(desk: Desk, application_id: str, error: InvalidError | None = None) -> Answer:
    draft = desk.read(lambda tx: open_draft(tx, application_id, desk.actor))
    if draft.application["state"] != "draft":
        return desk.go("show_application", application_id=application_id)
    files = draft.application["files"]
    step = STEP_BY_SLUG["files"]
    return desk.show(
        "application_files.html",
        application=draft.application,
        step=step,
        marks=draft.marks("files"),
        back=draft.beside("files", -1),
        kinds=[(kind, FILES[f"files.{kind}"], [f for f in files if f["kind"] == kind]) for kind in KINDS],
        wrong={path.removeprefix("files."): texts for path, texts in error.errors.items()} if error else {},
        error=error,
        largest=LARGEST,
        extensions=sorted(MEDIA_TYPES),
    )
