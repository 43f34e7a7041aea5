"""Documents: one with its signatures, its picture and its proof; the inventory of a case; the content to take away."""

from typing import Any, Final

from flask import Response, make_response, request

from engine.documents import read_content
from engine.errors import InvalidError, NotFoundError
from engine.runtime import Transaction
from engine.signatures import MAX_SIZE
from handlers.auth import SIGNED_IN
from handlers.downloads import hand_out
from handlers.pages.admin.office import names_of
from handlers.pages.desk import Answer, Desk, Pages
from handlers.pages.previews import count_pages, draw_page
from processes.certification import signatures
from processes.certification import use_cases as certification
from processes.certification.access import SIGNATURE
from processes.certification.model import FILE_KINDS
from processes.papers.typesetting import PDF

pages = Pages()

_UNPROCESSABLE: Final = 422
#: Kinds of documents that people brought: they are given back as they are, never opened here.
_BROUGHT: Final = frozenset(FILE_KINDS) | {SIGNATURE, "attachment", "attachment_open"}


@pages.get("/documents/<document_id>", SIGNED_IN)
def show_document(desk: Desk, document_id: str) -> Answer:
    """Show a document; `?check=1` compares it anew with the store and the history."""
    return _page(desk, document_id)


@pages.get("/documents/<document_id>/file", SIGNED_IN)
def download_document(desk: Desk, document_id: str) -> Answer:
    """Give a document's content, where the person may open it."""
    return hand_out(*desk.read(lambda tx: certification.open_document(tx, document_id, desk.actor)))


@pages.get("/documents/<document_id>/pages/<int:number>.png", SIGNED_IN)
def show_picture(desk: Desk, document_id: str, number: int) -> Answer:
    """Give the picture of one page of a document that the service typeset. Raises NotFoundError."""
    row, content = desk.read(lambda tx: certification.read_document(tx, document_id, desk.actor))
    picture = draw_page(content, number) if _is_ours(row) else None
    if picture is None:
        raise NotFoundError("Такой страницы у документа нет.")
    return Response(picture, content_type="image/png")


@pages.post("/documents/<document_id>/signatures", SIGNED_IN)
def attach_signature(desk: Desk, document_id: str) -> Answer:
    """Keep a signature file with a document."""
    sent = request.files.get("file")
    name, content = (sent.filename or "", sent.stream.read(MAX_SIZE + 1)) if sent else ("", b"")
    try:
        desk.act(
            lambda tx: _told(
                signatures.attach_signature(tx, document_id, name=name, content=content, actor=desk.actor)
            ),
            name="signature",
        )
    except InvalidError as error:
        return _page(desk, document_id, error)
    return desk.go("show_document", document_id=document_id, done="signature", _anchor="signatures")


@pages.post("/documents/<document_id>/demo-signature", SIGNED_IN)
def sign_for_show(desk: Desk, document_id: str) -> Answer:
    """Sign with the demonstration's own key. Raises NotFoundError outside the demonstration."""
    signer = desk.context.signer
    if signer is None:
        raise NotFoundError("Демонстрационной подписи здесь нет.")
    desk.act(
        lambda tx: _told(signatures.sign_for_show(tx, document_id, signer=signer, actor=desk.actor)), name="signature"
    )
    return desk.go("show_document", document_id=document_id, done="signature", _anchor="signatures")


@pages.get("/cases/<case_id>/documents", SIGNED_IN)
def show_inventory(desk: Desk, case_id: str) -> Answer:
    """Show the documents of a case as its inventory."""

    def ask(tx: Transaction) -> dict[str, Any]:
        case, rows, papers = signatures.inventory(tx, case_id, desk.actor)
        return {
            "case": case,
            "rows": [(row, papers.signatures_of(row["id"])) for row in rows],
            "names": _names(tx, {row["by"] for row in rows}),
        }

    return desk.show("inventory.html", **desk.read(ask))


def _page(desk: Desk, document_id: str, error: InvalidError | None = None) -> Answer:
    def ask(tx: Transaction) -> dict[str, Any]:
        paper = signatures.get_paper(tx, document_id, desk.actor)
        told = [one.told for one in paper.signatures]
        people = {paper.row["by"], *(one.login for one in told), *(one.on_behalf_of or "" for one in told)}
        return {
            "paper": paper,
            "names": _names(tx, people - {""}),
            "sheets": _sheets(tx, paper.row),
            "inspection": signatures.check_paper(tx, document_id, desk.actor) if request.args.get("check") else None,
        }

    shown = desk.show(
        "document.html",
        **desk.read(ask),
        error=error,
        is_brought=_is_brought,
        has_signer=desk.context.signer is not None,
    )
    return make_response(shown, _UNPROCESSABLE if error else 200)


def _sheets(tx: Transaction, row: dict[str, Any]) -> int:
    """How many pages of a document can be shown; 0 where it is not ours, or its content is lost."""
    if not _is_ours(row):
        return 0
    try:
        return count_pages(read_content(tx, row))
    except NotFoundError:
        return 0


def _is_brought(row: dict[str, Any]) -> bool:
    return row["kind"] in _BROUGHT


def _is_ours(row: dict[str, Any]) -> bool:
    return row["media_type"] == PDF and not _is_brought(row)


def _names(tx: Transaction, logins: set[str]) -> dict[str, str]:
    """Full names by login; «Система» for the engine, the login of somebody no longer known."""
    return {login: login for login in logins} | {"system": "Система"} | names_of(tx, logins)


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {"id": row["id"]}
