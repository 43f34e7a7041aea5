"""A meeting put together from its rows: the sheet of a vote, and the minutes that the protocol is written from."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from engine.clock import MOSCOW
from engine.database import Connection
from processes.council.records import agenda
from processes.council_meeting import participants
from processes.council_meeting.model import (
    Answer,
    DocumentKind,
    Form,
    Kind,
    Member,
    Outcome,
    Point,
    Presiding,
    Sheet,
    State,
    Tally,
    Vote,
    Wording,
)
from processes.council_meeting.protocol import Discussed, Minutes
from processes.council_meeting.records import meetings, papers, room, votes, wording


def members_of(connection: Connection, meeting: Mapping[str, Any]) -> dict[str, Member]:
    """The composition in force on the meeting's date (clause 3.4)."""
    return participants.members_on(connection, meeting["held_on"])


def counted_of(connection: Connection, meeting: Mapping[str, Any]) -> frozenset[str]:
    """Logins of whom this meeting's quorum is asked."""
    members = members_of(connection, meeting)
    return participants.counted(members, participants.quorum_base(connection, meeting["readings"]))


def held_on(meeting: Mapping[str, Any]) -> date:
    """The day on which the meeting decided: its date, or for the absentee form the day on which ballots closed."""
    if meeting["form"] == Form.ABSENTEE and meeting["closes_at"] is not None:
        closed: date = meeting["closes_at"].astimezone(MOSCOW).date()
        return closed
    day: date = meeting["held_on"]
    return day


def sheet_of(connection: Connection, meeting: Mapping[str, Any], item: int, day: date) -> Sheet:
    """What stands before the secretary enters the votes on an item; `day` is the Moscow day of the vote."""
    return sheets_of(connection, meeting, (item,), day)[item]


def sheets_of(connection: Connection, meeting: Mapping[str, Any], items: Iterable[int], day: date) -> dict[int, Sheet]:
    """The sheets of several items by number, with as many queries as one takes."""
    case, attempt = meeting["case"], meeting["attempt"]
    present = meetings.attendance_of(connection, case, attempt)
    counted = counted_of(connection, meeting)
    own = votes.votes_of(connection, case, attempt)
    casting = meeting["presiding"] or participants.casting_vote(connection, day)
    recused = room.recusals_of(connection, case, attempt)
    return {
        item: Sheet(
            participants=frozenset(login for login, left in present.items() if left is None or left > item),
            counted=counted,
            own=own.get(item, {}),
            casting=casting,
            absentee=meeting["form"] == Form.ABSENTEE,
            recused=recused.get(item, {}),
        )
        for item in items
    }


def is_quorum_lost(connection: Connection, case: str) -> bool:
    """Whether somebody's leaving has already cost this meeting its quorum (A-33)."""
    return any(not row["tally"]["quorate"] for row in votes.results_of(connection, case).values())


def point_of(row: Mapping[str, Any]) -> Point:
    """An agenda row as a point."""
    document = DocumentKind(row["document"]) if row["document"] else None
    return Point(row["n"], Kind(row["kind"]), row["title"], row["case"], document)


def points_of(connection: Connection, case: str) -> list[Point]:
    """A meeting's agenda in order, struck items among them."""
    return [point_of(row) for row in agenda.items_of(connection, case)]


def minutes_of(connection: Connection, case: str, number: str) -> Minutes:
    """All that the protocol `number` of a meeting tells."""
    meeting = meetings.meeting_of(connection, case)
    rows = agenda.items_of(connection, case)
    numbers = meetings.case_rows(connection, [row["case"] for row in rows if row["case"]])
    results = votes.results_of(connection, case)
    words = wording.wordings_of(connection, case)
    presiding = meeting["presiding"]
    arrivals = room.arrivals_of(connection, case, meeting["attempt"])
    reasons = room.recusals_of(connection, case, meeting["attempt"])
    return Minutes(
        number=number,
        form=Form(meeting["form"]),
        held_on=held_on(meeting),
        members=tuple(members_of(connection, meeting).values()),
        present=tuple(meetings.attendance_of(connection, case, meeting["attempt"])),
        counted=counted_of(connection, meeting),
        presiding=Presiding(presiding, meeting["presiding_for"], meeting["presiding_basis"]) if presiding else None,
        items=tuple(
            replace(
                _discussed(row, results.get(row["n"]), numbers),
                wording=words.get(row["n"], Wording()),
                reasons=reasons.get(row["n"], {}),
            )
            for row in rows
        ),
        remote=frozenset(login for login, mode in arrivals.items() if mode == Answer.REMOTE),
    )


def signed_by(connection: Connection, case: str) -> dict[str, dict[str, Any]]:
    """Who signed the protocol, by role: login, for whom, at what instant (ISO 8601)."""
    return {
        role: {"login": row["login"], "on_behalf_of": row["on_behalf_of"], "at": row["signed_at"].isoformat()}
        for role, row in papers.signatures_of(connection, case).items()
    }


def _discussed(
    row: Mapping[str, Any], result: Mapping[str, Any] | None, cases: Mapping[str, Mapping[str, Any]]
) -> Discussed:
    number = str(cases[row["case"]]["number"]) if row["case"] in cases else ""
    outcome = Outcome(row["outcome"]) if row["outcome"] in list(Outcome) else None
    if result is None:
        return Discussed(point_of(row), number, State(row["state"]), outcome)
    counted = result["tally"]
    return Discussed(
        point=point_of(row),
        number=number,
        state=State(row["state"]),
        outcome=outcome,
        tally=Tally(
            votes_for=counted["for"],
            votes_against=counted["against"],
            abstain=counted["abstain"],
            base=counted["base"],
            casting=Vote(counted["casting"]) if counted["casting"] else None,
            quorate=counted["quorate"],
        ),
        votes={login: Vote(value) for login, value in result["votes"].items()},
        recused=tuple(result["recused"]),
        left=tuple(result["left"]),
        recommendations=tuple(result["recommendations"]),
    )
