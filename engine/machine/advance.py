"""One step of a case: a command goes in; the new state and everything that changed come out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

import orjson
from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.mixins.events.end_event import EndEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.events.start_event import StartEvent
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from typing_extensions import override

from engine.errors import ConflictError, DrawingError, EngineError, LimitExceededError, StepFailedError
from engine.expressions import ExpressionError
from engine.machine.codec import decode, encode
from engine.machine.joins import copied
from engine.machine.library import CaseWorkflow, Environment, Meter, RowTimer, ScriptEngine, is_loop, metered

if TYPE_CHECKING:
    from engine.definitions import Definition

_STATES: Final = {
    TaskState.WAITING: "waiting",
    TaskState.READY: "ready",
    TaskState.STARTED: "waiting",
    TaskState.COMPLETED: "completed",
    TaskState.ERROR: "cancelled",
    TaskState.CANCELLED: "cancelled",
}
_SPARE_LEVELS: Final = 127


@dataclass(frozen=True, slots=True)
class Start:
    """Begin a case with its start data; a message or timer start event counts as triggered."""

    data: Mapping[str, Any]
    payload: Any = None


@dataclass(frozen=True, slots=True)
class Complete:
    """Complete an open user task; `variables` enter its data."""

    token: int
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FireTimer:
    """Let a waiting timer fire."""

    token: int


@dataclass(frozen=True, slots=True)
class Deliver:
    """Hand a message to the one task that waits for it; the payload enters the message's variable."""

    message: str
    payload: Any


Command = Start | Complete | FireTimer | Deliver


class NotWaitingError(ConflictError):
    """The case does not wait for that."""

    slug = "not_waiting"


class Services(Protocol):
    """Carries out a service task's operator: the result is recorded and enters the data."""

    def __call__(
        self, token: int, element: str, operator: str, parameters: Mapping[str, Any], data: Mapping[str, Any], /
    ) -> Any:
        """The operator's JSON result."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What one step may use (a case stands as an incident past them, and nobody else waits)."""

    steps: int = 2_000
    tokens: int = 3_000
    open_tasks: int = 1_000
    instances: int = 200
    state_bytes: int = 2_000_000


@dataclass(frozen=True, slots=True)
class Opened:
    """A user task or timer that opened: its token, element, data, and the multi-instance items in its scope.

    `host` is the token of the activity that a boundary timer is attached to.
    """

    token: int
    element: str
    data: Mapping[str, Any]
    local: Mapping[str, Any]
    is_timer: bool
    host: int | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """A user task or timer that is open no more."""

    token: int
    element: str
    state: str


@dataclass(frozen=True, slots=True)
class Move:
    """An element's token came to a state: waiting, ready, completed, cancelled."""

    element: str
    state: str
    token: int


@dataclass(frozen=True)
class Step:
    """What a command did."""

    state: bytes
    data: Mapping[str, Any]
    at: tuple[str, ...]
    end: str | None
    opened: tuple[Opened, ...]
    closed: tuple[Closed, ...]
    moves: tuple[Move, ...]
    flows: tuple[str, ...]


