"""One step of a case: a command goes in; the new state and everything that changed come out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.exceptions import WorkflowDataException
from SpiffWorkflow.bpmn.specs.mixins.events.start_event import StartEvent
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from typing_extensions import override

from engine.errors import ConflictError, DrawingError, EngineError, LimitExceededError, StepFailedError, cause_of
from engine.expressions import ExpressionError
from engine.machine.codec import decode
from engine.machine.joins import copied
from engine.machine.kept import portable
from engine.machine.limits import Limits
from engine.machine.metering import Journal, Meter, metered
from engine.machine.outcome import Step, outcome_of, task_of, waiting_of
from engine.machine.workflow import CaseWorkflow, Environment, ScriptEngine

if TYPE_CHECKING:
    from engine.definitions import Definition

_READY: Final = TaskState.READY


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


@dataclass
class _Running(Environment):
    definition: "Definition"
    services: Services
    element: str | None = None
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
        return portable(result)


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
            workflow.task_tree.data.update(portable(dict(command.data)))
            _run(workflow, environment, meter.journal)
            _trigger_start(workflow, command.payload)
        else:
            workflow, meter = decode(state or b"{}", definition.specification, environment)
            meter.max_tokens, meter.max_instances = limits.tokens, limits.instances
            metered(meter)
            before = waiting_of(workflow)
            _apply(workflow, command, environment)
        _run(workflow, environment, meter.journal)
        workflows = [*workflow.subprocesses.values(), workflow]
        step = outcome_of(definition, workflow, meter, before, limits)
        _let_go(workflows)
        return step
    except (ExpressionError, DrawingError) as error:
        raise StepFailedError(f"Выражение на схеме не вычислено: {error}", element=environment.element) from error
    except EngineError as error:
        if isinstance(error, StepFailedError) and error.element is None:
            error.element = environment.element
        raise
    except Exception as error:
        cause = _lacking(error) if isinstance(error, WorkflowDataException) else None
        raise StepFailedError(f"Шаг не выполнен: {cause or cause_of(error)}", element=environment.element) from error
    finally:
        metered(None)


def _let_go(workflows: list[Any]) -> None:
    """Cut the cycles between workflows and their tasks: all goes now, not when the collector comes by."""
    for each in workflows:
        vars(each).clear()


def _lacking(error: WorkflowDataException) -> str | None:
    """Which data a multi-instance misses; None where it was something else."""
    for spec in (task.task_spec for task in (error.task, error.task.parent) if task is not None):
        if getattr(spec, "output_item", None) is not None:
            return (
                f"повторению «{spec.bpmn_id}» нужен список или словарь «{spec.data_input.bpmn_id}», а от каждого "
                f"повтора — «{spec.output_item.bpmn_id}»; этих данных нет. Задайте их формой, операцией или таблицей."
            )
    return None


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
            task = task_of(workflow, token)
            if task is None or task._state != TaskState.READY or not task.task_spec.manual:
                raise NotWaitingError("Эта задача уже не открыта.")
            environment.element = task.task_spec.bpmn_id
            task.data.update(portable(dict(variables)))
            task.run()
        case FireTimer(token):
            task = task_of(workflow, token)
            if task is None or task._state != TaskState.WAITING or not task.task_spec.is_timer:
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
            task.task_spec.catch(task, BpmnEvent(definition, payload=portable(payload)))
            task.task_spec._update(task)
        case _:
            raise StepFailedError("Неизвестная команда.")


def _receiver(workflow: CaseWorkflow, message: str) -> Task | None:
    waiting = [
        t
        for t in workflow.event_manager.tasks.values()
        if t._state == TaskState.WAITING
        and type(t.task_spec.event_definition).__name__ == "MessageEventDefinition"
        and t.task_spec.event_definition.name == message
    ]
    return min(waiting, key=lambda t: t.id, default=None)


def _ready_since(workflow: CaseWorkflow, journal: Journal, seen: int) -> list[Task]:
    """The automatic tasks that became ready past a place of the journal, by workflows and in order of their tasks."""
    ready = {
        task.id: task
        for task, _old, new in journal[seen:]
        if new == _READY and task._state == _READY and not task.task_spec.manual
    }
    if len(ready) < 2:  # the usual case: nothing to order
        return list(ready.values())
    return [
        task
        for each in [workflow, *workflow.subprocesses.values()]
        for task in each.tasks.values()
        if task._state == _READY and not task.task_spec.manual
    ]


def _run(workflow: CaseWorkflow, environment: _Running, journal: Journal) -> None:
    """Run what is ready and not a person's, round by round."""
    seen = 0
    while True:
        ready = _ready_since(workflow, journal, seen)
        seen = len(journal)
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
