"""A procedure's files as one value, named by the hash of their content."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from typing_extensions import override

from engine.errors import DrawingError

PROCEDURE: Final = "procedure.bpmn"
MAX_FILE: Final = 1_000_000
_KINDS: Final = {".bpmn", ".dmn", ".json", ".yaml", ".md"}


@dataclass(frozen=True)
class Bundle:
    """All files of one procedure: path inside the bundle -> text (UTF-8)."""

    key: str
    files: Mapping[str, str]

    @cached_property
    def hash(self) -> str:
        """Hex SHA-256 over every path and content, in order of path."""
        digest = hashlib.sha256()
        for path in sorted(self.files):
            for part in (path.encode(), self.files[path].encode()):
                digest.update(len(part).to_bytes(8, "big"))
                digest.update(part)
        return digest.hexdigest()

    @override
    def __hash__(self) -> int:
        return hash((self.key, self.hash))

    def under(self, folder: str, ending: str) -> Mapping[str, str]:
        """The files in a folder ("" for the top) with an ending: name without it -> text."""
        prefix = f"{folder}/" if folder else ""
        return {
            path[len(prefix) : -len(ending)]: text
            for path, text in self.files.items()
            if path.startswith(prefix) and path.endswith(ending) and "/" not in path[len(prefix) :]
        }


def bundle_of(key: str, files: Mapping[str, str]) -> Bundle:
    """A bundle of given texts. Raises DrawingError without a drawing, or for an empty, unknown or too large file."""
    if not files.get(PROCEDURE):
        raise DrawingError(f"В комплекте «{key}» нет файла {PROCEDURE}.")
    for path, text in files.items():
        parts = path.split("/")
        if path.startswith("/") or "\\" in path or any(p in {"", ".", ".."} for p in parts):
            raise DrawingError(f"Недопустимое имя файла: {path}.")
        if Path(path).suffix not in _KINDS:
            raise DrawingError(f"Файл {path}: такие файлы в комплект не входят.")
        if not text.strip():
            raise DrawingError(f"Файл {path} пуст.")
        if len(text.encode()) > MAX_FILE:
            raise DrawingError(f"Файл {path} больше 1 МБ.")
    return Bundle(key, dict(sorted(files.items())))


def read_bundle(folder: Path) -> Bundle:
    """The bundle in a folder; its name is the key. Raises DrawingError for what is not UTF-8 text or no bundle."""
    if not folder.is_dir():
        raise DrawingError(f"Папки {folder} нет.")
    files = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in _KINDS:
            try:
                files[path.relative_to(folder).as_posix()] = path.read_bytes().decode("utf-8")
            except UnicodeDecodeError as error:
                raise DrawingError(f"Файл {path.name} не в кодировке UTF-8.") from error
    return bundle_of(folder.resolve().name, files)
