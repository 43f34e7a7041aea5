"""The data of tasks: what comes in as JSON has it, what is stored as bytes until somebody asks for it.

Most tasks of a case are not touched by a step: their data are neither read into objects nor written out again.
"""

from typing import Any, Final

import orjson
from SpiffWorkflow.task import Task

from engine.errors import StepFailedError

_SPARE_LEVELS: Final = 127
#: How data and states are written: the same value is always the same bytes.
CANONICAL: Final = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS


def portable(value: Any) -> Any:
    """A copy of a value from outside, as JSON has it. Raises StepFailedError for what JSON cannot hold.

    The writer nests 254 levels at most; half of them stay free for the rows and facts that will hold the value.
    """
    try:
        raw = orjson.dumps(value)
        if raw.count(b"[") + raw.count(b"{") > _SPARE_LEVELS:  # only then may it be nested so deep
            wrapped = value
            for _level in range(_SPARE_LEVELS):
                wrapped = [wrapped]
            orjson.dumps(wrapped)
    except (TypeError, RecursionError) as error:
        raise StepFailedError("Данные шага не записать как JSON: слишком вложены или не того вида.") from error
    return orjson.loads(raw)


def _data(self: Task) -> Any:
    data = self._data
    if type(data) is bytes:
        data = self._data = orjson.loads(data)
    return data


def _set_data(self: Task, value: Any) -> None:
    self._data = value


def raw_of(task: Task) -> bytes:
    """A task's data as canonical JSON; what nobody asked for is given as it was stored."""
    data = task._data
    return data if type(data) is bytes else orjson.dumps(data, option=CANONICAL)


def install() -> None:
    """Make `Task.data` read on demand what the codec left in `Task._data`: bytes there are canonical JSON."""
    Task.data = property(_data, _set_data)
