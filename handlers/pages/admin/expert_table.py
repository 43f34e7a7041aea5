"""A table of experts to import: what each row would change, and what is wrong with it. Nothing is written here."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from engine.runtime import Transaction
from handlers.pages.dates import read_day
from processes.council.expert_base import check_card
from processes.council.model import ExpertEntry, Person
from processes.council.records import experts, people

#: The columns of the table, as its heading names them; only the login must be there.
COLUMNS: Final = (
    "логин",
    "ФИО",
    "должность",
    "степень",
    "звание",
    "ИНН организации",
    "направления",
    "согласие",
    "включён",
    "протокол",
    "отвечает требованиям",
)
_TEXTS: Final = {"должность": "position", "степень": "degree", "звание": "academic_rank"}
_DAYS: Final = {"согласие": "consent_on", "включён": "included_on"}
_SAYS: Final = {"да": True, "нет": False}
_MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the table, the card as it would be, the names of the columns changed, what is wrong."""

    number: int
    person: Person
    entry: ExpertEntry
    changed: tuple[str, ...]
    wrong: tuple[str, ...]


def read_table(tx: Transaction, text: str) -> list[Row]:
    """Read a table with a heading, divided by semicolons or commas; blank cells leave what there is."""
    first = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in first else ",")
    reader.fieldnames = [str(name or "").strip() for name in reader.fieldnames or ()]
    found = []
    for number, cells in enumerate(reader, 2):
        clean = {str(k): (v or "").strip().removeprefix("'") for k, v in cells.items() if isinstance(v, str)}
        if clean.get("логин") and number <= _MOST:
            found.append(_row(tx, number, clean))
    return found


def _row(tx: Transaction, number: int, cells: Mapping[str, str]) -> Row:
    login = cells["логин"]
    known = people.find_person(tx.connection, login)
    if known is None:
        return Row(number, Person(login, cells.get("ФИО", ""), ""), ExpertEntry(login), (), ("Такого логина нет.",))
    before = experts.find_entry(tx.connection, login) or ExpertEntry(login)
    wrong: list[str] = []
    values = {field: cells[column] for column, field in _TEXTS.items() if cells.get(column)}
    person = replace(known, **values)  # type: ignore[arg-type]
    if inn := cells.get("ИНН организации"):
        person = replace(person, organization=inn)
    if directions := cells.get("направления"):
        person = replace(person, directions=tuple(dict.fromkeys(d.strip() for d in directions.split(",") if d.strip())))
    if says := cells.get("отвечает требованиям", "").lower():
        if says in _SAYS:
            person = replace(person, meets_requirements=_SAYS[says])
        else:
            wrong.append("«отвечает требованиям»: напишите «да» или «нет».")
    days: dict[str, date] = {}
    for column, field in _DAYS.items():
        if cells.get(column):
            try:
                days[field] = date.fromisoformat(read_day(cells[column]))
            except ValueError:
                wrong.append(f"«{column}»: дата пишется как ДД.ММ.ГГГГ.")
    entry = replace(before, **days)  # type: ignore[arg-type]
    if cells.get("протокол"):
        entry = replace(entry, protocol=cells["протокол"])
    wrong += [text for texts in check_card(tx, person, entry).values() for text in texts]
    return Row(number, person, entry, _changed(known, before, person, entry), tuple(wrong))


def _changed(known: Person, before: ExpertEntry, person: Person, entry: ExpertEntry) -> tuple[str, ...]:
    pairs = {
        "должность": (known.position, person.position),
        "степень": (known.degree, person.degree),
        "звание": (known.academic_rank, person.academic_rank),
        "ИНН организации": (known.organization, person.organization),
        "направления": (known.directions, person.directions),
        "согласие": (before.consent_on, entry.consent_on),
        "включён": (before.included_on, entry.included_on),
        "протокол": (before.protocol, entry.protocol),
        "отвечает требованиям": (known.meets_requirements, person.meets_requirements),
    }
    return tuple(name for name, (one, other) in pairs.items() if one != other)
