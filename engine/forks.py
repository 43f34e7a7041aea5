"""What a process that was forked must begin anew: locks that a thread of its parent's held, what is the parent's."""

import os
import weakref
from typing import Protocol


class Forked(Protocol):
    """Something that does not serve in a forked process as it is."""

    def begin_anew(self) -> None:
        """Be as new, in the child and without asking anything of what the parent holds."""


_all: "weakref.WeakSet[Forked]" = weakref.WeakSet()


def mind_forks(one: Forked) -> None:
    """Let something begin anew in each process that is forked while it lives."""
    _all.add(one)


def _begin_anew() -> None:
    for one in list(_all):
        one.begin_anew()


os.register_at_fork(after_in_child=_begin_anew)
