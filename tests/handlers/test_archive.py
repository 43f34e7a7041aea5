import io
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from engine.files import FileStore
from handlers.archive import ArchiveError, DamagedError, load, save
from handlers.settings import Settings, read_settings


def make_house(folder: Path) -> Settings:
    settings = read_settings({"KES_DATA_DIR": str(folder)})
    with closing(sqlite3.connect(folder / "kes.sqlite")) as connection:
        connection.execute("CREATE TABLE thing (name TEXT)")
        connection.execute("INSERT INTO thing VALUES ('дело')")
        connection.commit()
    return settings


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    settings = make_house(tmp_path / "old")
    FileStore(tmp_path / "old" / "files").put("программа".encode())
    save(settings, tmp_path / "kes.tar")
    return tmp_path / "kes.tar"


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
    (kept,) = [path for path in (tmp_path / "new" / "files").glob("??/*") if path.is_file()]
    assert kept.read_bytes() == "программа".encode()
    assert backup.stat().st_mode & 0o777 == 0o600


def test_nothing_is_restored_over_what_is_there(tmp_path: Path, backup: Path) -> None:
    settings = make_house(tmp_path / "used")
    with pytest.raises(ArchiveError, match="не пуста"):
        load(settings, backup)


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
