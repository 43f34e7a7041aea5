"""The busiest methods of SpiffWorkflow 3.2.0 again, to the same effect in fewer calls.

What they leave out: logging, events that nobody listens to (only `completed_event` is ever connected), the depth of an
iteration (it has no limit here), a list of specifications seen that the library compares with tasks, and the test of a
specification at each of its tasks, which `specifications` makes when it reads the drawing. What they keep, to the
letter: which tasks there are, in which order they are made and changed, and which exceptions tell of a broken drawing.
"""

from typing import Any, Final

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.control import _EndJoin
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.specs.Join import Join
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.machine.tree import branch_of

_FINISHED: Final = TaskState.FINISHED_MASK
_NOT_FINISHED: Final = TaskState.NOT_FINISHED_MASK
_DEFINITE: Final = TaskState.DEFINITE_MASK
_PREDICTED: Final = TaskState.PREDICTED_MASK
_test_and_get_ready = TaskSpec._on_ready
_update_with_associations = BpmnTaskSpec._update_hook
_complete_with_associations = BpmnTaskSpec._on_complete_hook


def _outputs(self: TaskSpec) -> list[TaskSpec]:
    return list(map(self._wf_spec.task_specs.get, self._outputs))


def _set_outputs(self: TaskSpec, specs: list[TaskSpec]) -> None:
    self._outputs = [spec.name for spec in specs]


def _predict_hook(self: TaskSpec, my_task: Task) -> None:
    state = TaskState.FUTURE if my_task._state & _DEFINITE else my_task._state
    if my_task._children:
        my_task._sync_children(self.outputs, state)
    else:
        specs = self._wf_spec.task_specs
        for name in self._outputs:
            Task(my_task.workflow, specs[name], my_task, state)


def _predict(self: TaskSpec, my_task: Task, _seen: Any = None, looked_ahead: int = 0, mask: int = _PREDICTED) -> None:
    if my_task._state & mask:
        self._predict_hook(my_task)
    if my_task._children and (my_task._state & _DEFINITE or looked_ahead + 1 < self.lookahead):
        for child in my_task.children:
            if child._state & mask:
                child.task_spec._predict(child, None, looked_ahead + 1, mask)


def _update(self: TaskSpec, my_task: Task) -> None:
    if my_task._state & _PREDICTED:
        self._predict(my_task)
    if self._update_hook(my_task):
        my_task._ready()


def _update_hook(_self: TaskSpec, my_task: Task) -> bool:
    my_task._inherit_data()
    return True


def _update_hook_of_bpmn(self: BpmnTaskSpec, my_task: Task) -> Any:
    if self.data_input_associations or self.io_specification is not None:
        return _update_with_associations(self, my_task)
    my_task._inherit_data()
    return True


def _on_ready(self: TaskSpec, my_task: Task) -> None:
    if self.is_sound:
        self._on_ready_hook(my_task)
    else:
        _test_and_get_ready(self, my_task)


def _on_ready_hook(_self: TaskSpec, _my_task: Task) -> None:
    pass


def _run_hook(_self: TaskSpec, _my_task: Task) -> bool:
    return True


def _on_complete_hook(self: TaskSpec, my_task: Task) -> None:
    if self.completed_event.hard_subscribers:
        self.completed_event.emit(my_task.workflow, my_task)


def _on_complete_hook_of_bpmn(self: BpmnTaskSpec, my_task: Task) -> None:
    if self.data_input_associations or self.data_output_associations or self.io_specification is not None:
        _complete_with_associations(self, my_task)
    elif self.completed_event.hard_subscribers:
        self.completed_event.emit(my_task.workflow, my_task)


def _on_complete(self: TaskSpec, my_task: Task) -> None:
    self._on_complete_hook(my_task)
    if my_task._children:
        for child in my_task.children:
            if not child._state & _FINISHED:
                child.task_spec._update(child)
    my_task.workflow._task_completed_notify(my_task)


def _run_catching(self: CatchingEvent, my_task: Task) -> Any:
    if type(self.event_definition) is not NoneEventDefinition:  # which has no data, and nothing to reset
        self.event_definition.update_task_data(my_task)
        for task in branch_of(my_task):
            if task.task_spec.name == self.name:
                task.task_spec.event_definition.reset(task)
    return super(CatchingEvent, self)._run_hook(my_task)


def _cancel_catching(_self: CatchingEvent, my_task: Task) -> None:
    catching = my_task.workflow.top_workflow.event_manager.tasks
    for task in branch_of(my_task):
        catching.pop(task.id, None)


def _find_tasks(self: Join, my_task: Task) -> list[Task]:
    split = my_task.find_ancestor(self.split_task) or my_task.workflow.task_tree
    return [task for task in branch_of(split, self.name) if task.task_spec.name == self.name]


def _is_last(self: _EndJoin, my_task: Task) -> bool:
    """Whether nothing else in the workflow is unfinished; what is below an end does not count."""
    tasks = my_task.workflow.tasks
    return not any(
        task._state & _NOT_FINISHED
        and task is not my_task
        and (task._parent is None or tasks[task._parent].task_spec is not self)
        for task in tasks.values()
    )


def install() -> None:
    """Patch the library, once a process."""
    TaskSpec.outputs = property(_outputs, _set_outputs)
    TaskSpec._predict = _predict
    TaskSpec._predict_hook = _predict_hook
    TaskSpec._update = _update
    TaskSpec._update_hook = _update_hook
    TaskSpec._on_ready = _on_ready
    TaskSpec._on_ready_hook = _on_ready_hook
    TaskSpec._run_hook = _run_hook
    TaskSpec._on_complete_hook = _on_complete_hook
    TaskSpec._on_complete = _on_complete
    BpmnTaskSpec._update_hook = _update_hook_of_bpmn
    BpmnTaskSpec._on_complete_hook = _on_complete_hook_of_bpmn
    CatchingEvent._run_hook = _run_catching
    CatchingEvent._on_cancel = _cancel_catching
    Join._find_tasks = _find_tasks
    _EndJoin._check_threshold_unstructured = _is_last
