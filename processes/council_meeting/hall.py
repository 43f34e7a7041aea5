"""A meeting as its hall sees it at a moment: who is there, whether that is a quorum, how each vote stands."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from engine.actors import Actor
from engine.database import Connection
from processes.council.rules import quorum_needed
from processes.council_meeting import sittings
from processes.council_meeting.model import Entry, Form, Member, Sheet, State, Tally, Vote
from processes.council_meeting.protocol import Discussed, Minutes
from processes.council_meeting.records import meetings, room, votes
from processes.council_meeting.rules import count, why_closed, with_declared

Row = Mapping[str, Any]

_PHASES: Final = (
    ("approve_agenda", "agenda"),
    ("meeting_day", "planned"),
    ("register_attendance", "gathering"),
    ("ballots_close", "ballots"),
    ("reschedule", "failed"),
    ("record_votes", "voting"),
    ("sign_protocol_secretary", "protocol"),
    ("sign_protocol_chair", "protocol"),
    ("register_order", "order"),
)


@dataclass(frozen=True, slots=True)
class Seat:
    """A member's seat. `state`: present, left, away, ballot (sent one); blank while nobody knows.

    `mode` is how they have come (`in_person`, `remote`), `answer` what they answered to the invitation.
    """

    member: Member
    state: str
    mode: str | None
    answer: Row | None


@dataclass(frozen=True, slots=True)
class Ballot:
    """An item and its vote. `waiting` are logins whose vote is still wanted, `needed` the votes that make a majority.

    `tally` counts what is known; `casting` is the login whose vote decides an equality, where there is one now.
    """

    told: Discussed
    votes: Mapping[str, Vote]
    tally: Tally
    waiting: tuple[str, ...]
    recused: Mapping[str, str]
    mine: Vote | None
    may_vote: bool
    may_recuse: bool
    said: Row
    casting: str | None

    @property
    def number(self) -> int:
        """The item's number."""
        return self.told.point.number

    @property
    def needed(self) -> int:
        """The least number of votes that is more than half of the base (clause 3.6)."""
        return self.tally.base // 2 + 1

    @property
    def is_tied(self) -> bool:
        """Whether everybody has voted and for equals against."""
        return not self.waiting and self.tally.votes_for == self.tally.votes_against > 0


@dataclass(frozen=True, slots=True)
class Hall:
    """The whole hall. `here` of `total` take part, `needed` make a quorum; `arrived` have come before it is opened."""

    case: Row
    meeting: Row
    phase: str
    minutes: Minutes
    seats: tuple[Seat, ...]
    here: int
    arrived: int
    ballots: tuple[Ballot, ...]

    @property
    def total(self) -> int:
        """Of how many the quorum is asked (A-01)."""
        return len(self.minutes.counted)

    @property
    def needed(self) -> int:
        """The least number that is a quorum (clause 3.4)."""
        return quorum_needed(self.total)

    @property
    def current(self) -> Ballot | None:
        """The item under vote of a meeting in person."""
        if self.phase != "voting" or self.meeting["form"] == Form.ABSENTEE:
            return None
        return next((ballot for ballot in self.ballots if ballot.told.state is State.VOTING), None)

    @property
    def names(self) -> dict[str, str]:
        """Short names by login."""
        return {member.login: member.short for member in self.minutes.members}


def phase_of(case: Row) -> str:
    """Where a meeting stands, as one of the phases above, `closed` or `cancelled`."""
    if case["end"] is not None:
        return "cancelled" if case["end"] == "cancelled" else "closed"
    return next((phase for element, phase in _PHASES if element in case["at"]), "voting")


def see_hall(connection: Connection, case: Row, meeting: Row, minutes: Minutes, *, actor: Actor, now: datetime) -> Hall:
    """The hall of a meeting (its case row, its own row, its minutes) as a person sees it now."""
    identity, attempt = case["id"], meeting["attempt"]
    present = meetings.attendance_of(connection, identity, attempt)
    arrivals = room.arrivals_of(connection, identity, attempt)
    answers = room.answers_of(connection, identity, attempt)
    voters = set(votes.voters_of(connection, identity, attempt)) if meeting["ballots_open"] else set()
    is_known = bool(present) or meeting["opened_at"] is not None
    seats = tuple(
        Seat(m, _state(m.login, present, voters, is_known=is_known), arrivals.get(m.login), answers.get(m.login))
        for m in minutes.members
    )
    there = {seat.member.login for seat in seats if seat.state in {"present", "ballot"}}
    numbers = [told.point.number for told in minutes.items]
    sheets = sittings.sheets_of(connection, meeting, numbers, sittings.held_on(meeting))
    said = room.floors_of(connection, identity, attempt)
    return Hall(
        case=case,
        meeting=meeting,
        phase=phase_of(case),
        minutes=minutes,
        seats=seats,
        here=len(minutes.counted & there),
        arrived=len(minutes.counted & set(arrivals)),
        ballots=tuple(
            _ballot(
                told,
                sheets[n],
                said.get(n, {}),
                case,
                meeting,
                minutes=minutes,
                present=present,
                voters=voters,
                actor=actor,
                now=now,
            )
            for n, told in zip(numbers, minutes.items, strict=True)
        ),
    )


def _state(login: str, present: Mapping[str, int | None], voters: set[str], *, is_known: bool) -> str:
    if login in present:
        return "present" if present[login] is None else "left"
    if login in voters:
        return "ballot"
    return "away" if is_known else ""


def _ballot(
    told: Discussed,
    sheet: Sheet,
    said: Row,
    case: Row,
    meeting: Row,
    *,
    minutes: Minutes,
    present: Mapping[str, int | None],
    voters: set[str],
    actor: Actor,
    now: datetime,
) -> Ballot:
    n, login = told.point.number, actor.login
    entry = with_declared(sheet, Entry())
    cast = {**sheet.own, **told.votes}
    is_absentee = meeting["form"] == Form.ABSENTEE
    wanted = {m.login for m in minutes.members if not m.absent} if is_absentee else set(sheet.participants)
    closed = why_closed(
        n,
        told.state,
        is_absentee=is_absentee,
        takes_ballots=meeting["ballots_open"],
        closes_at=meeting["closes_at"],
        now=now,
        present=present,
        login=login,
        is_stopped=said.get("stopped_at") is not None,
        recused=sheet.recused,
    )
    is_active = case["state"] == "active"
    is_member = any(m.login == login for m in minutes.members) and not actor.absent
    is_ahead = told.state in {State.PENDING, State.VOTING} and not said.get("stopped_at")
    is_open = told.state is State.VOTING
    return Ballot(
        told=told,
        votes=cast,
        tally=told.tally or _so_far(sheet, entry, cast, voters),
        waiting=tuple(
            m.login for m in minutes.members if is_open and m.login in wanted - set(cast) - set(entry.recused)
        ),
        recused=dict.fromkeys(told.recused, "")
        | {k: v for k, v in sheet.recused.items() if told.tally is None}
        | {k: v for k, v in told.reasons.items() if k in told.recused},
        mine=cast.get(login),
        may_vote=is_active and is_member and closed is None and login not in cast,
        may_recuse=is_active and is_member and is_ahead and login not in cast,
        said=said,
        casting=sheet.casting,
    )


def _so_far(sheet: Sheet, entry: Entry, cast: Mapping[str, Vote], voters: set[str]) -> Tally:
    known = replace(sheet, own=cast, absentee=False, participants=sheet.participants | voters)
    return count(known, entry, quorate=True)
