"""Joins that hold in loops, at any depth, and keep what every branch wrote.

The library's own joins count arrivals of earlier rounds, walk the tree by recursion, and let a branch's stale copy of
the data overwrite what another branch wrote. Here an arrival is joined once and marked so; the data of the branches are
merged against what they all started from, so that only what a branch changed counts.
"""

from collections.abc import Iterator
from typing import Any, Final

import orjson
from SpiffWorkflow.bpmn.specs.mixins.inclusive_gateway import InclusiveGateway
from SpiffWorkflow.bpmn.specs.mixins.parallel_gateway import ParallelGateway
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

#: Marks, in a task's inner data, an arrival that has been joined.
JOINED: Final = "joined"
_ACTIVE: Final = TaskState.READY | TaskState.WAITING | TaskState.STARTED
_PREDICTED: Final = TaskState.PREDICTED_MASK | TaskState.FUTURE
_run_end_join = UnstructuredJoin._run_hook


def install() -> None:
    """Put these joins in the place of the library's."""
    ParallelGateway._check_threshold_unstructured = _all_arrived
    InclusiveGateway._check_threshold_unstructured = _none_can_come
    UnstructuredJoin._run_hook = _join


def is_join(spec: Any) -> bool:
    """Whether a task specification waits for several flows."""
    return isinstance(spec, (ParallelGateway, InclusiveGateway)) and len(spec.inputs) > 1


def is_awaited(task: Task) -> bool:
    """Whether a task is an arrival at a join that has not fired: it and its parent are still needed."""
    return (
        task.task_spec.is_join
        and not task._state & _PREDICTED
        and JOINED not in task.internal_data
        and task.parent._state == TaskState.COMPLETED
    )


def _ancestors(task: Task) -> Iterator[Task]:
    current = task.parent
    while current is not None:
        yield current
        current = current.parent


def _arrivals(my_task: Task) -> list[Task]:
    """The arrivals at a gateway that are not joined yet, its own among them, in order."""
    if not my_task.task_spec.is_join:
        return [my_task]
    above = {task.id for task in _ancestors(my_task)}
    found = [
        task
        for task in my_task.workflow.tasks.values()
        if task.task_spec is my_task.task_spec and task.id not in above and (task is my_task or is_awaited(task))
    ]
    return sorted(found, key=lambda task: (task is my_task, task.last_state_change))


def _all_arrived(spec: ParallelGateway, my_task: Task) -> bool:
    missing = set(spec.inputs) - {task.parent.task_spec for task in _arrivals(my_task)}
    if missing:  # a way that leads only through this very join will not be gone before it fires
        below = [my_task]
        while below:
            task = below.pop()
            below.extend(task.children)
            if task is not my_task and task.task_spec is spec:
                missing.discard(next((up.task_spec for up in _ancestors(task) if up.task_spec in missing), None))
    return not missing


def _none_can_come(spec: InclusiveGateway, my_task: Task) -> bool:
    arrivals = _arrivals(my_task)
    arrived = {task.parent.task_spec.name for task in arrivals}
    missing = {each.name for each in spec.inputs} - arrived
    counted = {task.id for task in arrivals}
    for task in my_task.workflow.tasks.values():
        if task._state & _ACTIVE and task.id not in counted:
            ahead = _reachable(task.task_spec, spec)
            if ahead & missing and not ahead & arrived:
                return False
    return True


def _reachable(source: Any, barrier: Any) -> set[str]:
    """Names of the specifications that a token may still come to without passing the barrier, its own included."""
    found: set[str] = set()
    ahead = [source]
    while ahead:
        spec = ahead.pop()
        if spec is not barrier and spec.name not in found:
            found.add(spec.name)
            ahead.extend(spec.outputs)
    return found


def _join(spec: UnstructuredJoin, my_task: Task) -> bool:
    if not isinstance(spec, (ParallelGateway, InclusiveGateway)):  # the end of a process: the library's own
        return bool(_run_end_join(spec, my_task))
    arrivals = _arrivals(my_task)
    if len(arrivals) > 1:
        base = _common_ground([task.parent for task in arrivals])
        merged = copied(base)
        for task in arrivals:
            _merge(merged, base, task.parent.data)
        my_task.data = merged
    else:
        my_task._inherit_data()
    for task in arrivals:
        task.internal_data[JOINED] = True
    return True


def _common_ground(parents: list[Task]) -> dict[str, Any]:
    """The data that all branches started from: that of their nearest common ancestor."""
    chains = [{task.id for task in _ancestors(parent)} for parent in parents]
    shared = set.intersection(*chains)
    return next((task.data for task in _ancestors(parents[-1]) if task.id in shared), {})


def _merge(merged: dict[str, Any], base: dict[str, Any], theirs: dict[str, Any]) -> None:
    """Take over what a branch changed: maps key by key, everything else whole; the later arrival wins."""
    for key, value in theirs.items():
        before = base.get(key)
        if key in base and before == value:
            continue
        here = merged.get(key)
        if isinstance(value, dict) and isinstance(here, dict):
            _merge(here, before if isinstance(before, dict) else {}, value)
        else:
            merged[key] = copied(value)


def copied(value: Any) -> Any:
    """A copy of JSON data that shares nothing with it."""
    return orjson.loads(orjson.dumps(value))
