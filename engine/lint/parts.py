"""What a rule looks at: a bundle taken apart, and the mark that makes a function a rule."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from lxml import etree

from engine.drawing import ACTIVITIES, BPMN, GATEWAYS, NAMESPACES, Drawing, Element
from engine.lint.findings import Finding, Severity
from engine.registry import Registry

#: The groups that a task may be offered to where no registry says otherwise.
GROUPS: Final = frozenset(
    {"applicant", "secretary", "chair", "deputy", "expert", "member", "ministry", "analyst", "auditor", "admin"}
)


class Reviewed(Protocol):
    """A decision table or a form: it knows by itself what is wrong with it."""

    def findings(self) -> Iterable[Finding]:
        """Give what falls short; each finding has its own severity."""
        ...


@dataclass(frozen=True)
class Parts:
    """A bundle taken apart. `root` is the drawing's XML as written, `drawing` is read from the normalised one.

    `decisions` and `forms` are by id (a form's is its file's name without `.json`), `files` the names of all files of
    the bundle, `siblings` the drawings that are released beside it. Without a registry the rules about operators and
    groups know only the names of `GROUPS`.
    """

    key: str
    drawing: Drawing
    root: etree._Element
    decisions: Mapping[str, Reviewed] = field(default_factory=dict)
    forms: Mapping[str, Reviewed] = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    registry: Registry | None = None
    siblings: Mapping[str, Drawing] = field(default_factory=dict)

    @property
    def process(self) -> etree._Element | None:
        """The executable process in the XML."""
        found = [p for p in self.root.iter(f"{{{BPMN}}}process") if p.get("isExecutable", "true") != "false"]
        return found[0] if found else None

    @property
    def properties(self) -> Mapping[str, str]:
        """The properties that the bundle declares about the process as a whole."""
        if self.process is None:
            return {}
        holders = self.process.findall("bpmn:extensionElements/*", NAMESPACES)
        entries = [p for holder in holders if etree.QName(holder).localname == "properties" for p in holder]
        return {entry.get("name") or "": entry.get("value") or "" for entry in entries}

    @property
    def scopes(self) -> tuple[str, ...]:
        """The process and its subprocesses, in document order."""
        inner = [e.id for e in self.drawing.elements.values() if e.kind in {"subProcess", "transaction"}]
        return (self.drawing.process, *inner)


#: What a rule yields: the element's id and the sentence, or a finding that has a severity of its own.
Problems = Iterator[tuple[str, str] | Finding]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name in the API, the severity of its findings, and the function that looks."""

    name: str
    severity: Severity
    look: Callable[[Parts], Problems]

    def __call__(self, parts: Parts) -> list[Finding]:
        """Give the rule's findings on a bundle."""
        return [
            replace(problem, rule=self.name)
            if isinstance(problem, Finding)
            else Finding(self.name, self.severity, *problem)
            for problem in self.look(parts)
        ]


def rule(name: str, severity: Severity = Severity.ERROR) -> Callable[[Callable[[Parts], Problems]], Rule]:
    """Make a function that yields problems into a rule."""

    def mark(look: Callable[[Parts], Problems]) -> Rule:
        return Rule(name, severity, look)

    return mark


def label(element: Element) -> str:
    """Name an element for a person: by its name on the drawing, else by its id."""
    return f"«{element.name}»" if element.name else f"«{element.id}»"


def diverges(drawing: Drawing, element: Element) -> bool:
    """Whether a gateway has a choice to make."""
    return element.kind in GATEWAYS and len(drawing.outgoing.get(element.id, ())) > 1


def waits(element: Element) -> bool:
    """Whether a case can stand at the element: a person, a message, a timer or an embedded subprocess moves it on."""
    if element.kind in {"userTask", "manualTask", "receiveTask", "intermediateCatchEvent", "eventBasedGateway"}:
        return True
    return element.kind in {"subProcess", "transaction", "callActivity"} and element.kind in ACTIVITIES


def descend(drawing: Drawing, start: str) -> frozenset[str]:
    """Give the ids reachable from an element along flows, into subprocesses and over boundary events."""
    found: set[str] = set()
    stack = [start]
    while stack:
        here = stack.pop()
        if here in found:
            continue
        found.add(here)
        stack.extend(flow.target for flow in drawing.outgoing.get(here, ()))
        stack.extend(e.id for e in drawing.within(here) if e.kind == "startEvent")
        stack.extend(event.id for event in drawing.boundary.get(here, ()))
    return frozenset(found)
