"""SpiffWorkflow 3.2.0 with its traps closed: what is patched, what is replaced, and why.

- Task ids are small integers of the case, and "time" of a state change is a counter: states are reproducible.
- Every state change is journalled; logging extras are not built.
- Iteration has no depth limit, ancestry is walked without recursion: a case of any depth stays visible.
- Expressions go to our interpreter; scripts are refused; service tasks call registered functions only.
- Nested data are copied from task to task, never shared; joins are ours (`joins`); instances are counted before made.
- Timers hold no instant: a timer fires when the engine says so (`timer` rows rule).
"""

import logging
import threading
import warnings
from collections.abc import Mapping, Sized
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, ClassVar, Final
from uuid import uuid4

import SpiffWorkflow.task as library_task
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimeDateEventDefinition, TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins import multiinstance_task, subworkflow_task
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import (
    LoopTask,
    MultiInstanceTask,
    ParallelMultiInstanceTask,
    SequentialMultiInstanceTask,
)
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.util.task import BpmnTaskIterator
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.spiff.parser.task_spec import BusinessRuleTaskParser, ServiceTaskParser
from SpiffWorkflow.spiff.specs.defaults import ServiceTask
from SpiffWorkflow.spiff.specs.spiff_task import SpiffBpmnTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.deep_merge import DeepMerge
from SpiffWorkflow.util.task import TaskIterator, TaskState
from SpiffWorkflow.workflow import Workflow

from engine.errors import DrawingError, LimitExceededError, StepFailedError
from engine.machine import joins

ENDLESS: Final = 1 << 30
#: The library's own limit of depth, which hides deeper tasks without a word.
_SHALLOW: Final = 1000


@dataclass
class Meter:
    """What one step uses and leaves: the next id, the counter of changes, the journal."""

    next_id: int = 1
    tick: int = 0
    tokens: int = 0
    max_tokens: int = 2_000
    max_instances: int = 200
    journal: list[tuple[Task, int, int]] = field(default_factory=list)


class _Local(threading.local):
    meter: Meter | None = None


_local = _Local()


def metered(meter: Meter | None) -> None:
    """Make `meter` the one in use in this thread; None ends the step."""
    _local.meter = meter


def _next_id() -> Any:
    meter = _local.meter
    if meter is None:
        return uuid4()
    meter.tokens += 1
    if meter.tokens > meter.max_tokens:
        raise LimitExceededError(f"Шаг создаёт больше {meter.max_tokens} задач: проверьте циклы и коллекции на схеме.")
    identity = meter.next_id
    meter.next_id += 1
    return identity


def _next_tick() -> int:
    meter = _local.meter
    if meter is None:
        return 0
    meter.tick += 1
    return meter.tick


def _set_state(self: Task, value: int) -> None:
    if value != self._state:
        meter = _local.meter
        if meter is not None:
            meter.journal.append((self, self._state, value))
            meter.tick += 1
            self.last_state_change = meter.tick
        self._state = value


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
    inherited = joins.copied(self.parent.data)
    self.data = DeepMerge.merge(self.data, inherited) if self.data else inherited


def _create_children(self: ParallelMultiInstanceTask, my_task: Task) -> None:
    _count_instances(self, my_task)
    _create_all(self, my_task)


def _begin_sequence(self: SequentialMultiInstanceTask, my_task: Task) -> Any:
    _count_instances(self, my_task)
    return _begin_any_sequence(self, my_task)


def _count_instances(spec: MultiInstanceTask, my_task: Task) -> None:
    """Refuse too many instances before the first is made: making them costs the square of their number."""
    meter = _local.meter
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


