import io
import resource
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from engine.database import Database
from engine.files import FileStore
from engine.records import settings as kept
from engine.schema import current, head, upgrade
from handlers.archive import ArchiveError, DamagedError, load, save
from handlers.settings import Settings, read_settings


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file as `kes migrate` makes it, with a table of its own; to be copied."""
    path = tmp_path_factory.mktemp("stored") / "kes.sqlite"
    upgrade(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE thing (name TEXT)")
        connection.execute("INSERT INTO thing VALUES ('дело')")
        connection.commit()
    return path


@pytest.fixture
def old(tmp_path: Path, database: Path) -> Settings:
    settings = read_settings({"KES_DATA_DIR": str(tmp_path / "old")})
    shutil.copy(database, tmp_path / "old" / "kes.sqlite")
    FileStore(tmp_path / "old" / "files").put("программа".encode())
    return settings


@pytest.fixture
def backup(tmp_path: Path, old: Settings) -> Path:
    save(old, tmp_path / "kes.tar")
    return tmp_path / "kes.tar"


def contents_of(folder: Path) -> list[Path]:
    return [path for path in (folder / "files").glob("??/*") if path.is_file()]


def content_of(folder: Path) -> Path:
    (found,) = contents_of(folder)
    return found


def empty(tmp_path: Path) -> Settings:
    return read_settings({"KES_DATA_DIR": str(tmp_path / "new")})


def rewrite(backup: Path, changes: dict[str, bytes | None], added: dict[str, bytes] | None = None) -> None:
    with tarfile.open(backup) as archive:
        members = {m.name: archive.extractfile(m).read() for m in archive}  # type: ignore[union-attr]
    members = {name: changes.get(name, content) for name, content in members.items()} | (added or {})
    with tarfile.open(backup, "w") as archive:
        for name, content in members.items():
            if content is not None:
                info = tarfile.TarInfo(name)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))


def test_what_was_saved_comes_back_whole(tmp_path: Path, backup: Path) -> None:
    settings = empty(tmp_path)
    load(settings, backup)
    with closing(sqlite3.connect(tmp_path / "new" / "kes.sqlite")) as connection:
        assert connection.execute("SELECT name FROM thing").fetchall() == [("дело",)]
    assert content_of(tmp_path / "new").read_bytes() == "программа".encode()
    assert backup.stat().st_mode & 0o777 == 0o600


def test_no_moment_exists_at_which_a_restored_house_would_send_old_post(tmp_path: Path, backup: Path) -> None:
    settings = empty(tmp_path)
    load(settings, backup)
    with closing(Database(settings.database_url)) as database:
        assert current(database) == head()
        with database.read() as connection:
            assert kept.read_all(connection)["epoch"] == 2


@pytest.mark.parametrize("ending", ["", "-wal", "-journal"])
def test_nothing_is_restored_over_what_is_there(tmp_path: Path, backup: Path, ending: str) -> None:
    # SQLite would play a log that an earlier database left into the restored one, and nobody would be told.
    settings = empty(tmp_path)
    (tmp_path / "new" / f"kes.sqlite{ending}").write_bytes(b"what is left")
    with pytest.raises(ArchiveError, match="не пуста"):
        load(settings, backup)
    assert not contents_of(tmp_path / "new")


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        yield Path(folder)


def test_files_and_database_may_lie_on_file_systems_of_their_own(tmp_path: Path, backup: Path, elsewhere: Path) -> None:
    settings = replace(empty(tmp_path), database_url=f"sqlite:///{elsewhere / 'kes.sqlite'}")
    (elsewhere / "files").mkdir()
    (tmp_path / "new" / "files").symlink_to(elsewhere / "files")
    load(settings, backup)
    assert content_of(elsewhere).read_bytes() == "программа".encode()
    assert sorted(path.name for path in elsewhere.iterdir()) == ["files", "kes.sqlite"]


def test_a_content_that_is_a_link_is_saved_as_a_file(tmp_path: Path, old: Settings) -> None:
    content = content_of(old.data_dir)
    content.rename(tmp_path / "moved")
    content.symlink_to(tmp_path / "moved")
    save(old, tmp_path / "kes.tar")
    load(empty(tmp_path), tmp_path / "kes.tar")
    assert content_of(tmp_path / "new").read_bytes() == "программа".encode()


def test_a_backup_tells_which_files_are_damaged_already(tmp_path: Path, old: Settings) -> None:
    assert save(old, tmp_path / "kes.tar").damaged == []
    content = content_of(old.data_dir)
    content.write_bytes(b"rotten")
    (told,) = save(old, tmp_path / "kes.tar").damaged
    assert told == content.relative_to(old.data_dir).as_posix()


@pytest.fixture
def no_room() -> Iterator[None]:
    """Let this process write no file of more than 64 kB."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 << 10, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_no_room_is_no_damage_and_leaves_what_was_there(tmp_path: Path, backup: Path, no_room: None) -> None:
    before = backup.read_bytes()
    with pytest.raises(ArchiveError, match="место"):
        save(read_settings({"KES_DATA_DIR": str(tmp_path / "old")}), backup)
    assert backup.read_bytes() == before
    with pytest.raises(ArchiveError, match="место") as told:
        load(empty(tmp_path), backup)
    assert not isinstance(told.value, DamagedError)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kes.tar", "new", "old"]
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret_key"]


def changed_file(backup: Path) -> None:
    with tarfile.open(backup) as archive:
        (name,) = [n for n in archive.getnames() if n.startswith("files/")]
    rewrite(backup, {name: b"other"})


def lost_file(backup: Path) -> None:
    with tarfile.open(backup) as archive:
        (name,) = [n for n in archive.getnames() if n.startswith("files/")]
    rewrite(backup, {name: None})


def cut_short(backup: Path) -> None:
    backup.write_bytes(backup.read_bytes()[:3000])


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a changed file": changed_file,
    "a lost file": lost_file,
    "cut short": cut_short,
    "another database": lambda backup: rewrite(backup, {"database.sqlite": b"other"}),
    "no manifest": lambda backup: rewrite(backup, {"manifest.json": None}),
    "another manifest": lambda backup: rewrite(backup, {"manifest.json": b"[]"}),
    "a name outside": lambda backup: rewrite(backup, {}, {"../outside": b"x"}),
    "a file more": lambda backup: rewrite(backup, {}, {"files/ab/" + "c" * 62: b"x"}),
    "no archive": lambda backup: backup.write_bytes(b"no archive"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_archive_is_refused_and_leaves_nothing(tmp_path: Path, backup: Path, damage: str) -> None:
    DAMAGES[damage](backup)
    settings = empty(tmp_path)
    with pytest.raises(DamagedError):
        load(settings, backup)
    assert not (tmp_path / "new" / "kes.sqlite").exists()
    assert not (tmp_path / "outside").exists()


def test_an_archive_of_one_database_does_not_fit_the_other(
    tmp_path: Path, backup: Path, postgres_url: str, postgres_schema_url: str
) -> None:
    settings = replace(empty(tmp_path), database_url=postgres_url)
    with pytest.raises(ArchiveError, match="другой базы"):
        load(settings, backup)
    with pytest.raises(ArchiveError, match="kes migrate"):
        save(replace(settings, database_url=postgres_schema_url), tmp_path / "other.tar")
