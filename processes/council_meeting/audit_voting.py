"""Whether a meeting's rows of who was there and what was decided say what its history tells."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.database import Connection
from processes.council.records import agenda
from processes.council_meeting import events
from processes.council_meeting.model import Vote
from processes.council_meeting.records import meetings, votes
from processes.council_meeting.sittings import held_on

#: (`seq` of the fact or None, table, what differs)
Finding = tuple[int | None, str, str]
Fact = Mapping[str, Any]


def find_differences(connection: Connection, case: str, facts: Sequence[Fact]) -> Iterator[Finding]:
    """Compare attendance, counts, outcomes and the meeting's own row with its facts, as `audit` does."""
    yield from _attendance(connection, case, facts)
    yield from _results(connection, case, facts)
    yield from _outcomes(connection, case, facts)
    row = meetings.get_meeting(connection, case)
    for fact in _of(facts, events.MEETING_OPENED)[-1:]:
        data = fact["data"]
        told = (data["attempt"], data["date"], data["presiding"])
        if row is None or (row["attempt"], held_on(row).isoformat(), row["presiding"]) != told:
            yield fact["seq"], "meeting", "день заседания или председательствующий изменён"


def _of(facts: Sequence[Fact], *kinds: str) -> list[Fact]:
    return [fact for fact in facts if fact["kind"] in kinds]


def _attendance(connection: Connection, case: str, facts: Sequence[Fact]) -> Iterator[Finding]:
    told: dict[int, tuple[int, set[str]]] = {}
    for fact in _of(facts, events.ATTENDANCE_REGISTERED, events.BALLOTS_COUNTED):
        there = fact["data"]["present" if fact["kind"] == events.ATTENDANCE_REGISTERED else "participants"]
        told[fact["data"]["attempt"]] = (fact["seq"], set(there))
    kept = meetings.attendances_of(connection, case)
    for attempt in sorted(told.keys() | kept.keys()):
        seq, there = told.get(attempt, (None, set[str]()))
        if there != kept.get(attempt, set()):
            yield seq, "meeting_attendance", "присутствующие не те, что записаны в историю"


def _results(connection: Connection, case: str, facts: Sequence[Fact]) -> Iterator[Finding]:
    rows = dict(votes.results_of(connection, case))
    cast: dict[tuple[int, str], set[str]] = {}
    for vote in votes.vote_rows(connection, case):
        cast.setdefault((vote["item"], vote["member"]), set()).add(vote["vote"])
    for item, fact in {fact["data"]["item"]: fact for fact in _of(facts, events.VOTING_CLOSED)}.items():
        row = rows.pop(item, None)
        if row is None or row["tally"] != fact["data"]["tally"]:
            yield fact["seq"], "meeting_result", f"подсчёт голосов по вопросу {item} изменён"
        # A participant of an absentee meeting who sends no ballot abstains: there is no vote then.
        elif any(vote not in cast.get((item, member), {Vote.ABSTAIN}) for member, vote in row["votes"].items()):
            yield fact["seq"], "meeting_result", f"голоса в подсчёте по вопросу {item} не те, что поданы"
    for item in rows:
        yield None, "meeting_result", f"подсчёт по вопросу {item} не записан в историю"


def _outcomes(connection: Connection, case: str, facts: Sequence[Fact]) -> Iterator[Finding]:
    items = {row["n"]: row for row in agenda.items_of(connection, case)}
    for fact in _of(facts, events.VOTING_CLOSED):
        data = fact["data"]
        row = items.get(data["item"])
        if row is None or (row["case"], row["outcome"]) != (data["case"], data["outcome"]):
            yield fact["seq"], "agenda_item", f"исход вопроса {data['item']} изменён"
