"""Examples of the rules about the shape of a drawing: elements, flows, gateways, ends."""

from tests.engine.lint.examples import CHAIN, CHOICE, Case, asked, plain, seats
from tests.engine.lint.pen import (
    boundary,
    catch,
    deadline,
    draw,
    end,
    flows,
    gateway,
    instances,
    message_text,
    node,
    receive,
    service,
    start,
    subprocess,
    timer_text,
    user,
)

FLOWS = [
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
            ("a", plain(tasks=node("intermediateThrowEvent", "a", message_text("m")))),
            ("end", draw(start(), user("a"), node("endEvent", "end", timer_text("at(x)")), CHAIN)),
            ("a", plain(tasks=node("userTask", "a", "<bpmn:dataOutputAssociation/>"))),
        ],
    ),
    Case(
        "name_clash",
        plain(service("b", "toy.work", file="1")),
        [
            ("a", plain(tasks=service("a", "end"))),
            ("a", plain(tasks=service("a", "toy.work", start="1"))),
            ("a", plain(tasks=service("a", "work"))),
            ("End", draw(start(), user("a"), end("End"), flows("start > a > End"))),
            ("toy.EndJoin", draw(start(), user("toy.EndJoin"), end(), flows("start > toy.EndJoin > end"))),
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
]
