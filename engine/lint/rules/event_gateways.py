"""Event gateways: only events behind them, and one timer at most."""

from engine.lint.parts import Parts, Problems, label, rule


@rule("event_gateway")
def find_bad_event_gateways(parts: Parts) -> Problems:
    """Behind an event gateway stand events or receive tasks, each entered by it alone, and one timer at most."""
    drawing = parts.drawing
    for element in drawing.elements.values():
        if element.kind != "eventBasedGateway":
            continue
        targets = [
            drawing.elements[f.target] for f in drawing.outgoing.get(element.id, ()) if f.target in drawing.elements
        ]
        if sum(target.event == "timer" for target in targets) > 1:
            yield element.id, f"За шлюзом {label(element)} больше одного таймера; оставьте один, с более ранним сроком."
        for target in targets:
            if target.kind not in {"intermediateCatchEvent", "receiveTask"}:
                yield (
                    target.id,
                    f"За шлюзом по событиям {label(element)} может стоять только событие, а не {label(target)}.",
                )
            elif len(drawing.incoming.get(target.id, ())) > 1:
                yield target.id, f"В {label(target)} ведёт поток и помимо шлюза {label(element)}; разделите их."
