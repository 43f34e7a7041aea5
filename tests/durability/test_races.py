"""People, tickers and messages at one case in the same moment, as processes: one does it, the others are told so.

Nobody is ever told of a lock, and whoever won, the history is true afterwards.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from engine import cases
from engine.clock import wall
from engine.definitions import versions
from engine.doors import perform
from engine.records.cases import all_cases
from tests.durability import acts
from tests.durability.crew import FOUR, Racer, Subject, WallHouse, opened, race, stuck_or_false
from tests.engine.house import CLERK, House

Words = list[list[str]]


class Track:
    """A house on a database, cases made ready for a race, and the race itself."""

    def __init__(self, url: str, folder: Path, rounds: int, kind: type[House] = House) -> None:
        self.url, self.folder, self.kind, self.rounds = url, folder, kind, rounds
        self.house = kind(url, folder)

    def subjects(self, prepare: Callable[[str], Any] | None = None) -> list[Subject]:
        """Started cases, one a round."""
        found = []
        for number in range(self.rounds):
            case = self.house.start()
            task = self.house.task(case)["id"]
            if prepare is not None:
                prepare(case)
            found.append(Subject(case, task, number))
        return found

    def run(self, subjects: Sequence[Subject], *racers: Racer) -> Words:
        """Race, with nothing of this process's on the database meanwhile; judges every case afterwards."""
        self.house.runtime.database.close()
        words = race(partial(opened, self.url, self.folder, self.kind), racers, subjects)
        faults = [word for row in words for word in row if word.startswith("fault")]
        assert faults == []
        for subject in subjects:
            assert stuck_or_false(self.house, subject.case) == []
        return words

    def count(self, subject: Subject, kind: str) -> int:
        """How many facts of a kind a case has."""
        return self.house.kinds(subject.case).count(kind)


@pytest.fixture
def rounds(pytestconfig: pytest.Config) -> int:
    """How often each race is run."""
    return 300 if pytestconfig.getoption("--soak") else 12


@pytest.fixture
def track(schema_url: str, tmp_path: Path, rounds: int) -> Any:
    track = Track(schema_url, tmp_path, rounds)
    yield track
    track.house.runtime.database.close()


@pytest.fixture
def wall_track(schema_url: str, tmp_path: Path, rounds: int) -> Any:
    track = Track(schema_url, tmp_path, rounds, WallHouse)
    yield track
    track.house.runtime.database.close()


