"""Names and explanations: a drawing is read by people."""

from engine.lint.findings import Severity
from engine.lint.parts import Parts, Problems, diverges, label, rule


@rule("element_named")
def find_nameless(parts: Parts) -> Problems:
    """Every task, event and choosing gateway has a name; a gateway that only brings flows together needs none."""
    for element in parts.drawing.elements.values():
        is_merge = element.kind.endswith("Gateway") and not diverges(parts.drawing, element)
        is_fork = element.kind in {"parallelGateway", "eventBasedGateway"}
        if not element.name and not is_merge and not is_fork:
            yield element.id, f"У элемента «{element.id}» нет названия; подпишите его на схеме."


@rule("element_documented", Severity.WARNING)
def find_unexplained(parts: Parts) -> Problems:
    """Every task says in its documentation what happens and by which clause."""
    for element in parts.drawing.elements.values():
        if element.kind.endswith("Task") and not element.documentation:
            yield (
                element.id,
                f"У {label(element)} нет пояснения; впишите в документацию, что происходит и по какому пункту.",
            )


@rule("process_key")
def find_wrong_key(parts: Parts) -> Problems:
    """Expect that the process's id is the bundle's name: cases, addresses and history know it by that."""
    if parts.key and parts.drawing.process != parts.key:
        yield parts.drawing.process, f"Идентификатор процесса «{parts.drawing.process}» должен быть «{parts.key}»."
