"""The content of a case's document."""

from typing import Any

from flask import Response

from engine import cases, documents
from engine.runtime import Transaction
from handlers.api.routes import Door, Routes
from handlers.auth import SIGNED_IN
from handlers.downloads import attachment
from processes.certification import access
from processes.certification import use_cases as certification

routes = Routes("Документы")


@routes.get("/documents/<document_id>", SIGNED_IN, "Содержимое документа", media="application/octet-stream")
def show_document(door: Door, document_id: str) -> Response:
    """Return a document's content as an attachment, where the caller may see its case and open its files."""

    def question(tx: Transaction) -> tuple[dict[str, Any], bytes]:
        row = documents.get_document(tx, document_id)
        if row["case"] is None:
            certification.find_file(tx, str(row["holder"]), document_id, actor=door.actor)
        else:
            access.check_document(tx, cases.get_case(tx, row["case"], door.actor), row, door.actor)
        return row, documents.read_content(tx, row)

    row, content = door.ask(question)
    return attachment(content, name=row["name"], media_type=row["media_type"])
