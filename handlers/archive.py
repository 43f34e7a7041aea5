"""A backup: a tar of the database as of one moment, the files, and a manifest of their hashes.

SQLite is copied by its own backup interface, PostgreSQL table by table in one snapshot (`engine.copies`); both while
the service writes. Files are added after the database, and a row never refers to a file that was not stored before, so
none is missing.
"""

import errno
import hashlib
import io
import os
import re
import shutil
import sqlite3
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import orjson

from engine import copies
from engine.database import Database
from engine.errors import UnavailableError
from handlers.settings import Settings

DATABASE: Final = "database.sqlite"
TABLES: Final = "tables"
MANIFEST: Final = "manifest.json"
_CONTENT: Final = re.compile(r"files/([0-9a-f]{2})/([0-9a-f]{62})")
_TABLE: Final = re.compile(r"tables/[a-z_]+\.rows")
_CHUNK: Final = 1 << 20
#: What SQLite lays beside its file and would play into another one of that name.
_BESIDE: Final = ("", "-wal", "-shm", "-journal")


class ArchiveError(Exception):
    """A backup cannot be made or restored here; the message says what to do."""


class DamagedError(ArchiveError):
    """An archive that is not what its manifest says."""


@dataclass(frozen=True)
class Manifest:
    """SHA-256 of every member by its path in the archive; of PostgreSQL also the revision and the order of tables."""

    revision: str | None = None
    tables: tuple[str, ...] = ()
    members: dict[str, str] = field(default_factory=dict)

    @property
    def files(self) -> list[str]:
        """The members that are contents of the file store."""
        return sorted(name for name in self.members if _CONTENT.fullmatch(name))

    @property
    def damaged(self) -> list[str]:
        """The contents of the file store that are not what their address says."""
        return [name for name in self.files if name.removeprefix("files/").replace("/", "") != self.members[name]]

    def to_json(self) -> dict[str, Any]:
        """Return the manifest as it stands in the archive."""
        return {"format": 1, "revision": self.revision, "tables": list(self.tables), "members": self.members}


