"""Interruption: what the procedure promises may be called off at any time, up to a point, can be."""

from engine.lint.parts import Parts, Problems, label, rule, waits


@rule("interruptible")
def find_uninterruptible(parts: Parts) -> Problems:
    """Every activity where the case can stand up to `interruptibleUntil` has the boundary message `interruptibleBy`.

    Both are properties of the process. Looked at are the activities of the top level from which the named one can still
    be reached for the first time, and it itself; what comes only after it has no such boundary.
    """
    message, until = parts.properties.get("interruptibleBy"), parts.properties.get("interruptibleUntil")
    drawing = parts.drawing
    if not message and not until:
        return
    if not message or not until or until not in drawing.elements:
        yield drawing.process, "Свойства interruptibleBy (сообщение) и interruptibleUntil (элемент) задаются вместе."
        return
    before = standing_before(parts, until)
    for element in drawing.within(drawing.process):
        has = any(
            e.interrupting and e.event == "message" and e.detail == message
            for e in drawing.boundary.get(element.id, ())
        )
        if element.id in before and not has:
            yield element.id, f"На {label(element)} нет прерывающего сообщения «{message}»; добавьте его на границу."
        if element.id not in before and has:
            yield element.id, f"После «{until}» сообщение «{message}» не принимается; уберите его с {label(element)}."


def standing_before(parts: Parts, until: str) -> set[str]:
    """Give the ids of top-level activities where a case can stand before it has left `until`."""
    drawing = parts.drawing
    found: set[str] = set()
    stack = [e.id for e in drawing.within(drawing.process) if e.kind == "startEvent"]
    while stack:
        here = stack.pop()
        if here in found:
            continue
        found.add(here)
        if here != until:
            stack.extend(flow.target for flow in drawing.outgoing.get(here, ()))
        stack.extend(e.id for e in drawing.boundary.get(here, ()) if e.interrupting)
    return {i for i in found if i in drawing.elements and waits(drawing.elements[i])}
