"""Service tasks: what they call must exist and get exactly its parameters."""

from engine.lint.parts import Parts, Problems, label, rule


@rule("operator_known")
def find_bad_operators(parts: Parts) -> Problems:
    """Every service task names a registered operation and gives all of its parameters and no other."""
    for element in parts.drawing.elements.values():
        if element.kind not in {"serviceTask", "sendTask"}:
            continue
        operator = element.operator
        if operator is None or not operator.name:
            yield element.id, f"{label(element)} не указывает операцию; выберите её в свойствах задачи."
            continue
        if not operator.result:
            yield element.id, f"Операция «{operator.name}» не указывает переменную результата; задайте resultVariable."
        if parts.registry is None:
            continue
        expected = parts.registry.parameters.get(operator.name)
        if expected is None:
            known = ", ".join(sorted(parts.registry.services))
            yield element.id, f"Операции «{operator.name}» нет; есть: {known}."
            continue
        given = frozenset(operator.parameters)
        if expected - given:
            missing = ", ".join(sorted(expected - given))
            yield element.id, f"Операции «{operator.name}» не переданы параметры: {missing}; добавьте их."
        if given - expected:
            extra = ", ".join(sorted(given - expected))
            yield element.id, f"Операция «{operator.name}» не знает параметров: {extra}; удалите их."
