"""A restore or a backup that was broken off anywhere: nothing of it serves, and the same command again ends well."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from engine.database import Database
from engine.errors import UnavailableError
from engine.faults import arm
from engine.files import FileStore
from engine.records import settings as kept
from engine.schema import upgrade
from handlers.archive import ArchiveError, DamagedError, load, save
from handlers.settings import Settings, read_settings
from tests.durability.killer import KILLED, die_at, run_in_child
from tests.handlers.archives import rewrite

Empty = Callable[[], Settings]
POINTS = ("restore.begun", "restore.placed", "commit.before", "commit.after", "restore.upgraded", "restore.filled")


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Settings:
    upgrade(database_url)
    for content in (b"one", b"two"):
        FileStore(tmp_path / "house" / "files").put(content)
    return read_settings({"KES_DATA_DIR": str(tmp_path / "house"), "KES_DATABASE_URL": database_url})


@pytest.fixture
def archive(house: Settings, tmp_path: Path) -> Path:
    save(house, tmp_path / "kes.tar")
    return tmp_path / "kes.tar"


@pytest.fixture
def empty(request: pytest.FixtureRequest, house: Settings, tmp_path: Path) -> Iterator[Empty]:
    """Settings of empty folders, on PostgreSQL with an empty database each."""
    names: list[str] = []

    def made() -> Settings:
        names.append(f"test_{uuid.uuid4().hex[:12]}")
        settings = read_settings({"KES_DATA_DIR": str(tmp_path / names[-1])})
        if house.is_sqlite:
            return settings
        return replace(settings, database_url=request.getfixturevalue("postgres_server").create(names[-1]))

    yield made
    if not house.is_sqlite:
        for name in names:
            request.getfixturevalue("postgres_server").drop(name)


def broken_off(settings: Settings, archive: Path, point: str) -> int:
    """Restore in a process that is killed at a point; how it ended."""

    def work() -> None:
        arm(die_at(1, point))
        load(settings, archive)

    return run_in_child(work)


def epoch_of(settings: Settings) -> int:
    with closing(Database(settings.database_url)) as database, database.read() as connection:
        return int(kept.read_all(connection)["epoch"])


def left_of(settings: Settings) -> list[str]:
    """What lies in the data folder beside its key and the folders of contents."""
    return sorted(p.name for p in settings.data_dir.rglob("*") if p.is_file() and p.name != "secret_key")


def is_whole(settings: Settings) -> bool:
    files = FileStore(settings.data_dir / "files")
    hashes = [path.parent.name + path.name for path in files.folder.glob("??/*")]
    return {files.read(sha256) for sha256 in hashes} == {b"one", b"two"} and epoch_of(settings) == 2


def test_a_restore_killed_anywhere_ends_well_when_it_is_repeated(
    archive: Path, empty: Empty, pytestconfig: pytest.Config
) -> None:
    for point in POINTS if pytestconfig.getoption("--soak") else ("restore.placed", "restore.filled"):
        settings = empty()
        if broken_off(settings, archive, point) == KILLED:
            assert settings.restoring.exists(), point
            load(settings, archive)
        assert is_whole(settings), point
        assert not settings.restoring.exists()


def test_another_archive_takes_the_place_of_a_broken_off_one_unless_that_is_there(
    house: Settings, archive: Path, empty: Empty, tmp_path: Path
) -> None:
    FileStore(house.data_dir / "files").put(b"three")
    save(house, tmp_path / "other.tar")
    begun, filled = empty(), empty()
    assert broken_off(begun, tmp_path / "other.tar", "restore.placed") == KILLED
    load(begun, archive)
    assert is_whole(begun)
    assert broken_off(filled, archive, "restore.filled") == KILLED
    with pytest.raises(ArchiveError, match="другого архива"):
        load(filled, tmp_path / "other.tar")
    assert filled.restoring.exists()


@pytest.mark.parametrize("point", ["commit.before", "commit.after"])
def test_a_database_that_goes_without_an_answer_leaves_all_or_nothing(archive: Path, empty: Empty, point: str) -> None:
    settings = empty()

    def fail(name: str) -> None:
        if name == point:
            raise UnavailableError("База данных недоступна.", may_repeat=True)

    arm(fail)
    with pytest.raises(ArchiveError, match="База данных недоступна") as told:
        load(settings, archive)
    arm(None)
    is_unknown = point == "commit.after" and not settings.is_sqlite
    assert ("повторите kes restore" in str(told.value)) == settings.restoring.exists() == is_unknown
    if not is_unknown:
        assert left_of(settings) == []
    load(settings, archive)
    assert is_whole(settings)


def test_a_database_in_use_and_rows_or_pages_that_none_takes_are_refused_and_leave_nothing(
    house: Settings, archive: Path, empty: Empty
) -> None:
    settings = empty()
    with pytest.raises(ArchiveError, match="не пуста"):
        load(replace(settings, database_url=house.database_url), archive)
    name = "database.sqlite" if settings.is_sqlite else "tables/setting.rows"
    rewrite(archive, {name: b"no database\n"}, is_listed=True)
    with pytest.raises(DamagedError):
        load(settings, archive)
    assert left_of(settings) == []
