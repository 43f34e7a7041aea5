from engine import soundness
from engine.drawing import Drawing
from tests.engine.lint.pen import (
    boundary,
    deadline,
    drawing_of,
    end,
    flows,
    gateway,
    message,
    message_text,
    node,
    service,
    start,
    subprocess,
    user,
)


def rules(drawing: Drawing, limit: int = 200_000) -> dict[str, str]:
    return {finding.rule: finding.message for finding in soundness.check(drawing, limit)}


def test_a_plain_chain_ends() -> None:
    assert rules(drawing_of(start(), user("a"), end(), flows("start > a > end"))) == {}


def test_a_choice_before_a_parallel_join_stops_the_case_and_the_way_there_is_told() -> None:
    drawing = drawing_of(
        start(), gateway("choice", default="b"), user("a"), user("b"), gateway("join", "parallel"), end(),
        flows("start > choice > b > join > end", "choice >if x> a > join"),
    )  # fmt: skip
    found = rules(drawing)
    assert set(found) == {"soundness_deadlock", "soundness_dead"}
    assert "«join»" in found["soundness_deadlock"]
    assert "«start» → «choice» → «a»" in found["soundness_deadlock"]
    assert "«end»" in found["soundness_dead"]


def test_a_fork_that_meets_again_at_a_parallel_join_ends() -> None:
    drawing = drawing_of(
        start(), gateway("fork", "parallel"), user("a"), user("b"), gateway("join", "parallel"), end(),
        flows("start > fork > a > join > end", "fork > b > join"),
    )  # fmt: skip
    assert rules(drawing) == {}


def test_a_fork_that_meets_again_without_a_join_doubles_the_case() -> None:
    drawing = drawing_of(
        start(), gateway("fork", "parallel"), user("a"), user("b"), user("c"), end(),
        flows("start > fork > a > c > end", "fork > b > c"),
    )  # fmt: skip
    found = rules(drawing)
    assert "«c»" in found["soundness_doubled"]
    assert "«fork»" in found["soundness_doubled"]


def test_an_inclusive_fork_and_join_end_whichever_ways_are_taken() -> None:
    drawing = drawing_of(
        start(), gateway("fork", "inclusive", default="c"), user("a"), user("b"), user("c"),
        gateway("join", "inclusive"), end(),
        flows("start > fork >if x> a > join > end", "fork >if y> b > join", "fork > c > join"),
    )  # fmt: skip
    assert rules(drawing) == {}


def test_two_ends_of_a_fork_leave_the_outcome_open() -> None:
    drawing = drawing_of(
        start(), gateway("fork", "parallel"), user("a"), user("b"), end("granted"), end("refused"),
        flows("start > fork > a > granted", "fork > b > refused"),
    )  # fmt: skip
    assert set(rules(drawing)) == {"soundness_completion"}


def test_a_loop_without_a_way_out_is_a_livelock() -> None:
    drawing = drawing_of(
        start(), gateway("choice", default="a"), user("a"), user("b"), gateway("merge"), end(),
        flows("start > choice > a > end", "choice >if x> merge > b > merge"),
    )  # fmt: skip
    found = rules(drawing)
    assert set(found) == {"soundness_livelock"}
    assert "От «merge»" in found["soundness_livelock"]


def test_a_loop_with_a_way_out_ends() -> None:
    drawing = drawing_of(
        start(), gateway("merge"), user("a"), gateway("again", default="end"), end(),
        flows("start > merge > a > again > end", "again >if x> merge"),
    )  # fmt: skip
    assert rules(drawing) == {}


def test_an_interrupting_event_takes_the_tokens_inside_a_subprocess_along() -> None:
    inner = (
        start("in"), gateway("fork", "parallel"), user("a"), user("b"), gateway("join", "parallel"), end("out"),
        flows("in > fork > a > join > out", "fork > b > join"),
    )  # fmt: skip
    drawing = drawing_of(
        start(), subprocess("inner", *inner), boundary("stop", "inner", message_text("stop_it"), interrupting=True),
        end(), end("stopped"), flows("start > inner > end", "stop > stopped"), beside=message("stop_it"),
    )  # fmt: skip
    assert rules(drawing) == {}


def test_a_deadline_branch_of_its_own_does_not_disturb_the_main_way() -> None:
    drawing = drawing_of(start(), user("a"), deadline("a"), end(), flows("start > a > end"))
    assert rules(drawing) == {}


def test_a_deadline_branch_that_enters_the_main_way_is_found() -> None:
    event = boundary("late", "a", message_text("m"), interrupting=False)
    drawing = drawing_of(start(), user("a"), event, user("b"), end(), flows("start > a > b > end", "late > b"))
    assert set(rules(drawing)) == {"soundness_side_branch"}


def test_a_deadline_branch_that_gets_stuck_is_found() -> None:
    event = boundary("late", "a", message_text("m"), interrupting=False)
    drawing = drawing_of(
        start(), user("a"), event, gateway("pick", default="b"), service("b"), service("c"),
        gateway("join", "parallel"), end("told"), end(),
        flows("start > a > end", "late > pick > b > join > told", "pick >if x> c > join"),
    )  # fmt: skip
    assert "soundness_deadlock" in rules(drawing)


def test_a_terminating_end_ends_every_branch() -> None:
    stop = node("endEvent", "stop", "<bpmn:terminateEventDefinition/>")
    drawing = drawing_of(
        start(), gateway("fork", "parallel"), user("a"), user("b"), gateway("join", "parallel"), stop,
        gateway("choice", default="join"), end(),
        flows("start > fork > a > choice > join > end", "choice >if x> stop", "fork > b > join"),
    )  # fmt: skip
    assert rules(drawing) == {}


def test_an_element_that_no_flow_reaches_is_dead() -> None:
    drawing = drawing_of(start(), user("a"), user("b"), end(), end("other"), flows("start > a > end", "b > other"))
    assert set(rules(drawing)) == {"soundness_dead"}


def test_the_search_gives_up_at_its_limit_and_says_so() -> None:
    branches = [f"t{number}" for number in range(6)]
    drawing = drawing_of(
        start(), gateway("fork", "parallel"), *map(user, branches), gateway("join", "parallel"), end(),
        flows("start > fork", "join > end", *(f"fork > {branch} > join" for branch in branches)),
    )  # fmt: skip
    assert rules(drawing) == {}
    assert set(rules(drawing, limit=20)) == {"soundness_limit"}
