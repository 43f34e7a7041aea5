"""A drawing as plain data: elements, flows, lanes, read from BPMN XML without the library.

Lint, soundness, coverage, the task index and the pages read this; only `engine.machine` runs it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from lxml import etree

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPIFF: Final = "http://spiffworkflow.org/bpmn/schema/1.0/core"
NAMESPACES: Final = {"bpmn": BPMN, "spiffworkflow": SPIFF}

#: Elements that hold a token's position.
ACTIVITIES: Final = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "scriptTask",
        "callActivity",
        "subProcess",
        "transaction",
    }
)
GATEWAYS: Final = frozenset(
    {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"}
)
EVENTS: Final = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)
FLOW_NODES: Final = ACTIVITIES | GATEWAYS | EVENTS


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; `condition` is the expression's text, or None."""

    id: str
    name: str
    source: str
    target: str
    condition: str | None = None
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Loop:
    """Multi-instance: sequential or not, the variables of input and output, the names of the items, the cardinality."""

    sequential: bool
    data_input: str | None
    data_output: str | None
    input_item: str | None
    output_item: str | None
    cardinality: str | None
    condition: str | None


@dataclass(frozen=True, slots=True)
class Operator:
    """What a service task calls: the registered name, the expressions of its parameters, the variable of the result."""

    name: str
    parameters: Mapping[str, str]
    result: str | None


@dataclass(frozen=True, slots=True)
class Element:
    """A flow node. `scope` is the id of the subprocess it stands in (the process id at top level).

    `event` is the kind of its event definition (timer, message, terminate, …), `detail` that definition's text: a
    timer's expression, a message's name. `interrupting` is a boundary event's cancelActivity.
    """

    id: str
    kind: str
    name: str
    scope: str
    documentation: str = ""
    lane: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    attached_to: str | None = None
    interrupting: bool = True
    event: str | None = None
    detail: str | None = None
    variable: str | None = None
    loop: Loop | None = None
    operator: Operator | None = None
    decision: str | None = None
    called: str | None = None
    line: int = 0

    @property
    def is_user_task(self) -> bool:
        """Whether people do it."""
        return self.kind in {"userTask", "manualTask"}

    @property
    def candidates(self) -> tuple[str, ...]:
        """Candidate groups, as listed in the drawing."""
        return tuple(g.strip() for g in self.properties.get("candidateGroups", "").split(",") if g.strip())


@dataclass(frozen=True)
class Drawing:
    """One process: its elements and flows by id, in document order."""

    process: str
    name: str
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    lanes: tuple[str, ...] = ()
    documentation: str = ""

    @cached_property
    def outgoing(self) -> Mapping[str, tuple[Flow, ...]]:
        """Flows that leave an element."""
        found: dict[str, list[Flow]] = {}
        for flow in self.flows.values():
            found.setdefault(flow.source, []).append(flow)
        return {k: tuple(v) for k, v in found.items()}

    @cached_property
    def incoming(self) -> Mapping[str, tuple[Flow, ...]]:
        """Flows that enter an element."""
        found: dict[str, list[Flow]] = {}
        for flow in self.flows.values():
            found.setdefault(flow.target, []).append(flow)
        return {k: tuple(v) for k, v in found.items()}

    @cached_property
    def boundary(self) -> Mapping[str, tuple[Element, ...]]:
        """Boundary events by the id of their host."""
        found: dict[str, list[Element]] = {}
        for element in self.elements.values():
            if element.attached_to:
                found.setdefault(element.attached_to, []).append(element)
        return {k: tuple(v) for k, v in found.items()}

    def deadline_of(self, host: str) -> Element | None:
        """The one deadline timer of an activity: a non-interrupting boundary timer whose rule is `working_days(…)`."""
        for event in self.boundary.get(host, ()):
            if event.event == "timer" and not event.interrupting and "working_days" in (event.detail or ""):
                return event
        return None

    def within(self, scope: str) -> tuple[Element, ...]:
        """The elements that stand directly in a scope."""
        return tuple(e for e in self.elements.values() if e.scope == scope)

    def message_names(self) -> frozenset[str]:
        """The messages this process can receive."""
        return frozenset(e.detail for e in self.elements.values() if e.event == "message" and e.detail)


def _q(tag: str) -> str:
    return f"{{{BPMN}}}{tag}"


def _text(node: etree._Element, path: str) -> str | None:
    found = node.find(path, NAMESPACES)
    return None if found is None or found.text is None else found.text.strip()


