"""Files of an application: kind, extension, content that is what it says it is, size (clause 4.3).

A file is judged by its first bytes as well as its name. Archives (docx, odt, xlsx) are only listed, never unpacked.
"""

import io
import zipfile
from typing import Final

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


def check_upload(kind: str, name: str, content: bytes) -> tuple[str, Findings]:
    """The media type of a file, and what is wrong with it."""
    if kind not in FILE_KINDS:
        return "", {"kind": [f"Укажите вид файла: {', '.join(FILE_KINDS)}."]}
    extension = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    media_type = MEDIA_TYPES.get(extension, "")
    if problem := _problem(name, extension, content):
        return media_type, {"file": [problem]}
    return media_type, {}


def _problem(name: str, extension: str, content: bytes) -> str | None:
    if extension not in MEDIA_TYPES:
        return f"Принимаются файлы: {', '.join(sorted(set(MEDIA_TYPES)))}."
    if len(name) > _LONGEST_NAME or any(ord(char) < ord(" ") or char in "/\\" for char in name):
        return "Переименуйте файл: имя слишком длинное или содержит недопустимые знаки."
    if not content:
        return "Файл пуст. Выберите другой."
    if len(content) > LARGEST:
        return f"Файл больше {LARGEST // 1024 // 1024} МБ. Уменьшите его или разделите."
    if not _is_what_it_says(extension, content):
        return f"Содержимое не похоже на {extension.upper()}. Сохраните документ в этом виде заново."
    return None


def _is_what_it_says(extension: str, content: bytes) -> bool:
    if extension in _MAGIC:
        return content.startswith(_MAGIC[extension])
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if extension in _MEMBERS:
                return "[Content_Types].xml" in names and _MEMBERS[extension] in names
            info = archive.getinfo("mimetype")
            return info.file_size < len(_OPEN) + 8 and archive.read(info).decode("ascii", "replace").strip() == _OPEN
    # All that zipfile raises for a damaged, encrypted or oddly packed archive: whatever it is, it is not what it says.
    except (zipfile.BadZipFile, KeyError, OSError, NotImplementedError, RuntimeError):
        return False
