"""A process of its own, forked from this one, that is ended at a named point."""

import os
from collections.abc import Callable

KILLED = 137


def run_in_child(work: Callable[[], object]) -> int:
    """Do something in a forked process; its exit code."""
    child = os.fork()
    if child:
        _pid, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status)
    try:
        work()
        os._exit(0)
    except BaseException:  # noqa: BLE001 - whatever it was, the child only reports it
        os._exit(1)


def die_at(number: int, name: str | None = None) -> Callable[[str], None]:
    """A killer that lets `number - 1` points pass, of all or of those with a name."""
    passed = 0

    def killer(point: str) -> None:
        nonlocal passed
        passed += name is None or point == name
        if passed == number:
            os._exit(KILLED)

    return killer
