"""Walks small cases through the machine: each step is stored and read back, and what is open is kept by element."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.definitions import Definition, bundle_of, compile_bundle
from engine.machine import Command, Complete, Deliver, FireTimer, Limits, Opened, Start, Step, advance
from engine.machine.advance import _apply, _run, _Running, _trigger_start
from engine.machine.codec import decode, encode
from engine.machine.metering import Meter, metered
from engine.machine.outcome import outcome_of, waiting_of
from engine.machine.workflow import CaseWorkflow, Environment, ScriptEngine
from tests.engine.lint import pen

Service = Callable[[int, str, str, Mapping[str, Any], Mapping[str, Any]], Any]


def draw(*pieces: str, beside: str = "", **files: str) -> Definition:
    """A definition of pieces drawn by the pen; `files` are decision tables by name."""
    tables = {f"{name}.dmn": text for name, text in files.items()}
    return compile_bundle(bundle_of("toy", {"procedure.bpmn": pen.text_of(*pieces, beside=beside), **tables}))


def work(_token: int, _element: str, operator: str, parameters: Mapping[str, Any], _data: Mapping[str, Any]) -> Any:
    """A service that answers with what it was given."""
    return {"operator": operator, **parameters}


@dataclass
class Walk:
    """One case in memory: its last step, and the user tasks and timers that stand open, by token."""

    definition: Definition
    service: Service = work
    limits: Limits | None = None
    step: Step | None = None
    open: dict[int, Opened] = field(default_factory=dict)
    log: list[tuple[Command, str]] = field(default_factory=list)

    def start(self, payload: Any = None, **data: Any) -> Step:
        """Begin with start data."""
        return self.go(Start(data, payload))

    def complete(self, element: str, nth: int = 0, **variables: Any) -> Step:
        """Complete the nth open task of an element."""
        return self.go(Complete(self.token(element, nth), variables))

    def fire(self, element: str, nth: int = 0) -> Step:
        """Let the nth open timer of an element fire."""
        return self.go(FireTimer(self.token(element, nth)))

    def deliver(self, message: str, payload: Any = None) -> Step:
        """Hand over a message."""
        return self.go(Deliver(message, payload))

    def go(self, command: Command) -> Step:
        """Carry out a command; a failed one changes nothing here."""
        before = self.step.state if self.step else None
        step = advance(self.definition, before, command, self.service, self.limits)
        for closed in step.closed:
            del self.open[closed.token]
        if isinstance(command, (Complete, FireTimer)):
            self.open.pop(command.token, None)
        self.open.update({opened.token: opened for opened in step.opened})
        self.step = step
        self.log.append((command, step.state.hex()))
        return step

    def token(self, element: str, nth: int = 0) -> int:
        """The token of the nth open task or timer of an element."""
        return [token for token, opened in sorted(self.open.items()) if opened.element == element][nth]

    @property
    def now(self) -> Step:
        """The last step."""
        assert self.step is not None
        return self.step

    @property
    def state(self) -> bytes:
        """The bytes of the last step."""
        return self.now.state

    @property
    def at(self) -> tuple[str, ...]:
        """Where the case stands."""
        return self.now.at


def reread(definition: Definition, state: bytes) -> bytes:
    """The state decoded and encoded again."""
    workflow, meter = decode(state, definition.specification, Environment())
    try:
        metered(meter)
        return encode(workflow, meter)
    finally:
        metered(None)


def repeat(walk: Walk, definition: Definition) -> list[str]:
    """The states that the commands of a walk make when carried out again, from the first on, through a definition."""
    state, states = None, []
    for command, _state in walk.log:
        state = advance(definition, state, command, walk.service, walk.limits).state
        states.append(state.hex())
    return states


@dataclass
class Uninterrupted:
    """The same case kept in memory from its start on, never read back from its bytes."""

    definition: Definition
    service: Service = work
    workflow: CaseWorkflow | None = None
    meter: Meter = field(default_factory=Meter)

    def go(self, command: Command) -> Step:
        """Carry out a command on the workflow at hand."""
        limits = Limits()
        running = _Running(self.definition, self.service, limits=limits)
        self.meter.journal, self.meter.tokens, self.meter.max_tokens = [], 0, limits.tokens
        metered(self.meter)
        before: dict[int, Any] = {}
        try:
            if self.workflow is None:
                assert isinstance(command, Start)
                specification = self.definition.specification
                self.workflow = CaseWorkflow(
                    specification.process, specification.subprocesses, script_engine=ScriptEngine(running)
                )
                self.workflow.task_tree.data.update(command.data)
                _run(self.workflow, running, self.meter.journal)
                _trigger_start(self.workflow, command.payload)
            else:
                self.workflow.script_engine = ScriptEngine(running)
                before = waiting_of(self.workflow)
                _apply(self.workflow, command, running)
            _run(self.workflow, running, self.meter.journal)
            return outcome_of(self.definition, self.workflow, self.meter, before, limits)
        finally:
            metered(None)
