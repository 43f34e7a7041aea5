"""Expressions: every text that is evaluated is inside the allow-listed language."""

from collections.abc import Iterator

from engine.drawing import Drawing
from engine.expressions import ExpressionRefused, compile_expression
from engine.lint.parts import Parts, Problems, rule


@rule("expression")
def find_bad_expressions(parts: Parts) -> Problems:
    """Conditions, assignees, parameters and the data of multi-instances are expressions of the allowed language.

    Timers have a form of their own (`timer_rule`), decision cells are checked with their table (`decision_table`).
    """
    for element, text in texts_of(parts.drawing):
        try:
            compile_expression(text)
        except ExpressionRefused as refusal:
            yield element, f"{refusal}."


def texts_of(drawing: Drawing) -> Iterator[tuple[str, str]]:
    """Give every evaluated text of a drawing with the id of its element, timers aside."""
    for flow in drawing.flows.values():
        if flow.condition is not None:
            yield flow.id, flow.condition
    for element in drawing.elements.values():
        if "assignee" in element.properties:
            yield element.id, element.properties["assignee"]
        if element.operator:
            yield from ((element.id, text) for text in element.operator.parameters.values())
        if element.loop:
            loop = element.loop
            texts = (loop.data_input, loop.data_output, loop.cardinality, loop.condition)
            yield from ((element.id, text) for text in texts if text is not None)
