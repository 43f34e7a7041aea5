"""Hostile expressions in each place that is evaluated: refused at the check, named by element and rule."""

import pytest

from engine.decisions import read_decision
from engine.errors import DrawingError
from engine.lint import RULES, Parts
from tests.engine.lint.examples import CHOICE, plain, seats
from tests.engine.lint.pen import deadline, draw, flows, instances, service, user

ATTACKS = {
    "import": "__import__('os').system('id')",
    "subclass walk": "().__class__.__base__.__subclasses__()",
    "generator frame": "(x.gi_frame for x in [1])",
    "helper globals": "len.__globals__",
    "format leak": "'{0.__class__}'.format(1)",
    "interpolation": "f'{data}'",
    "power": "9 ** 9 ** 9",
    "repetition": "[0] * 10 ** 9 ** 9",
    "nesting": "[" * 60 + "]" * 60,
    "comprehension": "[i for i in items]",
    "lambda": "(lambda: 1)()",
    "assignment": "(x := 1)",
    "unpacking": "len(*items)",
    "hidden name": "__builtins__",
}
NAMES = {rule.name: rule for rule in RULES}


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def place(where: str, text: str) -> tuple[str, str, Parts]:
    """The rule, the element and the drawing with a hostile text in a place."""
    text = escape(text)
    mark = instances()
    match where:
        case "condition":
            flow = flows("choice >if STAND_IN> b").replace("STAND_IN", text)
            return "expression", "choice_b", draw(CHOICE, user("b"), flow)
        case "assignee":
            return "expression", "b", draw(user("b", assignee=text))
        case "parameter":
            return "expression", "b", draw(service("b", x=text))
        case "instances' input":
            return "expression", "each", seats(loop=instances(data=text))
        case "instances' output":
            return "expression", "each", seats(loop=instances(output=text))
        case "cardinality":
            inner = f"<bpmn:loopCardinality>{text}</bpmn:loopCardinality></bpmn:multi"
            return "expression", "each", seats(loop=mark.replace("</bpmn:multi", inner))
        case "completion condition":
            inner = f"<bpmn:completionCondition>{text}</bpmn:completionCondition></bpmn:multi"
            return "expression", "each", seats(loop=mark.replace("</bpmn:multi", inner))
        case "deadline":
            return "timer_rule", "a_due", plain(deadline("a", text))
        case _:
            raise AssertionError(where)


PLACES = [
    "condition", "assignee", "parameter", "instances' input", "instances' output", "cardinality",
    "completion condition", "deadline",
]  # fmt: skip


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_hostile_expression_is_refused_where_it_stands(where: str, attack: str) -> None:
    rule, element, parts = place(where, ATTACKS[attack])
    assert element in {finding.element for finding in NAMES[rule](parts)}


TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="t" namespace="t">
<decision id="t" name="t"><decisionTable id="dt" hitPolicy="FIRST">
<input id="i"><inputExpression id="ie" typeRef="boolean"><text>{input}</text></inputExpression></input>
<output id="o" name="out" typeRef="boolean"/>
<rule id="r"><inputEntry id="c"><text>{cell}</text></inputEntry>
<outputEntry id="e"><text>{output}</text></outputEntry></rule>
<rule id="s"><inputEntry id="c2"><text></text></inputEntry>
<outputEntry id="e2"><text>False</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


@pytest.mark.parametrize("where", ["input", "cell", "output"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_hostile_cell_is_refused(where: str, attack: str) -> None:
    texts = {"input": "x", "cell": "True", "output": "True", where: escape(ATTACKS[attack])}
    try:
        table = read_decision(TABLE.format(**texts).encode())
    except DrawingError:
        return
    assert NAMES["decision_table"](draw(decisions={"t": table})) != []
