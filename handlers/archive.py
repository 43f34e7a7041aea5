"""A backup: a tar of the database's snapshot, the files, and a manifest of their hashes.

The snapshot is made by SQLite's own backup interface, so that it is whole while the service writes; files are added
after it, and a row never refers to a file that was not stored before, so none is missing. PostgreSQL has better tools
of its own (`pg_dump`), and is left to them.
"""

import hashlib
import io
import os
import re
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import orjson

from engine.records import settings as setting_records
from engine.runtime import Runtime
from handlers.settings import Settings

DATABASE: Final = "database.sqlite"
MANIFEST: Final = "manifest.json"
_CONTENT: Final = re.compile(r"files/([0-9a-f]{2})/([0-9a-f]{62})")
_CHUNK: Final = 1 << 20


class ArchiveError(Exception):
    """A backup cannot be made or restored here; the message says what to do."""


class DamagedError(ArchiveError):
    """An archive that is not what its manifest says."""


@dataclass
class Manifest:
    """SHA-256 of the database and of every file by its path in the archive."""

    database: str
    files: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the manifest as it stands in the archive."""
        return {"format": 1, "database": self.database, "files": self.files}


def save(settings: Settings, target: Path) -> Manifest:
    """Write a backup to a file that appears only when it is whole. Raises ArchiveError."""
    source = _sqlite_file(settings)
    aside = target.with_name(f".{target.name}.part")
    with TemporaryDirectory(dir=target.absolute().parent) as folder:
        snapshot = Path(folder) / DATABASE
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(snapshot)) as copy:
            live.backup(copy)
        manifest = Manifest(_digest(snapshot))
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            with tarfile.open(fileobj=out, mode="w") as archive:
                archive.add(snapshot, DATABASE)
                for path in _contents(settings.data_dir / "files"):
                    name = f"files/{path.parent.name}/{path.name}"
                    manifest.files[name] = _digest(path)
                    archive.add(path, name)
                _add_text(archive, MANIFEST, orjson.dumps(manifest.to_json()))
            out.flush()
            os.fsync(out.fileno())
    aside.replace(target)
    return manifest


def load(settings: Settings, source: Path) -> None:
    """Unpack a backup into an empty data folder.

    Raises ArchiveError where the folder or the database is in use, DamagedError where a hash differs or a name has no
    business in a backup; then nothing is left behind.
    """
    database = _sqlite_file(settings, must_exist=False)
    files = settings.data_dir / "files"
    if database.exists() or (files.exists() and any(_contents(files))):
        raise ArchiveError(f"Папка {settings.data_dir} не пуста. Восстановление возможно только в пустую.")
    with TemporaryDirectory(dir=settings.data_dir) as folder:
        aside = Path(folder)
        found = _unpack(source, aside)
        _compare(aside, found)
        for name in found.files:
            place = settings.data_dir / name
            place.parent.mkdir(parents=True, exist_ok=True)
            (aside / name).replace(place)
        (aside / DATABASE).replace(database)


def raise_epoch(runtime: Runtime) -> None:
    """Begin a new epoch: post that a restored outbox still holds does not leave by itself a second time."""
    with runtime.transaction() as tx:
        setting_records.write(tx.connection, "epoch", tx.epoch + 1)


def _unpack(source: Path, aside: Path) -> Manifest:
    try:
        with tarfile.open(source, mode="r:") as archive:
            for member in archive:
                if not member.isfile() or not _is_ours(member.name):
                    raise DamagedError(f"В архиве посторонний файл: {member.name!r}.")
                place = aside / member.name
                place.parent.mkdir(parents=True, exist_ok=True)
                content = archive.extractfile(member)
                if content is None:
                    raise DamagedError(f"В архиве нечитаемый файл: {member.name!r}.")
                with place.open("wb") as out:
                    while chunk := content.read(_CHUNK):
                        out.write(chunk)
        told = orjson.loads((aside / MANIFEST).read_bytes())
        return Manifest(str(told["database"]), {str(name): str(digest) for name, digest in told["files"].items()})
    except (tarfile.TarError, OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise DamagedError(f"Архив повреждён или это не архив службы: {error}") from error


def _compare(aside: Path, manifest: Manifest) -> None:
    if not (aside / DATABASE).is_file() or _digest(aside / DATABASE) != manifest.database:
        raise DamagedError("База данных в архиве не та, что записана в его описи.")
    there = {f"files/{path.parent.name}/{path.name}" for path in _contents(aside / "files")}
    for name in sorted(there ^ manifest.files.keys()):
        raise DamagedError(f"Опись и содержимое архива расходятся: {name}.")
    for name, digest in manifest.files.items():
        if _digest(aside / name) != digest:
            raise DamagedError(f"Файл архива изменён: {name}.")


def _is_ours(name: str) -> bool:
    return name in {DATABASE, MANIFEST} or _CONTENT.fullmatch(name) is not None


def _contents(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.glob("??/*")):
        if path.is_file() and _CONTENT.fullmatch(f"files/{path.parent.name}/{path.name}"):
            yield path


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _add_text(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))


def _sqlite_file(settings: Settings, *, must_exist: bool = True) -> Path:
    if not settings.is_sqlite:
        raise ArchiveError("Это для SQLite. Копию PostgreSQL делает pg_dump -Fc, а папку files скопируйте рядом.")
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    if must_exist and not path.is_file():
        raise ArchiveError(f"Нет файла базы данных {path}.")
    return path
