"""Cases kept in memory: found by the bytes that the database holds, bounded, never in two hands."""

import threading
from typing import Any

import pytest

from engine.errors import StepFailedError
from engine.machine import NotWaitingError
from engine.machine.hot import HotCases
from tests.engine.lint import pen
from tests.engine.machine.walk import Walk, draw

WAYS = pen.flows("start > again > ask > act > again")
ROUNDS = draw(pen.start(), pen.gateway("again"), pen.user("ask"), pen.service("act"), WAYS)


def begin(hot: HotCases, service: Any = None, **data: Any) -> Walk:
    walk = Walk(ROUNDS, hot=hot) if service is None else Walk(ROUNDS, service, hot=hot)
    walk.start(**data)
    return walk


def test_a_step_leaves_its_workflow_for_the_next_and_for_nobody_else() -> None:
    hot = HotCases()
    walk = begin(hot, number=1)
    for _round in range(3):
        walk.complete("ask")
        assert len(hot) == 1
    assert hot.take(ROUNDS.hash, walk.state) is not None
    assert hot.take(ROUNDS.hash, walk.state) is None


def test_what_another_process_made_of_a_case_is_read_from_its_bytes() -> None:
    here, there = HotCases(), HotCases()
    walk = begin(here, number=1)
    other = Walk(ROUNDS, hot=there, step=walk.step, open=dict(walk.open))
    other.complete("ask", said="there")
    walk.step, walk.open = other.step, dict(other.open)
    walk.complete("ask")
    assert walk.now.data["said"] == "there"


def test_a_failed_step_leaves_nothing_in_memory() -> None:
    hot = HotCases()

    def fail(*_given: Any) -> Any:
        raise LookupError("нет")

    walk = begin(hot, fail, number=1)
    with pytest.raises(StepFailedError):
        walk.complete("ask")
    assert len(hot) == 0
    with pytest.raises(NotWaitingError):
        walk.deliver("nobody")
    walk.service = lambda *_given: None
    assert walk.complete("ask").at == ("ask",)


def test_what_a_step_shows_is_no_part_of_what_is_kept() -> None:
    walk = begin(HotCases(), seats=["anna"])
    shown = walk.now.opened[0].data["seats"]
    shown.append("nobody")
    assert walk.complete("ask").data["seats"] == ["anna"]


def test_no_more_cases_are_kept_than_agreed() -> None:
    hot = HotCases(size=3)
    walks = [begin(hot, number=number) for number in range(10)]
    assert len(hot) == 3
    assert hot.take(ROUNDS.hash, walks[0].state) is None
    assert hot.take(ROUNDS.hash, walks[-1].state) is not None
    assert len(begin(HotCases(size=0), number=1).open) == 1


def test_threads_share_it_without_meeting_in_one_workflow() -> None:
    hot = HotCases(size=5)
    wrong: list[Any] = []

    def work(number: int) -> None:
        walk = begin(hot, number=number)
        wrong.extend(number for _round in range(20) if walk.complete("ask").data["number"] != number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(hot) <= 5