@contextmanager
def long_ago() -> Iterator[None]:
    """In the with-block the wall's clock stands where every term that begins then has run out by now."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.runtime.wall", lambda: wall() - timedelta(days=60))
        yield


def test_four_people_complete_one_task_and_one_does(track: Track) -> None:
    subjects = track.subjects()
    for subject, row in zip(subjects, track.run(subjects, *[acts.complete] * 4), strict=True):
        assert sorted(row) == ["already_done"] * 3 + ["ok"]
        assert track.count(subject, "task.completed") == 1
        done = [f for f in track.house.facts(subject.case) if f["kind"] == "task.completed"]
        assert done[0]["actor"] == FOUR[row.index("ok")].login


def test_four_people_claim_one_task_and_one_holds_it(track: Track) -> None:
    subjects = track.subjects()
    for subject, row in zip(subjects, track.run(subjects, *[acts.claim] * 4), strict=True):
        assert sorted(row) == ["held"] * 3 + ["ok"]
        assert track.count(subject, "task.claimed") == 1
        assert track.house.task(subject.case)["assignee"] == FOUR[row.index("ok")].login


def test_a_task_is_claimed_by_one_or_completed_by_another(track: Track) -> None:
    subjects = track.subjects()
    for row in track.run(subjects, acts.claim, acts.complete):
        assert row in (["ok", "held"], ["already_done", "ok"])


def test_a_withdrawal_and_a_completion_both_count_or_one_comes_too_late(track: Track) -> None:
    subjects = track.subjects()
    for subject, row in zip(subjects, track.run(subjects, acts.withdraw, acts.complete), strict=True):
        assert row in (["ok", "cancelled"], ["ok", "ended"], ["not_waiting", "ok"])
        assert track.house.case(subject.case)["end"] == ("withdrawn" if row[0] == "ok" else None)


def test_a_stop_and_a_completion_both_count_or_the_completion_is_refused(track: Track) -> None:
    subjects = track.subjects()
    for subject, row in zip(subjects, track.run(subjects, acts.suspend, acts.complete), strict=True):
        assert row in (["ok", "suspended"], ["ok", "ok"])
        assert track.house.case(subject.case)["state"] == "suspended"
        assert track.count(subject, "task.completed") == (row[1] == "ok")


def test_a_message_for_a_case_that_is_stopped_meanwhile_waits_and_is_not_lost(track: Track) -> None:
    subjects = track.subjects(lambda case: track.house.complete(case, "yes"))
    for subject in subjects:
        with track.house.runtime.transaction() as tx:
            tx.send("answer", {"case": subject.case}, {"ok": True})
    track.run(subjects, acts.suspend, acts.deliver_post, acts.deliver_post)
    for subject in subjects:
        if track.house.case(subject.case)["state"] == "suspended":
            resume(track.house, subject.case)
        assert track.count(subject, "message.received") == 1
        assert track.house.case(subject.case)["end"] == "granted"


def resume(house: House, case: str) -> None:
    """Let a stopped case go on."""
    perform(house.runtime, lambda tx: cases.resume(tx, case, "закончена", actor=CLERK), actor=CLERK)


def test_a_timer_fires_or_its_task_is_completed_and_nobody_waits_in_a_ring(wall_track: Track) -> None:
    with long_ago():
        subjects = wall_track.subjects()
    for subject, row in zip(
        subjects, wall_track.run(subjects, acts.complete, acts.fire, acts.tick, acts.tick), strict=True
    ):
        assert row == ["ok"] * 4
        assert wall_track.count(subject, "task.escalated") <= 1
        kinds = wall_track.house.kinds(subject.case)
        if "task.escalated" in kinds:
            assert kinds.index("task.escalated") < kinds.index("task.completed")


def test_silence_or_an_answer_ends_a_case_once(wall_track: Track) -> None:
    with long_ago():
        subjects = wall_track.subjects(lambda case: wall_track.house.complete(case, "yes"))
    for subject, row in zip(subjects, wall_track.run(subjects, acts.answer, acts.fire, acts.answer), strict=True):
        end = wall_track.house.case(subject.case)["end"]
        assert end == ("granted" if "ok" in {row[0], row[2]} else "lapsed")
        assert [row[0], row[2]].count("ok") <= 1
        assert {row[0], row[2]} <= {"ok", "not_waiting", "ended"}
        assert wall_track.count(subject, "case.ended") == 1


def test_a_stopped_case_keeps_its_timers_for_later(wall_track: Track) -> None:
    with long_ago():
        subjects = wall_track.subjects()
    wall_track.run(subjects, acts.suspend, acts.fire, acts.fire)
    for subject in subjects:
        resume(wall_track.house, subject.case)
        assert wall_track.count(subject, "task.escalated") == 1
        assert wall_track.count(subject, "task.reminded") <= 1


def test_a_case_started_while_a_version_is_released_is_of_one_version(track: Track) -> None:
    subjects = track.subjects()
    for row in track.run(subjects, acts.publish, acts.start, acts.start):
        assert row == ["ok"] * 3
    with track.house.runtime.reading() as tx:
        found = all_cases(tx.connection, limit=10_000)
    assert len(found) == 3 * track.rounds
    for case in found:
        assert stuck_or_false(track.house, case["id"]) == []


def test_two_versions_released_at_once_are_two_numbers(track: Track) -> None:
    subjects = track.subjects()
    for row in track.run(subjects, acts.publish, acts.publish_another):
        assert row == ["ok"] * 2
    with track.house.runtime.reading() as tx:
        numbers = [row["number"] for row in versions(tx, "leave")]
    assert numbers == list(range(1, 2 * track.rounds + 2))


def test_one_version_released_twice_at_once_is_one(track: Track) -> None:
    for row in track.run(track.subjects(), acts.publish, acts.publish):
        assert sorted(row) == ["already_released", "ok"]


def test_a_change_of_the_calendar_overlooks_no_term(track: Track) -> None:
    subjects = track.subjects()[:30]
    for row in track.run(subjects, acts.change_calendar, acts.go_round, acts.start):
        assert row == ["ok"] * 3
    with track.house.runtime.reading() as tx:
        found, calendar = all_cases(tx.connection, limit=10_000), tx.calendar
    expected = calendar.version_of(*[date(2026, 1, 12)] * 2)
    for case in found:
        assert stuck_or_false(track.house, case["id"]) == []
        term = track.house.task(case["id"])["due"]
        assert term["calendar_version"] == expected, f"{case['id']} kept the calendar of before"


def test_two_changes_of_the_calendar_do_not_wait_for_each_other_in_a_ring(track: Track) -> None:
    subjects = track.subjects()[:20]
    for row in track.run(subjects, acts.change_calendar, acts.change_calendar, acts.go_round):
        assert row == ["ok"] * 3


def test_one_key_in_four_processes_is_one_act(track: Track) -> None:
    subjects = track.subjects()
    for subject, row in zip(subjects, track.run(subjects, *[acts.complete_keyed] * 4), strict=True):
        assert set(row) <= {"ok", "in_progress"}
        assert track.count(subject, "task.completed") == 1
