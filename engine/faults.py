"""Named points at every commit, file write and send, where a test may end the process. Inert in production."""

from collections.abc import Callable

_killer: Callable[[str], None] | None = None


def crash_point(name: str) -> None:
    """Pass a named point."""
    if _killer is not None:
        _killer(name)


def arm(killer: Callable[[str], None] | None) -> None:
    """Let `killer` see every point passed in this process; None disarms."""
    global _killer  # noqa: PLW0603 - one per process, like the process it ends
    _killer = killer
