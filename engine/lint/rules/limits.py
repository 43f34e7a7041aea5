"""Limits: a drawing that a person can still read, and that no step can blow up."""

from typing import Final

from engine.lint.parts import Parts, Problems, rule

MAX_FLOW_NODES: Final = 300
MAX_NESTING: Final = 5


@rule("drawing_size")
def find_excess(parts: Parts) -> Problems:
    """At most 300 flow nodes, and subprocesses nested at most five deep."""
    drawing = parts.drawing
    if len(drawing.elements) > MAX_FLOW_NODES:
        yield drawing.process, f"Элементов {len(drawing.elements)}, а можно {MAX_FLOW_NODES}; разделите процедуру."
    for scope in parts.scopes:
        depth, here = 0, scope
        while here in drawing.elements and depth <= MAX_NESTING:
            depth, here = depth + 1, drawing.elements[here].scope
        if depth > MAX_NESTING:
            yield scope, f"Подпроцесс «{scope}» вложен глубже {MAX_NESTING} уровней; вынесите его на уровень выше."
