"""The words of a meeting's letters as they ship, in Russian, and what each may name."""

from typing import Final

from processes.council.letter_texts import LetterText
from processes.papers.typesetting import COUNCIL

MEANINGS: Final = {
    "meeting": "номер заседания",
    "held_on": "день заседания",
    "when": "форма и время, одним предложением",
    "agenda": "повестка, по пунктам",
    "cause": "причина, как её написал председатель",
    "protocol": "номер протокола",
    "tasks": "поручения адресату, по пунктам",
}

_SAMPLES: Final = {
    "meeting": "ЗАС-2026-0003",
    "held_on": "25.02.2026",
    "when": "Форма — очная. Дата: 25.02.2026. Сообщите на странице заседания, будете ли Вы.",
    "agenda": "1. Цифровые средства учителя математики — решение по делу.\n2. План работы — утверждение документа.",
    "cause": "материалы по второму вопросу не готовы",
    "protocol": "3/2026",
    "tasks": "1. Направить выписку заявителю. Срок: 04.03.2026.",
}


def _text(kind: str, name: str, names: str, subject: str, body: str) -> LetterText:
    return LetterText(kind, name, subject, f"{body}\n\n{COUNCIL}\n", {key: _SAMPLES[key] for key in names.split()})


TEXTS: Final = (
    _text(
        "meeting_invitation",
        "Члену совета: приглашение на заседание",
        "meeting held_on when agenda",
        "Заседание КЭС {held_on}: приглашение и повестка",
        "Приглашаем Вас на заседание краевого экспертного совета ({meeting}).\n{when}\n\nПовестка:\n{agenda}\n\n"
        "Материалы и экспертные заключения открыты в карточках дел. Просим ознакомиться с ними до заседания.",
    ),
    _text(
        "meeting_rescheduled",
        "Члену совета: заседание перенесено",
        "meeting held_on when",
        "Заседание КЭС {meeting} перенесено",
        "Заседание признано неправомочным: кворума нет (пункт 3.4). Повестка сохранена, голоса не учитываются.\n{when}",
    ),
    _text(
        "agenda_reordered",
        "Члену совета: изменён порядок вопросов",
        "meeting held_on agenda",
        "Заседание КЭС {held_on}: изменён порядок вопросов",
        "Председатель изменил порядок вопросов заседания {meeting}. Новая повестка:\n{agenda}",
    ),
    _text(
        "meeting_cancelled",
        "Секретарю: повестка не утверждена",
        "meeting cause",
        "Повестка заседания КЭС {meeting} не утверждена",
        "Председатель не утвердил повестку заседания {meeting}.\nПричина: {cause}\nЗаседание отменено. "
        "Исправьте повестку и созовите заседание снова.",
    ),
    _text(
        "protocol_signed",
        "Члену совета: протокол подписан",
        "meeting held_on protocol",
        "Протокол заседания КЭС № {protocol}",
        "Протокол № {protocol} заседания {meeting} от {held_on} подписан и доступен в карточке заседания.",
    ),
    _text(
        "assignment",
        "Ответственному: поручения по протоколу",
        "meeting held_on protocol tasks",
        "Поручения по протоколу заседания КЭС № {protocol}",
        "На заседании {meeting} от {held_on} Вам поручено:\n{tasks}\n\n"
        "Исполнение отметьте на странице «Решения и исполнение» заседания.",
    ),
)
