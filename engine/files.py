"""Files by the hash of their content, outside the database and the case data.

A content is written aside, synced, hashed and moved to its address before any row refers to it; the same content is
stored once, as new as it was stored last. Reading checks the hash. What no row names is swept (`engine.sweeps`).
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
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
        if not _is_hash(sha256):
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
            with self.kept():  # over the same content too: it is as new as this one from now on, and no sweep takes it
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

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Inside the with-block no content is taken away; whoever wants that waits or comes again."""
        with self._lock() as handle:
            if handle is not None:
                with suppress(OSError):  # a place without such locks is never swept
                    fcntl.flock(handle, fcntl.LOCK_SH)
            yield

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Inside the with-block nobody places or counts on contents; false where somebody does, or no locks are."""
        with self._lock() as handle:
            is_alone = handle is not None
            try:
                if handle is not None:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                is_alone = False
            yield is_alone

    @contextmanager
    def _lock(self) -> Iterator[int | None]:
        """The file that is locked, which another user may have made (a backup); None where it cannot be had."""
        handle = None
        for flags in (os.O_RDWR | os.O_CREAT, os.O_RDONLY):
            with suppress(OSError):
                handle = os.open(self.folder / "lock", flags | os.O_CLOEXEC, 0o644)
                break
        try:
            yield handle
        finally:
            if handle is not None:
                os.close(handle)

    def stored(self, start: str, since: datetime, until: datetime) -> set[str]:
        """The contents (hex SHA-256) whose address starts with two digits, stored last after `since` and by `until`."""
        with suppress(FileNotFoundError), os.scandir(self.folder / start) as entries:
            return {
                start + entry.name
                for entry in entries
                if _is_hash(start + entry.name) and since < _written(entry) <= until
            }
        return set()

    def take_away(self, sha256: str) -> None:
        """Take a content away, inside `alone`."""
        self.path(sha256).unlink(missing_ok=True)

    def clear_aside(self, until: datetime) -> int:
        """Take away what was written aside by then and never placed: its process was killed. Returns how many."""
        count = 0
        with suppress(FileNotFoundError), os.scandir(self.folder / "tmp") as entries:
            for entry in entries:
                if _written(entry) <= until:
                    Path(entry).unlink(missing_ok=True)
                    count += 1
        return count


def _is_hash(text: str) -> bool:
    return len(text) == HASH and not set(text) - set("0123456789abcdef")


def _written(entry: "os.DirEntry[str]") -> datetime:
    """When a file was written last; never, where it went meanwhile."""
    try:
        return datetime.fromtimestamp(entry.stat().st_mtime, UTC)
    except FileNotFoundError:
        return datetime.max.replace(tzinfo=UTC)


def _chunks(content: bytes | BinaryIO) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    while chunk := content.read(CHUNK):
        yield chunk
