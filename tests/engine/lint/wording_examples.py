"""Examples of the rules about what is written in a drawing: expressions, timers, messages, operations, decisions."""

from tests.engine.lint.examples import CHOICE, REGISTRY, Case, plain, seats, yearly
from tests.engine.lint.pen import (
    Flawed,
    Flawless,
    boundary,
    catch,
    deadline,
    draw,
    end,
    flows,
    instances,
    message,
    message_text,
    node,
    receive,
    rule_task,
    service,
    timer_text,
    user,
)

WORDING = [
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
            *(("start", yearly(starts)) for starts in ("", "abc", "13-40", "02-29", "01-01,", "01-01-01")),
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
]
