import fcntl
import io
import os
import resource
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from io import SEEK_END
from pathlib import Path

import pytest

from engine.clock import wall
from engine.database import Database
from engine.faults import arm
from engine.files import FileStore
from engine.records import settings as kept
from engine.schema import current, head, upgrade
from handlers.archive import ArchiveError, DamagedError, load, save
from handlers.settings import Settings, read_settings
from tests.durability.killer import KILLED, die_at, run_in_child
from tests.handlers.archives import rewrite
from tests.upgrade import stored


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


def test_a_few_bytes_do_not_unpack_to_a_disk_full(tmp_path: Path, backup: Path, allow: Callable[[int], None]) -> None:
    size = 64 << 20
    told = {"major": "1", "minor": "0", "realsize": str(size), "name": f"files/ab/{'c' * 62}"}
    member = tarfile.TarInfo("holes")
    member.size, member.pax_headers = 512, {f"GNU.sparse.{key}": text for key, text in told.items()}
    with tarfile.open(backup, "a") as archive:
        archive.addfile(member, io.BytesIO(f"1\n{size}\n0\n".encode().ljust(512, b"\0")))
    allow(size // 2)
    with pytest.raises(DamagedError):
        load(empty(tmp_path), backup)


def test_nothing_is_swept_between_the_copy_of_the_database_and_that_of_the_files(tmp_path: Path, old: Settings) -> None:
    told = []

    def look(_point: str) -> None:
        with FileStore(old.data_dir / "files").alone() as is_alone:
            told.append(is_alone)

    arm(look)
    save(old, tmp_path / "kes.tar")
    arm(None)
    look("after")
    assert told == [False, True]


@pytest.fixture
def allow() -> Iterator[Callable[[int], None]]:
    """Let this process write no file of more than so many bytes."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_no_room_for_the_last_page_is_no_house(tmp_path: Path, allow: Callable[[int], None]) -> None:
    # An upgrade makes the file longer; SQLite says nothing where its log finds no room in the file as it is closed.
    archive = stored.unpack(stored.HOUSES[0], tmp_path / "kes.tar")
    with tarfile.open(archive) as members:
        allow(members.getmember("database.sqlite").size)
    with pytest.raises(ArchiveError, match="место"):
        load(empty(tmp_path), archive)
    assert not (tmp_path / "new" / "kes.sqlite").exists()


def test_no_room_is_no_damage_and_leaves_what_was_there(
    tmp_path: Path, backup: Path, allow: Callable[[int], None]
) -> None:
    before = backup.read_bytes()
    allow(64 << 10)
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


def test_a_damaged_database_is_no_backup(tmp_path: Path, old: Settings) -> None:
    with (tmp_path / "old" / "kes.sqlite").open("r+b") as file:
        file.seek(file.seek(0, SEEK_END) // 2 // 4096 * 4096)
        file.write(b"x" * 4096)
    with pytest.raises(DamagedError, match="повреждён"):
        save(old, tmp_path / "kes.tar")
    assert not (tmp_path / "kes.tar").exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [("nowhere/kes.tar", "Нет папки"), ("old", "папка"), ("old/kes.sqlite", "поверх"), ("old/secret_key", "поверх")],
)
def test_a_backup_goes_to_no_folder_that_is_not_there_and_over_nothing_else(
    tmp_path: Path, old: Settings, name: str, words: str
) -> None:
    before = (old.data_dir / "kes.sqlite").read_bytes(), (old.data_dir / "secret_key").read_bytes()
    with pytest.raises(ArchiveError, match=words):
        save(old, tmp_path / name)
    assert ((old.data_dir / "kes.sqlite").read_bytes(), (old.data_dir / "secret_key").read_bytes()) == before


def test_two_do_not_restore_into_one_folder_at_once(tmp_path: Path, backup: Path) -> None:
    settings = empty(tmp_path)
    handle = os.open(settings.data_dir, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(ArchiveError, match="уже идёт"):
        load(settings, backup)
    os.close(handle)
    assert [path.name for path in settings.data_dir.iterdir()] == ["secret_key"]


def test_what_a_killed_backup_left_goes_with_the_next_one(tmp_path: Path, old: Settings) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()

    def work() -> None:
        arm(die_at(1, "backup.written"))
        save(old, folder / "kes.tar")

    assert run_in_child(work) == KILLED
    (left,) = folder.iterdir()
    save(old, folder / "kes.tar")
    assert left.exists()  # it might be at work
    for path in (left, *left.rglob("*")):
        os.utime(path, (wall().timestamp() - 90_000,) * 2)
    save(old, folder / "kes.tar")
    assert [path.name for path in folder.iterdir()] == ["kes.tar"]


def test_an_archive_of_another_format_is_no_damage(tmp_path: Path, backup: Path) -> None:
    rewrite(backup, {"manifest.json": b'{"format": 2}'})
    with pytest.raises(ArchiveError, match="или новее") as told:
        load(empty(tmp_path), backup)
    assert not isinstance(told.value, DamagedError)


def test_an_archive_of_one_database_does_not_fit_the_other(
    tmp_path: Path, backup: Path, postgres_url: str, postgres_schema_url: str
) -> None:
    settings = replace(empty(tmp_path), database_url=postgres_url)
    with pytest.raises(ArchiveError, match="другой базы"):
        load(settings, backup)
    with pytest.raises(ArchiveError, match="kes migrate"):
        save(replace(settings, database_url=postgres_schema_url), tmp_path / "other.tar")
