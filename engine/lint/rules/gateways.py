"""Gateways: a choice always has an answer, and every answer is readable."""

from engine.lint.findings import Severity
from engine.lint.parts import Parts, Problems, diverges, label, rule

CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})


@rule("gateway_default")
def find_missing_defaults(parts: Parts) -> Problems:
    """Expect that a gateway that chooses has a default flow, so that no case stops at it."""
    drawing = parts.drawing
    for element in drawing.elements.values():
        choosing = element.kind in CHOOSING and diverges(drawing, element)
        if choosing and not any(flow.is_default for flow in drawing.outgoing[element.id]):
            yield element.id, f"У шлюза {label(element)} нет потока по умолчанию; отметьте один из выходов."


@rule("gateway_condition")
def find_missing_conditions(parts: Parts) -> Problems:
    """Of a gateway that chooses, every flow but the default has a condition; conditions stand nowhere else."""
    drawing = parts.drawing
    for flow in drawing.flows.values():
        source = drawing.elements.get(flow.source)
        if source is None:
            continue
        choosing = source.kind in CHOOSING and diverges(drawing, source)
        if choosing and not flow.is_default and not flow.condition:
            yield flow.id, f"У потока из шлюза {label(source)} нет условия; напишите его или сделайте поток основным."
        if choosing and flow.is_default and flow.condition:
            yield flow.id, f"У потока по умолчанию из {label(source)} есть условие, и оно не читается; удалите его."
        if not choosing and flow.condition:
            yield flow.id, f"Условие на потоке из {label(source)} не читается; поставьте перед ним шлюз."


@rule("flow_label", Severity.WARNING)
def find_nameless_answers(parts: Parts) -> Problems:
    """Every flow with a condition says in words when it is taken."""
    drawing = parts.drawing
    for flow in drawing.flows.values():
        if flow.condition and not flow.name:
            yield flow.id, "У потока с условием нет подписи; напишите словами, когда он выбирается."


@rule("gateway_mixed")
def find_mixed_gateways(parts: Parts) -> Problems:
    """Expect that a parallel gateway splits or joins: doing both hides where branches wait for one another."""
    drawing = parts.drawing
    for element in drawing.elements.values():
        joins = len(drawing.incoming.get(element.id, ())) > 1
        if element.kind in {"parallelGateway", "inclusiveGateway"} and joins and diverges(drawing, element):
            yield element.id, f"Шлюз {label(element)} и сводит, и разводит ветви; поставьте два шлюза."
