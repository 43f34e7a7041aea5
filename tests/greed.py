"""Somebody greedy: takes a turn, leaves it, and is back at once, while others wait for theirs."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count

_LONG = 60.0


@contextmanager
def greedy(take: Callable[[], AbstractContextManager[object]], seconds: float) -> Iterator[Iterator[int]]:
    """While the block runs, a thread takes turns of some seconds each, and each takes a number of those answered."""
    taken, begun, ends = count(), threading.Event(), threading.Event()

    def hog() -> None:
        while not ends.is_set():
            with take():
                next(taken)
                begun.set()
                ends.wait(seconds)

    thread = threading.Thread(target=hog)
    thread.start()
    try:
        assert begun.wait(_LONG)
        yield taken
    finally:
        ends.set()
        thread.join()


def passed_over(taken: Iterator[int], take: Callable[[], AbstractContextManager[object]]) -> int:
    """Take one turn beside somebody greedy; how many turns went to them before it."""
    before = next(taken)
    with take():
        return next(taken) - before - 1