def read_drawing(root: etree._Element) -> Drawing:
    """The one executable process of a parsed BPMN document (normalised: `engine.definitions`).

    Raises ValueError where there is not exactly one.
    """
    processes = [p for p in root.iter(_q("process")) if p.get("isExecutable", "true") != "false"]
    if len(processes) != 1:
        raise ValueError(f"{len(processes)} executable processes")
    process = processes[0]
    messages = {m.get("id"): m for m in root.iter(_q("message"))}
    lanes: dict[str, str] = {}
    names: list[str] = []
    for lane in process.iter(_q("lane")):
        names.append(lane.get("name") or lane.get("id") or "")
        for ref in lane.findall("bpmn:flowNodeRef", NAMESPACES):
            lanes[(ref.text or "").strip()] = names[-1]
    elements: dict[str, Element] = {}
    flows: dict[str, Flow] = {}
    defaults: set[str] = set()

    def walk(node: etree._Element, scope: str) -> None:
        for child in node:
            if not isinstance(child.tag, str) or not child.tag.startswith(f"{{{BPMN}}}"):
                continue
            kind = child.tag[len(BPMN) + 2 :]
            identity = child.get("id") or ""
            if kind in FLOW_NODES:
                elements[identity] = _element(child, kind, scope, lanes.get(identity), messages)
                if child.get("default"):
                    defaults.add(child.get("default") or "")
                if kind in {"subProcess", "transaction"}:
                    walk(child, identity)
            elif kind == "sequenceFlow":
                flows[identity] = Flow(
                    identity,
                    child.get("name") or "",
                    child.get("sourceRef") or "",
                    child.get("targetRef") or "",
                    _text(child, "bpmn:conditionExpression"),
                )

    key = process.get("id") or ""
    walk(process, key)
    flows = {
        k: Flow(f.id, f.name, f.source, f.target, f.condition, is_default=True) if k in defaults else f
        for k, f in flows.items()
    }
    return Drawing(
        key, process.get("name") or key, elements, flows, tuple(names), _text(process, "bpmn:documentation") or ""
    )


def _element(
    node: etree._Element, kind: str, scope: str, lane: str | None, messages: Mapping[str | None, etree._Element]
) -> Element:
    properties = {
        p.get("name") or "": p.get("value") or ""
        for p in node.findall("bpmn:extensionElements/spiffworkflow:properties/spiffworkflow:property", NAMESPACES)
    }
    event, detail, variable = None, None, None
    for child in node:
        if isinstance(child.tag, str) and child.tag.endswith("EventDefinition"):
            event = etree.QName(child).localname.removesuffix("EventDefinition")
            if event == "timer":
                detail = next((t.text.strip() for t in child if isinstance(t.tag, str) and t.text), None)
            elif event == "message":
                detail, variable = _message(messages.get(child.get("messageRef")))
            else:
                detail = next((v for k, v in child.attrib.items() if str(k).endswith("Ref")), None)
    if kind in {"receiveTask", "sendTask"}:
        event, (detail, variable) = "message", _message(messages.get(node.get("messageRef")))
    return Element(
        id=node.get("id") or "",
        kind=kind,
        name=(node.get("name") or "").strip(),
        scope=scope,
        documentation=_text(node, "bpmn:documentation") or "",
        lane=lane,
        properties=properties,
        attached_to=node.get("attachedToRef"),
        interrupting=node.get("cancelActivity", "true") != "false",
        event=event,
        detail=detail,
        variable=variable,
        loop=_loop(node),
        operator=_operator(node),
        decision=_text(node, "bpmn:extensionElements/spiffworkflow:calledDecisionId"),
        called=node.get("calledElement"),
        line=node.sourceline or 0,
    )


def _message(node: etree._Element | None) -> tuple[str | None, str | None]:
    if node is None:
        return None, None
    return node.get("name"), _text(node, "bpmn:extensionElements/spiffworkflow:messageVariable")


def _loop(node: etree._Element) -> Loop | None:
    mark = node.find("bpmn:multiInstanceLoopCharacteristics", NAMESPACES)
    if mark is None:
        return None

    def item(name: str) -> str | None:
        found = mark.find(f"bpmn:{name}", NAMESPACES)
        return None if found is None else found.get("id")

    return Loop(
        sequential=mark.get("isSequential") == "true",
        data_input=_text(mark, "bpmn:loopDataInputRef"),
        data_output=_text(mark, "bpmn:loopDataOutputRef"),
        input_item=item("inputDataItem"),
        output_item=item("outputDataItem"),
        cardinality=_text(mark, "bpmn:loopCardinality"),
        condition=_text(mark, "bpmn:completionCondition"),
    )


def _operator(node: etree._Element) -> Operator | None:
    found = node.find("bpmn:extensionElements/spiffworkflow:serviceTaskOperator", NAMESPACES)
    if found is None:
        return None
    parameters = {
        p.get("id") or "": p.get("value") or ""
        for p in found.findall("spiffworkflow:parameters/spiffworkflow:parameter", NAMESPACES)
    }
    return Operator(found.get("id") or "", parameters, found.get("resultVariable"))
