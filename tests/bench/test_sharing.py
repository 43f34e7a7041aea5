"""On SQLite threads that wait to write have their steps written in one transaction, each as if it were alone."""

import contextlib
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from bench.house import PERSON, House, Running
from bench.story import SCENES, SMALL, form_of
from engine import history
from engine.cases import get_case
from engine.database import Connection
from engine.errors import ConflictError, UnavailableError
from engine.turn import Turn
from tests.greed import greedy, passed_over

_LONG = 60.0
_FORM = form_of(SCENES[0], SMALL, "shared")


@pytest.fixture
def house(sqlite_template: Path, tmp_path: Path) -> Iterator[House]:
    made = House(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'kes.sqlite')}")
    yield made
    made.close()


def turn_of(house: House) -> Turn:
    turn = house.runtime.database.turn
    assert turn is not None
    return turn


def begun(house: House, count: int) -> list[Running]:
    """Cases at their first task."""
    cases = [house.start(f"shared {number}") for number in range(count)]
    for case in cases:
        house.look(case)
    return cases


def held_up(house: House, works: Sequence[Callable[[], None]]) -> int:
    """Let threads come to the point where they wait to write, then let them go; how many commits they took."""
    commits: list[object] = []
    with house.runtime.database.session() as session:
        session.begin()
        threads = [threading.Thread(target=work) for work in works]
        for thread in threads:
            thread.start()
        for _look in range(12_000):
            if turn_of(house).shares == len(works):
                break
            threads[0].join(0.005)
        assert turn_of(house).shares == len(works)
        sa.event.listen(house.runtime.database.engine, "commit", commits.append)
    for thread in threads:
        thread.join(120)
    return len(commits)


def completed(house: House, case: Running) -> int:
    """How often the case's first task is completed in its verified history."""
    with house.runtime.reading() as tx:
        assert history.verify(tx, get_case(tx, case.id, PERSON)).differences == ()
        return [e["kind"] for e in history.read(tx, case.id)["items"]].count("task.completed")


def test_steps_of_several_threads_are_one_commit(house: House) -> None:
    cases = begun(house, 4)
    works = [partial(house.complete, case, SCENES[0], _FORM) for case in cases]
    assert held_up(house, works) == 1
    assert [completed(house, case) for case in cases] == [1] * 4


def test_of_two_steps_of_one_case_in_one_commit_the_second_is_made_again(house: House) -> None:
    (case,) = begun(house, 1)
    (task,) = case.open["review"]
    told: list[str] = []

    def complete() -> None:
        try:
            house.complete(Running(case.id, {"review": [task]}), SCENES[0], _FORM)
        except ConflictError as error:
            told.append(error.slug_)

    assert held_up(house, [complete, complete]) > 1
    assert told == ["already_done"]
    assert completed(house, case) == 1


def test_changes_that_cannot_be_written_harm_nobody_elses(house: House) -> None:
    cases = begun(house, 3)
    told: list[str] = []

    def write(connection: Connection) -> bool:
        connection.exec_driver_sql("UPDATE task SET state = 'lost'")
        raise ValueError("no")

    def fail() -> None:
        try:
            with house.runtime.database.session() as session:
                session.share(turn_of(house), write)
        except ValueError:
            told.append("failed")

    works = [partial(house.complete, case, SCENES[0], _FORM) for case in cases]
    assert held_up(house, [*works[:2], fail, works[2]]) == 3
    assert told == ["failed"]
    assert [completed(house, case) for case in cases] == [1] * 3


def test_where_the_connection_goes_while_many_write_nobody_is_told_that_it_is_kept(house: House) -> None:
    cases = begun(house, 3)
    told: list[str] = []

    def write(connection: Connection) -> bool:
        connection.connection.driver_connection.close()  # type: ignore[union-attr]
        raise ValueError("no")

    def fail() -> None:
        with house.runtime.database.session() as session:
            session.share(turn_of(house), write)

    def work(act: Callable[[], None]) -> None:
        try:
            act()
        except (ValueError, sa.exc.DBAPIError, UnavailableError):
            told.append("failed")

    works: list[Callable[[], None]] = [partial(house.complete, case, SCENES[0], _FORM) for case in cases]
    held_up(house, [partial(work, act) for act in [*works, fail]])
    kept = sum(completed(house, case) for case in cases)
    assert (kept, len(told)) == (4 - len(told), 4 - kept)


def test_patience_with_who_has_the_turn_has_an_end() -> None:
    turn = Turn()
    turn.take(0.01)
    with pytest.raises(TimeoutError):
        turn.take(0.01)
    turn.leave()
    turn.take(0.01)


def test_a_thread_that_comes_back_at_once_passes_nobody_over_for_long() -> None:
    turn = Turn()

    @contextmanager
    def taking() -> Iterator[None]:
        turn.take(_LONG)
        yield
        turn.leave()

    with greedy(taking, 0.03) as taken:  # longer than anybody is passed over
        for _time in range(3):
            assert passed_over(taken, taking) <= 12  # one, and the rest for a slow machine


@pytest.mark.parametrize("point", ["write", "commit"])
def test_where_the_thread_that_writes_for_others_is_broken_off_nobody_is_told_that_it_is_kept(
    house: House, point: str
) -> None:
    cases = begun(house, 3)
    engine = house.runtime.database.engine
    stops = [KeyboardInterrupt()]
    acknowledged: list[int] = []

    def stop(_connection: object) -> bool:
        if stops:
            raise stops.pop()
        return True

    def work(number: int) -> None:
        with contextlib.suppress(KeyboardInterrupt, UnavailableError):
            house.complete(cases[number], SCENES[0], _FORM)
            acknowledged.append(number)

    def write() -> None:
        with contextlib.suppress(KeyboardInterrupt, UnavailableError), house.runtime.database.session() as session:
            session.share(turn_of(house), stop)

    works: list[Callable[[], None]] = [partial(work, number) for number in range(3)]
    if point == "commit":
        sa.event.listen(engine, "commit", stop)
        held_up(house, works)
        sa.event.remove(engine, "commit", stop)
    else:
        held_up(house, [*works, write])
    assert not stops
    assert [completed(house, case) for case in cases] == [int(number in acknowledged) for number in range(3)]
    if point == "write":  # nothing was sent, so the others' steps are made again
        assert len(acknowledged) >= 2
    else:
        assert not acknowledged, "whether a COMMIT that was sent came through nobody knows"
    (case,) = begun(house, 1)
    house.complete(case, SCENES[0], _FORM)
