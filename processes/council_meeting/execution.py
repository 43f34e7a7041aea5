"""Decisions carried out: who must do what by when, done on what day, and what is overdue (clause 3.5)."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.actors import Actor
from engine.clock import MOSCOW
from engine.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from engine.facts import Fact, Text
from processes.council_meeting import events, sittings
from processes.council_meeting.acting import enter
from processes.council_meeting.protocol import day
from processes.council_meeting.records import papers, wording

if TYPE_CHECKING:
    from engine.runtime import Transaction

SIGNATURES = frozenset({"secretary", "chair"})


def mark_done(
    tx: "Transaction", meeting_case: str, item: int, n: int, *, done_on: date | None, note: str, actor: Actor
) -> dict[str, Any]:
    """Mark task `n` of an item as done on a Moscow day, with what came of it.

    By who is responsible, the secretary or the chair, once the protocol is signed; also after the meeting's case is
    closed. Raises NotFoundError, ForbiddenError, ConflictError `not_signed` or `already_done`, InvalidError `done_on`.
    """
    sitting = enter(tx, meeting_case, actor, is_over_too=True)
    row = wording.find_assignment(tx.connection, sitting.id, item, n)
    if row is None:
        raise NotFoundError("Такого поручения нет.")
    if not may_mark(actor, row):
        raise ForbiddenError("Исполнение отмечает ответственный, секретарь или председатель.", case=sitting.id)
    if SIGNATURES - set(papers.signatures_of(tx.connection, sitting.id)):
        raise ConflictError("Протокол ещё не подписан: поручения не действуют.", slug="not_signed", case=sitting.id)
    if row["done_on"] is not None:
        raise ConflictError(f"Исполнение уже отмечено: {day(row['done_on'])}.", slug="already_done", case=sitting.id)
    if done_on is None:
        raise InvalidError(errors={"done_on": ["Укажите день исполнения в виде ДД.ММ.ГГГГ."]}, rule=False)
    held_on, today = sittings.held_on(sitting.meeting), tx.now.astimezone(MOSCOW).date()
    if not held_on <= done_on <= today:
        message = f"День исполнения — от дня заседания ({day(held_on)}) до сегодняшнего ({day(today)})."
        raise InvalidError(errors={"done_on": [message]}, case=sitting.id)
    why = note.strip() or None
    wording.set_done(tx.connection, sitting.id, item, n, on=done_on, by=actor.login, note=why)
    told = {"item": item, "task": n, "done_on": done_on.isoformat(), "note": Text(why) if why else None}
    sitting.tell(Fact(events.ASSIGNMENT_DONE, None, told), right=actor.right("secretary", "chair", "member"))
    return {"item": item, "task": n, "done_on": done_on.isoformat()}


def may_mark(actor: Actor, row: Mapping[str, Any]) -> bool:
    """Whether a person may mark a task as done."""
    return not actor.absent and (actor.login == row["responsible"] or actor.holds("secretary", "chair"))
