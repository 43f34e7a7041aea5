"""What no row names is swept from the file store, and what a row names never is, whatever happens in that moment."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from engine.clock import wall
from engine.documents import add_document, documents_of, drop_document
from engine.doors import perform
from engine.faults import arm
from engine.files import FileStore
from engine.records import settings
from engine.sweeps import KEEPING, STRAY, UNPLACED, Sweeps, sweep
from tests.durability.crew import CREW, PATIENCE, Subject, opened, race
from tests.engine.house import CLERK, House

MINUTE = timedelta(minutes=1)


@pytest.fixture
def house(schema_url: str, tmp_path: Path) -> Iterator[House]:
    """A house that has kept its files for a year."""
    house = House(schema_url, tmp_path)
    keep(house, timedelta(days=365), timedelta(days=1))
    yield house
    house.runtime.database.close()


def keep(house: House, since: timedelta, last: timedelta) -> None:
    """Let a house have kept its files for so long, and swept them last so long ago."""
    with house.runtime.transaction() as tx:
        told = {"since": (wall() - since).isoformat(), "last": (wall() - last).isoformat()}
        settings.write(tx.connection, KEEPING, told)


def files_of(house: House) -> FileStore:
    assert house.runtime.files is not None
    return house.runtime.files


def age(path: Path, by: timedelta) -> None:
    """Let a file have been written so long ago."""
    moment = (wall() - by).timestamp()
    os.utime(path, (moment, moment))


def stray(house: House, content: bytes, by: timedelta = STRAY + MINUTE) -> Path:
    """A content that no row names, of that age."""
    path = files_of(house).path(files_of(house).put(content)[0])
    age(path, by)
    return path


def file(content: bytes, case: str | None = None) -> Callable[[Any], Any]:
    """An act that files a document."""
    return lambda tx: add_document(
        tx, case=case, kind="other", title="Файл", name="a.txt", media_type="text/plain", content=content, by="olga"
    )


def test_only_old_contents_that_no_row_names_are_taken_away(house: House) -> None:
    files = files_of(house)
    with house.runtime.transaction() as tx:
        kept, dropped = file(b"kept")(tx), file(b"dropped")(tx)
        drop_document(tx, file(b"kept")(tx)["id"])  # one of two rows
        drop_document(tx, dropped["id"])
    for row in (kept, dropped):
        age(files.path(row["sha256"]), STRAY + MINUTE)
    rolled_back, fresh = stray(house, b"rolled back"), stray(house, b"fresh", STRAY - MINUTE)
    before = stray(house, b"before this database", timedelta(days=400))
    uploading, killed = files.folder / "tmp" / "uploading", files.folder / "tmp" / "killed"
    for path in (uploading, killed):
        path.write_bytes(b"half")
    age(uploading, UNPLACED - MINUTE)
    age(killed, UNPLACED + MINUTE)
    sweeps = Sweeps(house.runtime)
    assert sweeps() == 2
    assert files.read(kept["sha256"]) == b"kept"
    assert not files.path(dropped["sha256"]).exists()
    assert (rolled_back.exists(), fresh.exists(), before.exists()) == (False, True, True)
    assert (uploading.exists(), killed.exists()) == (True, False)
    age(fresh, STRAY + MINUTE)
    assert sweeps() == 0
    assert Sweeps(house.runtime)() == 1


def test_a_new_database_and_an_old_copy_of_one_take_no_file_that_lies_there_already(
    schema_url: str, tmp_path: Path
) -> None:
    house = House(schema_url, tmp_path)
    path = stray(house, b"of another database")
    assert [Sweeps(house.runtime)() for _time in range(2)] == [0, 0]
    keep(house, timedelta(days=365), STRAY + MINUTE)
    assert [Sweeps(house.runtime)() for _time in range(2)] == [0, 0]
    assert path.exists()
    house.runtime.database.close()


def test_nothing_is_taken_while_somebody_counts_on_it(house: House) -> None:
    path = stray(house, b"stray")
    with files_of(house).kept():
        assert sweep(house.runtime.database, files_of(house), wall()) is None
        assert path.exists()
    assert sweep(house.runtime.database, files_of(house), wall()) == 1


def content_of(subject: Subject) -> bytes:
    return f"content {subject.number}".encode()


def sweep_it(found: Any, synced: Any, house: House, subject: Subject, _me: Any) -> None:
    """Find the content as an old stray, and take it away just as somebody is about to place it again."""
    stray(house, content_of(subject))

    def wait(name: str) -> None:
        if name == "sweep.found":
            found.set()
            assert synced.wait(PATIENCE)
            synced.clear()

    arm(wait)
    assert sweep(house.runtime.database, files_of(house), wall()) == 1
    arm(None)


def upload_it(found: Any, synced: Any, house: House, subject: Subject, _me: Any) -> None:
    """File the same content, once the sweep has found it."""
    assert found.wait(PATIENCE)
    found.clear()
    arm(lambda name: synced.set() if name == "file.synced" else None)
    perform(house.runtime, file(content_of(subject), subject.case), actor=CLERK, name="file")
    arm(None)


def test_a_content_uploaded_again_as_the_sweep_takes_it_is_not_lost(house: House, pytestconfig: pytest.Config) -> None:
    rounds = 300 if pytestconfig.getoption("--soak") else 8
    case = house.start()
    subjects = [Subject(case, "", number) for number in range(rounds)]
    house.runtime.database.close()
    found, synced = CREW.Event(), CREW.Event()
    racers = partial(sweep_it, found, synced), partial(upload_it, found, synced)
    words = race(partial(opened, house.url, house.folder), racers, subjects)
    assert words == [["ok", "ok"]] * rounds
    with house.runtime.reading() as tx:
        rows = documents_of(tx, case=case)
    assert sorted(files_of(house).read(row["sha256"]) for row in rows) == sorted(map(content_of, subjects))
