"""Every document is an accessible archival PDF, the same for the same values, and holds whatever people write."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from processes.papers.glyphs import glyphs, printable
from processes.papers.qr import draw_qr
from processes.papers.typesetting import PaperError, render
from tests.processes.papers import samples
from tests.processes.papers.reading import open_pdf, says
from tests.processes.papers.samples import AT, SHEETS

HOSTILE = [
    "#set page(width: 1cm) #panic()",
    "$x^2$ и ] [ } { \\ / `код` <метка> @ссылка *жирно* _косо_",
    "«Кавычки», \"прямые\" и 'одинарные' — тире… № 5 §",
    "Праздник 🎉 שלום مرحبا 你好",
    "начало \u202eконец\u0007\u0000\ufeff",
    "и\u0306 составное, ё и Ё",
    "Щ" * 500,
    "очень длинное название " * 40,
    '#include "house.typ" // /* комментарий */ ~ -- ---',
]


@pytest.mark.parametrize("name", SHEETS)
def test_a_document_bears_the_marks_of_both_standards(name: str) -> None:
    pdf = open_pdf(SHEETS[name]())
    root: Any = pdf.trailer["/Root"]
    marks = root["/Metadata"].get_object().get_data().decode()
    for mark in ("<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
        assert mark in marks
    assert root["/Lang"].lower().startswith("ru")
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/OutputIntents"]
    assert pdf.metadata is not None
    assert pdf.metadata.title
    assert pdf.metadata.creation_date == AT


@pytest.mark.parametrize("name", SHEETS)
def test_a_document_carries_its_own_fonts_and_no_others(name: str) -> None:
    for page in open_pdf(SHEETS[name]()).pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            described = inner["/FontDescriptor"].get_object()
            assert described["/FontName"].split("+")[1].startswith(("PTSerif", "PTSans"))
            assert {"/FontFile2", "/FontFile3"} & set(described)


@pytest.mark.parametrize("name", SHEETS)
def test_the_same_values_give_the_same_bytes(name: str) -> None:
    assert SHEETS[name]() == SHEETS[name]()


def test_other_processes_and_threads_give_the_same_bytes() -> None:
    program = (
        "import hashlib; from tests.processes.papers.samples import certificate;"
        "print(hashlib.sha256(certificate()).hexdigest())"
    )
    root = Path(__file__).resolve().parents[3]
    told = {
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=root).stdout
        for _ in range(2)
    }
    assert len(told) == 1
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: samples.certificate(), range(8)))) == 1


@pytest.mark.parametrize("title", HOSTILE)
def test_whatever_a_title_holds_is_shown_as_text(title: str) -> None:
    shown = printable(title)
    for content in (samples.certificate(title=title), samples.review(title=title)):
        assert says(content, shown)


def test_a_sign_that_no_font_has_is_shown_by_its_code() -> None:
    assert printable("Праздник 🎉") == "Праздник [U+1F389]"
    assert printable("a\u202eb") == "a[U+202E]b"
    assert printable("мяг\u00adкий  перенос\n") == "мягкий перенос"
    assert printable("\u0438\u0306") == "й"


def test_the_fonts_have_what_russian_documents_need() -> None:
    letters = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
    needed = letters + letters.lower() + "0123456789«»“”„—–…№§×≥±²·•\u00a0" + "".join(map(chr, range(0x20, 0x7F)))
    assert {sign for sign in needed if ord(sign) not in glyphs()} == set()


def test_a_sign_without_a_glyph_is_refused_where_nobody_replaced_it() -> None:
    source = '#set document(title: "Т")\n#set text(font: "PT Serif", lang: "ru", fallback: false)\n= Т\n\u05d0'
    with pytest.raises(PaperError):
        render(source.encode(), {}, at=AT)


def test_a_warning_of_the_typesetter_is_refused() -> None:
    source = '#set document(title: "Т")\n#set text(font: ("PT Serif", "Nowhere"), lang: "ru")\n= Т'
    with pytest.raises(PaperError, match="предупреждени"):
        render(source.encode(), {}, at=AT)


def test_a_picture_without_words_for_it_is_refused() -> None:
    source = '#set document(title: "Т")\n#set text(font: "PT Serif", lang: "ru")\n= Т\n#image(bytes(QR), format: "svg")'
    drawing = draw_qr("https://kes.example.org").replace('"', "'")
    with pytest.raises(PaperError):
        render(source.replace("QR", f'"{drawing}"').encode(), {}, at=AT)


def test_a_qr_code_is_of_its_address() -> None:
    assert draw_qr(samples.ADDRESS) == draw_qr(samples.ADDRESS)
    assert draw_qr(samples.ADDRESS) != draw_qr(f"{samples.ADDRESS}0")


def test_the_typesetter_is_loaded_with_the_first_document() -> None:
    program = "import sys, processes; processes.registry(); assert not {'typst', 'docx', 'segno'} & set(sys.modules)"
    root = Path(__file__).resolve().parents[3]
    subprocess.run([sys.executable, "-c", program], check=True, cwd=root)
