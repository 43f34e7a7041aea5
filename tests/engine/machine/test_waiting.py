"""What waits moves only when told: timers, messages, tasks; and an interruption leaves nothing behind."""

import pytest

from engine.machine import Complete, Deliver, FireTimer, NotWaitingError
from tests.engine.lint import pen
from tests.engine.machine.walk import Walk, draw


def timed() -> Walk:
    """A task with a reminder long past, a wait with an interrupting timer long past, and a message."""
    drawn = (
        pen.start(),
        pen.user("ask"),
        pen.boundary("soon", "ask", pen.timer_text("at(long_ago)"), interrupting=False),
        pen.end("told"),
        pen.receive("wait"),
        pen.boundary("too_late", "wait", pen.timer_text("at(long_ago)"), interrupting=True),
        pen.end("lapsed"),
        pen.end(),
        pen.flows("start > ask > wait > end", "soon > told", "too_late > lapsed"),
    )
    walk = Walk(draw(*drawn, beside=pen.message("letter")))
    walk.start(long_ago="2001-01-01T00:00:00+03:00")
    return walk


def test_a_timer_long_past_fires_only_by_command() -> None:
    walk = timed()
    walk.complete("ask")
    assert walk.at == ("wait",)
    assert [o.element for o in walk.open.values()] == ["too_late"]
    assert walk.fire("too_late").end == "lapsed"


def test_a_timer_fires_once() -> None:
    walk = timed()
    token = walk.token("soon")
    walk.go(FireTimer(token))
    assert walk.at == ("ask",)
    with pytest.raises(NotWaitingError):
        walk.go(FireTimer(token))
    assert walk.at == ("ask",)


def test_a_timer_whose_task_is_done_is_refused() -> None:
    walk = timed()
    token = walk.token("soon")
    walk.complete("ask")
    with pytest.raises(NotWaitingError):
        walk.go(FireTimer(token))


def test_a_completed_task_is_not_completed_again() -> None:
    walk = timed()
    token = walk.token("ask")
    walk.complete("ask")
    with pytest.raises(NotWaitingError):
        walk.go(Complete(token, {"again": True}))


def test_a_cancelled_task_is_not_completed() -> None:
    drawn = (pen.start(), pen.user("ask"), pen.end(), pen.end("gone"))
    stop = pen.boundary("stopped", "ask", pen.message_text("letter"), interrupting=True)
    walk = Walk(
        draw(
            *drawn,
            stop,
            pen.user("sum_up"),
            pen.flows("start > ask > end", "stopped > sum_up > gone"),
            beside=pen.message("letter"),
        )
    )
    walk.start()
    token = walk.token("ask")
    step = walk.deliver("letter", {})
    assert [(c.element, c.state) for c in step.closed] == [("ask", "cancelled")]
    with pytest.raises(NotWaitingError):
        walk.go(Complete(token, {}))
    assert walk.complete("sum_up").end == "gone"


def test_tokens_of_another_kind_or_of_nothing_are_refused() -> None:
    walk = timed()
    for command in (
        Complete(walk.token("soon"), {}),
        FireTimer(walk.token("ask")),
        Complete(9_999, {}),
        FireTimer(9_999),
        Deliver("letter", {}),
        Deliver("unknown", {}),
    ):
        with pytest.raises(NotWaitingError):
            walk.go(command)
    assert walk.at == ("ask",)


def test_an_ended_case_takes_nothing_more() -> None:
    walk = timed()
    walk.complete("ask")
    assert walk.deliver("letter", {"n": 1}).end == "end"
    for command in (Complete(1, {}), FireTimer(1), Deliver("letter", {})):
        with pytest.raises(NotWaitingError):
            walk.go(command)


