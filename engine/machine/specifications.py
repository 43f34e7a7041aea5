"""A drawing as the library's specifications: its parser, and the kinds of task and event that are ours.

- Service tasks call registered functions only; business rule tasks read our decision tables.
- Timers hold no instant: a timer fires when the engine says so (`timer` rows rule).
"""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimeDateEventDefinition, TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.end_event import EndEvent
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.spiff.parser.task_spec import BusinessRuleTaskParser, ServiceTaskParser
from SpiffWorkflow.spiff.specs.defaults import ServiceTask
from SpiffWorkflow.spiff.specs.spiff_task import SpiffBpmnTask
from SpiffWorkflow.task import Task

from engine.errors import DrawingError
from engine.machine.joins import is_join


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
        _mark(task_spec)


def _mark(spec: Any) -> None:
    """Answer once what every step asks of every task: what kind its specification is of."""
    name = spec.name
    spec.is_join = is_join(spec)
    spec.is_loop = isinstance(spec, LoopTask)
    spec.is_boundary = isinstance(spec, BoundaryEvent)
    spec.is_boundary_join = isinstance(spec, BoundaryEventJoin)
    spec.is_end = isinstance(spec, EndEvent)
    spec.has_event = hasattr(spec, "event_definition")
    spec.is_timer = spec.has_event and isinstance(spec.event_definition, RowTimer)
    spec.is_catching = isinstance(spec, CatchingEvent)
    spec.is_sound = not spec.pre_assign and _passes(spec)
    #: One instance of a loop over a subprocess: the loop and what is inside it are told, this shell is not.
    spec.is_shell = isinstance(spec, SubWorkflowTask) and name.endswith(" [child]")


def _passes(spec: Any) -> bool:
    """Whether the library's own test of a specification, made at each of its tasks otherwise, has nothing to say."""
    try:
        spec.test()
    except WorkflowException:
        return False
    return True
