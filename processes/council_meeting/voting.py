"""What completing `record_votes` means: the secretary's entry beside the members' own votes (clauses 3.6, 4.8)."""

from collections.abc import Mapping
from typing import Any

from engine.calls import Call
from engine.errors import InvalidError
from processes.council.records import agenda
from processes.council_meeting import events, sittings
from processes.council_meeting.model import Entry, Outcome, Vote
from processes.council_meeting.records import meetings, votes
from processes.council_meeting.rules import (
    all_votes,
    attendance,
    check_entry,
    check_recommendations,
    count,
    with_declared,
)


def record_votes(call: Call, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Check and keep the votes on an item; returns `{"tally"}` for the table that judges the vote.

    Raises InvalidError with paths such as `votes.member21`, `left`, `recused`, `recommendations`.
    """
    connection, item = call.connection, item_of(call)
    meeting = meetings.meeting_of(connection, call.case_id)
    sheet = sittings.sheet_of(connection, meeting, item, sittings.held_on(meeting))
    entry = with_declared(sheet, read_entry(data))
    seen = attendance(sheet, entry)
    quorate = bool(call.decide("quorum", {"attendance": seen})["quorate"])
    if errors := check_entry(sheet, entry, quorate=quorate):
        raise InvalidError(errors=errors)
    tally = count(sheet, entry, quorate=quorate)
    outcome = Outcome(call.decide("vote_outcome", {"tally": tally.as_data()})["outcome"])
    if errors := check_recommendations(outcome, entry):
        raise InvalidError(errors=errors)
    if entry.left:
        meetings.mark_left(connection, call.case_id, meeting["attempt"], entry.left, item)
    if entry.recommendations:
        agenda.keep_recommendations(connection, call.case_id, item, entry.recommendations)
    counted = all_votes(sheet, entry) if quorate else {}
    if quorate:
        _keep_entered(call, meeting, item, {login: counted[login] for login in entry.votes if login not in sheet.own})
    else:
        call.tell(events.QUORUM_LOST, item=item, clause="3.4", left=sorted(entry.left), counted=seen)
    votes.insert_result(
        connection, call.case_id, item, tally=tally, votes=counted, entry=entry, by=call.actor.login, at=call.now
    )
    return {"tally": tally.as_data()}


def item_of(call: Call) -> int:
    """Number of the agenda item that a `record_votes` task is about."""
    local = (call.task or {}).get("local") or call.variables
    return int(local["item"]["number"])


def read_entry(data: Mapping[str, Any]) -> Entry:
    """The secretary's entry from completion data already checked against the form."""
    return Entry(
        votes={login: Vote(value) for login, value in (data.get("votes") or {}).items()},
        recused=tuple(data.get("recused") or ()),
        left=tuple(data.get("left") or ()),
        recommendations=tuple(data.get("recommendations") or ()),
    )


def _keep_entered(call: Call, meeting: Mapping[str, Any], item: int, entered: Mapping[str, Vote]) -> None:
    for login, value in sorted(entered.items()):
        votes.insert_vote(
            call.connection,
            call.case_id,
            meeting["attempt"],
            item=item,
            member=login,
            value=value,
            own=False,
            by=call.actor.login,
            at=call.now,
        )
        call.tell(events.VOTE_CAST, item=item, attempt=meeting["attempt"], member=login, vote=value.value, own=False)
