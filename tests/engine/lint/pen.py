"""Draws small processes for tests: each function gives a piece of BPMN, `draw` makes a bundle's parts of them."""

from collections.abc import Iterable, Mapping
from typing import Final

from lxml import etree

from engine.drawing import Drawing, read_drawing
from engine.lint.findings import Finding, Severity
from engine.lint.parts import Parts, Reviewed
from engine.registry import Registry

HEAD: Final = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" targetNamespace="toy">'
)


class Flawless:
    """A form or table that finds nothing wrong with itself."""

    def findings(self) -> Iterable[Finding]:
        """Give nothing."""
        return ()


class Flawed:
    """A form or table with one fault."""

    def findings(self) -> Iterable[Finding]:
        """Give the fault."""
        return (Finding("own", Severity.WARNING, "own", "нет последней строки."),)


def node(kind: str, identity: str, inner: str = "", *, name: str | None = None, **attributes: str) -> str:
    """An element; its name is its id unless another is given."""
    shown = identity if name is None else name
    given = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<bpmn:{kind} id="{identity}" name="{shown}"{given}>{inner}</bpmn:{kind}>'


def documented(text: str = "п. 4.5") -> str:
    """The explanation of an element."""
    return f"<bpmn:documentation>{text}</bpmn:documentation>"


def extensions(inner: str) -> str:
    """What stands in an element beyond BPMN."""
    return f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>"


def properties(given: Mapping[str, str]) -> str:
    """Properties, for `extensions`."""
    entries = "".join(f'<spiffworkflow:property name="{k}" value="{v}"/>' for k, v in given.items())
    return f"<spiffworkflow:properties>{entries}</spiffworkflow:properties>"


def start(identity: str = "start") -> str:
    """A start event."""
    return node("startEvent", identity)


def end(identity: str = "end", *, name: str | None = None) -> str:
    """An end event."""
    return node("endEvent", identity, name=name)


def user(identity: str, group: str = "secretary", **given: str) -> str:
    """A user task."""
    marked = {"candidateGroups": group} | given if group else dict(given)
    return node("userTask", identity, documented() + extensions(properties(marked)))


def service(identity: str, operator: str = "toy.work", result: str = "worked", **parameters: str) -> str:
    """A service task."""
    listed = "".join(f'<spiffworkflow:parameter id="{k}" type="any" value="{v}"/>' for k, v in parameters.items())
    call = (
        f'<spiffworkflow:serviceTaskOperator id="{operator}" resultVariable="{result}">'
        f"<spiffworkflow:parameters>{listed}</spiffworkflow:parameters></spiffworkflow:serviceTaskOperator>"
    )
    return node("serviceTask", identity, documented() + extensions(call))


def rule_task(identity: str, decision: str) -> str:
    """A business rule task."""
    called = f"<spiffworkflow:calledDecisionId>{decision}</spiffworkflow:calledDecisionId>" if decision else ""
    return node("businessRuleTask", identity, documented() + extensions(called))


def message(identity: str, variable: str = "payload") -> str:
    """A message, to stand beside the process."""
    kept = extensions(f"<spiffworkflow:messageVariable>{variable}</spiffworkflow:messageVariable>") if variable else ""
    return f'<bpmn:message id="{identity}" name="{identity}">{kept}</bpmn:message>'


def receive(identity: str, name: str = "letter") -> str:
    """A receive task."""
    ref = {"messageRef": name} if name else {}
    return node("receiveTask", identity, documented(), **ref)


def timer_text(text: str) -> str:
    """A timer's definition."""
    return f"<bpmn:timerEventDefinition><bpmn:timeDate>{text}</bpmn:timeDate></bpmn:timerEventDefinition>"


def message_text(name: str) -> str:
    """A message event's definition."""
    ref = f' messageRef="{name}"' if name else ""
    return f"<bpmn:messageEventDefinition{ref}/>"


