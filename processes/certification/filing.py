"""Putting an issued document into the case: the row, and the fact that names its content and its signatures."""

from collections.abc import Sequence
from typing import Any

from engine.calls import Call
from engine.documents import add_document
from processes.certification import documents, events
from processes.papers.words import Mark


def file_document(
    call: Call, *, kind: str, title: str, name: str, content: bytes, by: str, marks: Sequence[Mark] = ()
) -> dict[str, Any]:
    """Keep a text document of the case; the history keeps its hash, and of what kind its signatures (`marks`) are.

    Returns the document's row.
    """
    row = add_document(
        call.tx,
        case=call.case_id,
        kind=kind,
        title=title,
        name=name,
        media_type=documents.MEDIA_TYPE,
        content=content,
        by=by,
    )
    call.tell(
        events.DOCUMENT_FILED,
        document=row["id"],
        kind=kind,
        sha256=row["sha256"],
        signatures=[mark.recorded() for mark in marks],
    )
    return row
