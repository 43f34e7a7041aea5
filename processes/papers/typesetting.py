"""Typesetting: a template and values become a PDF, the same bytes for the same values.

Every PDF is PDF/A-2a and PDF/UA-1: tagged, in Russian, with its fonts inside. The typesetter is loaded with the first
document, so that a program that files none starts light; it asks no network and no font of the machine.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from engine.errors import StepFailedError
from processes.papers.glyphs import FONTS, clean

if TYPE_CHECKING:
    from typst import Compiler

PDF: Final = "application/pdf"
STANDARDS: Final = ("a-2a", "ua-1")
TEMPLATES: Final = Path(__file__).parent / "templates"
COUNCIL: Final = (
    "Краевой экспертный совет по оценке качества содержания и сертификации (экспертизы) "
    "программ повышения квалификации работников образования"
)
PLACE: Final = "г. Краснодар"

_LOCK: Final = Lock()


class PaperError(StepFailedError):
    """A document cannot be typeset: its template is at fault, or the fonts are not there."""


def typeset(
    template: str,
    values: Mapping[str, Any],
    *,
    title: str,
    at: datetime,
    drawings: Mapping[str, str] | None = None,
) -> bytes:
    """A PDF of a template with these values.

    `at` (aware) is the instant of the fact that the document is about, and its date. Texts of `values` are shown as
    they are, whatever markup they hold; `drawings` are SVG sources, the program's own. Raises PaperError, also for a
    mere warning of the typesetter.
    """
    moment = at.astimezone(UTC)
    data = {
        **clean(dict(values)),
        **clean({"title": title, "council": COUNCIL, "place": PLACE}),
        "moment": [moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second],
        **(drawings or {}),
    }
    return render((TEMPLATES / f"{template}.typ").read_bytes(), data, at=moment)


def render(source: bytes, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """Compile a source with data as they stand: a sign without a glyph is refused. Raises PaperError."""
    import typst

    compiler = _compiler()
    with _LOCK:
        try:
            made, warnings = compiler.compile_with_warnings(
                input=source,
                format="pdf",
                sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
                pdf_standards=list(STANDARDS),
                timestamp=at.replace(microsecond=0),
            )
        except typst.TypstError as fault:
            raise PaperError(f"Документ не сверстан: {fault.diagnostic or fault}") from fault
    if warnings:
        raise PaperError(f"Документ сверстан с предупреждением: {warnings[0].message}")
    if not isinstance(made, bytes):
        raise PaperError("Документ не сверстан: пустой результат.")
    return made


@cache
def _compiler() -> "Compiler":
    if not any(FONTS.glob("*.ttf")):
        raise PaperError(f"Нет шрифтов документов в папке {FONTS.name}. Выполните make setup.")
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    return typst.Compiler(root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)
