"""What a hostile or mistaken drawing meets: a limit, soon, with a name, and nothing kept of the attempt."""

from typing import Any

import pytest

from engine.errors import DrawingError, LimitExceededError, StepFailedError
from engine.machine import Limits
from tests.engine.lint import pen
from tests.engine.machine.walk import Walk, draw


def asking(service: Any = None) -> Walk:
    """A case with one task and then a service."""
    ways = pen.flows("start > ask > act > see > end")
    walk = Walk(draw(pen.start(), pen.user("ask"), pen.service("act"), pen.user("see"), pen.end(), ways))
    if service is not None:
        walk.service = service
    return walk


def test_an_endless_loop_of_automatic_elements_is_stopped() -> None:
    gate = pen.gateway("which", default="act")
    ways = pen.flows("start > which > act > which", "which >if stop> end")
    walk = Walk(draw(pen.start(), gate, pen.service("act"), pen.end(), ways))
    with pytest.raises(LimitExceededError) as stopped:
        walk.start(stop=False)
    assert stopped.value.slug == "budget_exceeded"
    assert walk.step is None


def test_the_limit_of_steps_counts_automatic_elements_of_one_command() -> None:
    chain = [pen.service(f"s{n}") for n in range(30)]
    way = " > ".join(["start", *(f"s{n}" for n in range(30)), "end"])
    definition = draw(pen.start(), *chain, pen.end(), pen.flows(way))
    assert Walk(definition, limits=Limits(steps=40)).start().end == "end"
    with pytest.raises(LimitExceededError, match="20"):
        Walk(definition, limits=Limits(steps=20)).start()


@pytest.mark.parametrize("names", [("act",), ("act", "more")])
def test_a_fork_that_loops_back_to_itself_is_stopped_before_it_floods(names: tuple[str, ...]) -> None:
    ways = [pen.flows(f"fork > {name} > back") for name in names]
    straight = [pen.flows("fork > back")] if len(names) == 1 else []
    services = [pen.service(name) for name in names]
    drawn = (pen.start(), pen.gateway("back"), pen.gateway("fork", "parallel"), pen.end(), *services, *ways, *straight)
    walk = Walk(draw(*drawn, pen.flows("start > back > fork")))
    with pytest.raises(LimitExceededError):
        walk.start()


def crowd(count: int, loop: str | None = None) -> Walk:
    """A multi-instance over many seats."""
    review = (pen.start("r_start"), pen.user("write"), pen.end("r_end"), pen.flows("r_start > write > r_end"))
    panel = pen.subprocess("review", *review, loop=pen.instances() if loop is None else loop)
    walk = Walk(draw(pen.start(), panel, pen.end(), pen.flows("start > review > end")))
    walk.start(seats={str(n): n for n in range(count)}, results={})
    return walk


def test_two_hundred_instances_are_made() -> None:
    assert len(crowd(200).open) == 200


@pytest.mark.parametrize("count", [201, 100_000])
def test_too_many_instances_are_refused_before_the_first_is_made(count: int) -> None:
    with pytest.raises(LimitExceededError, match=f"200: {count}") as refused:
        crowd(count)
    assert refused.value.element == "review"


@pytest.mark.parametrize("sequential", ["false", "true"])
def test_a_number_of_instances_is_limited_too(sequential: str) -> None:
    head = f'<bpmn:multiInstanceLoopCharacteristics isSequential="{sequential}">'
    tail = "</bpmn:multiInstanceLoopCharacteristics>"
    with pytest.raises(LimitExceededError):
        crowd(1, f"{head}<bpmn:loopCardinality>100000 * 1000</bpmn:loopCardinality>{tail}")
    with pytest.raises(StepFailedError, match="целое"):
        crowd(1, f"{head}<bpmn:loopCardinality>'many'</bpmn:loopCardinality>{tail}")


