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
from engine.machine.kept import raw_of
from engine.machine.metering import Meter
from engine.machine.specifications import Specification
from engine.machine.workflow import CaseWorkflow, Environment, ScriptEngine

VERSION: Final = 1
_PREDICTED: Final = TaskState.PREDICTED_MASK | TaskState.FUTURE
_ACTIVE: Final = TaskState.READY | TaskState.WAITING | TaskState.STARTED
_FINISHED: Final = TaskState.FINISHED_MASK
_new: Final = Task.__new__
_OPTIONS: Final = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS


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
    return orjson.dumps(body, option=_OPTIONS)


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
        if state & _FINISHED and not _is_read_again(task):
            place = -1
        else:
            place = datas.setdefault(raw_of(task, _OPTIONS), len(datas))
        tasks.append(
            [
                task.id,
                task._parent,
                state,
                task.task_spec.name,
                number,
                int(task.triggered),
                place,
                task.internal_data or 0,
                task.last_state_change,
            ]
        )


def _is_read_again(task: Task) -> bool:
    """Whether a finished task's data still count: for what goes on below it, or for a join of what started there."""
    if len(task._children) > 1:
        return True
    return any(is_awaited(child) or child._state & _ACTIVE for child in task.children)


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
    for row in body["t"]:
        _restore(row, workflows[row[4]], datas)
    for each, (parent, _name, completed, last) in zip(workflows, body["w"], strict=True):
        each.completed = bool(completed)
        each.last_task = each.tasks.get(last)
        if parent is not None:
            host = top.get_task_from_id(parent)
            each.completed_event.connect(host.task_spec._on_subworkflow_completed, host)
    return top, Meter(next_id=body["n"], tick=body["k"])


def _restore(row: list[Any], workflow: Any, datas: list[bytes]) -> None:
    """A task in its place, from its row; its data stay bytes until asked for."""
    task = _new(Task)
    task.id, task._parent, task._state = identity, parent, state = row[:3]
    task.workflow, task._children, task.thread_id = workflow, [], 0
    task.task_spec = spec = workflow.spec.task_specs[row[3]]
    if state & _PREDICTED:
        task.triggered, task._data, task.internal_data, task.last_state_change = False, {}, {}, 0
    else:
        _identity, _parent, _state, _name, _number, triggered, place, internal, changed = row
        task.triggered = bool(triggered)
        task._data = datas[place] if place >= 0 else {}
        task.internal_data = internal or {}
        task.last_state_change = changed
        if state == TaskState.WAITING and spec.is_catching:
            workflow.top_workflow.event_manager.tasks[identity] = task
    tasks = workflow.tasks
    tasks[identity] = task
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
    live = (
        set(top.tasks).union(*(sub.tasks for sub in top.subprocesses.values())) if top.subprocesses else set(top.tasks)
    )
    for token in [t for t in top.event_manager.tasks if t not in live]:
        del top.event_manager.tasks[token]


def _find(top: CaseWorkflow, token: int) -> Task | None:
    if token in top.tasks:
        return top.tasks[token]
    return next((s.tasks[token] for s in top.subprocesses.values() if token in s.tasks), None)


def _drop_subprocess(top: CaseWorkflow, token: int, sub: Any) -> None:
    for inner in [t for t in sub.tasks if t in top.subprocesses]:
        _drop_subprocess(top, inner, top.subprocesses[inner])
    top.subprocesses.pop(token, None)


def _sweep(workflow: Any) -> None:
    keep: set[int] = {workflow.task_tree.id}
    found = workflow.tasks
    for task in found.values():
        if task._state & TaskState.FINISHED_MASK and not is_awaited(task):
            continue
        if task.task_spec.is_loop and task._state == TaskState.STARTED:
            keep.update(task._children)
        current = task.id
        while current is not None and current not in keep:
            keep.add(current)
            current = found[current]._parent
    if len(keep) == len(workflow.tasks):
        return
    workflow.tasks = {k: t for k, t in workflow.tasks.items() if k in keep}
    for task in workflow.tasks.values():
        if task._children:
            task._children = [c for c in task._children if c in keep]


def _splice(workflow: Any) -> None:
    guarded = set()
    for task in workflow.tasks.values():
        if task.task_spec.is_boundary_join and not task._state & TaskState.FINISHED_MASK:
            split = task.find_ancestor(task.task_spec.split_task)
            if split is not None:
                guarded.add(split.id)
    for task in list(workflow.tasks.values()):
        if task._state != TaskState.COMPLETED or task._parent is None or len(task._children) != 1:
            continue
        child = workflow.tasks[task._children[0]]
        parent = workflow.tasks[task._parent]
        if not child._state & TaskState.FINISHED_MASK or task.task_spec.is_loop or parent.task_spec.is_loop:
            continue
        if task.id in guarded or is_awaited(child):
            continue
        parent._children[parent._children.index(task.id)] = child.id
        child._parent = parent.id
        del workflow.tasks[task.id]