def boundary(identity: str, host: str, inner: str, *, interrupting: bool, **given: str) -> str:
    """A boundary event."""
    marks = extensions(properties(given)) if given else ""
    cancel = "true" if interrupting else "false"
    return node("boundaryEvent", identity, marks + inner, attachedToRef=host, cancelActivity=cancel)


def deadline(host: str, days: str = "working_days(3)", identity: str | None = None, **given: str) -> str:
    """A deadline timer of a task, with its end and the flow between."""
    own = identity or f"{host}_due"
    marks = {"clause": "4.5", "normative": "true", "escalate": "chair"} | given
    event = boundary(own, host, timer_text(days), interrupting=False, **marks)
    return event + end(f"{own}_end", name="Просрочка") + flows(f"{own} > {own}_end")


def catch(identity: str, inner: str) -> str:
    """An intermediate event that waits."""
    return node("intermediateCatchEvent", identity, inner)


def gateway(identity: str, kind: str = "exclusive", default: str | None = None) -> str:
    """A gateway; `default` names its default flow's target."""
    marked = {"default": f"{identity}_{default}"} if default else {}
    return node(f"{kind}Gateway", identity, **marked)


def flows(*chains: str) -> str:
    """Flows, a chain of ids a text: `"a > b > c"`; `"a >if x == 1> b"` has a condition and a label."""
    drawn = []
    for chain in chains:
        parts = [part.strip() for part in chain.split(">")]
        source, condition = parts[0], ""
        for part in parts[1:]:
            if part.startswith("if "):
                text = part.removeprefix("if ").replace("<", "&lt;")
                condition = f"<bpmn:conditionExpression>{text}</bpmn:conditionExpression>"
                continue
            name = ' name="да"' if condition else ""
            ends = f'sourceRef="{source}" targetRef="{part}"'
            drawn.append(f'<bpmn:sequenceFlow id="{source}_{part}"{name} {ends}>{condition}</bpmn:sequenceFlow>')
            source, condition = part, ""
    return "".join(drawn)


def subprocess(identity: str, *inner: str, loop: str = "") -> str:
    """An embedded subprocess."""
    return node("subProcess", identity, "".join(inner) + loop)


def instances(data: str = "seats", output: str = "results", item: str = "seat", result: str = "outcome") -> str:
    """A parallel multi-instance over data."""
    return (
        "<bpmn:multiInstanceLoopCharacteristics>"
        f"<bpmn:loopDataInputRef>{data}</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>{output}</bpmn:loopDataOutputRef>"
        f'<bpmn:inputDataItem id="{item}"/><bpmn:outputDataItem id="{result}"/></bpmn:multiInstanceLoopCharacteristics>'
    )


def text_of(*pieces: str, beside: str = "", about: str = "", process: str = "toy") -> str:
    """A whole file: the pieces in one process, and what stands beside it."""
    inner = about + "".join(pieces)
    body = f'<bpmn:process id="{process}" name="Пример" isExecutable="true">{inner}</bpmn:process>'
    return f"{HEAD}{beside}{body}</bpmn:definitions>"


def draw(
    *pieces: str,
    beside: str = "",
    about: Mapping[str, str] | None = None,
    decisions: Mapping[str, Reviewed] | None = None,
    forms: Mapping[str, Reviewed] | None = None,
    files: Iterable[str] = (),
    registry: Registry | None = None,
) -> Parts:
    """A bundle named `toy`. Every user task has a form unless `forms` says which there are."""
    declared = extensions(properties(about)) if about else ""
    root = etree.fromstring(text_of(*pieces, beside=beside, about=declared))
    drawing = read_drawing(root)
    tasks = {e.id: Flawless() for e in drawing.elements.values() if e.is_user_task}
    return Parts(
        key="toy",
        drawing=drawing,
        root=root,
        decisions=decisions or {},
        forms=tasks if forms is None else forms,
        files=frozenset(files),
        registry=registry,
    )


def drawing_of(*pieces: str, beside: str = "") -> Drawing:
    """Only the drawing."""
    return draw(*pieces, beside=beside).drawing