def save(settings: Settings, target: Path) -> Manifest:
    """Write a backup to a file that appears only when it is whole, however many are written at once.

    Raises ArchiveError, also where there is no room; what stood there before stays then.
    """
    with _told("Резервная копия не сделана"):
        with TemporaryDirectory(prefix=".kes-", dir=target.absolute().parent) as folder:
            copy, aside = Path(folder) / "copy", Path(folder) / "archive"
            copy.mkdir()
            manifest = _copy_sqlite(settings, copy) if settings.is_sqlite else _copy_tables(settings, copy)
            descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as out:
                # A content that is a link is stored as what it leads to: a restore takes nothing but files.
                with tarfile.open(fileobj=out, mode="w", dereference=True) as archive:
                    for path in sorted(copy.rglob("*")):
                        if path.is_file():
                            _add(archive, manifest, path, path.relative_to(copy).as_posix())
                    for path in _contents(settings.data_dir / "files"):
                        _add(archive, manifest, path, f"files/{path.parent.name}/{path.name}")
                    _add_text(archive, MANIFEST, orjson.dumps(manifest.to_json()))
                out.flush()
                os.fsync(out.fileno())
            aside.replace(target)
        _sync(target.absolute().parent)
    return manifest


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Let a fault of the disk be told as such, and not as a fault of the archive or of the program."""
    try:
        yield
    except (OSError, sqlite3.Error, UnavailableError) as error:
        raise ArchiveError(f"{what}: {error}. Проверьте путь, права и свободное место и повторите.") from error


def _copy_sqlite(settings: Settings, folder: Path) -> Manifest:
    source = _sqlite_file(settings)
    if not source.is_file():
        raise ArchiveError(f"Нет файла базы данных {source}.")
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(folder / DATABASE)) as copy:
        live.backup(copy)
    return Manifest()


def _copy_tables(settings: Settings, folder: Path) -> Manifest:
    (folder / TABLES).mkdir()
    with closing(Database(settings.database_url)) as database:
        try:
            revision, tables = copies.write(database, folder / TABLES)
        except copies.CopyError as error:
            raise ArchiveError(str(error)) from error
    return Manifest(revision, tuple(tables))


def load(settings: Settings, source: Path) -> None:
    """Unpack a backup into an empty data folder, and into an empty database where that is PostgreSQL.

    What appears there stands at this program's schema and in the next epoch (`engine.epochs`). Raises ArchiveError
    where the folder or the database is in use or of another kind, or there is no room, DamagedError where a hash
    differs or a name has no business in a backup; then nothing is left behind.
    """
    files = settings.data_dir / "files"
    if files.exists() and any(_contents(files)):
        raise ArchiveError(f"Папка {settings.data_dir} не пуста. Восстановление возможно только в пустую.")
    if settings.is_sqlite:
        _check_unused(_sqlite_file(settings))
    with _told("Копия не восстановлена"), TemporaryDirectory(dir=settings.data_dir) as folder:
        aside = Path(folder)
        manifest = _unpack(source, aside)
        _compare(aside, manifest)
        if (manifest.revision is None) != settings.is_sqlite:
            raise ArchiveError("Архив другой базы: SQLite восстанавливается в SQLite, PostgreSQL в PostgreSQL.")
        placed = []
        try:
            for name in manifest.files:
                place = settings.data_dir / name
                _move(aside / name, place)
                placed.append(place)
            os.sync()  # files first: no row ever refers to one that is not on the disk
            _place_database(settings, aside, manifest)
        except BaseException:
            for place in placed:
                place.unlink()
            raise


def _place_database(settings: Settings, aside: Path, manifest: Manifest) -> None:
    try:
        if manifest.revision is None:
            copies.take_over(aside / DATABASE)
            _sync(aside / DATABASE)
            _move(aside / DATABASE, _sqlite_file(settings))
            _sync(_sqlite_file(settings).parent)
            return
        with closing(Database(settings.database_url)) as database:
            copies.fill(database, aside / TABLES, manifest.revision, manifest.tables)
    except copies.CopyError as error:
        raise ArchiveError(str(error)) from error


def _move(path: Path, place: Path) -> None:
    """Move a file to where it appears whole, also to another file system: files and database may have their own."""
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.replace(place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        beside = place.with_name(f".{place.name}.part")
        try:
            shutil.copyfile(path, beside)
            _sync(beside)
            beside.replace(place)
        finally:
            beside.unlink(missing_ok=True)


def _check_unused(path: Path) -> None:
    for ending in _BESIDE:
        beside = path.with_name(path.name + ending)
        if beside.exists():
            raise ArchiveError(
                f"Папка {path.parent} не пуста ({beside.name}). Восстановление возможно только в пустую."
            )


def _unpack(source: Path, aside: Path) -> Manifest:
    try:
        with tarfile.open(source, mode="r:") as archive:
            for member in archive:
                if not member.isfile() or not _is_ours(member.name):
                    raise DamagedError(f"В архиве посторонний файл: {member.name!r}.")
                content = archive.extractfile(member)
                if content is None:
                    raise DamagedError(f"В архиве нечитаемый файл: {member.name!r}.")
                _write(aside / member.name, iter(partial(content.read, _CHUNK), b""))
        told = orjson.loads((aside / MANIFEST).read_bytes())
        members = {str(name): str(digest) for name, digest in told["members"].items()}
        return Manifest(told["revision"], tuple(told["tables"]), members)
    except (tarfile.TarError, EOFError, FileNotFoundError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise DamagedError(f"Архив повреждён или это не архив службы: {error}") from error


def _write(place: Path, chunks: Iterable[bytes]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as out:
        out.writelines(chunks)


def _compare(aside: Path, manifest: Manifest) -> None:
    there = {path.relative_to(aside).as_posix() for path in aside.rglob("*") if path.is_file()} - {MANIFEST}
    database = {f"{TABLES}/{name}{copies.SUFFIX}" for name in manifest.tables} or {DATABASE}
    for name in sorted((there ^ manifest.members.keys()) | (database - there)):
        raise DamagedError(f"Опись и содержимое архива расходятся: {name}.")
    for name, digest in manifest.members.items():
        if _digest(aside / name) != digest:
            raise DamagedError(f"Содержимое архива не то, что записано в его описи: {name}.")


def _is_ours(name: str) -> bool:
    return name in {DATABASE, MANIFEST} or bool(_CONTENT.fullmatch(name) or _TABLE.fullmatch(name))


def _contents(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.glob("??/*")):
        if path.is_file() and _CONTENT.fullmatch(f"files/{path.parent.name}/{path.name}"):
            yield path


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _add(archive: tarfile.TarFile, manifest: Manifest, path: Path, name: str) -> None:
    manifest.members[name] = _digest(path)
    archive.add(path, name)


def _add_text(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))


def _sync(path: Path) -> None:
    """Let a file or a folder's names reach the disk; a file system that cannot do it for folders does without."""
    descriptor = os.open(path, os.O_RDONLY)
    with suppress(OSError):
        os.fsync(descriptor)
    os.close(descriptor)


def _sqlite_file(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix("sqlite:///"))
