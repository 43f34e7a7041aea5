"""Writers to a file come one by one, and who comes back at once stands behind those who wait."""

import threading
import time
from pathlib import Path

import pytest

from engine.turns import Turns

_LONG = 60.0


def test_a_writer_that_comes_back_at_once_passes_nobody_over(tmp_path: Path) -> None:
    turns, ends = Turns(str(tmp_path / "base")), threading.Event()
    taken: list[float] = []

    def hog() -> None:
        while not ends.is_set():
            with turns.mine(_LONG):
                taken.append(time.monotonic())
                ends.wait(0.02)

    greedy = threading.Thread(target=hog)
    greedy.start()
    try:
        for _time in range(10):
            while not taken:
                ends.wait(0.001)
            before = len(taken)
            with turns.mine(_LONG):
                passed = len(taken) - before
            # The turn that stood, the one begun while we came to the gate, and one more for a slow machine.
            assert passed <= 3
    finally:
        ends.set()
        greedy.join()


def test_turns_never_overlap(tmp_path: Path) -> None:
    turns = Turns(str(tmp_path / "base"))
    inside: list[int] = []
    most: list[int] = []

    def write() -> None:
        for _time in range(50):
            with turns.mine(_LONG):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert most == [1] * 200


def test_patience_has_an_end_and_the_next_one_gets_the_turn(tmp_path: Path) -> None:
    turns = Turns(str(tmp_path / "base"))
    with turns.mine(_LONG):
        for _time in range(2):
            with pytest.raises(TimeoutError), turns.mine(0.01):
                pytest.fail("two had the turn")
    with turns.mine(0.01):
        pass


def test_where_no_file_can_be_had_nobody_waits(tmp_path: Path) -> None:
    turns = Turns(str(tmp_path / "nowhere" / "base"))
    with turns.mine(0.01), turns.mine(0.01):
        pass
