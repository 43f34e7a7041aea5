"""Writing an archive while the service goes on.

SQLite is copied by its own backup interface, PostgreSQL table by table in one snapshot (`engine.copies`); both while
the service writes. Files are added after the database, no row refers to a file that was not stored before, and none is
swept meanwhile, so none is missing.
"""

import io
import os
import shutil
import sqlite3
import tarfile
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import orjson

from engine import copies
from engine.clock import wall
from engine.database import Database
from engine.faults import crash_point
from engine.files import FileStore
from handlers.archive.manifest import (
    DATABASE,
    MANIFEST,
    TABLES,
    ArchiveError,
    Manifest,
    check_sqlite,
    contents,
    digest,
    sync,
    told,
)
from handlers.settings import Settings

_PREFIX: Final = ".kes-"
_COPY: Final = "copy"
_ARCHIVE: Final = "archive"
#: After so long without a byte more a backup that stands beside the target was killed.
_ABANDONED: Final = timedelta(days=1)


def save(settings: Settings, target: Path) -> Manifest:
    """Write a backup to a file that appears only when it is whole, however many are written at once.

    Raises ArchiveError, also where there is no room or another kind of file stands there, DamagedError for a damaged
    SQLite file; what stood there before stays then.
    """
    folder = target.absolute().parent
    _check_target(target, folder)
    with told("Резервная копия не сделана"):
        _clear_abandoned(folder)
        with TemporaryDirectory(prefix=_PREFIX, dir=folder) as made:
            copy, aside = Path(made) / _COPY, Path(made) / _ARCHIVE
            copy.mkdir()
            with FileStore(settings.data_dir / "files").kept():
                manifest = _copy_sqlite(settings, copy) if settings.is_sqlite else _copy_tables(settings, copy)
                _write(settings, copy, aside, manifest)
                crash_point("backup.written")
            aside.replace(target)
        sync(folder)
    return manifest


def _check_target(target: Path, folder: Path) -> None:
    if not folder.is_dir():
        raise ArchiveError(f"Нет папки {folder}. Создайте её или укажите другую и повторите.")
    if target.is_dir():
        raise ArchiveError(f"{target} — папка. Укажите имя файла в ней, например {target / 'kes.tar'}.")
    if target.exists() and (not target.is_file() or (target.stat().st_size and not tarfile.is_tarfile(target))):
        raise ArchiveError(f"{target} — не резервная копия, поверх неё копия не пишется. Укажите другое имя.")


def _clear_abandoned(folder: Path) -> None:
    """Take away what backups left beside the target that were killed: it holds a whole copy of the database."""
    until = (wall() - _ABANDONED).timestamp()
    for left in folder.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # another's, or gone meanwhile
            within = list(left.rglob("*"))
            is_ours = left.is_dir() and {path.name for path in left.iterdir()} <= {_COPY, _ARCHIVE}
            if is_ours and all(path.stat().st_mtime <= until for path in (left, *within)):
                shutil.rmtree(left)


def _copy_sqlite(settings: Settings, folder: Path) -> Manifest:
    source = settings.database_file
    if not source.is_file():
        raise ArchiveError(f"Нет файла базы данных {source}.")
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(folder / DATABASE)) as copy:
        live.backup(copy)
    check_sqlite(folder / DATABASE)
    return Manifest()


def _copy_tables(settings: Settings, folder: Path) -> Manifest:
    (folder / TABLES).mkdir()
    with closing(Database(settings.database_url)) as database:
        try:
            revision, tables = copies.write(database, folder / TABLES)
        except copies.CopyError as error:
            raise ArchiveError(str(error)) from error
    return Manifest(revision, tuple(tables))


def _write(settings: Settings, copy: Path, aside: Path, manifest: Manifest) -> None:
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        # A content that is a link is stored as what it leads to: a restore takes nothing but files.
        with tarfile.open(fileobj=out, mode="w", dereference=True) as archive:
            for path in sorted(copy.rglob("*")):
                if path.is_file():
                    _add(archive, manifest, path, path.relative_to(copy).as_posix())
            for path in contents(settings.data_dir / "files"):
                _add(archive, manifest, path, f"files/{path.parent.name}/{path.name}")
            _add_text(archive, MANIFEST, orjson.dumps(manifest.to_json()))
        out.flush()
        os.fsync(out.fileno())


def _add(archive: tarfile.TarFile, manifest: Manifest, path: Path, name: str) -> None:
    manifest.members[name] = digest(path)
    archive.add(path, name)


def _add_text(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))
