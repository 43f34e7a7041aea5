"""Messages: who waits for one must say for which."""

from engine.lint.parts import Parts, Problems, label, rule


@rule("message_named")
def find_nameless_messages(parts: Parts) -> Problems:
    """Every receive task and message event names a message, and a received one the variable of its payload."""
    for element in parts.drawing.elements.values():
        if element.event != "message":
            continue
        if not element.detail:
            yield element.id, f"{label(element)} не указывает сообщение; выберите его: без этого шаг проходит сразу."
        elif (
            element.kind in {"receiveTask", "intermediateCatchEvent", "boundaryEvent", "startEvent"}
            and not element.variable
        ):
            yield (
                element.id,
                f"Сообщение «{element.detail}» не указывает переменную для данных; задайте messageVariable.",
            )
