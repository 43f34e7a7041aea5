"""A procedure's Python side: what a drawing may name, and what the engine asks a procedure.

A procedure's package offers `register(registry)`; the composition root calls each once and then freezes the registry.
Everything registered is a plain function; effects go through the `Call` it is given, inside the caller's transaction.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.calls import Call, View
    from engine.database import Connection
    from engine.facts import Fact

Service = Callable[..., Any]
Completion = Callable[["Call", Mapping[str, Any]], Mapping[str, Any]]
Provider = Callable[["View"], Mapping[str, Any]]
Observer = Callable[["Call", "Fact"], None]
Audit = Callable[["Connection", str, Iterable[Mapping[str, Any]]], Iterable[tuple[int | None, str, str]]]
Delivery = Callable[["Call", Mapping[str, Any]], Mapping[str, Any]]


@dataclass
class Registry:
    """Named functions of all procedures; see each method for the shape it takes."""

    services: dict[str, Service] = field(default_factory=dict)
    parameters: dict[str, frozenset[str]] = field(default_factory=dict)
    completions: dict[tuple[str, str], Completion] = field(default_factory=dict)
    declines: dict[tuple[str, str], Completion] = field(default_factory=dict)
    providers: dict[tuple[str, str], Provider] = field(default_factory=dict)
    deliveries: dict[tuple[str, str], Delivery] = field(default_factory=dict)
    observers: dict[str, list[Observer]] = field(default_factory=dict)
    starts: dict[str, Completion] = field(default_factory=dict)
    stages: dict[str, Callable[[tuple[str, ...], str | None, Mapping[str, Any]], str]] = field(default_factory=dict)
    audits: dict[str, Audit] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)

    def service(self, name: str, *parameters: str) -> Callable[[Service], Service]:
        """A service task's operator: `fn(call, **parameters) -> JSON value`, called inside the step's transaction.

        The value enters the case data under the operator's result variable; it is recorded, so that a re-execution
        uses it instead of calling again. It may raise RefusedError (the whole act is refused).
        """

        def add(function: Service) -> Service:
            if name in self.services:
                raise ValueError(f"service {name} registered twice")
            self.services[name] = function
            self.parameters[name] = frozenset(parameters)
            return function

        return add

    def completion(self, process: str, element: str) -> Callable[[Completion], Completion]:
        """What completing a user task means to the domain: `fn(call, data) -> variables`, called before the step.

        `data` is the completed form, checked against the form file. Raises a RefusedError to refuse; writes
        domain records; returns variables (small, no free text) that enter the task's data, on top of the form fields
        marked `variable`.
        """
        return self._put(self.completions, (process, element))

    def decline(self, process: str, element: str) -> Callable[[Completion], Completion]:
        """The same for a decline; `data` is `{"reason": text}`."""
        return self._put(self.declines, (process, element))

    def provider(self, process: str, element: str) -> Callable[[Provider], Provider]:
        """The data shown with an open task: `fn(view) -> JSON object`; reads only."""
        return self._put(self.providers, (process, element))

    def delivery(self, process: str, message: str) -> Callable[[Delivery], Delivery]:
        """A check and translation of a message's payload before it is delivered: `fn(call, payload) -> variables`."""
        return self._put(self.deliveries, (process, message))

    def start(self, process: str) -> Callable[[Completion], Completion]:
        """What starting a case by `/processes/{key}/instances` means: `fn(call, data) -> start data`; may refuse.

        Sets `call.title`, `call.owner` and `call.number` of the new case.
        """
        return self._put(self.starts, process)

    def observer(self, kind: str) -> Callable[[Observer], Observer]:
        """Told of each fact of a kind inside the step's transaction (letters, for instance); may add facts and post."""

        def add(function: Observer) -> Observer:
            self.observers.setdefault(kind, []).append(function)
            return function

        return add

    def stage(self, process: str) -> Callable[[Any], Any]:
        """The stage in applicants' words: `fn(at, end, data) -> text`; `at` are the element ids the case stands at."""
        return self._put(self.stages, process)

    def audit(self, process: str) -> Callable[[Audit], Audit]:
        """How a procedure's own records agree with the facts: `fn(connection, case id, facts as served) -> findings`.

        A finding is (seq or None, table, Russian message); part of every verification.
        """
        return self._put(self.audits, process)

    def _put(self, shelf: dict[Any, Any], key: Any) -> Callable[[Any], Any]:
        def add(function: Any) -> Any:
            if key in shelf:
                raise ValueError(f"{key} registered twice")
            shelf[key] = function
            return function

        return add
