"""SpiffWorkflow 3.2.0 with its traps closed: what is patched and why.

- Task ids are small integers of the case, and "time" of a state change is a counter: states are reproducible.
- Every state change is journalled; logging extras are not built.
- Iteration has no depth limit, ancestry is walked without recursion: a case of any depth stays visible.
- Nested data are copied from task to task, never shared; joins are ours (`joins`); instances are counted before made.
- The busiest methods come shorter (`shortcuts`), data are read when asked for (`kept`).
"""

import logging
from collections.abc import Sized
from typing import Any, Final

import orjson
from SpiffWorkflow.bpmn.specs.mixins import multiinstance_task, subworkflow_task
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import (
    MultiInstanceTask,
    ParallelMultiInstanceTask,
    SequentialMultiInstanceTask,
)
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.util.task import BpmnTaskIterator
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.deep_merge import DeepMerge
from SpiffWorkflow.workflow import Workflow

from engine.errors import LimitExceededError, StepFailedError
from engine.machine import joins, kept, shortcuts, tree
from engine.machine.metering import meter_in_use

ENDLESS: Final = 1 << 30
#: The library's own limit of depth, which hides deeper tasks without a word.
_SHALLOW: Final = 1000


def _is_descendant_of(self: Task, task: Task) -> bool:
    current = self.parent
    while current is not None:
        if current is task:
            return True
        current = current.parent
    return False


def _find_ancestor(self: Task, spec_name: str) -> Task | None:
    current = self.parent
    while current is not None:
        if current.task_spec.name == spec_name:
            return current
        current = current.parent
    return None


def _inherit_data(self: Task) -> None:
    mine, theirs = self._data, self.workflow.tasks[self._parent]._data
    if mine == theirs:  # a task that waits inherits after every other's completion, nearly always the same
        return
    inherited = orjson.loads(theirs if type(theirs) is bytes else orjson.dumps(theirs))
    self.data = DeepMerge.merge(self.data, inherited) if mine else inherited


def _create_children(self: ParallelMultiInstanceTask, my_task: Task) -> None:
    _count_instances(self, my_task)
    _create_all(self, my_task)


def _begin_sequence(self: SequentialMultiInstanceTask, my_task: Task) -> Any:
    _count_instances(self, my_task)
    return _begin_any_sequence(self, my_task)


def _count_instances(spec: MultiInstanceTask, my_task: Task) -> None:
    """Refuse too many instances before the first is made: making them costs the square of their number."""
    meter = meter_in_use()
    if spec.data_input is not None:
        items = spec.data_input.get(my_task) if spec.data_input.exists(my_task) else ()
        count = len(items) if isinstance(items, Sized) else 0
    else:
        count = my_task.workflow.script_engine.evaluate(my_task, spec.cardinality)
        if type(count) is not int:
            raise StepFailedError("Число экземпляров — не целое число.", element=spec.bpmn_id)
    if meter is not None and count > meter.max_instances:
        raise LimitExceededError(f"Экземпляров больше {meter.max_instances}: {count}.", element=spec.bpmn_id)


def _no_extras(_self: Any, _dct: Any = None) -> dict[str, Any]:
    return {}


_create_all = ParallelMultiInstanceTask.create_children
_begin_any_sequence = SequentialMultiInstanceTask._update_hook


def install() -> None:
    """Patch the library, once a process."""
    Task.is_descendant_of = _is_descendant_of
    Task.find_ancestor = _find_ancestor
    Task._inherit_data = _inherit_data
    subworkflow_task.deepcopy = multiinstance_task.deepcopy = joins.copied
    Task.collect_log_extras = _no_extras
    Workflow.collect_log_extras = _no_extras
    BpmnSubWorkflow.collect_log_extras = _no_extras
    BpmnTaskIterator.__init__.__defaults__ = tuple(
        ENDLESS if v == _SHALLOW else v for v in BpmnTaskIterator.__init__.__defaults__
    )
    ParallelMultiInstanceTask.create_children = _create_children
    SequentialMultiInstanceTask._update_hook = _begin_sequence
    joins.install()
    kept.install()
    tree.install()
    shortcuts.install()
    logging.getLogger("spiff").setLevel(logging.CRITICAL)
