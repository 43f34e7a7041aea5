"""A member's own vote: the one act of a meeting that is no task (clauses 3.6, 4.8)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from engine import cases
from engine.actors import Actor
from engine.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from engine.facts import Fact
from processes.council.records import agenda
from processes.council_meeting import events, sittings
from processes.council_meeting.model import Form, State, Vote
from processes.council_meeting.records import meetings, room, votes
from processes.council_meeting.rules import why_closed
from processes.council_meeting.starting import PROCESS

if TYPE_CHECKING:
    from engine.runtime import Transaction

_CLOSED: Final = {
    "not_open": "Голосование по этому вопросу не открыто или уже закрыто. Голос не принят.",
    "not_present": "Вы не отмечены среди присутствующих по этому вопросу. Голос не принят.",
    "recused": "Вы взяли самоотвод по этому вопросу. Голос не принят.",
}


def cast_vote(tx: "Transaction", meeting_case: str, item: int, vote: str, *, actor: Actor) -> dict[str, Any]:
    """Cast the actor's own open vote on an item (from 1) while it is open; a second one replaces nothing.

    Returns `{"meeting", "item", "member", "vote", "at"}`. Raises NotFoundError (no such meeting or item), InvalidError
    `vote`, ForbiddenError for one outside the composition or whose duties another holds, ConflictError (`not_open`,
    `not_present`, `recused`, `already_voted`) otherwise.
    """
    found = cases.get_case(tx, meeting_case, actor)
    if found["process"] != PROCESS:
        raise NotFoundError("Такого заседания нет.")
    if vote not in list(Vote):
        raise InvalidError(errors={"vote": ["Голос — одно из: for, against, abstain."]}, rule=False, case=found["id"])
    case = cases.locked(tx, found["id"])
    meeting = meetings.meeting_of(tx.connection, case["id"])
    row = agenda.find_item(tx.connection, case["id"], item)
    if row is None:
        raise NotFoundError("Такого вопроса в повестке нет.")
    _check_member(tx, case["id"], meeting, actor)
    _check_case(case)
    _check_open(tx, meeting, row, actor)
    earlier = votes.votes_on(tx.connection, case["id"], meeting["attempt"], item).get(actor.login)
    if earlier is not None:
        raise ConflictError(
            "Вы уже проголосовали по этому вопросу. Голос не меняется.", slug="already_voted", case=case["id"]
        )
    votes.insert_vote(
        tx.connection,
        case["id"],
        meeting["attempt"],
        item=item,
        member=actor.login,
        value=Vote(vote),
        own=True,
        by=actor.login,
        at=tx.now,
    )
    told = {"item": item, "attempt": meeting["attempt"], "member": actor.login, "vote": vote, "own": True}
    cases.tell(tx, case["id"], [Fact(events.VOTE_CAST, "record_votes", told)], actor=actor, right=actor.right("member"))
    return {"meeting": case["id"], "item": item, "member": actor.login, "vote": vote, "at": tx.now.isoformat()}


def _check_member(tx: "Transaction", case: str, meeting: Mapping[str, Any], actor: Actor) -> None:
    if actor.login not in sittings.members_of(tx.connection, meeting):
        raise ForbiddenError("Голосуют только члены совета, входящие в состав на дату заседания.", case=case)
    if actor.absent:
        raise ForbiddenError("На время замещения Вы значитесь отсутствующим и не голосуете.", case=case)


def _check_case(case: Mapping[str, Any]) -> None:
    if case["state"] != "active":
        raise ConflictError("Заседание сейчас не идёт: голос не принят.", slug="not_open", case=case["id"])


def _check_open(tx: "Transaction", meeting: Mapping[str, Any], row: Mapping[str, Any], actor: Actor) -> None:
    reason = why_closed(
        row["n"],
        State(row["state"]),
        is_absentee=meeting["form"] == Form.ABSENTEE,
        takes_ballots=meeting["ballots_open"],
        closes_at=meeting["closes_at"],
        now=tx.now,
        present=meetings.attendance_of(tx.connection, meeting["case"], meeting["attempt"]),
        login=actor.login,
        is_stopped=room.floor_on(tx.connection, meeting["case"], meeting["attempt"], row["n"]).get("stopped_at")
        is not None,
        recused=room.recusals_on(tx.connection, meeting["case"], meeting["attempt"], row["n"]),
    )
    if reason is not None:
        raise ConflictError(_CLOSED[reason], slug=reason, case=meeting["case"], item=row["n"])
