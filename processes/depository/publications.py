"""What the depository publishes beside the search: open data, the files of an entry, counts of what may be chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from engine.clock import moscow
from engine.documents import documents_of, open_content
from engine.errors import NotFoundError
from processes.council.model import Person, Role
from processes.council.records import compositions, people
from processes.depository.model import Entry, Search
from processes.depository.open_data import DataSet
from processes.depository.publisher import Publisher, read_publisher
from processes.depository.records import changes, entries
from processes.depository.rules import read_search

if TYPE_CHECKING:
    from engine.runtime import Transaction

Row = dict[str, Any]
Counts = dict[str, list[Row]]

#: The kinds of document that stand open beside an entry: the programme, and its certificate (clauses 4.11, 4.13).
OPEN_FILES: Final = ("programme", "certificate")
_FILE_NAMES: Final = {"programme": "Программа, сертификат", "certificate": "Сертификат"}
_FALLBACK: Final = "Краевой экспертный совет"
#: The columns that a page offers values of, with the search fields that choose among them.
_CHOSEN_BY: Final = {
    "organization": ("organization",),
    "direction": ("direction",),
    "level": ("level",),
    "education_kind": ("education_kind",),
    "audience": ("audience",),
    "hours": ("hours_from", "hours_to"),
    "year": ("year_from", "year_to"),
    "study_form": ("study_form",),
    "issued_document": ("issued_document",),
    "valid_until": ("valid_on",),
}


def count_choices(tx: "Transaction", query: Mapping[str, Sequence[str]]) -> Counts:
    """For each column how many entries would be found under each of its values: `value`, `count`.

    A column's own filter is left out of its count, so that what is chosen does not hide its neighbours. Nothing is
    counted where the query is bad.
    """
    filters = {key: value for key, value in query.items() if key not in {"page", "per_page"}}
    asked, _page, _per_page, wrong = read_search(filters)
    if wrong:
        return {}
    today, plain = moscow(tx.now).date(), Search()
    told: Counts = {}
    for column, names in _CHOSEN_BY.items():
        without = replace(asked, **{name: getattr(plain, name) for name in names})
        told[column] = entries.count_by(tx.connection, without, today, column)
    return told


def read_public(tx: "Transaction", identity: str) -> Entry:
    """An entry that the public may see today. Raises NotFoundError."""
    entry = entries.find_public(tx.connection, identity, moscow(tx.now).date())
    if entry is None:
        raise NotFoundError("Такой программы в депозитарии нет: её не было или срок её сертификата прошёл.")
    return entry


def list_files(tx: "Transaction", entry: Entry) -> dict[str, Row]:
    """The open files of an entry by kind: document rows; of several of a kind the last."""
    return {row["kind"]: row for row in documents_of(tx, case=entry.case) if row["kind"] in OPEN_FILES}


def read_open_file(tx: "Transaction", identity: str, kind: str) -> tuple[Row, BinaryIO]:
    """The document row of an entry's open file, and its content as a stream. Raises NotFoundError.

    The file is named by its certificate: what the applicant called it is not published.
    """
    entry = read_public(tx, identity)
    found = list_files(tx, entry).get(kind)
    if found is None:
        raise NotFoundError("Такого файла у программы нет.")
    ending = found["name"].rpartition(".")[2] if "." in found["name"] else "bin"
    return {**found, "name": f"{_FILE_NAMES[kind]} {entry.certificate}.{ending}"}, open_content(tx, found)


def read_data_set(tx: "Transaction", base_url: str = "") -> DataSet:
    """The set of open data as it stands today; its owner is the organisation that leads the council."""
    today = moscow(tx.now).date()
    owner, responsible = _leaders(tx, today)
    organization = people.find_organization(tx.connection, owner.organization) if owner else None
    publisher = read_publisher(tx)
    change = changes.last_change(tx.connection, today)
    size = entries.search(tx.connection, Search(), today, per_page=1).total
    return DataSet(
        owner=organization.full_name if organization else _FALLBACK,
        inn=organization.inn if organization else "",
        responsible=_named(publisher, responsible),
        email=publisher.email or (responsible.email if responsible else ""),
        phone=publisher.phone,
        as_of=today,
        first_day=changes.first_day(tx.connection),
        changed_on=change.day if change else today,
        last_change=_told(change),
        size=size,
        base_url=base_url,
    )


def _named(publisher: Publisher, secretary: Person | None) -> str:
    if publisher.name:
        return f"{publisher.name}, {publisher.office}"
    return f"{secretary.full_name}, ответственный секретарь совета" if secretary else _FALLBACK


def _leaders(tx: "Transaction", today: date) -> tuple[Person | None, Person | None]:
    composition = compositions.composition_on(tx.connection, today)
    if composition is None:
        return None, None
    holders = [*composition.holders(Role.CHAIR), *composition.holders(Role.SECRETARY)]
    found = people.find_persons(tx.connection, holders)
    chair, secretary = (next(iter(composition.holders(role)), "") for role in (Role.CHAIR, Role.SECRETARY))
    return found.get(chair), found.get(secretary)


def _told(change: changes.Change | None) -> str:
    if change is None:
        return "Записей ещё не было"
    parts = [f"внесено записей: {change.came}" if change.came else "", f"изъято: {change.left}" if change.left else ""]
    return "; ".join(part for part in parts if part).capitalize()
