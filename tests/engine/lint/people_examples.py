"""Examples of the rules about what people meet: roles, forms, declines, names, the picture; and multi-instances."""

from tests.engine.lint.examples import CHOICE, DIAGRAM, LANES, REGISTRY, Case, interruptible, plain, seats
from tests.engine.lint.pen import (
    Flawed,
    Flawless,
    boundary,
    draw,
    end,
    flows,
    instances,
    node,
    rule_task,
    service,
    start,
    timer_text,
    user,
)

PEOPLE = [
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
