"""The words of the certification's letters as they ship, in Russian, and what each may name."""

from typing import Final

from processes.certification.model import DECISIONS
from processes.council.letter_texts import LetterText
from processes.papers.typesetting import COUNCIL

#: What each variable stands for.
MEANINGS: Final = {
    "title": "название программы",
    "number": "номер дела",
    "name": "фамилия, имя и отчество получателя",
    "organization": "организация-заявитель",
    "day": "день регистрации",
    "reason": "причина, как её написали",
    "reasons": "строки, не прошедшие проверку, с замечаниями",
    "expert": "эксперт, чьё место освободилось",
    "decision": "решение совета дословно",
    "order": "номер и дата приказа министерства",
    "recommendations": "рекомендации совета, по пунктам",
    "certificate": "номер сертификата",
    "valid_from": "первый день действия сертификата",
    "valid_until": "последний день действия сертификата",
    "days": "сколько дней осталось",
}

_SAMPLES: Final = {
    "title": "Цифровые средства учителя математики",
    "number": "КЭС-2026-0042",
    "name": "Макетов Игнат Львович",
    "organization": "УЦ «Ориентир-Демо»",
    "day": "12.01.2026",
    "reason": "не хватает копии лицензии",
    "application_not_considered.reasons": (
        "1. «Грифы согласования» (T02): нет грифа утверждения\n"
        "2. «6. Список литературы» (T32): источники старше пяти лет"
    ),
    "depository_removed.reason": "срок действия сертификата истёк",
    "expert_declined.reason": "работа с авторами программы",
    "conclusion_returned.reason": "в строке E09 нет замечания",
    "expert_released.reason": "заявка отозвана",
    "application_refused.decision": DECISIONS["refuse"],
    "expert": "Чертёжников Фёдор Ильич",
    "decision": (f"Решение: «{DECISIONS['grant']}» (протокол № 3/2026). Решение утверждается приказом министерства."),
    "order": "117 от 26.02.2026",
    "recommendations": "1. Увеличить число практических занятий.\n2. Обновить список литературы.",
    "certificate": "23-2026-0007",
    "valid_from": "02.02.2026",
    "valid_until": "02.02.2029",
    "days": "90",
}


def _sample(kind: str, name: str) -> str:
    return _SAMPLES.get(f"{kind}.{name}") or _SAMPLES[name]


def _text(kind: str, name: str, names: str, subject: str, *paragraphs: str) -> LetterText:
    body = "\n\n".join([*paragraphs, COUNCIL]) + "\n"
    return LetterText(kind, name, subject, body, {key: _sample(kind, key) for key in names.split()})


