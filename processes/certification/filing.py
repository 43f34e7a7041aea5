"""Putting an issued document into the case: the row, and the fact that names its content and its signatures."""

from collections.abc import Sequence
from typing import Any

from engine.calls import Call
from engine.clock import moscow
from engine.documents import add_document
from processes.certification import documents, events
from processes.papers.words import Mark, file_name


def file_document(
    call: Call, *, kind: str, title: str, content: bytes, by: str, marks: Sequence[Mark], number: str | None = None
) -> dict[str, Any]:
    """Keep a text document of the case; the history keeps its hash, and of what kind its signatures (`marks`) are.

    Its file is named by the title, the number (default: the case's, blank where the title has one) and the day of the
    first signature. Returns the document's row.
    """
    numbered = f"{title} {call.case['number'] if number is None else number}".strip()
    row = add_document(
        call.tx,
        case=call.case_id,
        kind=kind,
        title=title,
        name=file_name(numbered, moscow(marks[0].at).date()),
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
