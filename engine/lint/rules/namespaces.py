"""One name space: operators, parameters and data items never carry an element's id, elements none of the machine's."""

from collections.abc import Iterator
from typing import Final

from engine.lint.parts import Parts, Problems, rule

#: What the machine puts into every process, subprocess and host of boundary events beside the drawing's own elements.
TAKEN: Final = frozenset({"Start", "End"})
TAKEN_ENDINGS: Final = (".EndJoin", ".BoundaryEventSplit", ".BoundaryEventJoin")


@rule("name_clash")
def find_clashes(parts: Parts) -> Problems:
    """No operator, parameter or data item has the id of an element or flow, else the parser takes one for the other.

    An operator's name has a dot, which no element's id needs. An element named as one of the machine's own would be
    taken for that one: the case would stand nowhere and wait for nothing.
    """
    for identity in parts.drawing.elements:
        if identity in TAKEN or identity.endswith(TAKEN_ENDINGS):
            yield (
                identity,
                f"Идентификатор «{identity}» занят механизмом исполнения: дело остановилось бы; смените его.",
            )
    taken = set(parts.drawing.elements) | set(parts.drawing.flows) | {parts.drawing.process}
    items: dict[str, str] = {}
    for element, kind, name in names_of(parts):
        if name in taken:
            yield element, f"{kind} «{name}» называется как элемент схемы; переименуйте."
        if kind == "Операция" and "." not in name:
            yield element, f"Имя операции «{name}» пишется через точку: раздел.действие."
        if kind == "Элемент данных":
            if items.get(name, element) != element:
                yield element, f"Элемент данных «{name}» уже назван в «{items[name]}»; переименуйте."
            items[name] = element


def names_of(parts: Parts) -> Iterator[tuple[str, str, str]]:
    """Give element, Russian kind and name of everything that is named beside the elements."""
    for element in parts.drawing.elements.values():
        if element.operator and element.operator.name:
            yield element.id, "Операция", element.operator.name
            yield from ((element.id, "Параметр", name) for name in element.operator.parameters)
        if element.loop:
            items = (element.loop.input_item, element.loop.output_item)
            yield from ((element.id, "Элемент данных", name) for name in items if name)
