"""Files of an application: kind, extension, content that is what it says it is, size (clause 4.3).

A file is judged by its first bytes as well as its name and read in pieces, never held whole. Archives (docx, odt, xlsx)
are only listed here, never unpacked. Whether a document can be opened and what it says is asked apart (`manuscripts`).
"""

import io
import zipfile
from dataclasses import dataclass
from typing import BinaryIO, Final

from processes.certification.manuscripts import Manuscript, read_manuscript
from processes.certification.model import FILE_KINDS, Findings

#: Largest file, bytes.
LARGEST: Final = 50 * 1024 * 1024
_LONGEST_NAME: Final = 200

_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPEN: Final = "application/vnd.oasis.opendocument.text"

MEDIA_TYPES: Final = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "docx": _WORD,
    "odt": _OPEN,
    "xlsx": _SHEET,
}

_MAGIC: Final = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff"}
_MEMBERS: Final = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
#: Head of what Word and Excel write of old, and of what they write when they lock a document by a password.
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD: Final = 16
#: An archive of an honest document: how many parts, how large unpacked, how many times larger than packed.
_MOST_PARTS: Final = 10_000
_LARGEST_UNPACKED: Final = 512 * 1024 * 1024
_LARGEST_RATIO: Final = 200
_SMALL: Final = 16 * 1024 * 1024
_ENCRYPTED: Final = 0x1
#: What zipfile raises for an archive that is damaged, encrypted or packed in a way it does not know.
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    KeyError,
    OSError,
    NotImplementedError,  # zipfile's own word for a packing that it does not know
    RuntimeError,
    ValueError,
)

LOCKED: Final = (
    "Документ защищён паролем. Снимите защиту (в Word: «Файл», «Сведения», «Защита документа») или сохраните его в PDF "
    "без пароля и приложите снова."
)


@dataclass(frozen=True, slots=True)
class Inspected:
    """What is known of a file before it is kept: its media type, what is wrong, and what could be read of it."""

    media_type: str
    wrong: Findings
    manuscript: Manuscript


def inspect_upload(kind: str, name: str, content: bytes | BinaryIO) -> Inspected:
    """Judge and read a file; needs no database, so a door asks it before it opens its transaction.

    The text is read of a programme alone: the other files are only opened. The stream is left at its beginning.
    """
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    media_type, wrong = check_upload(kind, name, stream)
    manuscript = Manuscript()
    if not wrong:
        manuscript = read_manuscript(extension_of(name), stream, is_text_wanted=kind == "programme")
        if manuscript.is_locked:
            wrong = {"file": [LOCKED]}
    stream.seek(0)
    return Inspected(media_type, wrong, manuscript)


def check_upload(kind: str, name: str, content: bytes | BinaryIO) -> tuple[str, Findings]:
    """The media type of a file, and what is wrong with it."""
    if kind not in FILE_KINDS:
        return "", {"kind": [f"Укажите вид файла: {', '.join(FILE_KINDS)}."]}
    extension = extension_of(name)
    media_type = MEDIA_TYPES.get(extension, "")
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    if problem := _problem(name, extension, stream):
        return media_type, {"file": [problem]}
    return media_type, {}


def extension_of(name: str) -> str:
    """The extension of a file's name, in small letters, without the dot."""
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


def _problem(name: str, extension: str, stream: BinaryIO) -> str | None:
    if extension not in MEDIA_TYPES:
        return f"Принимаются файлы: {', '.join(sorted(set(MEDIA_TYPES)))}."
    if len(name) > _LONGEST_NAME or any(ord(char) < ord(" ") or char in "/\\" for char in name):
        return "Переименуйте файл: имя слишком длинное или содержит недопустимые знаки."
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if not size:
        return "Файл пуст. Выберите другой."
    if size > LARGEST:
        return f"Файл больше {LARGEST // 1024 // 1024} МБ. Уменьшите его или разделите."
    head = stream.read(_HEAD)
    stream.seek(0)
    return _foreign(extension, head, stream, size)


def _foreign(extension: str, head: bytes, stream: BinaryIO, size: int) -> str | None:
    other = f"Содержимое не похоже на {extension.upper()}. Сохраните документ в этом виде заново."
    if extension in _MAGIC:
        return None if head.startswith(_MAGIC[extension]) else other
    if head.startswith(_COMPOUND):
        return LOCKED
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if (
                len(parts) > _MOST_PARTS
                or unpacked > _LARGEST_UNPACKED
                or unpacked > max(_SMALL, _LARGEST_RATIO * size)
            ):
                return "Архив внутри документа слишком велик. Сохраните документ заново или в PDF."
            if any(part.flag_bits & _ENCRYPTED for part in parts):
                return LOCKED
            return None if _has_members(extension, archive, {part.filename for part in parts}) else other
    except _UNREADABLE:
        return other


def _has_members(extension: str, archive: zipfile.ZipFile, names: set[str]) -> bool:
    if extension in _MEMBERS:
        return "[Content_Types].xml" in names and _MEMBERS[extension] in names
    info = archive.getinfo("mimetype")
    return info.file_size < len(_OPEN) + 8 and archive.read(info).decode("ascii", "replace").strip() == _OPEN