TEXTS: Final = (
    _text(
        "application_registered",
        "Заявителю: заявка зарегистрирована",
        "title number day",
        "Заявка зарегистрирована: {number}",
        "Ваша заявка на сертификацию программы «{title}» зарегистрирована {day} под номером {number}.",
        "Техническая экспертиза проводится в течение трёх рабочих дней со дня регистрации (пункт 4.5 положения).",
    ),
    _text(
        "application_not_accepted",
        "Заявителю: документы не приняты",
        "title reason",
        "Документы не приняты: {title}",
        "Пакет документов на сертификацию программы «{title}» не принят.",
        "Причина: {reason}",
        "После исправления вы можете подать документы снова.",
    ),
    _text(
        "application_not_considered",
        "Заявителю: документы не рассматриваются",
        "title number reasons",
        "Документы не рассматриваются: {number}",
        (
            "Документы по заявке {number} («{title}») не прошли техническую экспертизу "
            "и не рассматриваются (пункт 4.5 положения)."
        ),
        "Причины отказа — непройденные строки экспертизы и замечания к ним:\n{reasons}",
        "После устранения замечаний вы можете подать документы снова.",
    ),
    _text(
        "expert_appointed",
        "Эксперту: назначение",
        "name title number organization",
        "Вы назначены экспертом: {number}",
        "{name}, вы назначены экспертом по программе «{title}» (дело {number}, заявитель: {organization}).",
        "Содержательная экспертиза проводится в течение 10 рабочих дней с назначения (пункт 4.6 положения).",
        (
            "Материалы откроются, когда в форме заключения вы заявите об отсутствии конфликта интересов. Если он есть "
            "или взяться за экспертизу нельзя, откажитесь от неё в той же задаче с указанием причины."
        ),
    ),
    _text(
        "expert_released",
        "Эксперту: экспертиза больше не нужна",
        "name title number reason",
        "Экспертиза больше не нужна: {number}",
        "{name}, экспертиза программы «{title}» (дело {number}) прекращена: {reason}.",
    ),
    _text(
        "expert_declined",
        "Председателю: нужна замена эксперта",
        "title number expert reason",
        "Нужна замена эксперта: {number}",
        "По делу {number} («{title}») место эксперта освободилось: {expert}.",
        "Причина: {reason}",
        "Назначьте другого эксперта в задаче «Заменить эксперта».",
    ),
    _text(
        "conclusion_returned",
        "Эксперту: заключение возвращено",
        "name title number reason",
        "Заключение возвращено: {number}",
        "{name}, председатель вернул ваше заключение по программе «{title}» (дело {number}).",
        "Что исправить: {reason}",
        "Срок исправления — три рабочих дня.",
    ),
    _text(
        "conclusion_approved",
        "Эксперту: заключение утверждено",
        "name title number",
        "Заключение утверждено: {number}",
        "{name}, ваше заключение по программе «{title}» (дело {number}) утверждено. Благодарим за работу.",
    ),
    _text(
        "council_decision",
        "Заявителю: решение совета",
        "title number decision",
        "Решение экспертного совета: {number}",
        "Экспертный совет рассмотрел программу «{title}» (дело {number}).",
        "{decision}",
    ),
    _text(
        "decision_not_approved",
        "Заявителю: решение не утверждено приказом",
        "title number order",
        "Решение не утверждено приказом: {number}",
        (
            "Решение экспертного совета по программе «{title}» (дело {number}) приказом министерства № {order} "
            "не утверждено (пункт 4.10 положения)."
        ),
        "Дело вернётся на заседание совета, о новом решении вам сообщат. От вас ничего не требуется.",
    ),
    _text(
        "certificate_issued",
        "Заявителю: сертификат выдан",
        "title number certificate valid_from valid_until",
        "Сертификат {certificate} выдан",
        "По программе «{title}» (дело {number}) выдан сертификат {certificate}.",
        "Срок действия: с {valid_from} по {valid_until} включительно. Сертификат можно скачать на странице заявки.",
        "Программа вносится в краевой депозитарий в течение трёх рабочих дней после подписания приказа.",
    ),
    _text(
        "depository_published",
        "Заявителю: программа внесена в депозитарий",
        "title certificate",
        "Программа внесена в депозитарий: {title}",
        "Программа «{title}» (сертификат {certificate}) внесена в краевой депозитарий и открыта для всех.",
    ),
    _text(
        "application_refused",
        "Заявителю: отказ с рекомендациями",
        "title number order decision recommendations",
        "Отказ в сертификации: {number}",
        "По программе «{title}» (дело {number}) принято решение: «{decision}» (приказ министерства № {order}).",
        "Рекомендации экспертного совета:\n{recommendations}",
        "После устранения замечаний вы вправе снова подать документы на сертификацию (пункт 4.17 положения).",
    ),
    _text(
        "certificate_expires",
        "Заявителю: срок сертификата подходит к концу",
        "title certificate valid_until days",
        "Сертификат {certificate}: осталось дней — {days}",
        (
            "Сертификат {certificate} на программу «{title}» действует по {valid_until} включительно "
            "(осталось дней — {days})."
        ),
        (
            "На следующий день программа будет изъята из депозитария (пункт 4.15 положения). Чтобы она осталась в нём, "
            "заранее подайте новую заявку."
        ),
    ),
    _text(
        "depository_removed",
        "Заявителю: программа изъята из депозитария",
        "title certificate reason",
        "Программа изъята из депозитария: {title}",
        "Программа «{title}» (сертификат {certificate}) изъята из краевого депозитария: {reason}.",
    ),
    _text(
        "application_withdrawn",
        "Заявителю: заявка отозвана",
        "title number",
        "Заявка отозвана: {number}",
        "Заявка по программе «{title}» (дело {number}) отозвана, рассмотрение прекращено.",
        "Подать заявку на сертификацию этой программы снова можно в любое время.",
    ),
)
