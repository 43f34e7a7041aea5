"""A case in memory, and the only ways that lead out of a running workflow: expressions, decisions, services."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.task import Task

from engine.errors import LimitExceededError, StepFailedError


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


class CaseWorkflow(BpmnWorkflow):
    """A case in memory."""

    max_depth = 5
    parent_task_id = None

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