@dataclass
class _Running(Environment):
    definition: "Definition"
    services: Services
    element: str | None = None
    failed_at: str | None = None
    steps: int = 0
    limits: Limits = field(default_factory=Limits)

    @override
    def evaluate(self, expression: str, data: Mapping[str, Any]) -> Any:
        return self.definition.evaluate(expression, data)

    @override
    def decide(self, decision: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
        result = self.definition.decide(decision, data)
        if not isinstance(result, Mapping):
            return {decision: list(result)}
        return result

    @override
    def service(self, task: Task, operator: str, parameters: dict[str, Any]) -> Any:
        result = self.services(task.id, task.task_spec.bpmn_id, operator, parameters, copied(task.data))
        return _portable(result)


def advance(
    definition: "Definition", state: bytes | None, command: Command, services: Services, limits: Limits | None = None
) -> Step:
    """Make one step: apply the command, then run all automatic elements.

    Raises NotWaitingError where the command does not fit the state; a rule's RefusedError passes through;
    LimitExceededError and StepFailedError (with the element and a plain Russian cause) for anything else. The caller
    discards everything then.
    """
    limits = limits or Limits()
    environment = _Running(definition, services, limits=limits)
    try:
        if isinstance(command, Start):
            meter = Meter(max_tokens=limits.tokens, max_instances=limits.instances)
            metered(meter)
            workflow = CaseWorkflow(
                definition.specification.process,
                definition.specification.subprocesses,
                script_engine=ScriptEngine(environment),
            )
            before: dict[int, Task] = {}
            workflow.task_tree.data.update(_portable(dict(command.data)))
            _run(workflow, environment)
            _trigger_start(workflow, command.payload)
        else:
            workflow, meter = decode(state or b"{}", definition.specification, environment)
            meter.max_tokens, meter.max_instances = limits.tokens, limits.instances
            metered(meter)
            before = _live(workflow)
            _apply(workflow, command, environment)
        _run(workflow, environment)
        return _result(definition, workflow, meter, before, limits)
    except (ExpressionError, DrawingError) as error:
        raise StepFailedError(f"Выражение на схеме не вычислено: {error}", element=environment.element) from error
    except EngineError as error:
        if isinstance(error, StepFailedError) and error.element is None:
            error.element = environment.element
        raise
    except Exception as error:
        cause = _cause(error)
        raise StepFailedError(f"Шаг не выполнен: {cause}", element=environment.element) from error
    finally:
        metered(None)


def _portable(value: Any) -> Any:
    """A copy of a value from outside, as JSON has it. Raises StepFailedError for what JSON cannot hold.

    The writer nests 254 levels at most; half of them stay free for the rows and facts that will hold the value.
    """
    wrapped = value
    for _level in range(_SPARE_LEVELS):
        wrapped = [wrapped]
    try:
        raw = orjson.dumps(wrapped)
    except (TypeError, RecursionError) as error:
        raise StepFailedError("Данные шага не записать как JSON: слишком вложены или не того вида.") from error
    return orjson.loads(raw[_SPARE_LEVELS:-_SPARE_LEVELS])


def _cause(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def _trigger_start(workflow: CaseWorkflow, payload: Any) -> None:
    for task in list(workflow.tasks.values()):
        if isinstance(task.task_spec, StartEvent) and task._state == TaskState.WAITING:
            definition = task.task_spec.event_definition
            if payload is not None and getattr(definition, "message_var", None):
                task.internal_data[definition.name] = payload
            task.internal_data["event_fired"] = True
            task.task_spec._update(task)
            return


def _apply(workflow: CaseWorkflow, command: Command, environment: _Running) -> None:
    match command:
        case Complete(token, variables):
            task = _task(workflow, token)
            if task is None or task._state != TaskState.READY or not task.task_spec.manual:
                raise NotWaitingError("Эта задача уже не открыта.")
            environment.element = task.task_spec.bpmn_id
            task.data.update(_portable(dict(variables)))
            task.run()
        case FireTimer(token):
            task = _task(workflow, token)
            if task is None or task._state != TaskState.WAITING or not _is_timer(task):
                raise NotWaitingError("Этот таймер уже не ждёт.")
            environment.element = task.task_spec.bpmn_id
            task.internal_data["event_fired"] = True
            task.task_spec._update(task)
        case Deliver(message, payload):
            task = _receiver(workflow, message)
            if task is None:
                raise NotWaitingError(f"Дело не ждёт сообщения «{message}».", message_name=message)
            environment.element = task.task_spec.bpmn_id
            definition = task.task_spec.event_definition
            task.task_spec.catch(task, BpmnEvent(definition, payload=_portable(payload)))
            task.task_spec._update(task)
        case _:
            raise StepFailedError("Неизвестная команда.")


def _task(workflow: CaseWorkflow, token: int) -> Task | None:
    if token in workflow.tasks:
        return workflow.tasks[token]
    return next((s.tasks[token] for s in workflow.subprocesses.values() if token in s.tasks), None)


def _receiver(workflow: CaseWorkflow, message: str) -> Task | None:
    waiting = [
        t
        for t in workflow.event_manager.tasks.values()
        if t._state == TaskState.WAITING
        and type(t.task_spec.event_definition).__name__ == "MessageEventDefinition"
        and t.task_spec.event_definition.name == message
    ]
    return min(waiting, key=lambda t: t.id, default=None)


def _run(workflow: CaseWorkflow, environment: _Running) -> None:
    while True:
        ready = [
            t
            for each in [workflow, *workflow.subprocesses.values()]
            for t in each.tasks.values()
            if t._state == TaskState.READY and not t.task_spec.manual
        ]
        if not ready:
            return
        for task in ready:
            if task._state != TaskState.READY or task.id not in task.workflow.tasks:
                continue
            environment.steps += 1
            if environment.steps > environment.limits.steps:
                raise LimitExceededError(
                    f"Больше {environment.limits.steps} автоматических шагов подряд: на схеме бесконечный цикл.",
                    element=task.task_spec.bpmn_id,
                )
            environment.element = task.task_spec.bpmn_id or environment.element
            task.run()


def _is_timer(task: Task) -> bool:
    return isinstance(getattr(task.task_spec, "event_definition", None), RowTimer)


def _live(workflow: CaseWorkflow) -> dict[int, Task]:
    found = {}
    for each in [workflow, *workflow.subprocesses.values()]:
        for task in each.tasks.values():
            is_open = task._state == TaskState.READY and task.task_spec.manual
            if is_open or (task._state == TaskState.WAITING and _is_timer(task)):
                found[task.id] = task
    return found


def _result(
    definition: "Definition", workflow: CaseWorkflow, meter: Meter, before: Mapping[int, Task], limits: Limits
) -> Step:
    moves, flows = _moves(definition, meter)
    after = _live(workflow) if not workflow.completed else {}
    if len(after) > limits.open_tasks:
        raise LimitExceededError(f"У дела больше {limits.open_tasks} открытых задач и таймеров.")
    opened = tuple(_opened(workflow, t) for token, t in sorted(after.items()) if token not in before)
    final = {m.token: m.state for m in moves}
    closed = tuple(
        Closed(token, task.task_spec.bpmn_id, final.get(token, "cancelled"))
        for token, task in sorted(before.items())
        if token not in after
    )
    data, at = _position(definition, workflow)
    end = _end(meter) if workflow.completed else None
    state = encode(workflow, meter)
    if len(state) > limits.state_bytes:
        raise LimitExceededError(f"Данные дела больше {limits.state_bytes // 1_000_000} МБ.")
    return Step(state, data, at, end, opened, closed, moves, flows)


def _opened(workflow: CaseWorkflow, task: Task) -> Opened:
    timer = _is_timer(task)
    host = None
    if timer and isinstance(task.task_spec, BoundaryEvent):
        host = next((c.id for c in task.parent.children if not isinstance(c.task_spec, BoundaryEvent)), None)
    return Opened(task.id, task.task_spec.bpmn_id, dict(task.data), _local_items(workflow, task), timer, host)


def _local_items(workflow: CaseWorkflow, task: Task) -> dict[str, Any]:
    """The multi-instance input items in the scope of a task, by the item's name, innermost last."""
    items: dict[str, Any] = {}
    current: Task | None = task
    while current is not None:
        parent = current.parent
        if parent is not None and is_loop(parent.task_spec):
            item = getattr(parent.task_spec, "input_item", None)
            if item is not None and item.bpmn_id in task.data:
                items.setdefault(item.bpmn_id, task.data[item.bpmn_id])
            if "key_or_index" in current.internal_data:
                items.setdefault("instance", current.internal_data["key_or_index"])
        host = current.workflow.parent_task_id
        current = None if host is None else _task(workflow, host)
    return items


def _moves(definition: "Definition", meter: Meter) -> tuple[tuple[Move, ...], tuple[str, ...]]:
    last: dict[int, Move] = {}
    flows: list[str] = []
    entered: set[int] = set()
    for task, _old, new in meter.journal:
        element = task.task_spec.bpmn_id
        state = _STATES.get(new)
        if element is None or state is None:
            continue
        if task.task_spec.name.endswith(" [child]") and isinstance(task.task_spec, SubWorkflowTask):
            continue
        last.pop(task.id, None)
        last[task.id] = Move(element, state, task.id)
        if task.id not in entered and new != TaskState.CANCELLED:
            entered.add(task.id)
            flow = _flow_into(definition, task)
            if flow and not isinstance(task.task_spec, BoundaryEvent):
                flows.append(flow)
    return tuple(last.values()), tuple(dict.fromkeys(flows))


def _flow_into(definition: "Definition", task: Task) -> str | None:
    parent = task.parent
    while parent is not None and parent.task_spec.bpmn_id is None:
        parent = parent.parent
    if parent is None or parent.task_spec.bpmn_id == task.task_spec.bpmn_id:
        return None
    return definition.flow_between.get((parent.task_spec.bpmn_id, task.task_spec.bpmn_id))


def _position(definition: "Definition", workflow: CaseWorkflow) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The case's data (that of the newest task of the main flow) and the elements it stands at, in drawing order."""
    at: set[str] = set()
    newest: Task | None = None
    for each in [workflow, *workflow.subprocesses.values()]:
        for task in each.tasks.values():
            spec = task.task_spec
            if spec.bpmn_id is None or isinstance(spec, BoundaryEvent):
                continue
            waits = task._state == TaskState.READY and spec.manual
            catches = task._state == TaskState.WAITING and hasattr(spec, "event_definition")
            if waits or catches:
                at.add(spec.bpmn_id)
            if (
                each is workflow
                and (waits or catches or task._state == TaskState.STARTED)
                and (newest is None or task.id > newest.id)
            ):
                newest = task
    if newest is None:
        ended = [
            t for t in workflow.tasks.values() if isinstance(t.task_spec, EndEvent) and t._state == TaskState.COMPLETED
        ]
        newest = max(ended, key=lambda t: t.last_state_change, default=workflow.last_task)
    data = {} if newest is None else orjson.loads(orjson.dumps(newest.data))
    order = definition.order
    return data, tuple(sorted(at, key=lambda e: order.get(e, 0)))


def _end(meter: Meter) -> str | None:
    ends = [
        t.task_spec.bpmn_id
        for t, _old, new in meter.journal
        if new == TaskState.COMPLETED and isinstance(t.task_spec, EndEvent) and t.workflow.parent_task_id is None
    ]
    return ends[-1] if ends else None
