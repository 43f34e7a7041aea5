"""Drafts that somebody outside edits, as DOCX: Times New Roman by name, the same bytes for the same values."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from processes.papers.typesetting import COUNCIL

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT: Final = "Times New Roman"
_SIZE: Final = 14
#: Every member of the archive bears this date: a ZIP file knows no time zone, and the fact's instant stands inside.
_ARCHIVE_DATE: Final = (1980, 1, 1, 0, 0, 0)


def open_draft(title: str, *, at: datetime) -> "Document":
    """An empty A4 draft in Russian with margins for filing; `at` (aware) is the date that its properties bear."""
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    made = docx.Document()
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.top_margin = section.bottom_margin = Mm(20)
    style = made.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(_SIZE)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(kind), FONT)
    style.paragraph_format.space_after = Pt(0)
    moment = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    kept = made.core_properties
    kept.title, kept.author, kept.language = _plain(title)[:250], COUNCIL[:250], "ru-RU"
    kept.created = kept.modified = moment
    kept.comments = kept.keywords = kept.last_modified_by = ""
    return made


def write(
    draft: "Document", text: str, *, align: str = "both", bold: bool = False, indent: bool = True, before: int = 0
) -> "Paragraph":
    """Add a paragraph: `align` is left, center, right or both; `indent` its red line; `before` a gap in points."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    aligned = {
        "left": WD_ALIGN_PARAGRAPH.LEFT,
        "center": WD_ALIGN_PARAGRAPH.CENTER,
        "right": WD_ALIGN_PARAGRAPH.RIGHT,
        "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
    }
    made = draft.add_paragraph()
    made.alignment = aligned[align]
    made.paragraph_format.space_before = Pt(before)
    if indent and align == "both":
        made.paragraph_format.first_line_indent = Mm(12.5)
    made.add_run(_plain(text)).bold = bold
    return made


def tabulate(draft: "Document", heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]) -> None:
    """Add a table with a heading row that repeats on every page; `widths` in millimetres."""
    from docx.oxml import OxmlElement
    from docx.shared import Mm, Pt

    table = draft.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.autofit = False
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - the library has no name for it
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = _plain(text)
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        cell.text = text
    for n, row_made in enumerate(table.rows):
        for cell, width in zip(row_made.cells, widths, strict=True):
            cell.width = Mm(width)
            for run in cell.paragraphs[0].runs:
                run.font.size, run.bold = Pt(12), n == 0


def seal(draft: "Document") -> bytes:
    """The draft as a file, its archive without the hour of writing."""
    kept, made = BytesIO(), BytesIO()
    draft.save(kept)
    with ZipFile(kept) as source, ZipFile(made, "w") as target:
        for name in source.namelist():
            member = ZipInfo(name, _ARCHIVE_DATE)
            member.compress_type = ZIP_DEFLATED
            target.writestr(member, source.read(name))
    return made.getvalue()


def _plain(text: str) -> str:
    """Text without the control signs that XML refuses."""
    return "".join(sign for sign in text if sign in "\t\n" or (ord(sign) >= 32 and not 0xD800 <= ord(sign) <= 0xDFFF))
