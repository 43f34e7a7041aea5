"""The depository for people's spreadsheets: headings in Russian, dates as ДД.ММ.ГГГГ, nothing that runs (clause 4.14).

The open data of `exports` and `open_data` are for programs.
"""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final, TypeAlias

from processes.depository.model import LEVELS, Entry
from processes.depository.rules import guard_cell

Cell: TypeAlias = str | int | date

#: Headings of the columns, by the search fields of annex 5, with the width of each in characters.
COLUMNS: Final = (
    ("Название программы", 48),
    ("Образовательное учреждение", 40),
    ("Разработчики", 32),
    ("Направление подготовки", 24),
    ("Уровень освоения", 16),
    ("Вид дополнительного образования", 26),
    ("Категория слушателей", 32),
    ("Объём, часов", 12),
    ("Год разработки", 12),
    ("Форма обучения", 16),
    ("Выдаваемый документ", 24),
    ("Номер сертификата", 18),
    ("Действует с", 13),
    ("Действует по", 13),
    ("Внесена в депозитарий", 13),
    ("Адрес карточки", 48),
)


def write_csv(entries: Iterable[Entry], base_url: str = "") -> bytes:
    """The entries as CSV for people: UTF-8 with BOM, semicolons, a heading row, dates as ДД.ММ.ГГГГ."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([heading for heading, _width in COLUMNS])
    for entry in entries:
        writer.writerow([guard_cell(_text(cell)) for cell in _cells(entry, base_url)])
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(entries: Iterable[Entry], today: date, base_url: str = "") -> bytes:
    """The entries as a workbook of one sheet: dates are dates, texts are texts and never formulas or links.

    The same entries give the same bytes.
    """
    # The library is wanted by this one table only, and takes long to load.
    import xlsxwriter  # type: ignore[import-untyped]

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties(
        {"title": "Краевой депозитарий программ", "created": datetime(today.year, today.month, today.day)}  # noqa: DTZ001 - the file format knows no zone
    )
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    dated = book.add_format({"num_format": "dd.mm.yyyy", "valign": "top", "align": "left"})
    sheet = book.add_worksheet("Программы")
    for column, (heading, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, head)
    last = 0
    for last, entry in enumerate(entries, 1):
        for column, cell in enumerate(_cells(entry, base_url)):
            match cell:
                case date():
                    sheet.write_datetime(last, column, cell, dated)
                case int():
                    sheet.write_number(last, column, cell, plain)
                case _:
                    sheet.write_string(last, column, cell, plain)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    return out.getvalue()


def _text(cell: Cell) -> str:
    return f"{cell:%d.%m.%Y}" if isinstance(cell, date) else str(cell)


def _cells(entry: Entry, base_url: str) -> tuple[Cell, ...]:
    return (
        entry.title,
        entry.organization,
        ", ".join(entry.authors),
        entry.direction,
        LEVELS.get(entry.level, entry.level),
        entry.education_kind,
        ", ".join(entry.audience),
        entry.hours,
        entry.year,
        entry.study_form,
        entry.issued_document,
        entry.certificate,
        entry.valid_from,
        entry.valid_until,
        entry.published_on,
        f"{base_url}/depository/{entry.id}",
    )
