"""What a step did, told of the workflow that it left: what opened, closed and moved, and where the case stands."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.errors import LimitExceededError
from engine.machine.codec import encode
from engine.machine.limits import Limits
from engine.machine.metering import Meter
from engine.machine.workflow import CaseWorkflow

if TYPE_CHECKING:
    from engine.definitions import Definition

_READY: Final = TaskState.READY
_WAITING: Final = TaskState.WAITING
_STARTED: Final = TaskState.STARTED
_ACTIVE: Final = _READY | _WAITING | _STARTED
_CANCELLED: Final = TaskState.CANCELLED
_STATES: Final = {
    TaskState.WAITING: "waiting",
    TaskState.READY: "ready",
    TaskState.STARTED: "waiting",
    TaskState.COMPLETED: "completed",
    TaskState.ERROR: "cancelled",
    TaskState.CANCELLED: "cancelled",
}


class Opened(NamedTuple):
    """A user task or timer that opened: its token, element, data, and the multi-instance items in its scope.

    `host` is the token of the activity that a boundary timer is attached to.
    """

    token: int
    element: str
    data: Mapping[str, Any]
    local: Mapping[str, Any]
    is_timer: bool
    host: int | None = None


class Closed(NamedTuple):
    """A user task or timer that is open no more."""

    token: int
    element: str
    state: str


class Move(NamedTuple):
    """An element's token came to a state: waiting, ready, completed, cancelled."""

    element: str
    state: str
    token: int


class Step(NamedTuple):
    """What a command did."""

    state: bytes
    data: Mapping[str, Any]
    at: tuple[str, ...]
    end: str | None
    opened: tuple[Opened, ...]
    closed: tuple[Closed, ...]
    moves: tuple[Move, ...]
    flows: tuple[str, ...]


def outcome_of(
    definition: "Definition", workflow: CaseWorkflow, meter: Meter, before: Mapping[int, Task], limits: Limits
) -> Step:
    """What a command did, once everything automatic has run. Raises LimitExceededError."""
    moves, flows = _moves(definition, meter)
    after, at, newest = _standing(workflow)
    if workflow.completed:
        after = {}
    if len(after) > limits.open_tasks:
        raise LimitExceededError(f"У дела больше {limits.open_tasks} открытых задач и таймеров.")
    opened = tuple(_opened(workflow, t) for token, t in sorted(after.items()) if token not in before)
    final = {m.token: m.state for m in moves}
    closed = tuple(
        Closed(token, task.task_spec.bpmn_id, final.get(token, "cancelled"))
        for token, task in sorted(before.items())
        if token not in after
    )
    data = _data_of(workflow, newest)
    end = _end(meter) if workflow.completed else None
    state = encode(workflow, meter)
    if len(state) > limits.state_bytes:
        raise LimitExceededError(f"Данные дела больше {limits.state_bytes // 1_000_000} МБ.")
    order = definition.order
    return Step(state, data, tuple(sorted(at, key=lambda e: order.get(e, 0))), end, opened, closed, moves, flows)


def _opened(workflow: CaseWorkflow, task: Task) -> Opened:
    spec = task.task_spec
    host = None
    if spec.is_timer and spec.is_boundary:
        host = next((c.id for c in task.parent.children if not c.task_spec.is_boundary), None)
    return Opened(task.id, spec.bpmn_id, dict(task.data), _local_items(workflow, task), spec.is_timer, host)


def _local_items(workflow: CaseWorkflow, task: Task) -> dict[str, Any]:
    """The multi-instance input items in the scope of a task, by the item's name, innermost last."""
    items: dict[str, Any] = {}
    current: Task | None = task
    while current is not None:
        parent = current.parent
        if parent is not None and parent.task_spec.is_loop:
            item = getattr(parent.task_spec, "input_item", None)
            if item is not None and item.bpmn_id in task.data:
                items.setdefault(item.bpmn_id, task.data[item.bpmn_id])
            if "key_or_index" in current.internal_data:
                items.setdefault("instance", current.internal_data["key_or_index"])
        host = current.workflow.parent_task_id
        current = None if host is None else task_of(workflow, host)
    return items


def _moves(definition: "Definition", meter: Meter) -> tuple[tuple[Move, ...], tuple[str, ...]]:
    last: dict[int, tuple[str, str]] = {}
    flows: list[str] = []
    entered: set[int] = set()
    for task, _old, new in meter.journal:
        state = _STATES.get(new)
        spec, token = task.task_spec, task.id
        element = spec.bpmn_id
        if state is None or element is None or spec.is_shell:
            continue
        last.pop(token, None)
        last[token] = element, state
        if new != _CANCELLED and token not in entered:
            entered.add(token)
            flow = None if spec.is_boundary else _flow_into(definition, task)
            if flow:
                flows.append(flow)
    moves = tuple([Move(element, state, token) for token, (element, state) in last.items()])
    return moves, tuple(dict.fromkeys(flows))


def _flow_into(definition: "Definition", task: Task) -> str | None:
    element, above = task.task_spec.bpmn_id, task.parent
    while above is not None:  # a task dropped in the same step has nothing above it
        source = above.task_spec.bpmn_id
        if source is not None:
            return None if source == element else definition.flow_between.get((source, element))
        above = above.parent
    return None


def _standing(workflow: CaseWorkflow) -> tuple[dict[int, Task], set[str], Task | None]:
    """What is open by token, the elements that the case stands at, and the newest task of the main flow among them."""
    found: dict[int, Task] = {}
    at: set[str] = set()
    newest: Task | None = None
    for each in [workflow, *workflow.subprocesses.values()]:
        for task in each.tasks.values():
            state, spec = task._state, task.task_spec
            if not state & _ACTIVE or (state == _READY and not spec.manual):
                continue
            if state == _READY or (state == _WAITING and spec.is_timer):
                found[task.id] = task
            if spec.bpmn_id is None or spec.is_boundary or (state == _WAITING and not spec.has_event):
                continue
            if state != _STARTED:
                at.add(spec.bpmn_id)
            if each is workflow and (newest is None or task.id > newest.id):
                newest = task
    return found, at, newest


def _data_of(workflow: CaseWorkflow, newest: Task | None) -> dict[str, Any]:
    """The case's data: that of the newest task of the main flow, or where it ended."""
    if newest is None:
        ended = [t for t in workflow.tasks.values() if t.task_spec.is_end and t._state == TaskState.COMPLETED]
        newest = max(ended, key=lambda t: t.last_state_change, default=workflow.last_task)
    return {} if newest is None else newest.data


def _end(meter: Meter) -> str | None:
    ends = [
        t.task_spec.bpmn_id
        for t, _old, new in meter.journal
        if new == TaskState.COMPLETED and t.task_spec.is_end and t.workflow.parent_task_id is None
    ]
    return ends[-1] if ends else None


def task_of(workflow: CaseWorkflow, token: int) -> Task | None:
    """The task of a token, wherever it stands; None where there is none."""
    if token in workflow.tasks:
        return workflow.tasks[token]
    return next((s.tasks[token] for s in workflow.subprocesses.values() if token in s.tasks), None)


def waiting_of(workflow: CaseWorkflow) -> dict[int, Task]:
    """The user tasks and timers that stand open, by token."""
    found = {}
    for each in [workflow, *workflow.subprocesses.values()]:
        for task in each.tasks.values():
            state = task._state
            if (state == _READY and task.task_spec.manual) or (state == _WAITING and task.task_spec.is_timer):
                found[task.id] = task
    return found
