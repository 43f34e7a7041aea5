"""What one step counts: ids, the order of changes, tokens; and the limits that it may not pass."""

import threading
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import uuid4

from SpiffWorkflow.task import Task

from engine.errors import LimitExceededError

#: The changes of state in order: the task, the state before, the state since.
Journal: TypeAlias = list[tuple[Task, int, int]]


@dataclass
class Meter:
    """What one step uses and leaves: the next id, the counter of changes, the journal."""

    next_id: int = 1
    tick: int = 0
    tokens: int = 0
    max_tokens: int = 2_000
    max_instances: int = 200
    journal: Journal = field(default_factory=list)


class _Local(threading.local):
    meter: Meter | None = None


_local = _Local()


def metered(meter: Meter | None) -> None:
    """Make `meter` the one in use in this thread; None ends the step."""
    _local.meter = meter


def meter_in_use() -> Meter | None:
    """The meter of the step that this thread makes; None between steps."""
    return _local.meter


def count_task() -> tuple[Any, int]:
    """A new task's id and time: the case's next integer and count of changes; without a meter a random id.

    Raises LimitExceededError.
    """
    meter = _local.meter
    if meter is None:
        return uuid4(), 0
    meter.tokens += 1
    if meter.tokens > meter.max_tokens:
        raise LimitExceededError(f"Шаг создаёт больше {meter.max_tokens} задач: проверьте циклы и коллекции на схеме.")
    identity = meter.next_id
    meter.next_id += 1
    meter.tick += 1
    return identity, meter.tick


def change_state(task: Task, value: int) -> None:
    """Set a task's state and note the change; stands in the place of `Task._set_state`."""
    before = task._state
    if value != before:
        task._state = value
        meter = _local.meter
        if meter is not None:
            meter.journal.append((task, before, value))
            meter.tick = task.last_state_change = meter.tick + 1
