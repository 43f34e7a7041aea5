"""No room, or no writing: a clear error, what was acknowledged stays, reading goes on, and recovery comes by itself."""

import contextlib
import resource
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine import cases, inbox
from engine.documents import add_document, documents_of
from engine.doors import drain, perform
from engine.errors import UnavailableError
from engine.facts import Fact
from engine.files import FullDiskError
from engine.outbox import queue_letter, send_letters
from engine.records.tables import outbox
from handlers.errors import problem_of
from tests.durability.crew import CREW, PATIENCE, opened, stuck_or_false
from tests.engine.house import CLERK, House

#: Bytes: more than a test's database has, less than the file that is stored.
LIMIT = 24 << 20
ROOM = 16


@pytest.fixture
def house(schema_url: str, tmp_path: Path) -> Iterator[House]:
    house = House(schema_url, tmp_path)
    yield house
    house.runtime.database.close()


class Pages:
    """How many pages a SQLite database may have: told to the connection that rests, and to each that is opened."""

    def __init__(self, house: House) -> None:
        self._database = house.runtime.database
        self._most = 1_000_000
        sa.event.listen(self._database.engine, "connect", self._tell)

    def allow(self, most: int) -> None:
        """Have so many pages from now on."""
        self._most = most
        with self._database.session() as session:
            self._tell(session.connection.connection.driver_connection, None)

    def _tell(self, connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={self._most}")


@pytest.fixture
def small(sqlite_template: Path, tmp_path: Path) -> Iterator[House]:
    copy = tmp_path / "kes.sqlite"
    copy.write_bytes(sqlite_template.read_bytes())
    house = House(f"sqlite:///{copy}", tmp_path)
    yield house
    house.runtime.database.close()


def fill(house: House, case: str) -> tuple[int, UnavailableError]:
    """Complete rounds until there is no room; how many were acknowledged, and what was told then."""
    number = 0
    while True:
        try:
            house.complete(case, "again", remark="текст " * 300)
        except UnavailableError as error:
            return number, error
        number += 1


def test_a_full_database_refuses_writing_keeps_reading_and_recovers(small: House) -> None:
    pages = Pages(small)
    case = small.start()
    with small.runtime.reading() as tx:
        used = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    pages.allow(used + ROOM)
    acknowledged, error = fill(small, case)
    assert acknowledged > 0
    problem = problem_of(error)
    assert (problem.status, problem.type, problem.headers) == (503, "unavailable", {"Retry-After": "5"})
    assert "место" in problem.title
    for _time in range(3):
        with pytest.raises(UnavailableError):
            small.complete(case, "again", remark="текст " * 300)
    assert small.case(case)["at"] == ["check"]
    assert small.kinds(case).count("task.completed") == acknowledged
    assert stuck_or_false(small, case) == []
    pages.allow(1_000_000)
    small.complete(case, "again", remark="место есть")
    assert small.kinds(case).count("task.completed") == acknowledged + 1
    assert stuck_or_false(small, case) == []
    with small.runtime.reading() as tx:
        assert tx.connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"


def note_until_full(house: House, case: str) -> None:
    """Tell the shortest facts until none has room: the longer ones of a firing have none then either.

    What else is written has room of its own and proves nothing: an index page may be full while the history's is not.
    """

    def tell(tx: Any) -> None:
        cases.tell(tx, case, [Fact("note", None, {})], actor=CLERK)

    while True:
        try:
            perform(house.runtime, tell, actor=CLERK)
        except UnavailableError:
            return


def test_without_room_a_tick_fails_and_the_next_one_fires(small: House) -> None:
    pages = Pages(small)
    case = small.start()
    with small.runtime.reading() as tx:
        used = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    pages.allow(used + ROOM)
    fill(small, case)
    note_until_full(small, case)
    with pytest.raises(UnavailableError):
        small.advance("2026-01-20T12:00:00+03:00")
    pages.allow(1_000_000)
    small.advance("2026-01-20T12:00:00+03:00")
    assert small.kinds(case).count("task.escalated") == 1
    assert stuck_or_false(small, case) == []


def test_a_database_that_somebody_else_keeps_is_told_as_busy(small: House, monkeypatch: pytest.MonkeyPatch) -> None:
    case = small.start()
    task = small.task(case)["id"]
    small.runtime.database.close()
    monkeypatch.setattr("engine.database._PATIENCE", 1)
    other = sqlite3.connect(small.url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(UnavailableError) as busy:
        perform(small.runtime, lambda tx: inbox.claim(tx, task, actor=CLERK), actor=CLERK)
    assert problem_of(busy.value).status == 503
    assert "locked" not in busy.value.message
    assert small.case(case)["at"] == ["check"]
    other.execute("ROLLBACK")
    other.close()
    perform(small.runtime, lambda tx: inbox.claim(tx, task, actor=CLERK), actor=CLERK)
    assert small.task(case)["assignee"] == "olga"


def store(case: str, size: int) -> Callable[[Any], Any]:
    """An act that files a document of a size and tells nothing else."""

    def act(tx: Any) -> Any:
        content = b"\x01" * size
        return add_document(
            tx,
            case=case,
            kind="other",
            title="Файл",
            name="a.bin",
            media_type="application/pdf",
            content=content,
            by="x",
        )

    return act


def small_files(url: str, folder: Path, case: str, tells: Any) -> None:
    """In a process that may write no large file: what storing one is answered with, before and after there is room."""
    house = opened(url, folder)
    _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, hard))
    told: list[Any] = []
    for size in (LIMIT + 1, 1_000):
        try:
            perform(house.runtime, store(case, size), actor=CLERK, name="file")
            told.append("ok")
        except FullDiskError as error:
            told.append((problem_of(error).status, problem_of(error).type))
    told.append([p.name for p in (folder / "files" / "tmp").iterdir()])
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    perform(house.runtime, store(case, LIMIT + 1), actor=CLERK, name="file")
    house.runtime.database.close()
    tells.send(told)


