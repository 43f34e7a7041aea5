"""The diagram: what is carried out can be seen."""

from typing import Final

from engine.lint.parts import Parts, Problems, label, rule

DI: Final = "{http://www.omg.org/spec/BPMN/20100524/DI}"


@rule("diagram")
def find_undrawn(parts: Parts) -> Problems:
    """Every element has a shape and every flow a line in the diagram."""
    shapes = {node.get("bpmnElement") for node in parts.root.iter(f"{DI}BPMNShape")}
    edges = {node.get("bpmnElement") for node in parts.root.iter(f"{DI}BPMNEdge")}
    if not shapes:
        yield parts.drawing.process, "В файле нет изображения схемы (BPMNDI); сохраните его из редактора схем."
        return
    for element in parts.drawing.elements.values():
        if element.id not in shapes:
            yield element.id, f"{label(element)} не нарисован на схеме; добавьте его в редакторе."
    for flow in parts.drawing.flows.values():
        if flow.id not in edges:
            yield flow.id, f"Поток «{flow.id}» не нарисован на схеме; проведите его в редакторе заново."
