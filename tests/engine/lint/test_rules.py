"""Every rule with a drawing that keeps it and drawings that break it."""

from dataclasses import dataclass, field

import pytest

from engine import lint
from engine.lint import RULES, Parts, Severity
from engine.registry import Registry
from tests.engine.lint.pen import (
    Flawed,
    Flawless,
    boundary,
    catch,
    deadline,
    draw,
    end,
    flows,
    gateway,
    instances,
    message,
    message_text,
    node,
    receive,
    rule_task,
    service,
    start,
    subprocess,
    text_of,
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


CASES = [
    Case("process_key", plain(), []),
    Case(
        "drawing_size",
        plain(),
        [
            ("toy", draw(*(user(f"t{number}") for number in range(301)))),
            (
                "s6",
                draw(
                    subprocess(
                        "s1",
                        subprocess(
                            "s2", subprocess("s3", subprocess("s4", subprocess("s5", subprocess("s6", start("deep")))))
                        ),
                    )
                ),
            ),
        ],
    ),
    Case(
        "script",
        plain(),
        [
            ("a", plain(tasks=node("scriptTask", "a", "<bpmn:script>1</bpmn:script>"))),
            (
                "a",
                plain(
                    tasks=node(
                        "userTask",
                        "a",
                        "<bpmn:extensionElements><spiffworkflow:preScript>x</spiffworkflow:preScript></bpmn:extensionElements>",
                    )
                ),
            ),
            (
                "a",
                plain(
                    tasks=node(
                        "serviceTask",
                        "a",
                        **{"xmlns:camunda": "http://camunda.org/schema/1.0/bpmn", "camunda:class": "x.Y"},
                    )
                ),
            ),
        ],
    ),
    Case(
        "unsupported_element",
        plain(),
        [
            ("a", plain(tasks=node("complexGateway", "a"))),
            ("a", plain(tasks=node("callActivity", "a", calledElement="other"))),
            ("a", plain(tasks=node("transaction", "a"))),
            ("a", plain(tasks=node("adHocSubProcess", "a"))),
            ("a", plain(tasks=node("subProcess", "a", triggeredByEvent="true"))),
            ("a", plain(tasks=node("userTask", "a", "<bpmn:standardLoopCharacteristics/>"))),
            ("a", plain(tasks=node("intermediateThrowEvent", "a", "<bpmn:compensateEventDefinition/>"))),
            ("a", plain(tasks=node("intermediateThrowEvent", "a", "<bpmn:linkEventDefinition/>"))),
            (
                "a",
                plain(
                    tasks=catch(
                        "a",
                        "<bpmn:timerEventDefinition><bpmn:timeCycle>R/P1D</bpmn:timeCycle></bpmn:timerEventDefinition>",
                    )
                ),
            ),
            (
                "a",
                plain(
                    tasks=catch(
                        "a",
                        "<bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition>",
                    )
                ),
            ),
            ("a", plain(tasks=catch("a", timer_text("at(x)") + message_text("m")))),
        ],
    ),
    Case(
        "name_clash",
        plain(service("b", "toy.work", file="1")),
        [
            ("a", plain(tasks=service("a", "end"))),
            ("a", plain(tasks=service("a", "toy.work", start="1"))),
            ("a", plain(tasks=service("a", "work"))),
            ("each", seats(loop=instances(item="a"))),
            ("two", seats(outer=subprocess("two", loop=instances()))),
        ],
    ),
    Case(
        "start_event",
        plain(),
        [
            ("toy", draw(user("a"), end(), flows("a > end"))),
            ("toy", plain(start("second"))),
            ("start", plain(flows("a > start"))),
            ("in", draw(subprocess("each", node("startEvent", "in", timer_text("at(x)"))))),
        ],
    ),
    Case(
        "end_event",
        plain(),
        [
            ("toy", draw(start(), user("a"), flows("start > a"))),
            ("toy", draw(start(), user("a"), user("b"), end(), flows("start > a", "b > end"))),
        ],
    ),
    Case(
        "unconnected",
        plain(deadline("a")),
        [
            ("b", plain(user("b"))),
            ("end", plain(flows("end > a"))),
            ("lost", plain(boundary("lost", "nobody", timer_text("at(x)"), interrupting=True), flows("lost > end"))),
            ("a_nowhere", plain(flows("a > nowhere"))),
            ("each_a", seats(outer=flows("each > a"))),
        ],
    ),
    Case("implicit_fork", plain(), [("a", plain(user("b"), flows("a > b > end")))]),
    Case(
        "endless_loop",
        draw(
            start(),
            gateway("merge"),
            user("a"),
            CHOICE,
            end(),
            flows("start > merge > a > choice > end", "choice >if x> merge"),
        ),
        [
            (
                "merge",
                draw(
                    start(),
                    gateway("merge"),
                    service("a"),
                    CHOICE,
                    end(),
                    flows("start > merge > a > choice > end", "choice >if x> merge"),
                ),
            )
        ],
    ),
    Case(
        "gateway_default",
        draw(CHOICE, user("b"), end(), flows("choice > end", "choice >if x> b")),
        [("choice", draw(gateway("choice"), user("b"), end(), flows("choice > end", "choice >if x> b")))],
    ),
    Case(
        "gateway_condition",
        draw(CHOICE, user("b"), end(), flows("choice > end", "choice >if x> b")),
        [
            ("choice_b", draw(CHOICE, user("b"), end(), flows("choice > end", "choice > b"))),
            ("choice_end", draw(CHOICE, user("b"), end(), flows("choice >if x> end", "choice >if x> b"))),
            ("a_end", draw(user("a"), end(), flows("a >if x> end"))),
        ],
    ),
    Case(
        "gateway_mixed",
        draw(gateway("fork", "parallel"), flows("fork > a", "fork > b", "c > fork")),
        [("fork", draw(gateway("fork", "parallel"), flows("fork > a", "fork > b", "c > fork", "d > fork")))],
    ),
    Case(
        "flow_label",
        draw(CHOICE, user("b"), end(), flows("choice > end", "choice >if x> b")),
        [
            (
                "f",
                draw(
                    CHOICE,
                    end(),
                    '<bpmn:sequenceFlow id="f" sourceRef="choice" targetRef="end">'
                    "<bpmn:conditionExpression>x</bpmn:conditionExpression></bpmn:sequenceFlow>",
                ),
            )
        ],
    ),
    Case(
        "event_gateway",
        asked(receive("r", "m"), catch("t", timer_text("at(x)")), ways=flows("wait > r > end", "wait > t > end")),
        [
            (
                "wait",
                asked(
                    catch("t", timer_text("at(x)")),
                    catch("u", timer_text("at(y)")),
                    ways=flows("wait > t > end", "wait > u > end"),
                ),
            ),
            ("u", asked(user("u"), ways=flows("wait > u > end"))),
            ("r", asked(receive("r", "m"), user("u"), ways=flows("wait > r > end", "u > r"))),
        ],
    ),
    Case(
        "outcome_single",
        plain(deadline("a"), CHOICE, end("refused")),
        [
            (
                "end",
                plain(boundary("late", "a", timer_text("at(x)"), interrupting=False), flows("late > end")),
            ),
            (
                "other",
                draw(
                    start(),
                    CHOICE,
                    end(name="Отказ"),
                    end("other", name="Отказ"),
                    flows("start > choice > end", "choice >if x> other"),
                ),
            ),
        ],
    ),
    Case(
        "expression",
        draw(CHOICE, end(), user("b", assignee="seat['login']"), flows("choice >if x == 'да'> b")),
        [
            ("choice_b", draw(CHOICE, user("b"), flows("choice >if __import__('os').system('id')> b"))),
            ("choice_b", draw(CHOICE, user("b"), flows("choice >if 9**9**9> b"))),
            ("b", draw(user("b", assignee="seat.login"))),
            ("b", draw(service("b", x="().__class__.__base__"))),
            ("each", seats(loop=instances(data="[c for c in x]"))),
        ],
    ),
    Case(
        "timer_rule",
        plain(deadline("a", "working_days(3) if seat['returned'] else working_days(10)")),
        [
            ("a_due", plain(deadline("a", "'P3D'"))),
            ("a_due", plain(deadline("a", "working_days(n)"))),
            ("a_due", plain(deadline("a", "open('x')"))),
            ("t", plain(catch("t", "<bpmn:timerEventDefinition/>"))),
        ],
    ),
    Case(
        "deadline_boundary",
        plain(deadline("a")),
        [
            ("t", plain(catch("t", timer_text("working_days(3)")))),
            ("a_due", plain(boundary("a_due", "a", timer_text("working_days(3)"), interrupting=True))),
            ("late", plain(deadline("a", identity="late"))),
        ],
    ),
    Case(
        "deadline_single",
        plain(deadline("a")),
        [("second", plain(deadline("a"), deadline("a", "working_days(4)", identity="second")))],
    ),
    Case(
        "reminder",
        plain(deadline("a"), boundary("a_soon", "a", timer_text("before_due(1)"), interrupting=False)),
        [
            ("a_soon", plain(boundary("a_soon", "a", timer_text("before_due(1)"), interrupting=False))),
            ("a_soon", plain(deadline("a"), boundary("a_soon", "a", timer_text("before_due(1)"), interrupting=True))),
            ("early", plain(deadline("a"), boundary("early", "a", timer_text("before_due(1)"), interrupting=False))),
        ],
    ),
    Case(
        "reminder_in_time",
        plain(deadline("a"), boundary("a_soon", "a", timer_text("before_due(3)"), interrupting=False)),
        [
            (
                "a_soon",
                plain(deadline("a"), boundary("a_soon", "a", timer_text("before_due(4)"), interrupting=False)),
            ),
        ],
    ),
    Case("deadline_escalation", plain(deadline("a")), [("a_due", plain(deadline("a", escalate="")))]),
    Case(
        "message_named",
        plain(receive("r", "m"), beside=message("m")),
        [
            ("r", plain(receive("r", ""))),
            ("r", plain(receive("r", "m"), beside=message("m", variable=""))),
            ("late", plain(boundary("late", "a", message_text(""), interrupting=True))),
        ],
    ),
    Case(
        "operator_known",
        draw(service("b", file="x"), registry=REGISTRY),
        [
            ("b", draw(node("serviceTask", "b"))),
            ("b", draw(service("b", result=""))),
            ("b", draw(service("b", "toy.unknown"), registry=REGISTRY)),
            ("b", draw(service("b"), registry=REGISTRY)),
            ("b", draw(service("b", file="x", other="y"), registry=REGISTRY)),
        ],
    ),
    Case(
        "decision_known",
        draw(rule_task("b", "table"), decisions={"table": Flawless()}, about={"askedDecisions": "table"}),
        [
            ("b", draw(rule_task("b", "table"))),
            ("b", draw(rule_task("b", ""))),
            ("toy", draw(about={"askedDecisions": "table"})),
        ],
    ),
    Case(
        "decision_table",
        draw(decisions={"table": Flawless()}),
        [("table", draw(decisions={"table": Flawed()}))],
    ),
    Case(
        "user_task_role",
        plain(),
        [("a", plain(tasks=user("a", ""))), ("a", plain(tasks=user("a", "secretary, wizard")))],
    ),
    Case(
        "lane_role",
        plain(LANES),
        [("a", plain(LANES, tasks=user("a", "chair"))), ("b", plain(LANES, user("b", "chair")))],
    ),
    Case("user_task_form", plain(), [("a", draw(user("a"), forms={})), ("a", draw(user("a", formKey="f"), forms={}))]),
    Case("form_readable", plain(), [("a", draw(user("a"), forms={"a": Flawed()}))]),
    Case(
        "decline_routed",
        draw(
            user("a"), CHOICE, user("b"), end(), flows("a > choice > end", "choice >if declined> b"), registry=REGISTRY
        ),
        [
            ("a", draw(user("a"), end(), flows("a > end"), registry=REGISTRY)),
            ("choice", draw(service("s"), CHOICE, end(), flows("s > choice > end", "choice >if declined> b"))),
        ],
    ),
    Case(
        "interruptible",
        interruptible("a", "b"),
        [
            ("b", interruptible("a")),
            ("c", interruptible("a", "b", "c")),
            ("toy", interruptible("a", until="nowhere")),
        ],
    ),
    Case(
        "multi_instance_data",
        seats(),
        [
            ("each", seats(loop="<bpmn:multiInstanceLoopCharacteristics/>")),
            (
                "each",
                seats(
                    loop=instances().replace(
                        "</bpmn:multi", "<bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multi"
                    )
                ),
            ),
        ],
    ),
    Case(
        "multi_instance_interrupted",
        seats(outer=boundary("late", "each", timer_text("at(x)"), interrupting=False)),
        [("each", seats(outer=boundary("late", "each", timer_text("at(x)"), interrupting=True)))],
    ),
    Case("multi_instance_body", seats(), [("a", plain(tasks=node("userTask", "a", instances())))]),
    Case("orphan_form", plain(), [("old", draw(forms={"old": Flawless()}))]),
    Case(
        "orphan_decision",
        draw(
            rule_task("b", "table"),
            decisions={"table": Flawless(), "other": Flawless()},
            about={"askedDecisions": "other"},
        ),
        [("table", draw(decisions={"table": Flawless()}))],
    ),
    Case(
        "unknown_file",
        draw(files=["procedure.bpmn", "a.dmn", "forms/a.json", "CHANGES.md", "scenarios/refused.yaml"]),
        [("run.py", draw(files=["run.py"])), ("forms/a.yaml", draw(files=["forms/a.yaml"]))],
    ),
    Case(
        "element_named",
        draw(start(), node("exclusiveGateway", "merge", name="")),
        [
            ("start", draw(node("startEvent", "start", name=""))),
            ("choice", draw(node("exclusiveGateway", "choice", name=""), flows("choice > a", "choice > b"))),
        ],
    ),
    Case("element_documented", plain(), [("a", plain(tasks=node("userTask", "a")))]),
    Case(
        "diagram",
        plain(beside=DIAGRAM),
        [
            ("toy", plain()),
            ("b", plain(user("b"), beside=DIAGRAM)),
            ("end_a", plain(flows("end > a"), beside=DIAGRAM)),
        ],
    ),
]
NAMES = {rule.name: rule for rule in RULES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_drawing_that_keeps_the_rule_passes(case: Case) -> None:
    assert NAMES[case.rule](case.good) == []


@pytest.mark.parametrize(
    ("rule", "element", "parts"),
    [pytest.param(c.rule, e, p, id=f"{c.rule}-{n}") for c in CASES for n, (e, p) in enumerate(c.bad)],
)
def test_a_drawing_that_breaks_the_rule_is_told_where_and_what_to_do(rule: str, element: str, parts: Parts) -> None:
    found = NAMES[rule](parts)
    assert element in {finding.element for finding in found}
    for finding in found:
        assert finding.rule == rule
        assert finding.message.endswith(".")


def test_every_rule_has_an_example() -> None:
    assert {case.rule for case in CASES} == set(NAMES)


def test_a_process_named_unlike_its_folder_is_found() -> None:
    parts = plain()
    renamed = Parts(key="other", drawing=parts.drawing, root=parts.root)
    assert [f.element for f in NAMES["process_key"](renamed)] == ["toy"]


def test_errors_come_first_and_decide() -> None:
    found = lint.check(plain(user("b", "wizard"), beside=DIAGRAM))
    severities = [finding.severity for finding in found]
    assert severities == sorted(severities, key=[Severity.ERROR, Severity.WARNING, Severity.INFO].index)
    assert not lint.is_sound(found)
    assert lint.is_sound(lint.check(plain(beside=DIAGRAM)))


def test_a_clean_text_gives_the_same_parts() -> None:
    assert lint.inspect_xml(text_of(start(), user("a"), end(), CHAIN)) == []
