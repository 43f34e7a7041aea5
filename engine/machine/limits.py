"""What one step may use."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one step may use (a case stands as an incident past them, and nobody else waits)."""

    steps: int = 2_000
    tokens: int = 3_000
    open_tasks: int = 1_000
    instances: int = 200
    state_bytes: int = 2_000_000
