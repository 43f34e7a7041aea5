"""An archive becomes a house: unpacked and compared aside, then its files are placed, then its database, in one go.

What is aside (`Settings.restoring`) goes last. While it stands no command serves or changes this house, and the next
restore begins anew; where the database is in place already it only finishes.
"""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from engine import copies
from engine.database import Database
from engine.errors import UnavailableError
from engine.faults import crash_point
from handlers.archive.manifest import (
    DATABASE,
    MANIFEST,
    TABLES,
    ArchiveError,
    DamagedError,
    Manifest,
    check_sqlite,
    contents,
    digest,
    fold_log,
    sync,
    told,
)
from handlers.archive.unpacking import compare, mark_of, unpack
from handlers.settings import Settings

#: What SQLite lays beside its file and would play into another one of that name.
_BESIDE: Final = ("", "-wal", "-shm", "-journal")
_NOT_EMPTY: Final = "Восстановление возможно только в пустую"


def load(settings: Settings, source: Path) -> None:
    """Unpack a backup into an empty data folder, and into an empty database where that is PostgreSQL.

    What appears there stands at this program's schema and in the next epoch (`engine.epochs`). One that was broken off
    is begun anew, or finished where the database was in place. Raises ArchiveError where the folder or the database is
    in use or of another kind, or there is no room, DamagedError where a hash differs or a name has no business in a
    backup. Then nothing is left behind, unless nobody knows whether the database was filled: the message says so.
    """
    if not source.is_file():
        raise ArchiveError(f"Нет файла {source}.")
    with told("Копия не восстановлена"), _alone(settings.data_dir):
        if settings.restoring.exists():
            found = _mark_of(settings)
            if found is not None:
                _finish(settings, source, found)
                return
            _clear(settings)
        _check_empty(settings)
        settings.restoring.mkdir()
        crash_point("restore.begun")
        manifest = _place_files(settings, source)
        _place_database(settings, manifest, source)
        crash_point("restore.filled")
        shutil.rmtree(settings.restoring)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let nobody else restore into a folder meanwhile."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ArchiveError(f"В папку {folder} уже идёт восстановление. Дождитесь его конца.") from error
        except OSError:
            pass  # a place without such locks
        yield
    finally:
        os.close(handle)


def _check_empty(settings: Settings) -> None:
    files = settings.data_dir / "files"
    if any(contents(files)):
        raise ArchiveError(f"Папка {files} не пуста. {_NOT_EMPTY}.")
    if settings.is_sqlite:
        path = settings.database_file
        for ending in _BESIDE:
            beside = path.with_name(path.name + ending)
            if beside.exists():
                raise ArchiveError(f"Папка {path.parent} не пуста ({beside.name}). {_NOT_EMPTY}.")
        return
    with closing(Database(settings.database_url)) as database:
        if not copies.is_empty(database):
            raise ArchiveError(f"База данных не пуста. {_NOT_EMPTY}.")


def _mark_of(settings: Settings) -> str | None:
    """Which archive the database was filled from; None where there is none, or it is empty."""
    if settings.is_sqlite and not settings.database_file.exists():
        return None
    with closing(Database(settings.database_url)) as database:
        return copies.mark_of(database)


def _finish(settings: Settings, source: Path, found: str) -> None:
    """Finish a restore that was broken off with everything in place."""
    if mark_of(source) != found:
        raise ArchiveError(
            f"В папке {settings.data_dir} не закончено восстановление другого архива. Повторите kes restore с ним"
            " или начните в пустой папке (на PostgreSQL ещё и с пустой базой)."
        )
    shutil.rmtree(settings.restoring)


def _clear(settings: Settings) -> None:
    """Take away what was placed and what was laid aside: before it there was nothing."""
    for folder in (settings.data_dir / "files").glob("??"):
        shutil.rmtree(folder)
    shutil.rmtree(settings.restoring)


def _place_files(settings: Settings, source: Path) -> Manifest:
    aside = settings.restoring
    try:
        manifest = unpack(source, aside)
        compare(aside, manifest)
        if (manifest.revision is None) != settings.is_sqlite:
            raise ArchiveError("Архив другой базы: SQLite восстанавливается в SQLite, PostgreSQL в PostgreSQL.")
        for name in manifest.files:
            _move(aside / name, settings.data_dir / name)
            crash_point("restore.placed")
        os.sync()  # before the database: no row ever refers to a file that is not on the disk
    except BaseException:
        _clear(settings)
        raise
    return manifest


def _place_database(settings: Settings, manifest: Manifest, source: Path) -> None:
    try:
        if settings.is_sqlite:
            _place_file(settings)
        else:
            _fill(settings, manifest)
    except BaseException as error:
        if _is_surely_empty(settings, error):
            _clear(settings)
        elif isinstance(error, UnavailableError):
            text = f"Неизвестно, заполнена ли база данных. {error.message} Затем повторите kes restore {source}"
            raise ArchiveError(text) from error
        if isinstance(error, copies.CopyError):
            kind = DamagedError if isinstance(error, copies.RowsError) else ArchiveError
            raise kind(str(error)) from error
        raise


def _is_surely_empty(settings: Settings, error: BaseException) -> bool:
    """Whether the database holds nothing of the copy and never will, after that error."""
    if settings.is_sqlite:
        return not settings.database_file.exists()
    return isinstance(error, copies.CopyError) or (isinstance(error, UnavailableError) and error.may_repeat)


def _place_file(settings: Settings) -> None:
    copy = settings.restoring / DATABASE
    check_sqlite(copy)
    copies.take_over(copy, digest(settings.restoring / MANIFEST))
    fold_log(copy)
    sync(copy)
    crash_point("restore.upgraded")
    _move(copy, settings.database_file)
    sync(settings.database_file.parent)


def _fill(settings: Settings, manifest: Manifest) -> None:
    mark = digest(settings.restoring / MANIFEST)
    with closing(Database(settings.database_url)) as database:
        copies.fill(database, settings.restoring / TABLES, str(manifest.revision), manifest.tables, mark)


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
            sync(beside)
            beside.replace(place)
        finally:
            beside.unlink(missing_ok=True)
