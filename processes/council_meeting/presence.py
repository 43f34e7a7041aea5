"""Who will come and who has come: answers to the invitation, and arrivals until the meeting opens (2.7, 3.4)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from engine.actors import Actor
from engine.errors import ConflictError, InvalidError
from engine.facts import Fact, Text
from processes.council_meeting import events
from processes.council_meeting.acting import enter
from processes.council_meeting.model import Answer, Form
from processes.council_meeting.records import room
from processes.council_meeting.rules import check_presence

if TYPE_CHECKING:
    from engine.runtime import Transaction

MODES: Final = (Answer.IN_PERSON.value, Answer.REMOTE.value)


def answer_invitation(
    tx: "Transaction", meeting_case: str, answer: str, reason: str, *, actor: Actor
) -> dict[str, Any]:
    """Answer the invitation to a meeting in person for oneself, until its day; a later answer takes its place.

    `answer` is one of model.Answer; declining wants a reason. Raises InvalidError `answer`, `reason`; ForbiddenError
    for one outside the composition; ConflictError `not_open` before the invitation and from the meeting's day on.
    """
    if answer not in list(Answer):
        raise InvalidError(errors={"answer": ["Выберите, будете ли Вы на заседании."]}, rule=False)
    if answer == Answer.DECLINED and not reason.strip():
        raise InvalidError(errors={"reason": ["Укажите, почему не сможете участвовать."]}, rule=False)
    sitting = enter(tx, meeting_case, actor)
    sitting.check_member()
    if sitting.meeting["form"] != Form.IN_PERSON or not sitting.stands_at("meeting_day"):
        raise ConflictError(
            "На приглашение отвечают до дня очного заседания. В этот день отметьтесь в зале.",
            slug="not_open",
            case=sitting.id,
        )
    why = reason.strip() or None
    room.put_answer(tx.connection, sitting.id, sitting.attempt, actor.login, value=answer, reason=why, at=tx.now)
    told = {"attempt": sitting.attempt, "member": actor.login, "answer": answer, "reason": Text(why) if why else None}
    sitting.tell(Fact(events.INVITATION_ANSWERED, "meeting_day", told), right=actor.right("member"))
    return {"answer": answer}


def note_arrivals(
    tx: "Transaction", meeting_case: str, arrivals: Mapping[str, str | None], *, actor: Actor
) -> dict[str, Any]:
    """Note who has come (`in_person`, `remote`; None: not here after all), before the meeting is opened.

    The secretary notes anybody, a member only themselves. A video link counts as presence: the regulation asks for
    members "present" (3.4) and says nothing of the way; the protocol names it. Returns `{"noted"}`, the logins changed.
    Raises ForbiddenError, ConflictError `not_open`, InvalidError `present` or `mode`.
    """
    if any(mode not in (*MODES, None) for mode in arrivals.values()):
        raise InvalidError(errors={"mode": ["Способ участия: in_person или remote."]}, rule=False)
    sitting = enter(tx, meeting_case, actor)
    right = actor.right("member")
    if set(arrivals) == {actor.login}:
        sitting.check_member()
    else:
        right = sitting.check_right("Других участников отмечает секретарь. Отметьте только себя.", "secretary")
    if not sitting.stands_at("register_attendance"):
        raise ConflictError(
            "Отмечаются в день очного заседания, пока секретарь его не открыл.", slug="not_open", case=sitting.id
        )
    if errors := check_presence((login for login, mode in arrivals.items() if mode), sitting.members()):
        raise InvalidError(errors=errors, case=sitting.id)
    known = room.arrivals_of(tx.connection, sitting.id, sitting.attempt)
    changed = {login: mode for login, mode in sorted(arrivals.items()) if known.get(login) != mode}
    for login, mode in changed.items():
        room.put_arrival(tx.connection, sitting.id, sitting.attempt, login, mode=mode, by=actor.login, at=tx.now)
    if changed:
        told = {"attempt": sitting.attempt, "arrivals": changed}
        sitting.tell(Fact(events.MEMBER_ARRIVED, "register_attendance", told), right=right)
    return {"noted": sorted(changed)}
