"""Cases kept in memory between their steps: as they are stored, never believed against the store, and bounded."""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from bench.house import House as Reference
from bench.story import SCENES, SMALL, form_of
from engine import cases, inbox
from engine.doors import perform
from engine.errors import ConflictError, ForbiddenError, InvalidError, StepFailedError
from engine.hot import Hot, HotCases, packed_task
from engine.runtime import Runtime, Transaction
from tests.engine.house import CLERK, MONDAY, OTHER_CLERK, STRANGER, House, compare_hot

GOOD = {"result": "yes"}


@pytest.fixture
def elsewhere(house: House) -> Iterator[Runtime]:
    """Another process on the same database."""
    made = house.open()
    yield made
    made.database.close()


@pytest.fixture
def reference(schema_url: str) -> Iterator[Reference]:
    made = Reference(schema_url)
    yield made
    made.close()


def complete(runtime: Runtime, task: str, data: dict[str, Any] = GOOD, actor: Any = CLERK) -> cases.Completed:
    return perform(runtime, lambda tx: cases.complete(tx, task, data, actor=actor), actor=actor, name="complete")


def statements(runtime: Runtime) -> list[str]:
    found: list[str] = []

    @sa.event.listens_for(runtime.database.engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found.append(statement)

    return found


def test_what_is_kept_is_what_is_stored(reference: Reference) -> None:
    case = reference.start("one")
    reference.look(case)
    for number, scene in enumerate(SCENES):
        compare_hot(reference.runtime, at_least=1)
        reference.complete(case, scene, form_of(scene, SMALL, str(number)))
    assert len(reference.runtime.hot) == 0, "nothing is open in a case that has ended"


def test_the_next_step_asks_nothing(reference: Reference) -> None:
    case = reference.start("one")
    reference.look(case)
    said = statements(reference.runtime)
    for number, scene in enumerate(SCENES):
        reference.complete(case, scene, form_of(scene, SMALL, str(number)))
    assert said
    assert not [each for each in said if each.startswith("SELECT")]


@pytest.mark.parametrize(
    ("data", "actor"), [({"result": "perhaps"}, CLERK), (GOOD, STRANGER), (GOOD, CLERK)], ids=["data", "right", "good"]
)
def test_whoever_comes_second_is_told_what_is_stored(
    house: House, elsewhere: Runtime, data: dict[str, Any], actor: Any
) -> None:
    case = house.start()
    task = house.task(case)["id"]
    assert len(house.runtime.hot) == 1
    complete(elsewhere, task)
    with pytest.raises((ConflictError, ForbiddenError)) as refused:
        complete(house.runtime, task, data, actor)
    assert actor is STRANGER or refused.value.data["by"]["login"] == CLERK.login
    assert house.kinds(case).count("task.completed") == 1
    assert house.verdict(case).is_true


def test_a_task_taken_elsewhere_stays_with_its_holder(house: House, elsewhere: Runtime) -> None:
    case = house.start()
    task = house.task(case)["id"]
    perform(elsewhere, lambda tx: inbox.claim(tx, task, actor=OTHER_CLERK), actor=OTHER_CLERK)
    with pytest.raises(ConflictError) as refused:
        complete(house.runtime, task)
    assert refused.value.slug_ == "held"
    assert house.kinds(case)[-1] == "act.refused"
    complete(house.runtime, task, actor=OTHER_CLERK)


def test_a_case_that_only_seems_suspended_goes_on(house: House, elsewhere: Runtime) -> None:
    case = house.start()
    task = house.task(case)["id"]
    perform(house.runtime, lambda tx: cases.suspend(tx, case, "проверка", actor=CLERK), actor=CLERK)
    perform(elsewhere, lambda tx: cases.resume(tx, case, "проверено", actor=CLERK), actor=CLERK)
    complete(house.runtime, task)
    assert "act.refused" not in house.kinds(case)


def test_a_refused_act_is_done_again_on_the_store_and_told_once(house: House) -> None:
    case = house.start()
    task = house.task(case)["id"]
    tried: list[bool] = []

    def act(tx: Transaction) -> Any:
        tried.append(True)
        return cases.complete(tx, task, GOOD, actor=STRANGER)

    with pytest.raises(ForbiddenError):
        perform(house.runtime, act, actor=STRANGER, name="complete")
    assert len(tried) == 2
    assert house.kinds(case).count("act.refused") == 1
    complete(house.runtime, task)


def test_a_step_that_fails_leaves_one_incident(house: House) -> None:
    case = house.start()
    task = house.task(case)["id"]
    with pytest.raises(StepFailedError):
        complete(house.runtime, task, {"result": "break"})
    assert house.kinds(case).count("incident.raised") == 1
    assert len(house.runtime.hot) == 0


def test_a_mistyped_form_costs_nothing_but_a_second_look(house: House) -> None:
    task = house.task(house.start())["id"]
    with pytest.raises(InvalidError):
        complete(house.runtime, task, {"result": "perhaps"})
    complete(house.runtime, task)


def test_an_act_that_is_no_step_is_not_kept_from_the_next_step(house: House) -> None:
    """What this process changed itself it does not remember as it was: no step is made in vain."""
    case = house.start()
    task = house.task(case)["id"]
    perform(house.runtime, lambda tx: inbox.claim(tx, task, actor=CLERK), actor=CLERK)
    assert len(house.runtime.hot) == 0
    complete(house.runtime, task)


def test_a_rolled_back_step_is_not_remembered(house: House) -> None:
    case = house.start()
    task = house.task(case)["id"]

    def act(tx: Transaction) -> None:
        cases.complete(tx, task, GOOD, actor=CLERK)
        raise InvalidError("Дальше не пойдёт.", errors={"x": ["нет"]})

    with pytest.raises(InvalidError):
        perform(house.runtime, act, actor=CLERK)
    assert len(house.runtime.hot) == 0
    complete(house.runtime, task)
    compare_hot(house.runtime)
    assert house.verdict(case).is_true


def left(number: int, state: bytes = b"{}") -> tuple[str, Hot]:
    case = {"id": f"case {number}", "at": [], "data": {"n": number}}
    task: dict[str, Any] = {
        "id": f"task {number}",
        "candidates": [],
        "local": {},
        "due": None,
        "created_at": MONDAY,
        "due_at": None,
    }
    return str(case["id"]), Hot(case, state, {str(task["id"]): packed_task(task)}, None)


def test_the_number_of_cases_and_their_room_are_bounded() -> None:
    hot = HotCases(most=3)
    for number in range(10):
        hot.put(*left(number))
    assert [number for number in range(10) if hot.take(f"task {number}")] == [7, 8, 9]
    assert (len(hot), hot._case_of) == (0, {})

    room = hot._room
    hot = HotCases()
    for number in range(400):
        hot.put(*left(number, b"x" * 150_000))
    assert 200 < len(hot) < 220
    assert 0 <= hot._room < 200_000
    hot.put(*left(0, b"x" * 300_000))
    assert hot.take("task 0") is None
    for number in range(400):
        hot.put(left(number)[0], None)
    assert (len(hot), hot._room) == (0, room)


def test_what_was_taken_is_its_takers_alone() -> None:
    hot = HotCases()
    identity, made = left(1)
    hot.put(identity, made)
    made.case["data"]["n"] = 2
    taken = hot.take("task 1")
    assert taken is not None
    assert taken[1].case["data"] == {"n": 1}
    assert hot.take("task 1") is None


def test_a_server_that_ended_a_connection_costs_no_act(postgres_schema_url: str, tmp_path: Path) -> None:
    """The first statement of such a step commits; so whether anybody is there is known before it is sent."""
    house = Reference(postgres_schema_url)
    try:
        case = house.start("one")
        house.look(case)
        with psycopg.connect(postgres_schema_url.replace("+psycopg", ""), autocommit=True) as admin:
            others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            for number, scene in enumerate(SCENES):
                admin.execute(f"SELECT pg_terminate_backend(pid) {others}")
                _wait_until(lambda: admin.execute(f"SELECT 1 {others}").fetchone() is None)
                house.complete(case, scene, form_of(scene, SMALL, str(number)))
    finally:
        house.close()


def _wait_until(holds: Callable[[], bool]) -> None:
    for _look in range(100_000):
        if holds():
            return
    raise AssertionError("it never came to hold")


def test_a_process_may_keep_none(house: House) -> None:
    cold = replace(house.runtime, hot=HotCases(most=0))
    case = house.start()
    complete(cold, house.task(case)["id"])
    assert len(cold.hot) == 0


def test_a_process_forked_in_the_middle_of_anothers_step_waits_for_nobody(house: House) -> None:
    task = house.task(house.start())["id"]
    with house.runtime.hot._lock, house.runtime.definitions._lock:
        child = os.fork()
        if not child:
            signal.alarm(60)
            try:
                complete(house.runtime, task)
            finally:
                os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    with pytest.raises(ConflictError):
        complete(house.runtime, task)
