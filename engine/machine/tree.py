"""The tree of tasks as SpiffWorkflow 3.2.0 builds and walks it, to the same effect in fewer calls (see `shortcuts`).

Ids are small integers, "time" is a count of changes. An iteration has no limit of depth, so it counts none. A workflow
begins at its root, which the library looks for; how deep it lies only the library's own loop would ask.
"""

from collections.abc import Iterator
from typing import Any, Final

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskIterator, TaskState
from SpiffWorkflow.workflow import Workflow

from engine.machine.metering import change_state, count_task

_NOT_FINISHED: Final = TaskState.NOT_FINISHED_MASK
_DEFINITE: Final = TaskState.DEFINITE_MASK
_PREDICTED: Final = TaskState.PREDICTED_MASK
_ENDED: Final = TaskState.COMPLETED | TaskState.CANCELLED
_WAITING: Final = TaskState.WAITING
_READY: Final = TaskState.READY


def branch_of(task: Task, end_at: str | None = None) -> Iterator[Task]:
    """A task and what is below it in its own workflow, parents first; nothing below a specification named `end_at`."""
    stack = [task]
    while stack:
        here = stack.pop()
        if here._children and here.task_spec.name != end_at:
            stack += here.children[::-1]
        yield here


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
    self.triggered, self._data, self.internal_data = False, {}, {}
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


def _ready(self: Task) -> None:
    if not self._state & _ENDED:
        self._set_state(_READY)
        self.task_spec._on_ready(self)


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


def _search(self: Workflow, first_task: Task | None = None, **wanted: Any) -> Task | None:
    if first_task is None and wanted == {"spec_name": "Start"}:
        return self.task_tree
    return next(self.get_tasks_iterator(first_task, **wanted), None)


def _no_depth(_self: BpmnSubWorkflow) -> int:
    return 0


def _update_waiting_tasks(self: Workflow) -> None:
    for task in [t for t in self.tasks.values() if t._state == _WAITING]:
        if task._state == _WAITING:
            task.task_spec._update(task)


def install() -> None:
    """Patch the library, once a process."""
    Task.__init__ = _begin
    Task.thread_id = 0  # of any task: nothing here splits threads
    Task.parent = property(_parent, _set_parent)
    Task.children = property(_children, _set_children)
    Task._add_child = _add_child
    Task._sync_children = _sync_children
    Task._set_state = change_state
    Task._ready = _ready
    TaskIterator._next = _next_task
    Workflow.get_next_task = _search
    BpmnSubWorkflow._calculate_depth = _no_depth
    Workflow._remove_task = _remove_task
    Workflow.update_waiting_tasks = _update_waiting_tasks
