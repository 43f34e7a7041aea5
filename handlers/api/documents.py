"""The content of a case's document."""

from flask import Response

from handlers.api.routes import Door, Routes
from handlers.auth import SIGNED_IN
from handlers.downloads import hand_out
from processes.certification import use_cases as certification

routes = Routes("Документы")


@routes.get("/documents/<document_id>", SIGNED_IN, "Содержимое документа", media="application/octet-stream")
def show_document(door: Door, document_id: str) -> Response:
    """Return a document's content as an attachment, where the caller may see its case and open its files."""
    row, content = door.ask(lambda tx: certification.open_document(tx, document_id, door.actor))
    return hand_out(row, content)
