"""Gateways that wait for several flows: also in loops, after restarts, at any depth, and without losing data."""

import pytest

from tests.engine.lint import pen
from tests.engine.machine.walk import Walk, draw


def stands(walk: Walk, *elements: str) -> bool:
    """Whether the case stands at exactly these elements."""
    return walk.at == elements


def looped(kind: str = "parallel") -> Walk:
    """Three branches, a judgement, and a way back before the fork."""
    if kind == "parallel":
        fork, ways = pen.gateway("fork", kind), pen.flows("fork > a > join", "fork > b > join", "fork > c > join")
    else:
        fork = pen.gateway("fork", kind, default="c")
        ways = pen.flows("fork >if n == 0> a > join", "fork >if n == 0> b > join", "fork > c > join")
    drawn = (
        pen.start(),
        pen.gateway("back"),
        fork,
        pen.user("a"),
        pen.user("b"),
        pen.user("c"),
        pen.gateway("join", kind),
        pen.user("judge"),
        pen.gateway("enough", default="end"),
        pen.end(),
        pen.flows("start > back > fork", "join > judge > enough > end", "enough >if again> back"),
    )
    walk = Walk(draw(*drawn, ways))
    walk.start(n=0)
    return walk


@pytest.mark.parametrize("order", ["abc", "cab", "bca"])
def test_a_parallel_join_waits_for_every_branch_in_every_round(order: str) -> None:
    walk = looped()
    for number in range(3):
        assert stands(walk, "a", "b", "c")
        walk.complete(order[0])
        walk.complete(order[1])
        assert stands(walk, order[2])
        walk.complete(order[2])
        assert stands(walk, "judge")
        walk.complete("judge", again=number < 2)
    assert walk.now.end == "end"


def test_what_each_branch_wrote_is_kept_and_a_stale_copy_overwrites_nothing() -> None:
    walk = looped()
    walk.complete("a", n=1, by_a=[{"text": "from a"}], notes={"a": 1})
    walk.complete("b", by_b=[{"text": "from b"}], notes={"b": 2})
    walk.complete("c", notes={"c": 3})
    assert walk.now.data == {
        "n": 1,
        "by_a": [{"text": "from a"}],
        "by_b": [{"text": "from b"}],
        "notes": {"a": 1, "b": 2, "c": 3},
    }


def test_a_list_that_two_branches_write_is_not_mixed_item_by_item() -> None:
    walk = looped()
    walk.complete("a", notes=[{"author": "a", "text": "one"}, {"author": "a", "text": "two"}])
    walk.complete("b", notes=[{"author": "b"}])
    walk.complete("c")
    assert walk.now.data["notes"] == [{"author": "b"}]


def test_the_second_round_does_not_bring_back_data_of_the_first() -> None:
    walk = looped()
    for branch in "abc":
        walk.complete(branch, nth=0, **{branch: 1})
    walk.complete("judge", again=True, a=None)
    walk.complete("b", b=2)
    walk.complete("a")
    walk.complete("c")
    assert {k: walk.now.data[k] for k in "abc"} == {"a": None, "b": 2, "c": 1}


def test_an_inclusive_join_waits_for_the_branches_taken_in_every_round() -> None:
    walk = looped("inclusive")
    for number in range(3):
        assert stands(walk, "a", "b")
        walk.complete("a")
        assert stands(walk, "b")
        walk.complete("b")
        assert stands(walk, "judge")
        walk.complete("judge", again=number < 2)
    walk = Walk(walk.definition)
    assert walk.start(n=1).at == ("c",)
    assert walk.complete("c").at == ("judge",)


def test_a_branch_that_loops_on_itself_is_still_waited_for() -> None:
    drawn = (
        pen.start(),
        pen.gateway("fork", "inclusive", default="judge"),
        pen.gateway("again_here"),
        pen.user("left"),
        pen.gateway("enough", default="join"),
        pen.user("right"),
        pen.gateway("join", "inclusive"),
        pen.user("judge"),
        pen.end(),
        pen.flows("start > fork >if both> again_here > left > enough > join > judge > end", "fork > judge"),
        pen.flows("fork >if both> right > join", "enough >if again> again_here"),
    )
    walk = Walk(draw(*drawn))
    walk.start(both=True)
    walk.complete("right")
    walk.complete("left", again=True)
    assert stands(walk, "left")
    walk.complete("left", again=False)
    assert stands(walk, "judge")


def test_a_loop_of_1200_rounds_through_a_fork_and_a_join_stays_visible_and_small() -> None:
    walk = looped()
    sizes = []
    for _round in range(1_200):
        for branch in "abc":
            walk.complete(branch)
        walk.complete("judge", again=True)
        assert stands(walk, "a", "b", "c")
        sizes.append(len(walk.state))
    assert max(sizes[50:]) <= sizes[50] + 100  # only the counters grow, by digits


def test_a_restart_between_the_arrivals_at_a_join_changes_nothing() -> None:
    walk = looped()
    for branch in "bac":
        walk.definition = looped().definition
        walk.complete(branch, nth=0, **{branch: branch})
    assert {k: walk.now.data[k] for k in "abc"} == {"a": "a", "b": "b", "c": "c"}
