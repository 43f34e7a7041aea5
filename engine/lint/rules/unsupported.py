"""Elements that the engine does not carry out as drawn, so they are refused."""

from collections.abc import Mapping
from typing import Final

from lxml import etree

from engine.drawing import BPMN
from engine.lint.parts import Parts, Problems, rule

TAGS: Final[Mapping[str, str]] = {
    "complexGateway": "сложный шлюз не выполняется; замените его обычными шлюзами",
    "compensateEventDefinition": "компенсация не выполняется; нарисуйте отмену отдельной веткой",
    "linkEventDefinition": "события-ссылки не выполняются; проведите поток прямо",
    "cancelEventDefinition": "отмена транзакции не выполняется; замените её прерывающим событием",
    "conditionalEventDefinition": "событие по условию не перепроверяется само; замените его сообщением или шлюзом",
    "transaction": "транзакция не выполняется; замените её подпроцессом",
    "adHocSubProcess": "произвольный подпроцесс не выполняется; нарисуйте порядок шагов",
    "standardLoopCharacteristics": "цикл на элементе не поддерживается; нарисуйте возврат потоком через шлюз",
    "callActivity": "вызов другого процесса не поддерживается; передайте сообщение или нарисуйте подпроцесс",
    "timeCycle": "повторяющийся таймер не поддерживается; поставьте по таймеру на каждый срок",
    "timeDuration": "длительность не поддерживается; напишите timeDate с working_days(…), at(…) или days_before(…)",
    "dataStore": "хранилище данных не выполняется; данные дела держат задачи и сообщения",
    "signalEventDefinition": "сигнал не знает своего дела; замените его сообщением",
    "dataInputAssociation": "связь с объектом данных не выполняется; удалите её: данные шаг берёт из данных дела",
    "dataOutputAssociation": "связь с объектом данных не выполняется; удалите её: данные шага дело хранит само",
    "correlationKey": "ключи корреляции не используются: сообщение находит дело по его номеру",
}

#: What an event that throws or ends would pass by.
THROWN: Final[Mapping[str, str]] = {
    "messageEventDefinition": "сообщение отсюда другое дело не получит; отправьте его операцией сервисной задачи",
    "timerEventDefinition": "таймер здесь не ждёт; поставьте его в промежуточное событие ожидания",
}


@rule("unsupported_element")
def find_unsupported(parts: Parts) -> Problems:
    """No element that the engine would carry out wrongly or not at all (clause-free: the engine's own limits).

    An event subprocess is refused too: it would not interrupt what it should.
    """
    for node in parts.root.iter(etree.Element):
        if etree.QName(node).namespace != BPMN:
            continue
        kind = etree.QName(node).localname
        holder = owner_of(node)
        if kind in TAGS:
            yield holder, f"{TAGS[kind][0].upper()}{TAGS[kind][1:]}."
        elif kind in THROWN and throws(node):
            yield holder, f"{THROWN[kind][0].upper()}{THROWN[kind][1:]}."
        elif kind == "subProcess" and node.get("triggeredByEvent") == "true":
            yield holder, "Подпроцесс по событию не прерывает дело, как нарисовано; замените его граничным событием."
        elif kind.endswith("EventDefinition") and len(definitions_beside(node)) > 1:
            yield holder, "У события несколько определений; оставьте одно."


def throws(node: etree._Element) -> bool:
    """Whether an event definition stands in an event that throws or ends."""
    parent = node.getparent()
    return parent is not None and etree.QName(parent).localname in {"intermediateThrowEvent", "endEvent"}


def definitions_beside(node: etree._Element) -> list[etree._Element]:
    """Give the event definitions of the same event."""
    parent = node.getparent()
    return [] if parent is None else [n for n in parent if str(n.tag).endswith("EventDefinition")]


def owner_of(node: etree._Element) -> str:
    """Give the id of the element that a node belongs to: its own, or of the nearest flow node around it."""
    here: etree._Element | None = node
    while here is not None:
        kind = etree.QName(here).localname
        if here.get("id") and not kind.endswith(("EventDefinition", "Characteristics")) and not kind.startswith("time"):
            return here.get("id") or ""
        here = here.getparent()
    return ""
