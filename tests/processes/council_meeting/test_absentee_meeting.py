"""An absentee meeting: ballots in a window; those who sent one take part; a lost attempt gives nothing (A-34)."""

from typing import Any

import pytest

from engine.errors import ConflictError, InvalidError
from tests.processes.council_meeting.hall import EVERYBODY, Hall

CLOSES = "2026-01-23T18:00:00+03:00"
#: Everybody but the chair and the deputy.
EVERYBODY_ELSE = EVERYBODY[2:]


def begin(hall: Hall, *items: Any) -> str:
    meeting = hall.call_meeting(*items, form="absentee", closes_at=CLOSES)
    hall.complete(meeting, "approve_agenda", {"approve": True}, "chair")
    hall.advance("2026-01-20T09:00:00+03:00")
    return meeting


@pytest.mark.parametrize("closes_at", [None, "2026-01-19T23:59:00+03:00", "2026-01-20T00:00:00+03:00", "2026-01-23"])
def test_an_absentee_meeting_says_until_when_it_takes_ballots(hall: Hall, closes_at: str | None) -> None:
    with pytest.raises(InvalidError) as refused:
        hall.call_meeting(hall.ready_case(), form="absentee", closes_at=closes_at)
    assert list(refused.value.errors) == ["closes_at"]


def test_ballots_count_and_a_participant_without_one_abstains(hall: Hall) -> None:
    first, second = hall.ready_case(), hall.ready_case()
    meeting = begin(hall, first, second)
    for login in EVERYBODY[:17]:
        hall.vote(meeting, 1, login, "for")
    for login in EVERYBODY[:8]:
        hall.vote(meeting, 2, login, "for")
    assert not hall.withdraw(second)
    hall.advance("2026-01-24T09:00:00+03:00")
    with pytest.raises(ConflictError):
        hall.vote(meeting, 2, "member20", "for")
    shown = hall.task(meeting, "record_votes")["data"]
    assert shown["votes"] == dict.fromkeys(EVERYBODY[:17], "for")
    hall.record(meeting, {})
    with pytest.raises(InvalidError) as refused:
        hall.record(meeting, {"member14": "for"})
    assert list(refused.value.errors) == ["votes.member14"]
    hall.record(meeting, {})
    hall.sign(meeting)
    assert hall.case(first)["data"]["decision"]["decision"] == "grant"
    assert hall.case(second)["data"]["decision"]["decision"] == "not_adopted"
    counted = hall.facts(meeting, "voting.closed")[1]["tally"]
    assert (counted["for"], counted["abstain"], counted["base"]) == (8, 9, 17)
    assert hall.differences(meeting) == []


def test_the_chairs_ballot_decides_an_equality_and_without_it_nothing_is_adopted(hall: Hall) -> None:
    first, second = hall.ready_case(), hall.ready_case()
    meeting = begin(hall, first, second)
    for place, login in enumerate(EVERYBODY[:18]):
        hall.vote(meeting, 1, login, "for" if place % 2 else "against")
    for place, login in enumerate(EVERYBODY[1:17]):
        hall.vote(meeting, 2, login, "for" if place % 2 else "against")
    hall.advance(CLOSES)
    hall.record(meeting, {}, recommendations=["Усилить практику."])
    hall.record(meeting, {})
    tallies = [fact["tally"] for fact in hall.facts(meeting, "voting.closed")]
    assert [(t["for"], t["against"], t["abstain"], t["casting"]) for t in tallies] == [
        (9, 9, 0, "against"),
        (8, 8, 2, None),
    ]
    hall.sign(meeting)
    assert [hall.case(case)["data"]["decision"]["decision"] for case in (first, second)] == ["refuse", "not_adopted"]


def test_nobody_votes_before_the_ballots_open_nor_twice(hall: Hall) -> None:
    meeting = hall.call_meeting(hall.ready_case(), form="absentee", closes_at=CLOSES)
    hall.complete(meeting, "approve_agenda", {"approve": True}, "chair")
    with pytest.raises(ConflictError):
        hall.vote(meeting, 1, "member01", "for")
    hall.advance("2026-01-20T00:00:00+03:00")
    hall.vote(meeting, 1, "member01", "for")
    with pytest.raises(ConflictError):
        hall.vote(meeting, 1, "member01", "against")


def test_too_few_ballots_open_reschedule_and_are_not_carried_over(hall: Hall) -> None:
    case = hall.ready_case()
    meeting = begin(hall, case)
    for login in EVERYBODY[:16]:
        hall.vote(meeting, 1, login, "for")
    hall.advance(CLOSES)
    assert hall.case(meeting)["at"] == ["reschedule"]
    assert hall.place(case) == "pending"
    assert not hall.withdraw(case)
    with pytest.raises(ConflictError):
        hall.vote(meeting, 1, "member20", "for")
    again = {"form": "absentee", "closes_at": "2026-01-26T18:00:00+03:00"}
    hall.complete(meeting, "reschedule", again, "chair")
    assert hall.case(meeting)["at"] == ["ballots_close"]
    for login in EVERYBODY_ELSE[:17]:
        hall.vote(meeting, 1, login, "for")
    hall.advance("2026-01-26T18:00:00+03:00")
    assert hall.case(meeting)["data"]["attendance"] == {"present": 17, "total": 24}
    assert len(hall.task(meeting, "record_votes")["data"]["votes"]) == 17


def test_a_meeting_in_person_without_quorum_becomes_absentee(hall: Hall) -> None:
    meeting = hall.open_meeting(hall.ready_case(), present=EVERYBODY[:3])
    for data, field in (
        ({"form": "absentee", "closes_at": "2026-01-20T09:00:00+03:00"}, "closes_at"),
        ({"date": "2026-01-19"}, "date"),
    ):
        with pytest.raises(InvalidError) as refused:
            hall.complete(meeting, "reschedule", data, "chair")
        assert list(refused.value.errors) == [field]
    hall.complete(meeting, "reschedule", {"form": "absentee", "closes_at": CLOSES}, "chair")
    assert hall.vote(meeting, 1, "member20", "for")["item"] == 1
