"""Whether a document opens, how many pages it has, and the words of a programme, for the check before submission.

Reading is bounded in pages, bytes and characters; what cannot be read is told, never raised. A scan has no words.
"""

import io
import logging
import re
import zipfile
from dataclasses import dataclass
from html import unescape
from typing import BinaryIO, Final

from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError

#: What is read of a programme at most.
_MOST_PAGES: Final = 150
_MOST_TEXT: Final = 300_000
_MOST_XML: Final = 40 * 1024 * 1024
_TAIL: Final = 2048
_MEMBERS: Final = {"docx": "word/document.xml", "odt": "content.xml"}
_END: Final = re.compile(rb"[\r\n]startxref\s+\d+\s+%%EOF")
_TAG: Final = re.compile(r"<[^<>]*>")
_BREAK: Final = re.compile(r"</(?:w:p|text:p|text:h|w:tc)>")
_SPACE: Final = re.compile(r"\s+")

DAMAGED: Final = (
    "Файл не открывается: он повреждён или обрезан. Откройте его у себя, сохраните заново и приложите ещё раз."
)

# What a damaged file is complained of belongs to its owner, who is told, not to the journal of the service.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Manuscript:
    """What could be read of a file: `problem` where it does not open, its pages (None: not counted), its words."""

    problem: str = ""
    is_locked: bool = False
    pages: int | None = None
    text: str = ""


def read_manuscript(extension: str, stream: BinaryIO, *, is_text_wanted: bool) -> Manuscript:
    """Open a file of a known extension and read its words where they are wanted (pdf, docx, odt)."""
    stream.seek(0)
    # Whatever a strange file makes its reader raise, the file is what is wrong: nothing of it reaches the door.
    try:
        if extension == "pdf":
            return _read_pdf(stream, is_text_wanted=is_text_wanted)
        if extension in _MEMBERS and is_text_wanted:
            return _read_archive(_MEMBERS[extension], stream)
    except Exception:  # noqa: BLE001
        return Manuscript(problem=DAMAGED)
    return Manuscript()


def _read_pdf(stream: BinaryIO, *, is_text_wanted: bool) -> Manuscript:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - _TAIL))
    if not _END.search(stream.read()):
        # A file without its end would be searched backwards and held whole: it is cut off anyway.
        return Manuscript(problem=DAMAGED)
    stream.seek(0)
    reader = PdfReader(stream)
    try:
        if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
            return Manuscript(is_locked=True)
    except DependencyError:
        return Manuscript(is_locked=True)
    pages = len(reader.pages)
    if not pages:
        return Manuscript(problem=DAMAGED)
    return Manuscript(pages=pages, text=_words_of(reader) if is_text_wanted else "")


def _words_of(reader: PdfReader) -> str:
    found, length = [], 0
    for number, page in enumerate(reader.pages):
        if number >= _MOST_PAGES or length >= _MOST_TEXT:
            break
        text = _SPACE.sub(" ", page.extract_text())
        found.append(text)
        length += len(text)
    return "\n".join(found)[:_MOST_TEXT].replace("\x00", "")


def _read_archive(member: str, stream: BinaryIO) -> Manuscript:
    with zipfile.ZipFile(stream) as archive, archive.open(member) as part:
        told = part.read(_MOST_XML).decode("utf-8", "replace")
    plain = unescape(_TAG.sub("", _BREAK.sub("\n", told)))
    return Manuscript(text=plain[:_MOST_TEXT].replace("\x00", ""))
