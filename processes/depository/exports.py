"""The depository as the API's CSV: fields by their names in the API, dates ISO 8601 (clauses 4.12, 4.14)."""

import csv
import io
from collections.abc import Iterable
from typing import Final

from processes.depository.model import Entry
from processes.depository.rules import guard_cell

#: Columns of the CSV file, in order, as annex 5 orders the fields.
COLUMNS: Final = (
    "title",
    "organization",
    "authors",
    "direction",
    "level",
    "education_kind",
    "audience",
    "hours",
    "year",
    "study_form",
    "issued_document",
    "certificate",
    "valid_from",
    "valid_until",
    "url",
)


def write_csv(entries: Iterable[Entry]) -> bytes:
    """The entries as CSV: UTF-8 with BOM, semicolons, a heading row; lists joined by a comma."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        writer.writerow([guard_cell(cell) for cell in _cells(entry)])
    return out.getvalue().encode("utf-8-sig")


def _cells(entry: Entry) -> list[str]:
    return [
        entry.title,
        entry.organization,
        ", ".join(entry.authors),
        entry.direction,
        entry.level,
        entry.education_kind,
        ", ".join(entry.audience),
        str(entry.hours),
        str(entry.year),
        entry.study_form,
        entry.issued_document,
        entry.certificate,
        entry.valid_from.isoformat(),
        entry.valid_until.isoformat(),
        entry.url,
    ]
