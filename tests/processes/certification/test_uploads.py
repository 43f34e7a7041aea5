"""Files of an application: opened, not only named; bombs, locks and damage are seen before anything is kept (4.3)."""

import io
import zipfile

import pytest

from engine.errors import InvalidError
from processes.certification import use_cases
from processes.certification.records import manuscripts
from processes.certification.uploads import LARGEST, inspect_upload
from tests.processes.certification.office import Office
from tests.processes.certification.papers import locked_pdf, pdf, programme_docx

MB = 1024 * 1024


def bomb() -> bytes:
    """A small archive of a document that would unpack to two hundred times its size."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "x")
        made.writestr("word/document.xml", b"\0" * (40 * MB))
    return out.getvalue()


def test_a_pdf_opens_and_a_programme_is_read() -> None:
    found = inspect_upload("programme", "a.pdf", pdf())
    assert found.wrong == {}
    assert found.manuscript.pages
    assert "Формирующее оценивание" in found.manuscript.text
    assert inspect_upload("license_copy", "a.pdf", pdf()).manuscript.text == ""
    assert "Список литературы" in inspect_upload("programme", "a.docx", programme_docx()).manuscript.text


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.pdf", locked_pdf(), "паролем"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "паролем"),
        ("a.docx", bomb(), "слишком велик"),
        ("a.docx", programme_docx()[:2000], "не похоже на DOCX"),
    ],
    ids=["locked pdf", "locked word", "bomb", "cut off"],
)
def test_a_locked_swollen_or_damaged_document_is_refused_with_advice(name: str, content: bytes, says: str) -> None:
    [message] = inspect_upload("programme", name, content).wrong["file"]
    assert says in message


@pytest.mark.parametrize("content", [pdf()[:-200], b"%PDF-1.7\n1 0 obj\n", b"%PDF-1.7\nstartxref\n9\n%%EOF\n"])
def test_a_pdf_that_does_not_open_is_told(content: bytes) -> None:
    found = inspect_upload("programme", "a.pdf", content)
    assert "не открывается" in found.manuscript.problem


def test_what_was_read_of_a_file_goes_with_it_and_with_the_draft(office: Office) -> None:
    draft = office.draft(files=("other",))
    row = office.attach(draft, "programme", pdf())
    read = office.read(lambda tx: manuscripts.of_application(tx.connection, draft))
    assert "Формирующее оценивание" in read[row["id"]].text
    office.act("applicant1", lambda tx, actor: use_cases.delete_file(tx, draft, row["id"], actor=actor))
    assert len(office.read(lambda tx: manuscripts.of_application(tx.connection, draft))) == 1
    office.act("applicant1", lambda tx, actor: use_cases.delete_application(tx, draft, actor=actor))
    assert office.read(lambda tx: manuscripts.of_application(tx.connection, draft)) == {}


def test_a_locked_file_is_not_kept(office: Office) -> None:
    draft = office.draft()
    with pytest.raises(InvalidError) as refused:
        office.attach(draft, "programme", locked_pdf())
    assert "паролем" in refused.value.errors["file"][0]


def test_more_than_fifty_megabytes_are_refused_by_their_size_alone() -> None:
    [message] = inspect_upload("programme", "a.pdf", b"%PDF-1.7\n" + bytes(LARGEST)).wrong["file"]
    assert "больше 50 МБ" in message
