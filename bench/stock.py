"""The engine library as it comes: its workflow restored from its own JSON before a step and written back after it.

Runs in a process of its own, since the engine's fence patches the library. The rows beside the state are the ledger's,
and only the answers that steer the case enter the workflow; so nothing but the library is slower than the limit.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.util.task import TaskState

from bench.ledger import Handle, Ledger
from bench.story import PROCESS, Scene, start_data

DRAWING: Final = Path(__file__).parent / "reference" / "procedure.bpmn"


class _Environment(TaskDataEnvironment):  # type: ignore[misc]
    def call_service(self, _context: Any, *, operation_params: Mapping[str, Any], **_kwargs: Any) -> str:
        scores = operation_params["scores"]["value"]
        return json.dumps(sum(scores) // len(scores))


class Stock:
    """The contender that uses the library alone."""

    def __init__(self, url: str) -> None:
        self.ledger = Ledger(url)
        parser = SpiffBpmnParser()
        parser.add_bpmn_file(str(DRAWING))
        self.specification = parser.get_spec(PROCESS)
        self.subprocesses = parser.get_subprocess_specs(PROCESS)
        self.serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(SPIFF_CONFIG))

    def start(self, number: str) -> Handle:
        """A case begun."""
        self.ledger.begin()
        workflow = BpmnWorkflow(self.specification, self.subprocesses, script_engine=_engine())
        workflow.task_tree.data.update(start_data())
        workflow.do_engine_steps()
        case = self.ledger.begin_case(number, self.serializer.serialize_json(workflow))
        self.ledger.commit()
        return case

    def complete(self, case: Handle, scene: Scene, form: Mapping[str, Any]) -> None:
        """A task done: restored, run, written back."""
        self.ledger.begin()
        workflow = self.serializer.deserialize_json(self.ledger.read(case))
        workflow.script_engine = _engine()
        task = next(t for t in workflow.get_tasks(state=TaskState.READY) if t.task_spec.bpmn_id == scene.element)
        task.data.update(scene.answers)
        task.run()
        workflow.do_engine_steps()
        self.ledger.write(case, scene, form, self.serializer.serialize_json(workflow))
        self.ledger.commit()

    def close(self) -> None:
        """Let the database go."""
        self.ledger.close()


def _engine() -> Any:
    return PythonScriptEngine(environment=_Environment({"at": lambda day: f"{day}T00:00:00+03:00"}))
