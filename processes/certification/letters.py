"""Letters of the certification: subject and plain text, in Russian.

Pure, so that the same facts give the same letter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from processes.certification.model import DECISIONS
from processes.certification.rows import TECHNICAL_ROWS

_SIGNATURE: Final = "Краевой экспертный совет по сертификации программ повышения квалификации"
_LONGEST_TITLE: Final = 120


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent: its kind in the register of letters, one line of subject, a text."""

    kind: str
    subject: str
    body: str


def _line(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST_TITLE else f"{words[: _LONGEST_TITLE - 1]}…"


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _letter(kind: str, subject: str, paragraphs: Iterable[str]) -> Letter:
    return Letter(kind, _line(subject), "\n\n".join([*paragraphs, _SIGNATURE]) + "\n")


def _items(items: Iterable[str]) -> str:
    return "\n".join(f"{n}. {item}" for n, item in enumerate(items, 1))


def registered(title: str, number: str, on: date) -> Letter:
    """The application is registered; the technical review runs from here (clause 4.5)."""
    return _letter(
        "application_registered",
        f"Заявка зарегистрирована: {number}",
        [
            f"Ваша заявка на сертификацию программы «{title}» зарегистрирована {_day(on)} под номером {number}.",
            "Техническая экспертиза проводится в течение трёх рабочих дней со дня регистрации (пункт 4.5 положения).",
        ],
    )


def not_accepted(title: str, reason: str) -> Letter:
    """The package is not accepted (clause 4.3)."""
    return _letter(
        "application_not_accepted",
        f"Документы не приняты: {title}",
        [
            f"Пакет документов на сертификацию программы «{title}» не принят.",
            f"Причина: {reason}",
            "После исправления вы можете подать документы снова.",
        ],
    )


def not_considered(title: str, number: str, failed: Sequence[tuple[str, str]]) -> Letter:
    """The technical review failed: every failed row with its comment (clause 4.5)."""
    rows = [f"{TECHNICAL_ROWS.get(row, row)} ({row}): {comment}" for row, comment in failed]
    return _letter(
        "application_not_considered",
        f"Документы не рассматриваются: {number}",
        [
            (
                f"Документы по заявке {number} («{title}») не прошли техническую экспертизу "
                "и не рассматриваются (пункт 4.5 положения)."
            ),
            f"Причины отказа:\n{_items(rows)}",
            "После устранения замечаний вы можете подать документы снова.",
        ],
    )


def appointed(name: str, title: str, number: str, organization: str) -> Letter:
    """A member is appointed expert (clause 4.6)."""
    return _letter(
        "expert_appointed",
        f"Вы назначены экспертом: {number}",
        [
            f"{name}, вы назначены экспертом по программе «{title}» (дело {number}, заявитель: {organization}).",
            "Содержательная экспертиза проводится в течение 10 рабочих дней с назначения (пункт 4.6 положения).",
            (
                "Материалы откроются после заявления об отсутствии столкновения интересов. Если оно есть или взяться "
                "за экспертизу нельзя, откажитесь от задачи с указанием причины."
            ),
        ],
    )


def released(name: str, title: str, number: str, why: str) -> Letter:
    """An expert's review is no longer needed."""
    return _letter(
        "expert_released",
        f"Экспертиза больше не нужна: {number}",
        [f"{name}, экспертиза программы «{title}» (дело {number}) прекращена: {why}."],
    )


def declined(title: str, number: str, expert: str, reason: str) -> Letter:
    """For the chair: an expert declined or did not deliver, another is to be appointed (A-12, A-13)."""
    return _letter(
        "expert_declined",
        f"Нужна замена эксперта: {number}",
        [
            f"По делу {number} («{title}») место эксперта освободилось: {expert}.",
            f"Причина: {reason}",
            "Назначьте другого эксперта.",
        ],
    )


def returned(name: str, title: str, number: str, reason: str) -> Letter:
    """A conclusion goes back to its expert (A-28)."""
    return _letter(
        "conclusion_returned",
        f"Заключение возвращено: {number}",
        [
            f"{name}, председатель вернул ваше заключение по программе «{title}» (дело {number}).",
            f"Что исправить: {reason}",
            "Срок исправления три рабочих дня.",
        ],
    )


def approved(name: str, title: str, number: str) -> Letter:
    """A conclusion is approved (clause 2.5)."""
    return _letter(
        "conclusion_approved",
        f"Заключение утверждено: {number}",
        [f"{name}, ваше заключение по программе «{title}» (дело {number}) утверждено. Благодарим за работу."],
    )


def decided(title: str, number: str, decision: str, protocol: str) -> Letter:
    """The council's decision, word for word (clause 4.8)."""
    words = DECISIONS.get(decision)
    text = (
        f"Решение: «{words}» (протокол № {protocol}). Решение утверждается приказом министерства."
        if words
        else f"Решение не принято (протокол № {protocol}): дело вернётся на следующее заседание."
    )
    return _letter(
        "council_decision",
        f"Решение экспертного совета: {number}",
        [f"Экспертный совет рассмотрел программу «{title}» (дело {number}).", text],
    )


def certificate_issued(title: str, number: str, certificate: str, valid_from: date, valid_until: date) -> Letter:
    """The certificate is issued for three years (clause 4.11)."""
    return _letter(
        "certificate_issued",
        f"Сертификат {certificate} выдан",
        [
            f"По программе «{title}» (дело {number}) выдан сертификат {certificate}.",
            f"Срок действия: с {_day(valid_from)} по {_day(valid_until)} включительно.",
            "Программа вносится в краевой депозитарий в течение трёх рабочих дней после подписания приказа.",
        ],
    )


def published(title: str, certificate: str) -> Letter:
    """The programme stands in the depository (clause 4.13)."""
    return _letter(
        "depository_published",
        f"Программа внесена в депозитарий: {title}",
        [f"Программа «{title}» (сертификат {certificate}) внесена в краевой депозитарий и открыта для всех."],
    )


def refused(title: str, number: str, order: str, recommendations: Sequence[str]) -> Letter:
    """Refusal with the council's recommendations (clause 4.16)."""
    return _letter(
        "application_refused",
        f"Отказ в сертификации: {number}",
        [
            f"По программе «{title}» (дело {number}) принято решение: «{DECISIONS['refuse']}» (приказ № {order}).",
            f"Рекомендации экспертного совета:\n{_items(recommendations)}",
            "После устранения замечаний вы вправе снова подать документы на сертификацию (пункт 4.17 положения).",
        ],
    )


def expiry_ahead(title: str, certificate: str, valid_until: date, days: int) -> Letter:
    """So many days are left of the certificate (A-47)."""
    return _letter(
        "certificate_expires",
        f"Сертификат {certificate}: осталось дней {days}",
        [
            (
                f"Сертификат {certificate} на программу «{title}» действует по {_day(valid_until)} включительно: "
                f"осталось дней {days}."
            ),
            "Чтобы программа осталась в депозитарии, заранее подайте новую заявку.",
        ],
    )


def removed(title: str, certificate: str, reason: str) -> Letter:
    """The programme left the depository (clause 4.15)."""
    why = "срок действия сертификата истёк" if reason == "expired" else "сертификат отозван приказом"
    return _letter(
        "depository_removed",
        f"Программа изъята из депозитария: {title}",
        [f"Программа «{title}» (сертификат {certificate}) изъята из краевого депозитария: {why}."],
    )


def withdrawn(title: str, number: str) -> Letter:
    """The application is taken back (A-49)."""
    return _letter(
        "application_withdrawn",
        f"Заявка отозвана: {number}",
        [f"Заявка по программе «{title}» (дело {number}) отозвана, рассмотрение прекращено."],
    )
