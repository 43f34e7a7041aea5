"""A task's data as the bytes that they were stored as, until somebody asks for them.

Most tasks of a case are not touched by a step: theirs are neither read into objects nor written out again.
"""

from typing import Any

import orjson
from SpiffWorkflow.task import Task


def _data(self: Task) -> Any:
    data = self._data
    if type(data) is bytes:
        data = self._data = orjson.loads(data)
    return data


def _set_data(self: Task, value: Any) -> None:
    self._data = value


def raw_of(task: Task, option: int = 0) -> bytes:
    """A task's data as JSON; what nobody asked for is given as it was stored."""
    data = task._data
    return data if type(data) is bytes else orjson.dumps(data, option=option)


def install() -> None:
    """Make `Task.data` read on demand what the codec left as bytes in `Task._data`."""
    Task.data = property(_data, _set_data)
