"""Votes in the same moment: none is lost, none counts twice, none comes in after the voting has closed."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from engine.actors import Actor
from engine.clock import ClockMode
from engine.database import Database
from engine.files import FileStore
from engine.registry import Registry
from engine.runtime import Runtime
from processes import council_meeting, meeting_watch, retention
from tests.durability import acts
from tests.durability.crew import Subject, race
from tests.processes.council_meeting.hall import EVERYBODY, MONDAY, Hall

SIXTEEN = EVERYBODY[:16]


def opened(url: str, folder: Path) -> Hall:
    """A process's own hall on a database that has one already."""
    registry = Registry()
    for package in (council_meeting, meeting_watch, retention):
        package.register(registry)
    hall = Hall.__new__(Hall)
    files = FileStore(folder / "files")
    hall.runtime = Runtime(Database(url), registry, mode=ClockMode.VIRTUAL, files=files, clock_start=MONDAY)
    return hall


class Council:
    """A hall, and races on its meetings."""

    def __init__(self, url: str, folder: Path, rounds: int) -> None:
        self.url, self.folder, self.rounds = url, folder, rounds
        self.hall = Hall(url, folder)

    def run(self, subjects: list[Subject], *racers: Any) -> list[list[str]]:
        """Race; judges every meeting afterwards."""
        self.hall.runtime.database.close()
        people = [Actor("nobody", "Никто")] * len(racers)
        words = race(partial(opened, self.url, self.folder), racers, subjects, people)
        assert [word for row in words for word in row if word.startswith("fault")] == []
        for subject in subjects:
            assert self.hall.differences(subject.case) == []
        return words

    def votes(self, subject: Subject) -> dict[str, str]:
        """Each member's vote as the facts tell it; fails where somebody has two."""
        told = [(f["member"], f["vote"]) for f in self.hall.facts(subject.case, "vote.cast")]
        assert len(told) == len(dict(told))
        return dict(told)

    def meetings(self) -> list[Subject]:
        """Meetings in person, voting on their only item: one a round."""
        found = []
        for number in range(self.rounds):
            case = self.hall.ready_case()
            meeting = self.hall.call_meeting(case)
            self.hall.complete(meeting, "approve_agenda", {"approve": True}, "chair")
            found.append(Subject(meeting, "", number))
        self.hall.advance("2026-01-20T10:00:00+03:00")
        ready = []
        for each in found:
            self.hall.complete(each.case, "register_attendance", {"present": list(EVERYBODY[:20])}, "secretary")
            task = self.hall.task(each.case, "record_votes")["id"]
            ready.append(Subject(each.case, task, each.number))
        return ready


@pytest.fixture
def council(schema_url: str, tmp_path: Path, pytestconfig: pytest.Config) -> Iterator[Council]:
    council = Council(schema_url, tmp_path, 60 if pytestconfig.getoption("--soak") else 3)
    yield council
    council.hall.runtime.database.close()


def test_one_member_at_two_desks_votes_once(council: Council) -> None:
    meetings = council.meetings()
    both = (partial(acts.vote, value="for"), partial(acts.vote, value="against"))
    for meeting, row in zip(meetings, council.run(meetings, *both), strict=True):
        assert sorted(row) == ["already_voted", "ok"]
        assert council.votes(meeting) == {"member02": ("for", "against")[row.index("ok")]}


def test_four_members_vote_at_once_and_all_count(council: Council) -> None:
    meetings = council.meetings()
    logins = ("member02", "member03", "member04", "member05")
    for meeting, row in zip(
        meetings, council.run(meetings, *[partial(acts.vote, login=login) for login in logins]), strict=True
    ):
        assert row == ["ok"] * 4
        assert council.votes(meeting) == dict.fromkeys(logins, "for")


def test_a_vote_comes_before_the_secretary_closes_the_item_or_is_refused(council: Council) -> None:
    meetings = council.meetings()
    for meeting, row in zip(
        meetings, council.run(meetings, partial(acts.vote, value="against"), acts.record_votes), strict=True
    ):
        assert row in (["ok", "invalid"], ["not_open", "ok"])
        closed = council.hall.facts(meeting.case, "voting.closed")
        assert len(closed) == (row[1] == "ok")
        if closed:
            assert closed[0]["tally"]["for"] == 20
            assert council.votes(meeting)["member02"] == "for"


def test_ballots_count_until_the_instant_of_closing_and_not_after(council: Council) -> None:
    hall, meetings = council.hall, []
    for number in range(council.rounds):
        called = hall.call_meeting(hall.ready_case(), form="absentee", closes_at=acts.closing(number))
        hall.complete(called, "approve_agenda", {"approve": True}, "chair")
        meetings.append(Subject(called, "", number))
    hall.advance("2026-01-20T09:00:00+03:00")
    for meeting in meetings:
        for login in SIXTEEN:
            hall.vote(meeting.case, 1, login, "for")
    late = [partial(acts.vote, login=login) for login in EVERYBODY[17:20]]
    for meeting, row in zip(meetings, council.run(meetings, acts.close_ballots, *late), strict=True):
        assert row[0] == "ok"
        assert set(row[1:]) <= {"ok", "not_open"}
        counted = council.votes(meeting)
        assert len(counted) == len(SIXTEEN) + row.count("ok") - 1
        expected = ["record_votes"] if len(counted) >= 17 else ["reschedule"]
        assert hall.case(meeting.case)["at"] == expected
