from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

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


def test_on_a_flow_that_leads_to_nothing_or_from_nothing_no_game_is_played() -> None:
    assert rules(drawing_of(start(), user("a"), end(), flows("start > a > end", "a > gone"))) == {}
    assert rules(drawing_of(start(), user("a"), end(), flows("start > a", "gone > end"))) == {}


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


BLOCKS = st.recursive(
    st.just("task"),
    lambda inner: st.tuples(st.sampled_from(["chain", "choice", "fork", "either", "loop", "scope"]), inner, inner),
    max_leaves=6,
)


class Builder:
    """Draws nested blocks, each entered at one element and left at one."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.ways: list[str] = []
        self.count = 0

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def build(self, block: Any) -> tuple[str, str]:
        if block == "task":
            task = self.name("task")
            self.pieces.append(user(task))
            return task, task
        kind, one, other = block
        if kind == "scope":
            return self.scope(one, other)
        (first, first_end), (second, second_end) = self.build(one), self.build(other)
        if kind == "chain":
            self.ways.append(f"{first_end} > {second}")
            return first, second_end
        if kind == "loop":
            merge, choice = self.name("merge"), self.name("choice")
            self.pieces += [gateway(merge), gateway(choice, default=second)]
            self.ways += [f"{merge} > {first}", f"{first_end} > {choice} > {second}", f"{choice} >if x> {merge}"]
            return merge, second_end
        split, join = self.name("split"), self.name("join")
        gate = {"choice": "exclusive", "fork": "parallel", "either": "inclusive"}[kind]
        self.pieces += [gateway(split, gate, default=None if kind == "fork" else second), gateway(join, gate)]
        condition = "" if kind == "fork" else "if x>"
        self.ways += [f"{split} >{condition} {first}", f"{split} > {second}"]
        self.ways += [f"{first_end} > {join}", f"{second_end} > {join}"]
        return split, join

    def scope(self, one: Any, other: Any) -> tuple[str, str]:
        inside, name = Builder(), self.name("scope")
        inside.count = self.count + 100
        (first, first_end), (second, second_end) = inside.build(one), inside.build(other)
        self.count = inside.count
        begin, finish = f"{name}_in", f"{name}_out"
        way = f"{begin} > {first}", f"{first_end} > {second}", f"{second_end} > {finish}"
        self.pieces.append(subprocess(name, start(begin), end(finish), *inside.pieces, flows(*way, *inside.ways)))
        return name, name


@given(BLOCKS)
@settings(max_examples=60)
def test_well_nested_blocks_always_end(block: Any) -> None:
    builder = Builder()
    first, last = builder.build(block)
    drawing = drawing_of(start(), *builder.pieces, end(), flows(f"start > {first}", f"{last} > end", *builder.ways))
    assert rules(drawing) == {}
