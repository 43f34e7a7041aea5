"""The busiest methods of SpiffWorkflow 3.2.0 again, to the same effect in fewer calls.

What they leave out: logging, events that nobody listens to (only `completed_event` is ever connected), the depth of an
iteration (it has no limit here), a list of specifications seen that the library compares with tasks, and the test of a
specification at each of its tasks, which `specifications` makes when it reads the drawing. What they keep, to the
letter: which tasks there are, in which order they are made and changed, and which exceptions tell of a broken drawing.
"""

from collections.abc import Iterator
from typing import Any, Final

from SpiffWorkflow.bpmn.specs.control import _EndJoin
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskIterator, TaskState
from SpiffWorkflow.workflow import Workflow

from engine.machine.metering import count_task

_FINISHED: Final = TaskState.FINISHED_MASK
_NOT_FINISHED: Final = TaskState.NOT_FINISHED_MASK
_DEFINITE: Final = TaskState.DEFINITE_MASK
_PREDICTED: Final = TaskState.PREDICTED_MASK
_WAITING: Final = TaskState.WAITING
_READY: Final = TaskState.READY
_test_and_get_ready = TaskSpec._on_ready


# ---- tasks ----


def _parent(self: Task) -> Task | None:
    return self.workflow.tasks.get(self._parent)


def _set_parent(self: Task, task: Task | None) -> None:
    self._parent = task.id if task is not None else None


def _children(self: Task) -> list[Task]:
    return list(map(self.workflow.tasks.get, self._children))


def _set_children(self: Task, tasks: list[Task]) -> None:
    self._children = [child.id for child in tasks]


def _begin(
    self: Task,
    workflow: Workflow,
    task_spec: TaskSpec,
    parent: Task | None = None,
    state: int = TaskState.MAYBE,
) -> None:
    identity, self.last_state_change = count_task()
    self.id = identity
    workflow.tasks[identity] = self
    self.workflow, self.task_spec, self._state = workflow, task_spec, state
    self._parent, self._children = None, []
    self.triggered, self.thread_id = False, 0
    self._data, self.internal_data = {}, {}
    if parent is not None:
        self._parent = parent.id
        parent._children.append(identity)


def _add_child(self: Task, task_spec: TaskSpec, state: int = TaskState.MAYBE) -> Task:
    if self._state & _PREDICTED and not state & _PREDICTED:
        raise WorkflowException("Attempt to add non-predicted child to predicted task", task_spec=self.task_spec)
    task = Task(self.workflow, task_spec, self, state)
    if state == _READY:
        task._ready()
    return task


def _sync_children(self: Task, task_specs: list[TaskSpec], state: int = TaskState.MAYBE) -> None:
    wanted = task_specs[:]
    if self._children:
        unneeded = []
        for child in self.children:
            if child.triggered:
                continue
            if child.task_spec in wanted:
                wanted.remove(child.task_spec)
                if child._state & _NOT_FINISHED:
                    child._set_state(state)
            elif child._state & _DEFINITE:
                raise WorkflowException(f"removal of non-predicted child {child}", task_spec=self.task_spec)
            else:
                unneeded.append(child)
        for child in unneeded:
            self.workflow._remove_task(child.id)
    for spec in wanted:
        self._add_child(spec, state)


def _next_task(self: TaskIterator) -> Task:
    if not self.task_list:
        raise StopIteration
    task = self.task_list.pop(0)
    if task._children and task._state >= self.min_state and task.task_spec.name != self.end_at_spec:
        if self.depth_first:
            self.task_list[:0] = task.children
        else:
            self.task_list += task.children
    return task


def _remove_task(self: Workflow, task_id: int) -> None:
    task = self.tasks[task_id]
    for child in task._children[:]:
        self._remove_task(child)
    task.parent._children.remove(task_id)
    del self.tasks[task_id]


# ---- specifications ----


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


def _update_hook(_self: TaskSpec, my_task: Task) -> bool:
    my_task._inherit_data()
    return True


def _on_ready(self: TaskSpec, my_task: Task) -> None:
    if self.is_sound:
        self._on_ready_hook(my_task)
    else:
        _test_and_get_ready(self, my_task)


def _on_ready_hook(_self: TaskSpec, _my_task: Task) -> None:
    pass


def _on_complete(self: TaskSpec, my_task: Task) -> None:
    self._on_complete_hook(my_task)
    if my_task._children:
        for child in my_task.children:
            if not child._state & _FINISHED:
                child.task_spec._update(child)
    my_task.workflow._task_completed_notify(my_task)


def _run_catching(self: CatchingEvent, my_task: Task) -> Any:
    self.event_definition.update_task_data(my_task)
    for task in _branch(my_task):
        if task.task_spec.name == self.name:
            task.task_spec.event_definition.reset(task)
    return super(CatchingEvent, self)._run_hook(my_task)


def _branch(task: Task) -> Iterator[Task]:
    """A task and what is below it in its own workflow, in no certain order."""
    found = task.workflow.tasks
    stack = [task.id]
    while stack:
        here = found[stack.pop()]
        stack += here._children
        yield here


def _is_last(self: _EndJoin, my_task: Task) -> bool:
    """Whether nothing else in the workflow is unfinished; what is below an end does not count."""
    tasks = my_task.workflow.tasks
    return not any(
        task._state & _NOT_FINISHED
        and task is not my_task
        and (task._parent is None or tasks[task._parent].task_spec is not self)
        for task in tasks.values()
    )


# ---- workflows ----


def _update_waiting_tasks(self: Workflow) -> None:
    for task in [t for t in self.tasks.values() if t._state == _WAITING]:
        if task._state == _WAITING:
            task.task_spec._update(task)


def install() -> None:
    """Patch the library, once a process."""
    Task.parent = property(_parent, _set_parent)
    Task.children = property(_children, _set_children)
    Task.__init__ = _begin
    Task._add_child = _add_child
    Task._sync_children = _sync_children
    TaskIterator._next = _next_task
    TaskSpec.outputs = property(_outputs, _set_outputs)
    TaskSpec._predict = _predict
    TaskSpec._predict_hook = _predict_hook
    TaskSpec._update_hook = _update_hook
    TaskSpec._on_ready = _on_ready
    TaskSpec._on_ready_hook = _on_ready_hook
    TaskSpec._on_complete = _on_complete
    CatchingEvent._run_hook = _run_catching
    _EndJoin._check_threshold_unstructured = _is_last
    Workflow._remove_task = _remove_task
    Workflow.update_waiting_tasks = _update_waiting_tasks
