"""Files of invented programmes: a PDF that opens, a locked one, a Word document with the sections of annex 3."""

import io
from datetime import UTC, datetime

from docx import Document
from pypdf import PdfReader, PdfWriter

from processes.certification import documents
from tests.processes.certification.office import APPLICATION

SECTIONS = (
    "Согласовано. Протокол заседания кафедры № 3. Рецензент внутренний, рецензент внешний.",
    "1.1. Актуальность. 1.2. Цель и задачи программы. 1.3. Планируемые результаты обучения. 1.4. Профессиональные",
    "компетенции. 1.5. Целевая аудитория (контингент слушателей). 2.1. Учебный план. Категория обучающихся.",
    "Продолжительность обучения: 36 часов. Форма обучения: очная. Режим занятий. 2.2. Учебно-тематический план.",
    "2.3. Рабочие программы модулей: Оценивание. 3. Формы аттестации и оценочные материалы: тесты.",
    "4. Организационно-педагогические условия. 5. Материально-техническое обеспечение. 6. Список литературы.",
)
TITLE = "Учебный центр. Формирующее оценивание на уроке. Сочинялова А. И., доцент. Краснодар, 2025."


def pdf() -> bytes:
    """A document that opens, with words in it: an application of an invented organisation."""
    return documents.application(APPLICATION, at=datetime(2026, 1, 12, 6, tzinfo=UTC))


def locked_pdf() -> bytes:
    """The same behind a password."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    writer.encrypt("тайна", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def programme_docx(*left_out: str) -> bytes:
    """A programme with every section that the review asks for, but those left out."""
    document = Document()
    for text in (TITLE, *SECTIONS):
        kept = text
        for word in left_out:
            kept = kept.replace(word, "")
        document.add_paragraph(kept)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
