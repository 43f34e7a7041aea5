"""Letters of a meeting: what they say, as (subject, body), in Russian. Who gets them is decided elsewhere."""

from collections.abc import Sequence
from datetime import date, datetime

from engine.clock import MOSCOW
from processes.council_meeting.model import Form, Kind, Point
from processes.council_meeting.protocol import day

Letter = tuple[str, str]


def invitation(number: str, form: Form, held_on: date, closes_at: datetime | None, agenda: Sequence[Point]) -> Letter:
    """Invitation of a member with the agenda (clause 2.7: members read the reviews before the meeting)."""
    subject = f"Заседание КЭС {day(held_on)}: приглашение и повестка"
    body = [
        f"Приглашаем Вас на заседание краевого экспертного совета ({number}).",
        when(form, held_on, closes_at),
        "",
        "Повестка:",
        *(_line(point) for point in agenda),
        "",
        "Материалы и экспертные заключения открыты в карточках дел. Просим ознакомиться с ними до заседания.",
    ]
    return subject, "\n".join(body)


def rescheduled(number: str, form: Form, held_on: date, closes_at: datetime | None) -> Letter:
    """The meeting had no quorum and is held anew (A-32)."""
    subject = f"Заседание КЭС {number} перенесено"
    body = [
        "Заседание признано неправомочным: кворума нет (пункт 3.4). Повестка сохранена, голоса не учитываются.",
        when(form, held_on, closes_at),
    ]
    return subject, "\n".join(body)


def reordered(number: str, held_on: date, agenda: Sequence[Point]) -> Letter:
    """The chair changed the order of the items after the agenda had been sent out (clause 2.5)."""
    subject = f"Заседание КЭС {day(held_on)}: изменён порядок вопросов"
    body = [f"Председатель изменил порядок вопросов заседания {number}. Новая повестка:", *map(_line, agenda)]
    return subject, "\n".join(body)


def cancelled(number: str, reason: str) -> Letter:
    """The chair did not approve the agenda; for the secretary who prepared it."""
    subject = f"Повестка заседания КЭС {number} не утверждена"
    return subject, f"Председатель не утвердил повестку заседания {number}.\nПричина: {reason}\nЗаседание отменено."


def protocol_ready(number: str, protocol: str, held_on: date) -> Letter:
    """The signed protocol, for every member."""
    subject = f"Протокол заседания КЭС № {protocol}"
    return (
        subject,
        f"Протокол № {protocol} заседания {number} от {day(held_on)} подписан и доступен в карточке заседания.",
    )


def when(form: Form, held_on: date, closes_at: datetime | None) -> str:
    """One sentence: the day of a meeting in person, or until when ballots are taken (Moscow time)."""
    if form is Form.IN_PERSON or closes_at is None:
        return f"Форма — очная. Дата: {day(held_on)}."
    until = closes_at.astimezone(MOSCOW).strftime("%d.%m.%Y %H:%M")
    return f"Форма — заочная. Голоса принимаются с {day(held_on)} до {until} (московское время)."


def _line(point: Point) -> str:
    about = "решение по делу" if point.kind is Kind.CERTIFICATION else "утверждение документа"
    return f"{point.number}. {point.title} — {about}."