def _patch() -> None:
    library_task.uuid4 = _next_id
    library_task.time = SimpleNamespace(time=_next_tick)
    Task._set_state = _set_state
    Task.is_descendant_of = _is_descendant_of
    Task.find_ancestor = _find_ancestor
    Task._inherit_data = _inherit_data
    subworkflow_task.deepcopy = multiinstance_task.deepcopy = joins.copied
    Task.collect_log_extras = _no_extras
    Workflow.collect_log_extras = _no_extras
    BpmnSubWorkflow.collect_log_extras = _no_extras
    TaskIterator.__init__.__defaults__ = tuple(
        ENDLESS if v == _SHALLOW else v for v in TaskIterator.__init__.__defaults__
    )
    BpmnTaskIterator.__init__.__defaults__ = tuple(
        ENDLESS if v == _SHALLOW else v for v in BpmnTaskIterator.__init__.__defaults__
    )
    ParallelMultiInstanceTask.create_children = _create_children
    SequentialMultiInstanceTask._update_hook = _begin_sequence
    joins.install()
    logging.getLogger("spiff").setLevel(logging.CRITICAL)


_patch()


class Environment:
    """What a running workflow may reach: expressions, decisions, services. One a step."""

    def evaluate(self, expression: str, data: Mapping[str, Any]) -> Any:
        """The value of an expression of the drawing over a task's data."""
        raise StepFailedError("Выражения здесь не вычисляются.")

    def decide(self, decision: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """The outputs of a decision table."""
        raise StepFailedError("Решения здесь не вычисляются.")

    def service(self, task: Task, operator: str, parameters: dict[str, Any]) -> Any:
        """The result of a registered service."""
        raise StepFailedError("Операции здесь не выполняются.")


class ScriptEngine(PythonScriptEngine):
    """The library's door to expressions, led to our environment; scripts do not run."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(_Closed(environment))
        self.kes = environment

    def evaluate(self, task: Task, expression: str, external_context: Any = None) -> Any:
        """Evaluate over the task's data."""
        return self.kes.evaluate(expression, task.data)

    def execute(self, task: Task, script: str, external_context: Any = None) -> Any:
        """Refuse."""
        raise StepFailedError("Скрипты в схемах не выполняются.")

    def call_service(self, task: Task, **kwargs: Any) -> Any:
        """Refuse: service tasks are ours."""
        raise StepFailedError("Операция вызвана в обход реестра.")


class _Closed:
    """The environment object that parts of the library reach round the engine: only expressions, nothing else."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def evaluate(self, expression: str, context: Mapping[str, Any], external_context: Any = None) -> Any:
        return self._environment.evaluate(expression, context)

    def execute(self, *_args: Any, **_kwargs: Any) -> Any:
        raise StepFailedError("Скрипты в схемах не выполняются.")

    call_service = execute


class RegisteredService(ServiceTask):
    """A service task: parameters by our interpreter, the function by its registered name, one result variable."""

    def _execute(self, task: Task) -> bool:
        environment = task.workflow.script_engine.kes
        parameters = {k: environment.evaluate(p["value"], task.data) for k, p in self.operation_params.items()}
        result = environment.service(task, self.operation_name, parameters)
        if self.stored:
            task.data[self.result_variable] = result
        return True

    stored = True


class RegisteredServiceParser(ServiceTaskParser):
    """Reads the operator; without a result variable nothing is stored."""

    def create_task(self) -> Any:
        """The task, with word of whether it stores its result."""
        task = super().create_task()
        operator = self.parse_extensions().get("serviceTaskOperator") or {}
        task.stored = bool(operator.get("resultVariable"))
        return task


class Decision(SpiffBpmnTask):
    """A business rule task: the outputs of a decision table enter the data."""

    def __init__(self, wf_spec: Any, name: str, decision: str | None = None, **kwargs: Any) -> None:
        super().__init__(wf_spec, name, **kwargs)
        self.decision = decision

    def _run_hook(self, my_task: Task) -> Any:
        my_task.data.update(my_task.workflow.script_engine.kes.decide(self.decision, my_task.data))
        return super()._run_hook(my_task)


class DecisionParser(BusinessRuleTaskParser):
    """Reads the decision's id; the table itself is read by `engine.decisions`."""

    def create_task(self) -> Any:
        """The task with the id of its table."""
        decision = self.parse_extensions().get("calledDecisionId")
        return self.spec_class(self.spec, self.bpmn_id, decision=decision, **self.bpmn_attributes)


class RowTimer(TimeDateEventDefinition):
    """A timer whose instant is a row of ours: it has fired when the engine set so, never by asking a clock."""

    def has_fired(self, my_task: Task) -> bool:
        """Whether the engine let it fire."""
        return bool(my_task.internal_data.get("event_fired", False))


class Parser(SpiffBpmnParser):
    """The library's parser with our service and decision tasks."""

    OVERRIDE_PARSER_CLASSES: ClassVar = {
        **SpiffBpmnParser.OVERRIDE_PARSER_CLASSES,
        full_tag("serviceTask"): (RegisteredServiceParser, RegisteredService),
        full_tag("businessRuleTask"): (DecisionParser, Decision),
    }


class CaseWorkflow(BpmnWorkflow):
    """A case in memory: waiting tasks are found by dictionary, at any depth."""

    max_depth = 5

    def create_subprocess(self, my_task: Task, spec_name: str) -> Any:
        """A subprocess, unless it would nest too deep."""
        depth = 1
        workflow = my_task.workflow
        while workflow.parent_task_id is not None:
            depth += 1
            workflow = workflow.parent_workflow
        if depth > self.max_depth:
            raise LimitExceededError(
                f"Вложенность подпроцессов больше {self.max_depth}.", element=my_task.task_spec.bpmn_id
            )
        return super().create_subprocess(my_task, spec_name)


def _update_waiting_tasks(self: Workflow) -> None:
    for task in [t for t in self.tasks.values() if t._state == TaskState.WAITING]:
        if task._state == TaskState.WAITING:
            task.task_spec._update(task)


Workflow.update_waiting_tasks = _update_waiting_tasks


@dataclass(frozen=True)
class Specification:
    """A parsed process and its subprocesses, as the library wants them; shared by all cases, never changed."""

    process: Any
    subprocesses: Mapping[str, Any]

    def spec(self, name: str) -> Any:
        """The library's specification of the process or of a subprocess, by name."""
        return self.process if name == self.process.name else self.subprocesses[name]


def parse(root: etree._Element, process: str, name: str) -> Specification:
    """Parse a normalised BPMN document. Raises DrawingError with the library's reason for anything it cannot read."""
    parser = Parser()
    try:
        with warnings.catch_warnings():  # messageVariable on the message is our dialect; the library calls it old
            warnings.simplefilter("ignore", DeprecationWarning)
            parser.add_bpmn_xml(root, filename=name)
            spec = parser.get_spec(process)
            subprocesses = parser.get_subprocess_specs(process)
    except Exception as reason:  # the library raises anything, and crashes in places
        raise DrawingError(f"Схема не разобрана: {reason}") from reason
    for each in [spec, *subprocesses.values()]:
        _prepare(each)
    return Specification(spec, subprocesses)


def _prepare(spec: Any) -> None:
    for task_spec in list(spec.task_specs.values()):
        if isinstance(task_spec, LoopTask):
            child = spec.task_specs[task_spec.task_spec]
            if not child.completed_event.is_connected(task_spec.merge_child):
                child.completed_event.connect(task_spec.merge_child)
        definition = getattr(task_spec, "event_definition", None)
        if isinstance(definition, MultipleEventDefinition):
            raise DrawingError(
                f"Шлюз по событиям {task_spec.name} не выполняется: поставьте граничный таймер на ожидание сообщения."
            )
        if isinstance(definition, TimerEventDefinition):
            if type(definition) is not TimeDateEventDefinition:
                raise DrawingError(f"Таймер {task_spec.name}: только timeDate с функцией срока.")
            task_spec.event_definition = RowTimer(definition.name, definition.expression)


def is_loop(spec: Any) -> bool:
    """Whether a task specification is a loop or multi-instance container."""
    return isinstance(spec, LoopTask)
