"""Who has waited long for an SQLite file goes to the gate and is the next, whoever comes back at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.database import Database
from engine.gate import Gate
from tests.greed import greedy, passed_over

_LONG = 60.0


@contextmanager
def noting(database: Database, number: int) -> Iterator[None]:
    """A transaction that notes a number, and lasts as long as the block."""
    with database.write() as connection:
        connection.execute(sa.text("INSERT INTO noted VALUES (:n)"), {"n": number})
        yield


def test_a_writer_that_comes_back_at_once_passes_nobody_over_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.database._SOON", 0.0)  # what looks all the time is soon lucky without a gate
    url = f"sqlite:///{tmp_path / 'base'}"
    hasty, patient = Database(url), Database(url)
    with patient.write() as connection:
        connection.execute(sa.text("CREATE TABLE noted (n integer)"))
    with greedy(partial(noting, hasty, 1), 0.1) as taken:
        for _time in range(3):
            # The turn that stands; the rest is for a slow machine.
            assert passed_over(taken, partial(noting, patient, 2)) < 12
    with patient.read() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM noted WHERE n = 2")).scalar() == 3
    hasty.close()
    patient.close()


def test_nobody_goes_by_a_closed_gate_and_patience_has_an_end(tmp_path: Path) -> None:
    path = str(tmp_path / "base")
    with Gate(path).closed(_LONG):
        with pytest.raises(TimeoutError):
            Gate(path).pass_by(0.01)
        with pytest.raises(TimeoutError), Gate(path).closed(0.01):
            pytest.fail("two stood in the gate")
    Gate(path).pass_by(0.01)
    with Gate(path).closed(0.01):
        pass


def test_where_no_file_can_be_had_there_is_no_gate(tmp_path: Path) -> None:
    path = str(tmp_path / "nowhere" / "base")
    with Gate(path).closed(0.01), Gate(path).closed(0.01):
        Gate(path).pass_by(0.01)


def test_threads_of_one_process_write_in_turn_and_give_it_back_whatever_happens(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'base'}")
    assert database.turn is not None
    with database.write() as connection:
        connection.execute(sa.text("CREATE TABLE noted (n integer PRIMARY KEY)"))

    def write(first: int) -> None:
        for number in range(first, first + 20):
            with database.write() as connection:
                connection.execute(sa.text("INSERT INTO noted VALUES (:n)"), {"n": number})

    threads = [threading.Thread(target=write, args=(100 * number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with pytest.raises(sa.exc.IntegrityError):
        write(0)
    with database.session() as session:
        session.begin()
        during = database.turn.is_taken
    assert (during, database.turn.is_taken) == (True, False)
    with database.read() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM noted")).scalar() == 160
    database.close()
