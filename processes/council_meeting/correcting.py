"""The words of a protocol: written while the meeting goes on, corrected until the first signature, never after (3.7).

Only words: who reported, who spoke, what was decided beside the counted decision, who must do what by when. Names,
numbers, votes and the two decisions of clause 4.8 come from the rows alone and cannot be written here.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from engine.actors import Actor
from engine.errors import ConflictError, InvalidError
from engine.facts import Fact, Text
from processes.council.records import agenda
from processes.council_meeting import events, paperwork, sittings
from processes.council_meeting.acting import Sitting, enter
from processes.council_meeting.model import Wording
from processes.council_meeting.protocol import day
from processes.council_meeting.records import papers
from processes.council_meeting.records import wording as records

if TYPE_CHECKING:
    from engine.runtime import Transaction

_LONGEST: Final = 4000
FIELDS: Final = ("heard", "spoke", "decided")


def word_protocol(
    tx: "Transaction", meeting_case: str, words: Mapping[int, Wording], *, based_on: int, actor: Actor
) -> dict[str, Any]:
    """Write the words on items (by number); where the protocol is drawn up, draw it again as its next version.

    `based_on` is the version that the writer saw, 0 before there is one. Returns `{"version", "changed"}`, how many
    fields changed; nothing happens where none is. Raises ForbiddenError unless the secretary (or who acts for them)
    asks, ConflictError `not_open` before the meeting opens, `signed` after the first signature, `protocol_changed`
    where somebody corrected it meanwhile; InvalidError with paths such as `1.heard`, `1.tasks.0.due`.
    """
    sitting = enter(tx, meeting_case, actor)
    right = sitting.check_right("Протокол ведёт ответственный секретарь.", "secretary")
    row = papers.protocol_of(tx.connection, sitting.id)
    _check_open(sitting, based_on, row["version"] if row else 0)
    known = records.wordings_of(tx.connection, sitting.id)
    _check_words(sitting, words)
    changed = {n: new for n, new in sorted(words.items()) if new != known.get(n, Wording())}
    changes = [one for n, new in changed.items() for one in _changes(n, known.get(n, Wording()), new)]
    version = based_on
    if changes:
        for n, new in changed.items():
            records.put_wording(tx.connection, sitting.id, n, new)
        call = sitting.call("sign_protocol_secretary" if row else "record_votes", right)
        if row:
            version = paperwork.redraw(call, row, changes)
        else:
            call.facts.append(Fact(events.PROTOCOL_WORDED, "record_votes", {"changes": changes}))
        sitting.tell(*call.facts, right=right)
    return {"version": version, "changed": len(changes)}


def may_word(actor: Actor, meeting: Mapping[str, Any], *, is_active: bool, is_signed: bool) -> bool:
    """Whether a person may write a protocol's words now."""
    return is_active and not is_signed and meeting["opened_at"] is not None and actor.holds("secretary")


def _check_open(sitting: Sitting, based_on: int, version: int) -> None:
    if sitting.meeting["opened_at"] is None:
        raise ConflictError("Заседание ещё не открыто: записывать нечего.", slug="not_open", case=sitting.id)
    if papers.signatures_of(sitting.tx.connection, sitting.id):
        raise ConflictError("Протокол подписан и больше не изменяется (пункт 3.7).", slug="signed", case=sitting.id)
    if based_on != version:
        raise ConflictError(
            "Протокол тем временем изменился. Откройте его заново и внесите правку в новую редакцию.",
            slug="protocol_changed",
            case=sitting.id,
        )


def _check_words(sitting: Sitting, words: Mapping[int, Wording]) -> None:
    members = sitting.members()
    held_on = sittings.held_on(sitting.meeting)
    numbers = {row["n"] for row in agenda.items_of(sitting.tx.connection, sitting.id)}
    errors: dict[str, list[str]] = {}
    for n, new in words.items():
        if n not in numbers:
            errors[f"{n}"] = ["Такого вопроса в повестке нет."]
        for name in FIELDS:
            if len(getattr(new, name)) > _LONGEST:
                errors[f"{n}.{name}"] = [f"Не длиннее {_LONGEST} знаков. Сократите текст."]
        for index, task in enumerate(new.tasks):
            path = f"{n}.tasks.{index}"
            if not task.text.strip() or len(task.text) > _LONGEST:
                errors[f"{path}.text"] = ["Напишите, что нужно сделать."]
            if task.responsible not in members:
                errors[f"{path}.responsible"] = ["Выберите ответственного из состава совета."]
            if task.due < held_on:
                errors[f"{path}.due"] = [f"Срок раньше заседания ({day(held_on)}). Укажите более поздний день."]
    if errors:
        raise InvalidError(errors=errors, rule=False)


def _changes(item: int, old: Wording, new: Wording) -> Iterator[dict[str, Any]]:
    for name in FIELDS:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield {"item": item, "field": name, "before": Text(before), "after": Text(after)}
    if old.tasks != new.tasks:
        yield {"item": item, "field": "tasks", "before": Text(_listed(old)), "after": Text(_listed(new))}


def _listed(words: Wording) -> str:
    return "\n".join(f"{task.text} ({task.responsible}, {day(task.due)})" for task in words.tasks)
