"""Flows: everything is connected, one start, an end that can be reached, no hidden fork."""

from engine.drawing import ACTIVITIES
from engine.lint.parts import Parts, Problems, descend, label, rule


@rule("start_event")
def find_bad_starts(parts: Parts) -> Problems:
    """Expect that the process and every subprocess begin at exactly one start event; a subprocess's has no trigger."""
    for scope in parts.scopes:
        starts = [e for e in parts.drawing.within(scope) if e.kind == "startEvent"]
        if len(starts) != 1:
            yield scope, f"Начальных событий в «{scope}» — {len(starts)}, а должно быть одно."
        for start in starts:
            if scope != parts.drawing.process and start.event:
                yield start.id, f"Начало подпроцесса {label(start)} не может ждать события; сделайте его простым."
            if parts.drawing.incoming.get(start.id):
                yield start.id, f"В начало {label(start)} входит поток; уведите его на следующий шаг."


@rule("end_event")
def find_missing_ends(parts: Parts) -> Problems:
    """Expect that the process and every subprocess have an end event that can be reached from their start."""
    drawing = parts.drawing
    for scope in parts.scopes:
        ends = {e.id for e in drawing.within(scope) if e.kind == "endEvent"}
        starts = [e.id for e in drawing.within(scope) if e.kind == "startEvent"]
        if not ends:
            yield scope, f"В «{scope}» нет конечного события: дело никогда не завершится; добавьте его."
        elif starts and not any(ends & descend(drawing, start) for start in starts):
            yield scope, f"В «{scope}» до конечного события нельзя дойти; проведите к нему поток."


@rule("unconnected")
def find_unconnected(parts: Parts) -> Problems:
    """Every element has a way in and a way out, and every flow joins two elements of one scope."""
    drawing = parts.drawing
    for element in drawing.elements.values():
        if element.kind not in {"startEvent", "boundaryEvent"} and not drawing.incoming.get(element.id):
            yield element.id, f"В {label(element)} не входит ни один поток; соедините или удалите элемент."
        if element.kind != "endEvent" and not drawing.outgoing.get(element.id):
            yield element.id, f"Из {label(element)} не выходит ни один поток; соедините или удалите элемент."
        if element.kind == "endEvent" and drawing.outgoing.get(element.id):
            yield element.id, f"Из конечного события {label(element)} выходит поток; удалите его."
        if element.kind == "boundaryEvent" and element.attached_to not in drawing.elements:
            yield element.id, f"Граничное событие {label(element)} ни к чему не прикреплено; прикрепите его к задаче."
    for flow in drawing.flows.values():
        source, target = drawing.elements.get(flow.source), drawing.elements.get(flow.target)
        if source is None or target is None:
            yield flow.id, "Поток ведёт к элементу, которого нет; проведите его заново."
        elif source.scope != target.scope:
            yield flow.id, f"Поток из {label(source)} в {label(target)} пересекает границу подпроцесса; так нельзя."


@rule("implicit_fork")
def find_implicit_forks(parts: Parts) -> Problems:
    """Only a gateway has more than one flow out: a fork from a task is hidden and is not carried out."""
    drawing = parts.drawing
    for element in drawing.elements.values():
        forks = element.kind in ACTIVITIES or element.kind.endswith("Event")
        if forks and len(drawing.outgoing.get(element.id, ())) > 1:
            yield element.id, f"Из {label(element)} выходит больше одного потока; поставьте после него шлюз."


@rule("endless_loop")
def find_endless_loops(parts: Parts) -> Problems:
    """Every loop passes something that waits: a loop of automatic steps alone would never rest."""
    drawing = parts.drawing
    resting = {e.id for e in drawing.elements.values() if rests(parts, e.id)}
    reported: set[str] = set()
    for element in drawing.elements.values():
        if element.id in resting or element.id in reported:
            continue
        loop = automatic_loop(parts, element.id, resting)
        if loop and not reported & set(loop):
            names = " → ".join(label(drawing.elements[step]) for step in loop)
            yield element.id, f"Цикл без ожидания: {names}; поставьте в него задачу, сообщение или таймер."
            reported.update(loop)


def rests(parts: Parts, identity: str) -> bool:
    """Whether a case that passes the element stands still at least once."""
    element = parts.drawing.elements[identity]
    if element.kind in {"subProcess", "transaction", "callActivity"}:
        return any(rests(parts, inner.id) for inner in parts.drawing.within(identity))
    return element.is_user_task or element.kind in {
        "receiveTask",
        "intermediateCatchEvent",
        "eventBasedGateway",
        "boundaryEvent",
    }


def automatic_loop(parts: Parts, start: str, resting: set[str]) -> tuple[str, ...]:
    """Give a shortest way from an element back to itself over automatic elements; empty where there is none."""
    paths: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while paths:
        path = paths.pop(0)
        for flow in parts.drawing.outgoing.get(path[-1], ()):
            if flow.target == start:
                return (*path, start)
            if flow.target in seen or flow.target in resting or flow.target not in parts.drawing.elements:
                continue
            seen.add(flow.target)
            paths.append((*path, flow.target))
    return ()
