"""The state as bytes: the same for the same commands, holding all that matters and nothing else."""

import gc
import threading

import orjson
import pytest
from SpiffWorkflow.task import Task

from engine.errors import StepFailedError
from engine.machine import Complete, Start, advance
from tests.engine.lint import pen
from tests.engine.machine.walk import Walk, draw, repeat, reread, work


def asking() -> Walk:
    """A loop of one task and a service."""
    gate = pen.gateway("enough", default="back")
    drawn = (pen.start(), pen.gateway("back"), pen.user("ask"), pen.service("act", what="answer"), gate, pen.end())
    walk = Walk(draw(*drawn, pen.flows("start > back > ask > act > enough > back", "enough >if answer == 'end'> end")))
    walk.start(answer=None)
    return walk


def test_the_same_commands_give_the_same_bytes_and_the_same_tokens() -> None:
    first, second = asking(), asking()
    for answer in ("a", "b", "end"):
        first.complete("ask", answer=answer)
        second.complete("ask", answer=answer)
    assert [state for _command, state in first.log] == [state for _command, state in second.log]
    assert [c.token for c, _s in first.log[1:] if isinstance(c, Complete)] == sorted(
        c.token for c, _s in second.log[1:] if isinstance(c, Complete)
    )
    assert repeat(first, asking().definition) == [state for _command, state in first.log]


def test_what_is_read_back_is_written_the_same() -> None:
    walk = asking()
    walk.complete("ask", answer="a")
    assert reread(walk.definition, walk.state) == walk.state


def test_data_that_no_step_touches_are_carried_along_as_they_were_stored() -> None:
    drawn = (pen.start(), pen.gateway("fork", "parallel"), pen.user("one"), pen.user("other"), pen.end())
    walk = Walk(draw(*drawn, pen.flows("start > fork > one > end", "fork > other > end")))
    walk.start(b={"y": 1, "x": [2.50, "я"]}, a=1)
    before = orjson.loads(walk.state)["d"]
    assert list(before[0]) == ["a", "b"]
    walk.complete("one", answer="a")
    assert before[0] in orjson.loads(walk.state)["d"]
    assert reread(walk.definition, walk.state) == walk.state


def test_a_step_leaves_no_task_for_the_collector() -> None:
    inner = (pen.start("in"), pen.user("ask"), pen.end("out"), pen.flows("in > ask > out"))
    drawn = (pen.start(), pen.subprocess("shell", *inner), pen.user("last"), pen.end())
    definition = draw(*drawn, pen.flows("start > shell > last > end"))
    gc.collect()
    gc.disable()
    try:
        before = sum(isinstance(each, Task) for each in gc.get_objects())
        step = advance(definition, None, Start({}), work)
        step = advance(definition, step.state, Complete(step.opened[0].token, {}), work)
        assert step.at == ("last",)
        assert sum(isinstance(each, Task) for each in gc.get_objects()) == before
    finally:
        gc.enable()


def test_a_key_that_the_library_reserves_survives() -> None:
    walk = asking()
    odd = {"typename": "dict", "data": {"typename": "Task"}, "__class__": 1}
    walk.complete("ask", nth=0, answer="a", typename="BpmnWorkflow", odd=odd, **{"1": "digit"})
    walk.complete("ask", answer="b")
    assert walk.now.data["typename"] == "BpmnWorkflow"
    assert walk.now.data["odd"] == odd
    assert walk.now.data["1"] == "digit"


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_a_state_of_another_version_is_refused(version: object) -> None:
    walk = asking()
    body = orjson.loads(walk.state) | {"v": version}
    with pytest.raises(StepFailedError, match="верси"):
        advance(walk.definition, orjson.dumps(body), Complete(walk.token("ask"), {}), work)


@pytest.mark.parametrize("state", [None, b"", b"{", b"[]", b'{"v":1}'])
def test_a_broken_state_fails_the_step_and_nothing_else(state: bytes | None) -> None:
    walk = asking()
    with pytest.raises(StepFailedError):
        advance(walk.definition, state, Complete(walk.token("ask"), {}), work)
    walk.complete("ask", answer="a")


def test_an_exception_in_the_middle_of_a_step_leaves_nothing_behind() -> None:
    walk, twin = asking(), asking()
    before = walk.state

    def fail(*_given: object) -> object:
        raise OSError("the archive is shut\n[SQL: with the values in it]")

    walk.service = fail
    with pytest.raises(StepFailedError) as failed:
        walk.complete("ask", answer="a")
    assert failed.value.element == "act"
    assert isinstance(failed.value.__cause__, OSError)
    assert failed.value.message == "Шаг не выполнен: OSError: the archive is shut"
    assert walk.state == before
    walk.service = work
    walk.complete("ask", answer="a")
    twin.complete("ask", answer="a")
    assert walk.state == twin.state


def test_cases_in_several_threads_on_one_definition_do_not_disturb_one_another() -> None:
    expected = asking()
    for number in range(30):
        expected.complete("ask", answer=str(number))
    found: list[bytes] = []

    def run() -> None:
        walk = Walk(expected.definition)
        walk.start(answer=None)
        for number in range(30):
            walk.complete("ask", answer=str(number))
        found.append(walk.state)

    threads = [threading.Thread(target=run) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected.state] * 4


def test_a_loop_of_any_number_of_rounds_costs_what_one_costs() -> None:
    walk = asking()
    for _round in range(1_500):
        walk.complete("ask", answer="again")
        assert walk.at == ("ask",)
    assert len(walk.state) < 1_000


def test_an_ended_case_keeps_next_to_nothing() -> None:
    walk = asking()
    assert walk.complete("ask", answer="end").end == "end"
    assert len(walk.state) < 200
