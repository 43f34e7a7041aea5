"""Files by the hash of their content, outside the database and the case data.

A content is written aside, synced, hashed and moved to its address before any row refers to it; the same content is
stored once. Reading checks the hash.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from engine.errors import NotFoundError, UnavailableError
from engine.faults import crash_point
from engine.ids import new_id

CHUNK: Final = 1 << 20
HASH: Final = 64
_UNREADABLE: Final = "Файл в хранилище не читается. Администратору: проверьте диск и права."


class FullDiskError(UnavailableError):
    """There is no room for the file."""

    slug = "storage_full"


class FileStore:
    """A folder of contents: `ab/cdef…` is the hex SHA-256."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where a content lies. Raises NotFoundError for what is no hash."""
        if len(sha256) != HASH or set(sha256) - set("0123456789abcdef"):
            raise NotFoundError("Такого файла нет.")
        return self.folder / sha256[:2] / sha256[2:]

    def put(self, content: bytes | BinaryIO) -> tuple[str, int]:
        """Store a content; returns its hex SHA-256 and its size in bytes. Raises FullDiskError."""
        aside = self.folder / "tmp" / new_id()
        digest, size = hashlib.sha256(), 0
        try:
            aside.parent.mkdir(parents=True, exist_ok=True)
            with aside.open("wb") as out:
                for chunk in _chunks(content):
                    digest.update(chunk)
                    size += len(chunk)
                    out.write(chunk)
                crash_point("file.written")
                out.flush()
                os.fsync(out.fileno())
            sha256 = digest.hexdigest()
            target = self.path(sha256)
            target.parent.mkdir(parents=True, exist_ok=True)
            crash_point("file.synced")
            aside.replace(target)
            crash_point("file.placed")
            folder = os.open(target.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            aside.unlink(missing_ok=True)
            raise FullDiskError("Файл не сохранён: хранилище недоступно или заполнено. Повторите позже.") from error
        return sha256, size

    def read(self, sha256: str) -> bytes:
        """The content. Raises NotFoundError where it is missing, cannot be read or is not what its address says."""
        with self.open(sha256) as stream:
            return stream.read()

    def open(self, sha256: str) -> BinaryIO:
        """The content as a stream at its beginning, checked and never held whole; whoever asked closes it.

        What is placed at an address meanwhile changes nothing of an open stream. Raises as `read`.
        """
        try:
            stream = self.path(sha256).open("rb")
        except (FileNotFoundError, IsADirectoryError) as error:
            raise NotFoundError("Файла нет в хранилище.") from error
        except OSError as error:
            raise NotFoundError(_UNREADABLE) from error
        digest = hashlib.sha256()
        try:
            for chunk in _chunks(stream):
                digest.update(chunk)
        except OSError as error:
            stream.close()
            raise NotFoundError(_UNREADABLE) from error
        if digest.hexdigest() != sha256:
            stream.close()
            raise NotFoundError("Файл в хранилище повреждён.")
        stream.seek(0)
        return stream


def _chunks(content: bytes | BinaryIO) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    while chunk := content.read(CHUNK):
        yield chunk
