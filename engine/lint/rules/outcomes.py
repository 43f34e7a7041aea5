"""Outcomes: the end event reached at top level is the case's outcome, so it must say one thing."""

from engine.lint.parts import Parts, Problems, descend, label, rule


@rule("outcome_single")
def find_doubtful_outcomes(parts: Parts) -> Problems:
    """Expect different names of the ends on the main way; a side branch (reminder, warning) reaches none of them."""
    drawing = parts.drawing
    starts = [e.id for e in drawing.within(drawing.process) if e.kind == "startEvent"]
    sides = [e for e in drawing.elements.values() if e.kind == "boundaryEvent" and not e.interrupting]
    side: set[str] = set()
    for event in sides:
        side |= descend(drawing, event.id)
    main = main_way(parts, starts)
    names: dict[str, str] = {}
    for end in drawing.within(drawing.process):
        if end.kind != "endEvent" or end.id not in main:
            continue
        if end.id in side:
            yield end.id, f"В исход {label(end)} ведёт и боковая ветвь таймера; закончите её своим концом."
        if end.name and end.name in names:
            yield end.id, f"Исход «{end.name}» назван дважды («{names[end.name]}», «{end.id}»); назовите их по-разному."
        names.setdefault(end.name, end.id)


def main_way(parts: Parts, starts: list[str]) -> set[str]:
    """Give the ids that a case can reach without a non-interrupting event."""
    drawing = parts.drawing
    found: set[str] = set()
    stack = list(starts)
    while stack:
        here = stack.pop()
        if here in found:
            continue
        found.add(here)
        stack.extend(flow.target for flow in drawing.outgoing.get(here, ()))
        stack.extend(event.id for event in drawing.boundary.get(here, ()) if event.interrupting)
        stack.extend(e.id for e in drawing.within(here) if e.kind == "startEvent")
    return found
