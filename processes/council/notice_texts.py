"""The words of the notices on tasks and terms as they ship, and what each may name."""

from typing import Final

from engine import digest
from processes.council.letter_texts import LetterText

MEANINGS: Final = {
    "task": "название задачи",
    "due": "срок задачи",
    "holder": "у кого задача",
    "from_name": "кто передал задачу",
    "address": "ссылка на задачу",
    "day": "день сводки",
    "count": "сколько задач в сводке",
    "tasks": "задачи по срокам: просроченные, сегодняшние, этой недели",
    "inbox": "ссылка на все задачи",
    "settings": "ссылка на личные настройки",
}

_SAMPLES: Final = {
    "number": "КЭС-2026-0042",
    "title": "Цифровые средства учителя математики",
    "task": "Провести техническую экспертизу",
    "due": "15.01.2026",
    "holder": "Протоколова Нина Тихоновна",
    "from_name": "Протоколова Нина Тихоновна",
    "address": "https://example.org/tasks/1",
}
_DIGEST: Final = {
    "name": "Протоколова Нина Тихоновна",
    "day": "15.01.2026",
    "count": "1",
    "tasks": (
        "Срок сегодня: 1\n\n— Провести техническую экспертизу\n"
        "  дело КЭС-2026-0042: Цифровые средства учителя математики\n  срок 15.01.2026\n  https://example.org/tasks/1"
    ),
    "inbox": "https://example.org/",
    "settings": "https://example.org/me",
}
_ABOUT: Final = "\n\nДело {number}: {title}\nЗадача: {task}\nСрок: {due}\n"
_USUAL: Final = ("number", "title", "task", "due", "holder", "address")


def _text(kind: str, name: str, subject: str, body: str, *more: str) -> LetterText:
    return LetterText(kind, name, subject, body, {key: _SAMPLES[key] for key in (*_USUAL, *more)})


TEXTS: Final = (
    _text(
        "task_reminder",
        "Исполнителю: скоро срок задачи",
        "Скоро срок: {number}",
        "Срок задачи близко: выполните её вовремя." + _ABOUT + "\n{address}\n",
    ),
    _text(
        "task_overdue",
        "Руководителю и исполнителю: срок нарушен",
        "Срок нарушен: {number}",
        "Срок задачи прошёл, она остаётся открытой: её нужно выполнить."
        + _ABOUT
        + "Исполнитель: {holder}\n\n{address}\n",
    ),
    _text(
        "task_assigned",
        "Исполнителю: передана задача",
        "Вам передана задача: {number}",
        "{from_name} передаёт вам задачу." + _ABOUT + "\n{address}\n",
        "from_name",
    ),
    LetterText(
        "case_stopped",
        "Администратору: дело остановлено из-за сбоя",
        "Дело остановлено из-за сбоя: {number}",
        "Шаг не удалось выполнить, и дело ждёт. Введённое сохранено, сроки дела стоят. Устраните причину и "
        "повторите шаг.\n\nДело {number}: {title}\nШаг: {task}\n\nЧто случилось и что делать: {address}\n",
        {key: _SAMPLES[key] for key in ("number", "title", "task")}
        | {"address": "https://example.org/admin/incidents/1"},
    ),
    LetterText(digest.KIND, "Каждому: сводка дня", digest.SUBJECT, digest.BODY, _DIGEST),
)
