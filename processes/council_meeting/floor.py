"""What is said from the floor on an item: a member's recusal, the presiding person's word (clauses 2.5, 3.6; A-17)."""

from typing import TYPE_CHECKING, Any

from engine.actors import Actor, Right
from engine.errors import ConflictError, ForbiddenError, InvalidError
from engine.facts import Fact, Text
from processes.council_meeting import events
from processes.council_meeting.acting import Sitting, enter
from processes.council_meeting.model import Form, State
from processes.council_meeting.records import room, votes

if TYPE_CHECKING:
    from engine.runtime import Transaction


def declare_recusal(tx: "Transaction", meeting_case: str, item: int, reason: str, *, actor: Actor) -> dict[str, Any]:
    """Recuse oneself from an item with a reason, until one has voted or the item is closed.

    The reason is minuted. One who did so votes no more on the item and stays in the quorum. Raises InvalidError
    `reason`, ForbiddenError for one outside the composition, ConflictError `not_open` or `already_voted`.
    """
    if not reason.strip():
        raise InvalidError(errors={"reason": ["Укажите причину самоотвода: она войдёт в протокол."]}, rule=False)
    sitting = _before_vote(tx, meeting_case, item, actor)
    room.put_recusal(tx.connection, sitting.id, sitting.attempt, item, actor.login, reason=reason.strip(), at=tx.now)
    told = {"item": item, "attempt": sitting.attempt, "member": actor.login, "reason": Text(reason.strip())}
    sitting.tell(Fact(events.RECUSAL_DECLARED, "record_votes", told), right=actor.right("member"))
    return {"item": item, "recused": True}


def withdraw_recusal(tx: "Transaction", meeting_case: str, item: int, *, actor: Actor) -> dict[str, Any]:
    """Take one's recusal back while the item is not closed. Raises as `declare_recusal`."""
    sitting = _before_vote(tx, meeting_case, item, actor)
    if actor.login in room.recusals_on(tx.connection, sitting.id, sitting.attempt, item):
        room.put_recusal(tx.connection, sitting.id, sitting.attempt, item, actor.login, reason=None, at=tx.now)
        told = {"item": item, "attempt": sitting.attempt, "member": actor.login}
        sitting.tell(Fact(events.RECUSAL_WITHDRAWN, "record_votes", told), right=actor.right("member"))
    return {"item": item, "recused": False}


def call_vote(tx: "Transaction", meeting_case: str, item: int, *, actor: Actor) -> dict[str, Any]:
    """Put an open item to the vote, as the presiding person: the moment is kept and shown.

    Votes are taken from the moment the drawing opened the item; this only says that the discussion is over. Raises
    ForbiddenError for anybody else, ConflictError `not_open`.
    """
    sitting, right = _presided(tx, meeting_case, item, actor)
    said = room.floor_on(tx.connection, sitting.id, sitting.attempt, item)
    if said.get("called_at") is None:
        _say(sitting, item, right, events.VOTING_CALLED, called_by=actor.login, called_at=tx.now)
    return {"item": item}


def stop_vote(tx: "Transaction", meeting_case: str, item: int, *, actor: Actor) -> dict[str, Any]:
    """End the taking of members' own votes on an item, as the presiding person; the secretary then records the rest.

    Raises ForbiddenError for anybody else, ConflictError `not_open`.
    """
    sitting, right = _presided(tx, meeting_case, item, actor)
    _say(sitting, item, right, events.VOTING_STOPPED, stopped_by=actor.login, stopped_at=tx.now)
    return {"item": item}


def right_to_preside(sitting_row: Any, actor: Actor) -> Right | None:
    """The right by which a person conducts a meeting: its presiding person, or the chair where none is known."""
    presiding = sitting_row["presiding"]
    if presiding is not None and presiding != actor.login:
        return None
    return actor.right("chair")


def _before_vote(tx: "Transaction", meeting_case: str, item: int, actor: Actor) -> Sitting:
    sitting = enter(tx, meeting_case, actor)
    sitting.check_member()
    if sitting.item(item)["state"] not in {State.PENDING, State.VOTING}:
        raise ConflictError("Вопрос уже закрыт: самоотвод не принимается.", slug="not_open", case=sitting.id)
    if actor.login in votes.votes_on(tx.connection, sitting.id, sitting.attempt, item):
        raise ConflictError(
            "Вы уже проголосовали по этому вопросу: самоотвод невозможен.", slug="already_voted", case=sitting.id
        )
    return sitting


def _presided(tx: "Transaction", meeting_case: str, item: int, actor: Actor) -> tuple[Sitting, Right]:
    sitting = enter(tx, meeting_case, actor)
    right = right_to_preside(sitting.meeting, actor)
    if right is None:
        raise ForbiddenError("Голосование ведёт председательствующий на заседании.", case=sitting.id)
    said = room.floor_on(tx.connection, sitting.id, sitting.attempt, item)
    is_open = sitting.meeting["form"] == Form.IN_PERSON and sitting.item(item)["state"] == State.VOTING
    if not is_open or said.get("stopped_at") is not None:
        raise ConflictError(
            "Голосование по этому вопросу не открыто или уже закрыто.", slug="not_open", case=sitting.id
        )
    return sitting, right


def _say(sitting: Sitting, item: int, right: Right, kind: str, **values: Any) -> None:
    room.put_floor(sitting.tx.connection, sitting.id, sitting.attempt, item, **values)
    sitting.tell(Fact(kind, "record_votes", {"item": item, "attempt": sitting.attempt}), right=right)