def test_open_tasks_are_limited() -> None:
    drawn = [pen.user(f"u{n}") for n in range(12)]
    ways = [pen.flows(f"fork > u{n} > end") for n in range(12)]
    definition = draw(pen.start(), pen.gateway("fork", "parallel"), *drawn, pen.end(), pen.flows("start > fork"), *ways)
    assert len(Walk(definition, limits=Limits(open_tasks=12)).start().opened) == 12
    with pytest.raises(LimitExceededError, match="11"):
        Walk(definition, limits=Limits(open_tasks=11)).start()


def nested(levels: int) -> Walk:
    """A task inside so many subprocesses."""
    inner = pen.user("ask") + pen.flows(f"s{levels} > ask > e{levels}")
    for level in range(levels, 0, -1):
        outer = ("start", "end") if level == 1 else (f"s{level - 1}", f"e{level - 1}")
        shell = pen.subprocess(f"p{level}", pen.start(f"s{level}"), inner, pen.end(f"e{level}"))
        inner = shell + pen.flows(f"{outer[0]} > p{level} > {outer[1]}")
    return Walk(draw(pen.start(), inner, pen.end()))


def test_five_levels_of_subprocesses_run_and_a_sixth_is_refused() -> None:
    walk = nested(5)
    walk.start()
    assert walk.complete("ask").end == "end"
    with pytest.raises(LimitExceededError) as refused:
        nested(6).start()
    assert refused.value.element == "p6"


def test_a_process_that_calls_itself_is_refused() -> None:
    call = pen.node("callActivity", "again", calledElement="toy")
    with pytest.raises(LimitExceededError):
        Walk(draw(pen.start(), call, pen.end(), pen.flows("start > again > end"))).start()


def test_a_state_past_its_size_is_refused() -> None:
    with pytest.raises(LimitExceededError, match="2 МБ"):
        asking().start(text="я" * 1_000_001)
    walk = asking()
    walk.start()
    before = walk.state
    with pytest.raises(LimitExceededError):
        walk.complete("ask", text="x" * 2_000_001)
    assert walk.state == before


def deep(levels: int) -> Any:
    """Data nested so many levels."""
    data: Any = 0
    for _level in range(levels):
        data = [data]
    return data


@pytest.mark.parametrize("value", [deep(200), deep(100_000), 10**40, {1, 2}, b"bytes", object()])
def test_data_that_json_cannot_hold_fail_the_step_with_a_plain_cause(value: Any) -> None:
    with pytest.raises(StepFailedError, match="JSON"):
        asking().start(value=value)
    walk = asking()
    walk.start()
    with pytest.raises(StepFailedError, match="JSON") as failed:
        walk.complete("ask", value=value)
    assert failed.value.element == "ask"
    walk.service = lambda *_given: value
    with pytest.raises(StepFailedError, match="JSON") as failed:
        walk.complete("ask")
    assert failed.value.element == "act"


def test_data_nested_a_hundred_levels_pass() -> None:
    walk = asking()
    walk.start(value=deep(100))
    walk.complete("ask")
    assert walk.now.data["value"] == deep(100)


def test_a_drawing_that_the_library_cannot_read_is_a_drawing_error() -> None:
    with pytest.raises(DrawingError):
        draw(pen.start(), pen.node("complexGateway", "odd"), pen.end(), pen.flows("start > odd > end"))
    duration = "<bpmn:timerEventDefinition><bpmn:timeDuration>'P1D'</bpmn:timeDuration></bpmn:timerEventDefinition>"
    with pytest.raises(DrawingError, match="timeDate"):
        draw(pen.start(), pen.catch("wait", duration), pen.end(), pen.flows("start > wait > end"))


def test_an_event_gateway_is_refused_when_the_drawing_is_read() -> None:
    late = pen.catch("late", pen.timer_text("working_days(3)"))
    drawn = (
        pen.start(),
        pen.node("eventBasedGateway", "either"),
        pen.receive("wait"),
        late,
        pen.end(),
        pen.end("lapsed"),
    )
    ways = pen.flows("start > either > wait > end", "either > late > lapsed")
    with pytest.raises(DrawingError, match="either"):
        draw(*drawn, ways, beside=pen.message("letter"))
