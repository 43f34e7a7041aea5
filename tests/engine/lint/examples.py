"""What the examples of rules are made of: a rule, a drawing that keeps it, drawings that break it."""

from dataclasses import dataclass, field

from engine.lint import Parts
from engine.registry import Registry
from tests.engine.lint.pen import (
    boundary,
    draw,
    end,
    extensions,
    flows,
    gateway,
    instances,
    message,
    message_text,
    node,
    properties,
    start,
    subprocess,
    timer_text,
    user,
)

REGISTRY = Registry(
    parameters={"toy.work": frozenset({"file"})},
    services={"toy.work": lambda call, **given: None},
    declines={("toy", "a"): lambda call, data: {}},
)
CHAIN = flows("start > a > end")
LANES = (
    '<bpmn:laneSet id="lanes"><bpmn:lane id="secretary" name="Секретарь"><bpmn:flowNodeRef>a</bpmn:flowNodeRef>'
    "</bpmn:lane></bpmn:laneSet>"
)
SHAPES = "".join(f'<bpmndi:BPMNShape id="{i}_shape" bpmnElement="{i}"/>' for i in ("start", "a", "end"))
EDGES = "".join(f'<bpmndi:BPMNEdge id="{i}_edge" bpmnElement="{i}"/>' for i in ("start_a", "a_end"))
DIAGRAM = f'<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="p">{SHAPES}{EDGES}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
CHOICE = gateway("choice", default="end")


@dataclass(frozen=True)
class Case:
    """A rule, a bundle that keeps it, and bundles that break it with the id of the element blamed."""

    rule: str
    good: Parts
    bad: list[tuple[str, Parts]] = field(default_factory=list)


def seats(*, inner: str = "", loop: str | None = None, outer: str = "") -> Parts:
    """A multi-instance subprocess `each`."""
    body = start("in") + user("a") + end("out") + flows("in > a > out") + inner
    mark = instances() if loop is None else loop
    return draw(start(), subprocess("each", body, loop=mark), end(), flows("start > each > end"), outer)


def plain(*pieces: str, tasks: str = "", beside: str = "") -> Parts:
    """A chain of start, one user task and end, with further pieces."""
    return draw(start(), tasks or user("a"), end(), CHAIN, *pieces, beside=beside)


def yearly(starts: str) -> Parts:
    """A process that begins by itself on the days given."""
    begins = extensions(properties({"starts": starts})) + timer_text("at(year_start)")
    return draw(node("startEvent", "start", begins), user("a"), end(), CHAIN)


def interruptible(*events: str, until: str = "b") -> Parts:
    """Two tasks and a third after `b`; the events stand on them."""
    about = {"interruptibleBy": "stop_it", "interruptibleUntil": until}
    pieces = (start(), user("a"), user("b"), user("c"), end(), end("stopped"), flows("start > a > b > c > end"))
    stops = [boundary(f"stop_{host}", host, message_text("stop_it"), interrupting=True) for host in events]
    ways = [flows(f"stop_{host} > stopped") for host in events]
    return draw(*pieces, *stops, *ways, about=about, beside=message("stop_it"))


def asked(*targets: str, ways: str = "") -> Parts:
    """An event gateway with targets."""
    return draw(
        start(), gateway("wait", "eventBased"), *targets, end(), ways, flows("start > wait"), beside=message("m")
    )
