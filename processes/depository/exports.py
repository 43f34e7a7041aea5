"""The depository as open data: CSV rows and the passport of the data set (clauses 4.12, 4.14)."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

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


def passport(entries: Iterable[Entry], today: date, base_url: str = "") -> dict[str, Any]:
    """The data set's passport: what it is, whose, in which form, how fresh, on what terms."""
    published = sorted(entry.published_on for entry in entries)
    return {
        "identifier": "kes-depository",
        "title": "Краевой депозитарий сертифицированных программ повышения квалификации работников образования",
        "description": "Программы с действующим сертификатом экспертного совета: поля приложения 5 к положению.",
        "owner": "Краевой экспертный совет",
        "responsible": "Ответственный секретарь КЭС",
        "url": f"{base_url}/api/v1/depository",
        "formats": [f"{base_url}/api/v1/depository.csv", f"{base_url}/api/v1/depository.json"],
        "structure": list(COLUMNS),
        "first_published": published[0].isoformat() if published else None,
        "last_changed": published[-1].isoformat() if published else None,
        "as_of": today.isoformat(),
        "keywords": ["повышение квалификации", "сертификат", "образовательная программа", "Краснодарский край"],
        "terms": "Использование свободное и бесплатное, с указанием источника; договор не нужен.",
    }