def test_a_message_reaches_one_of_several_that_wait_for_it() -> None:
    drawn = (
        pen.start(),
        pen.gateway("fork", "parallel"),
        pen.receive("first"),
        pen.receive("second"),
        pen.gateway("join", "parallel"),
        pen.end(),
        pen.flows("start > fork > first > join > end", "fork > second > join"),
    )
    walk = Walk(draw(*drawn, beside=pen.message("letter")))
    walk.start()
    walk.deliver("letter", {"n": 1})
    assert len(walk.at) == 1
    assert walk.deliver("letter", {"n": 2}).end == "end"


def panel() -> Walk:
    """Reviews with deadlines in a multi-instance, in a plain subprocess that a withdrawal interrupts."""
    review = (pen.start("r_start"), pen.user("write"), pen.deadline("write"), pen.end("r_end"))
    reviews = pen.subprocess("review", *review, pen.flows("r_start > write > r_end"), loop=pen.instances())
    inner = (pen.start("p_start"), reviews, pen.end("p_end"), pen.flows("p_start > review > p_end"))
    drawn = (
        pen.start(),
        pen.subprocess("panel", *inner),
        pen.boundary("withdrawn", "panel", pen.message_text("withdrawal"), interrupting=True),
        pen.boundary("panel_due", "panel", pen.timer_text("working_days(5)"), interrupting=False),
        pen.end("late"),
        pen.user("sum_up"),
        pen.end("gone"),
        pen.end(),
        pen.flows("start > panel > end", "withdrawn > sum_up > gone", "panel_due > late"),
    )
    walk = Walk(draw(*drawn, beside=pen.message("withdrawal")))
    walk.start(seats={"1": "anna", "2": "boris", "3": "vera"}, results={})
    return walk


def test_an_interruption_of_the_plain_subprocess_cancels_everything_inside_and_leaves_nothing() -> None:
    walk = panel()
    walk.complete("write", outcome=1)
    walk.fire("write_due")
    step = walk.deliver("withdrawal", {})
    assert step.at == ("sum_up",)
    assert {o.element for o in walk.open.values()} == {"sum_up"}
    assert sorted(c.element for c in step.closed) == ["panel_due", "write", "write", "write_due"]
    assert {c.state for c in step.closed} == {"cancelled"}
    assert b"write" not in step.state
    assert b"review" not in step.state
    assert walk.complete("sum_up").end == "gone"


def test_an_interruption_keeps_the_data_from_before_the_reviews() -> None:
    walk = panel()
    walk.complete("write", outcome=1)
    walk.deliver("withdrawal", {"why": "by choice"})
    assert walk.now.data["seats"] == {"1": "anna", "2": "boris", "3": "vera"}
    assert walk.now.data["payload"] == {"why": "by choice"}


def test_a_non_interrupting_timer_leaves_its_host_open() -> None:
    walk = panel()
    walk.fire("panel_due")
    assert walk.at == ("write",)
    assert len([o for o in walk.open.values() if o.element == "write"]) == 3


def test_a_terminating_end_stops_the_other_branches() -> None:
    stop = pen.node("endEvent", "stop", "<bpmn:terminateEventDefinition/>")
    ways = pen.flows("start > fork > ask > stop", "fork > other > end")
    drawn = (pen.start(), pen.gateway("fork", "parallel"), pen.user("ask"), pen.user("other"), stop, pen.end(), ways)
    walk = Walk(draw(*drawn))
    walk.start()
    step = walk.complete("ask")
    assert (step.end, step.at) == ("stop", ())
    assert [(c.element, c.state) for c in step.closed if c.element == "other"] == [("other", "cancelled")]


def test_a_message_starts_a_case_with_its_payload() -> None:
    begun = pen.node("startEvent", "start", pen.message_text("letter"))
    walk = Walk(draw(begun, pen.user("ask"), pen.end(), pen.flows("start > ask > end"), beside=pen.message("letter")))
    step = walk.start({"n": 1}, number="7")
    assert step.at == ("ask",)
    assert step.data == {"number": "7", "payload": {"n": 1}}
