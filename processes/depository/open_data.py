"""The depository as a set of open data: its passport, the structure of its fields, and the list of sets (clause 4.14).

File names and properties follow the methodical recommendations on open data of state bodies, version 3.0: the set's
number is the owner's INN and a name, versions are told by their dates as ГГГГММДД. Programs read these files, so names
are Latin, dates ISO 8601, the separator a comma, the encoding UTF-8 without a mark; lists are joined by «; ».
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from processes.depository.model import Entry
from processes.depository.rules import guard_cell

STANDARD: Final = "http://opendata.gosmonitor.ru/standard/3.0"
#: The fields are those of the regulation's annex 5, so their structure is as old as its order.
STRUCTURE_DAY: Final = date(2020, 2, 10)
NAME: Final = "depository"
TITLE: Final = "Краевой депозитарий сертифицированных программ повышения квалификации работников образования"
DESCRIPTION: Final = (
    "Дополнительные профессиональные программы с действующим сертификатом экспертного совета: тринадцать полей поиска "
    "из приложения 5 к положению о совете. Запись вносится в течение трёх рабочих дней после подписания приказа "
    "и изымается, когда сертификат перестаёт действовать."
)
KEYWORDS: Final = ("повышение квалификации", "педагоги", "сертификат", "образовательная программа", "депозитарий")
TERMS: Final = (
    "Данные можно использовать свободно и бесплатно, в коммерческих и некоммерческих целях, без договора. "
    "Указывайте источник: ссылку на страницу набора."
)

#: What the passport says where nobody has entered a telephone or a mailbox.
NOT_GIVEN: Final = "не указано"

#: Fields in order: name, English description, Russian description, type.
FIELDS: Final = (
    ("id", "Permanent identifier of the entry", "Постоянный идентификатор записи", "string"),
    ("title", "Programme title", "Название программы", "string"),
    ("organization", "Organisation that presented the programme", "Учреждение, представившее программу", "string"),
    ("authors", "Authors, separated by semicolons", "ФИО разработчиков через точку с запятой", "string"),
    ("direction", "Field of training", "Направление подготовки по программе", "string"),
    ("level", "Level: basic, advanced or high", "Уровень освоения: базовый, повышенный или высокий", "string"),
    ("education_kind", "Kind of further education", "Вид дополнительного образования", "string"),
    ("audience", "Audience, separated by semicolons", "Категории слушателей через точку с запятой", "string"),
    ("hours", "Hours in all", "Объём в часах", "integer"),
    ("year", "Year of development", "Год разработки", "integer"),
    ("study_form", "Form of study", "Форма обучения", "string"),
    ("issued_document", "Document issued to graduates", "Выдаваемый документ", "string"),
    ("certificate", "Registration number of the certificate", "Регистрационный номер сертификата", "string"),
    ("valid_from", "First day of the certificate", "Первый день действия сертификата", "date"),
    ("valid_until", "Last day of the certificate", "Последний день действия сертификата", "date"),
    ("published_on", "Day of publication", "Дата внесения в депозитарий", "date"),
    ("url", "Address of the entry's page", "Адрес карточки записи", "string"),
)


@dataclass(frozen=True, slots=True)
class DataSet:
    """The set as its passport tells it on a day: whose it is, who answers for it, when and how it changed.

    `inn` of the owner is empty where no council is seated, `phone` and `email` where none are given; dates are days in
    Europe/Moscow.
    """

    owner: str
    inn: str
    responsible: str
    email: str
    as_of: date
    first_day: date | None
    changed_on: date
    last_change: str
    size: int
    base_url: str
    phone: str = ""

    @property
    def identifier(self) -> str:
        """The set's number: the owner's INN and the set's name."""
        return f"{self.inn}-{NAME}" if self.inn else NAME

    @property
    def structure(self) -> str:
        """The name of the structure file, without its ending."""
        return f"structure-{STRUCTURE_DAY:%Y%m%d}"

    @property
    def data(self) -> str:
        """The name of the data file, without its ending."""
        return f"data-{self.changed_on:%Y%m%d}-{self.structure}"

    def address(self, name: str = "") -> str:
        """The full address of the set's page, or of one of its files."""
        return f"{self.base_url}/opendata/{self.identifier}{f'/{name}' if name else ''}"


def write_list(found: DataSet) -> bytes:
    """The list of sets (`list.csv`): one row a set, with the address of its passport."""
    return _csv(
        ("property", "title", "value", "format"),
        [
            ("standardversion", "Версия методических рекомендаций", STANDARD, ""),
            (found.identifier, TITLE, found.address("meta.csv"), "csv"),
        ],
    )


def write_meta(found: DataSet) -> bytes:
    """The set's passport (`meta.csv`): property and value."""
    rows = [
        ("standardversion", STANDARD),
        ("identifier", found.identifier),
        ("title", TITLE),
        ("description", DESCRIPTION),
        ("creator", found.owner),
        ("created", f"{found.first_day or found.changed_on:%Y%m%d}"),
        ("modified", f"{found.changed_on:%Y%m%d}"),
        ("subject", ", ".join(KEYWORDS)),
        ("format", "csv"),
        ("provenance", found.last_change),
        ("valid", f"{found.as_of:%Y%m%d}"),
        ("publishername", found.responsible),
        ("publisherphone", found.phone or NOT_GIVEN),
        ("publishermbox", found.email or NOT_GIVEN),
        (found.data, found.address(f"{found.data}.csv")),
        (found.structure, found.address(f"{found.structure}.csv")),
    ]
    return _csv(("property", "value"), rows)


def write_structure() -> bytes:
    """The fields of the data (`structure-ГГГГММДД.csv`)."""
    return _csv(("field name", "english description", "russian description", "format"), FIELDS)


def write_data(entries: Iterable[Entry], base_url: str = "") -> bytes:
    """The entries as open data; no cell begins like a formula."""
    return _csv(
        [name for name, *_told in FIELDS], ([guard_cell(cell) for cell in _cells(each, base_url)] for each in entries)
    )


def _cells(entry: Entry, base_url: str) -> list[str]:
    return [
        entry.id,
        entry.title,
        entry.organization,
        "; ".join(entry.authors),
        entry.direction,
        entry.level,
        entry.education_kind,
        "; ".join(entry.audience),
        str(entry.hours),
        str(entry.year),
        entry.study_form,
        entry.issued_document,
        entry.certificate,
        entry.valid_from.isoformat(),
        entry.valid_until.isoformat(),
        entry.published_on.isoformat(),
        f"{base_url}/depository/{entry.id}",
    ]


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue().encode()


def passport(found: DataSet) -> dict[str, Any]:
    """The passport as JSON: what the set is, whose, in which form, how fresh, on what terms."""
    return {
        "identifier": found.identifier,
        "title": TITLE,
        "description": DESCRIPTION,
        "owner": found.owner,
        "responsible": found.responsible,
        "phone": found.phone,
        "email": found.email,
        "url": f"{found.base_url}/api/v1/depository",
        "page": found.address(),
        "formats": [
            found.address(f"{found.data}.csv"),
            f"{found.base_url}/api/v1/depository.csv",
            f"{found.base_url}/api/v1/depository.json",
        ],
        "structure": [{"name": name, "description": russian, "type": kind} for name, _, russian, kind in FIELDS],
        "structure_url": found.address(f"{found.structure}.csv"),
        "first_published": found.first_day.isoformat() if found.first_day else None,
        "last_changed": found.changed_on.isoformat(),
        "last_change": found.last_change,
        "as_of": found.as_of.isoformat(),
        "keywords": list(KEYWORDS),
        "terms": TERMS,
    }
