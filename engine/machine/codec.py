"""A case's state as bytes and back.

Only what can still matter is kept: unfinished tasks, their ancestors (straight finished stretches drawn together), and
the data of those that will be read again, each distinct value once. A loop of any number of rounds therefore costs
what one round costs. The bytes are the same for the same commands, so their digest proves a re-execution.
"""

from typing import Any, Final

import orjson
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

from engine.errors import StepFailedError
from engine.machine.joins import is_awaited
from engine.machine.kept import CANONICAL, raw_of
from engine.machine.metering import Meter
from engine.machine.specifications import Specification
from engine.machine.workflow import CaseWorkflow, Environment, ScriptEngine

VERSION: Final = 1
_PREDICTED: Final = TaskState.PREDICTED_MASK | TaskState.FUTURE
_ACTIVE: Final = TaskState.READY | TaskState.WAITING | TaskState.STARTED
_FINISHED: Final = TaskState.FINISHED_MASK
_WAITING: Final = TaskState.WAITING
_STARTED: Final = TaskState.STARTED
_COMPLETED: Final = TaskState.COMPLETED
#: How many values stand for a task that is only predicted.
_SHORT: Final = 5
_new: Final = Task.__new__


def encode(workflow: CaseWorkflow, meter: Meter) -> bytes:
    """The state as bytes. Prunes the workflow first, so it goes on as if it had been restored from them."""
    prune(workflow)
    workflows: list[Any] = [workflow, *(sub for _token, sub in sorted(workflow.subprocesses.items()))]
    tasks: list[list[Any]] = []
    datas: dict[bytes, int] = {}
    for number, each in enumerate(workflows):
        _write_tree(each, number, tasks, datas)
    heads = [
        [
            each.parent_task_id,
            each.spec.name,
            int(each.completed),
            each.last_task.id if each.last_task and each.last_task.id in each.tasks else None,
        ]
        for each in workflows
    ]
    body = {
        "v": VERSION,
        "n": meter.next_id,
        "k": meter.tick,
        "w": heads,
        "t": tasks,
        "d": [orjson.Fragment(raw) for raw in datas],
    }
    return orjson.dumps(body, option=CANONICAL)


def _write_tree(workflow: Any, number: int, tasks: list[list[Any]], datas: dict[bytes, int]) -> None:
    """Append a workflow's tasks, from the root down, and what is new among their data."""
    found = workflow.tasks
    stack = [workflow.task_tree.id]
    while stack:
        task = found[stack.pop()]
        stack += task._children[::-1]
        state = task._state
        if state & _PREDICTED:
            tasks.append([task.id, task._parent, state, task.task_spec.name, number])
            continue
        is_over = state & _FINISHED and not _is_read_again(task)
        place = -1 if is_over else datas.setdefault(raw_of(task), len(datas))
        tasks.append(
            [
                task.id,
                task._parent,
                state,
                task.task_spec.name,
                number,
                1 if task.triggered else 0,
                place,
                task.internal_data or 0,
                task.last_state_change,
            ]
        )


def _is_read_again(task: Task) -> bool:
    """Whether a finished task's data still count: for what goes on below it, or for a join of what started there."""
    children = task._children
    if len(children) != 1:
        return bool(children)
    child = task.workflow.tasks[children[0]]
    return bool(child._state & _ACTIVE) or is_awaited(child)


def decode(raw: bytes, specification: Specification, environment: Environment) -> tuple[CaseWorkflow, Meter]:
    """The workflow that `encode` wrote, and its counters. Raises StepFailedError for bytes of another version."""
    body = orjson.loads(raw)
    if body.get("v") != VERSION:
        raise StepFailedError(f"Состояние дела записано в версии {body.get('v')}, ожидается {VERSION}.")
    datas = [orjson.dumps(data) for data in body["d"]]
    top = CaseWorkflow(
        specification.process, specification.subprocesses, script_engine=ScriptEngine(environment), deserializing=True
    )
    workflows: list[Any] = [top]
    for parent, name, _completed, _last in body["w"][1:]:
        sub = BpmnSubWorkflow.__new__(BpmnSubWorkflow)
        sub.parent_task_id, sub.top_workflow, sub.correlations = parent, top, {}
        Workflow.__init__(sub, specification.spec(name), deserializing=True)
        top.subprocesses[parent] = sub
        workflows.append(sub)
    _restore(body["t"], workflows, datas, top.event_manager.tasks)
    for each, (parent, _name, completed, last) in zip(workflows, body["w"], strict=True):
        each.completed = bool(completed)
        each.last_task = each.tasks.get(last)
        if parent is not None:
            host = top.get_task_from_id(parent)
            each.completed_event.connect(host.task_spec._on_subworkflow_completed, host)
    return top, Meter(next_id=body["n"], tick=body["k"])


