"""Multi-instances: drawn so that a second pass and an interruption work."""

from engine.lint.findings import Severity
from engine.lint.parts import Parts, Problems, label, rule


@rule("multi_instance_data")
def find_loose_multi_instances(parts: Parts) -> Problems:
    """Expect that a multi-instance goes over data of the case, names its item, and gathers one result from each.

    Without these, an instance's data leak into the case and a second pass fails; a bare number of instances is refused.
    """
    for element in parts.drawing.elements.values():
        loop = element.loop
        if loop is None:
            continue
        if loop.cardinality is not None:
            yield element.id, f"{label(element)}: число повторений не задаётся; укажите данные в loopDataInputRef."
        pairs = (
            ("loopDataInputRef", loop.data_input),
            ("inputDataItem", loop.input_item),
            ("loopDataOutputRef", loop.data_output),
            ("outputDataItem", loop.output_item),
        )
        missing = [name for name, value in pairs if not value]
        if missing:
            yield element.id, f"{label(element)}: в многократном исполнении не заданы {', '.join(missing)}."


@rule("multi_instance_interrupted")
def find_interrupted_multi_instances(parts: Parts) -> Problems:
    """No interrupting event stands on a multi-instance itself: it stands on a plain subprocess around it."""
    drawing = parts.drawing
    for element in drawing.elements.values():
        if element.loop and any(event.interrupting for event in drawing.boundary.get(element.id, ())):
            words = "прерывающее событие ставится на подпроцесс вокруг многократного исполнения"
            yield element.id, f"{label(element)}: {words}, не на него само."


@rule("multi_instance_body", Severity.WARNING)
def find_bare_multi_instances(parts: Parts) -> Problems:
    """Expect a subprocess, not a bare task: only then each instance has its own terms and survives a change."""
    for element in parts.drawing.elements.values():
        if element.loop and element.kind not in {"subProcess", "transaction"}:
            yield element.id, f"{label(element)}: многократную задачу заключите в подпроцесс."
