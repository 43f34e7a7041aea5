"""Proving everything: each case's history, and that every file is what its row says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import SEEK_END
from typing import Any

from typing_extensions import override

from engine import cases, documents
from engine.actors import SYSTEM
from engine.errors import NotFoundError
from engine.history import verify
from engine.records.cases import identities
from engine.runtime import Runtime, Transaction
from processes.certification.model import PROCESS
from processes.certification.records.strays import find_strays

_PAGE = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the history says: which case, which event (where there is one), which table."""

    case: str
    seq: int | None
    table: str
    message: str

    @override
    def __str__(self) -> str:
        place = f"{self.case} № {self.seq}" if self.seq is not None else self.case
        return f"{place} {self.table}: {self.message}"


def verify_all(runtime: Runtime) -> Iterator[Finding]:
    """Verify every case, oldest pages last, one read-only transaction a page; then what belongs to no case."""
    yield from _verify_cases(runtime)
    with runtime.reading() as tx:
        for table, number in find_strays(tx.connection, PROCESS):
            yield Finding(number, None, table, "за этой записью не стоит ни одно дело о сертификации")
        for document in documents.documents_of(tx, is_loose=True):
            yield from _verify_file(tx, document, document["id"])


def _verify_cases(runtime: Runtime) -> Iterator[Finding]:
    before: str | None = None
    while True:
        with runtime.reading() as tx:
            page = identities(tx.connection, before, _PAGE)
            for identity in page:
                yield from _verify_case(tx, identity)
        if len(page) < _PAGE:
            return
        before = page[-1]


def verify_one(runtime: Runtime, case: str) -> list[Finding]:
    """Verify one case by id or number. Raises NotFoundError."""
    with runtime.reading() as tx:
        return list(_verify_case(tx, case))


def _verify_case(tx: Transaction, case: str) -> Iterator[Finding]:
    """Verify a case by id or number: chain, re-execution, tables, files."""
    try:
        row = cases.get_case(tx, case, SYSTEM)
    except (TypeError, ValueError):
        yield Finding(case, None, "case_file", "строка дела не читается: в ней не то, что было записано")
        return
    for difference in verify(tx, row).differences:
        yield Finding(row["number"], difference.seq, difference.table, difference.message)
    yield from verify_files(tx, row)


def verify_files(tx: Transaction, row: Mapping[str, Any]) -> Iterator[Finding]:
    """Verify that the files of a row's case are those that were recorded."""
    for document in documents.documents_of(tx, case=row["id"]):
        yield from _verify_file(tx, document, row["number"])


def _verify_file(tx: Transaction, document: Mapping[str, Any], place: str) -> Iterator[Finding]:
    try:
        with documents.open_content(tx, dict(document)) as content:
            size = content.seek(0, SEEK_END)
    except NotFoundError as error:
        yield Finding(place, None, "document", f"{document['name']}: {error.message}")
        return
    if size != document["size"]:
        yield Finding(place, None, "document", f"{document['name']}: содержимое не то, что записано")