def test_a_file_without_room_is_refused_as_a_whole_and_stored_later(house: House) -> None:
    case = house.start()
    house.runtime.database.close()
    ours, theirs = CREW.Pipe(duplex=False)
    member = CREW.Process(target=small_files, args=(house.url, house.folder, case, theirs))
    member.start()
    theirs.close()
    with contextlib.closing(ours):
        assert ours.poll(PATIENCE)
        assert ours.recv() == [(507, "storage_full"), "ok", []]
    member.join(PATIENCE)
    with house.runtime.reading() as tx:
        assert [row["size"] for row in documents_of(tx, case=case)] == [1_000, LIMIT + 1]
    assert house.case(case)["at"] == ["check"]


class FullStore:
    """A file store that is full until there is room again."""

    def __init__(self) -> None:
        self.is_full = True


def test_a_message_that_finds_no_room_for_its_file_waits(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    case, other = house.start(), house.start()
    disk = FullStore()

    @house.runtime.registry.delivery("leave", "withdrawal")
    def keep(call: Any, payload: Any) -> Any:
        if disk.is_full and payload.get("file"):
            raise FullDiskError("Нет места.")
        return {}

    with house.runtime.transaction() as tx:
        tx.send("withdrawal", {"case": case}, {"file": True})
        tx.send("withdrawal", {"case": other}, {})
    drain(house.runtime)
    assert (house.case(case)["state"], house.case(other)["end"]) == ("active", "withdrawn")
    disk.is_full = False
    drain(house.runtime)
    assert house.case(case)["end"] == "withdrawn"
    assert stuck_or_false(house, case) == []


def test_a_letter_sent_while_the_database_goes_away_is_sent_again_with_the_same_name(small: House) -> None:
    sent: list[str] = []
    pages = Pages(small)

    class Postman:
        def post(self, *, identity: str, to: str, subject: str, body: str) -> None:
            sent.append(identity)
            pages.allow(1 if len(sent) == 1 else 1_000_000)

    identity = perform(
        small.runtime, lambda tx: queue_letter(tx, "note", case=None, to="a@b.example", subject="Весть", body="…")
    )
    with small.runtime.transaction() as tx:
        before = tx.connection.execute(sa.select(outbox.c.attempts)).scalar_one()
    with contextlib.suppress(UnavailableError):
        send_letters(small.runtime, Postman())
    pages.allow(1_000_000)
    with small.runtime.transaction() as tx:
        tx.connection.execute(outbox.update(), {"next_at": tx.wall})
    send_letters(small.runtime, Postman())
    assert before == 0
    assert set(sent) == {identity}
    with small.runtime.reading() as tx:
        assert tx.connection.execute(sa.select(outbox.c.id)).all() == []