def _restore(rows: list[list[Any]], workflows: list[Any], datas: list[bytes], catching: dict[int, Task]) -> None:
    """The tasks in their places, from their rows; their data stay bytes until asked for."""
    for row in rows:
        if len(row) == _SHORT:
            identity, parent, state, name, number = row
            triggered, place, internal, changed = 0, -1, 0, 0
        else:
            identity, parent, state, name, number, triggered, place, internal, changed = row
        workflow = workflows[number]
        tasks, spec = workflow.tasks, workflow.spec.task_specs[name]
        tasks[identity] = task = _new(Task)
        task.id, task._parent, task._state = identity, parent, state
        task.workflow, task.task_spec, task._children = workflow, spec, []
        task.triggered, task.internal_data, task.last_state_change = bool(triggered), internal or {}, changed
        task._data = datas[place] if place >= 0 else {}
        if state == _WAITING and spec.is_catching:
            catching[identity] = task
        if parent is None:
            workflow.task_tree = task
        else:
            tasks[parent]._children.append(identity)


def prune(top: CaseWorkflow) -> None:
    """Drop what can never matter again from the tree in memory."""
    for token, sub in list(top.subprocesses.items()):
        host = _find(top, token)
        if host is None or host._state & TaskState.FINISHED_MASK:
            _drop_subprocess(top, token, sub)
    for each in [top, *list(top.subprocesses.values())]:
        _sweep(each)
        _splice(each)
    catching = top.event_manager.tasks
    for token in [token for token in catching if _find(top, token) is None]:
        del catching[token]


def _find(top: CaseWorkflow, token: int) -> Task | None:
    if token in top.tasks:
        return top.tasks[token]
    return next((s.tasks[token] for s in top.subprocesses.values() if token in s.tasks), None)


def _drop_subprocess(top: CaseWorkflow, token: int, sub: Any) -> None:
    for inner in [t for t in sub.tasks if t in top.subprocesses]:
        _drop_subprocess(top, inner, top.subprocesses[inner])
    top.subprocesses.pop(token, None)


def _sweep(workflow: Any) -> None:
    """Keep what is not finished or still awaited, with everything above it."""
    found = workflow.tasks
    keep: set[int | None] = {None, workflow.task_tree.id}
    for token, task in found.items():
        if task._state & _FINISHED and not (task.task_spec.is_join and is_awaited(task)):
            continue
        if task._state == _STARTED and task.task_spec.is_loop:
            keep.update(task._children)
        here = token
        while here not in keep:
            keep.add(here)
            here = found[here]._parent
    if len(keep) - 1 == len(found):
        return
    workflow.tasks = {k: t for k, t in found.items() if k in keep}
    for task in workflow.tasks.values():
        if task._children:
            task._children = [c for c in task._children if c in keep]


def _splice(workflow: Any) -> None:
    """Draw straight finished stretches together: what has one child, finished too, is left out between two others."""
    found = workflow.tasks
    finished = [
        task
        for task in found.values()
        if task._state == _COMPLETED
        and len(task._children) == 1
        and task._parent is not None
        and not task.task_spec.is_loop
        and found[task._children[0]]._state & _FINISHED
    ]
    if not finished:
        return
    guarded = _splits_in_use(workflow)
    for task in finished:
        child, parent = found[task._children[0]], found[task._parent]
        if parent.task_spec.is_loop or task.id in guarded or is_awaited(child):
            continue
        parent._children[parent._children.index(task.id)] = child.id
        child._parent = parent.id
        del found[task.id]


def _splits_in_use(workflow: Any) -> set[int]:
    """The splits before activities with boundary events that have not come to their joins."""
    found = set()
    for task in workflow.tasks.values():
        if task.task_spec.is_boundary_join and not task._state & _FINISHED:
            split = task.find_ancestor(task.task_spec.split_task)
            if split is not None:
                found.add(split.id)
    return found
