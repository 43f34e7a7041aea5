"""Declining: a task may be declined only where the drawing says what follows."""

from engine.drawing import Drawing, Element
from engine.expressions import ExpressionRefused, compile_expression
from engine.lint.parts import Parts, Problems, label, rule


@rule("decline_routed")
def find_unrouted_declines(parts: Parts) -> Problems:
    """Right after a task that may be declined stands a gateway that reads `declined`, and nowhere else does one."""
    drawing = parts.drawing
    may_decline = {e for p, e in parts.registry.declines if p == drawing.process} if parts.registry else set()
    for element in drawing.elements.values():
        if element.id in may_decline and not is_declinable(drawing, element):
            words = "после неё нужен шлюз с условием на declined"
            yield element.id, f"От задачи {label(element)} можно отказаться, но {words}; добавьте его."
        if element.kind in {"exclusiveGateway", "inclusiveGateway"} and reads_declined(drawing, element):
            sources = [
                drawing.elements[f.source] for f in drawing.incoming.get(element.id, ()) if f.source in drawing.elements
            ]
            if not sources or not all(source.is_user_task for source in sources):
                yield (
                    element.id,
                    f"Шлюз {label(element)} читает declined, но стоит не сразу после задачи; перенесите его.",
                )


def is_declinable(drawing: Drawing, element: Element) -> bool:
    """Whether the drawing says what follows when a person declines the task."""
    following = [drawing.elements.get(flow.target) for flow in drawing.outgoing.get(element.id, ())]
    return any(gateway is not None and reads_declined(drawing, gateway) for gateway in following)


def reads_declined(drawing: Drawing, gateway: Element) -> bool:
    """Whether a flow out of the gateway asks for `declined`."""
    for flow in drawing.outgoing.get(gateway.id, ()):
        try:
            if flow.condition and "declined" in compile_expression(flow.condition).names:
                return True
        except ExpressionRefused:
            continue
    return False
