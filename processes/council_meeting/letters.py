"""Letters of a meeting: the values that their texts are filled in with. Who gets them is decided elsewhere."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TypeAlias

from engine.clock import MOSCOW
from processes.council.letter_texts import declare
from processes.council_meeting import letter_texts
from processes.council_meeting.model import Form, Kind, Point
from processes.council_meeting.protocol import day

#: Values by the names that the text of the kind may use: see `letter_texts`.
Letter: TypeAlias = Mapping[str, str]

declare(letter_texts.TEXTS, letter_texts.MEANINGS)


def invitation(number: str, form: Form, held_on: date, closes_at: datetime | None, agenda: Sequence[Point]) -> Letter:
    """Invitation of a member with the agenda (clause 2.7: members read the reviews before the meeting)."""
    return {**rescheduled(number, form, held_on, closes_at), "agenda": _lines(agenda)}


def rescheduled(number: str, form: Form, held_on: date, closes_at: datetime | None) -> Letter:
    """The meeting had no quorum and is held anew (A-32)."""
    return {"meeting": number, "held_on": day(held_on), "when": when(form, held_on, closes_at)}


def reordered(number: str, held_on: date, agenda: Sequence[Point]) -> Letter:
    """The chair changed the order of the items after the agenda had been sent out (clause 2.5)."""
    return {"meeting": number, "held_on": day(held_on), "agenda": _lines(agenda)}


def cancelled(number: str, reason: str) -> Letter:
    """The chair did not approve the agenda; for the secretary who prepared it."""
    return {"meeting": number, "cause": reason}


def protocol_ready(number: str, protocol: str, held_on: date) -> Letter:
    """The signed protocol, for every member."""
    return {"meeting": number, "protocol": protocol, "held_on": day(held_on)}


def assigned(number: str, protocol: str, held_on: date, tasks: Sequence[tuple[str, date]]) -> Letter:
    """What the meeting asked one person to do, each with its last day; once the protocol is signed."""
    listed = "\n".join(f"{n}. {text} Срок: {day(due)}." for n, (text, due) in enumerate(tasks, 1))
    return {"meeting": number, "held_on": day(held_on), "protocol": protocol, "tasks": listed}


def when(form: Form, held_on: date, closes_at: datetime | None) -> str:
    """One sentence: the day of a meeting in person, or until when ballots are taken (Moscow time)."""
    if form is Form.IN_PERSON or closes_at is None:
        return f"Форма — очная. Дата: {day(held_on)}. Сообщите на странице заседания, будете ли Вы."
    until = closes_at.astimezone(MOSCOW).strftime("%d.%m.%Y %H:%M")
    return f"Форма — заочная. Голоса принимаются с {day(held_on)} до {until} (московское время)."


def _lines(agenda: Sequence[Point]) -> str:
    return "\n".join(_line(point) for point in agenda)


def _line(point: Point) -> str:
    about = "решение по делу" if point.kind is Kind.CERTIFICATION else "утверждение документа"
    return f"{point.number}. {point.title} — {about}."
