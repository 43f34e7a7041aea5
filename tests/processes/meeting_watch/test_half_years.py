"""The council meets in each half-year: warnings ahead, violation recorded, a quorate meeting ends the watch (3.3)."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from engine import cases
from engine.clock import moscow
from engine.definitions import read_bundle, release
from engine.doors import perform
from engine.errors import ForbiddenError
from processes.council.half_years import half_year_of
from tests.processes.council_meeting.hall import BUNDLES, Hall


@pytest.fixture
def hall(schema_url: str, tmp_path: Path) -> Iterator[Hall]:
    hall = Hall(schema_url, tmp_path)
    with hall.runtime.transaction() as tx:
        release(
            tx,
            read_bundle(BUNDLES / "meeting_watch"),
            by="analyst1",
            basis="приказ № 508",
            effective_from=date(2020, 2, 10),
        )
    yield hall
    hall.runtime.database.close()


def watch(hall: Hall, number: str) -> str:
    with hall.runtime.reading() as tx:
        found = cases.list_cases(tx, hall.actor("auditor"), process="meeting_watch").items
    return next(str(row["id"]) for row in found if row["number"] == number)


@pytest.mark.parametrize(
    ("day", "name", "end"),
    [
        (date(2026, 1, 1), "2026-1", date(2026, 6, 30)),
        (date(2026, 6, 30), "2026-1", date(2026, 6, 30)),
        (date(2026, 7, 1), "2026-2", date(2026, 12, 31)),
        (date(2027, 12, 31), "2027-2", date(2027, 12, 31)),
    ],
)
def test_half_years_are_those_of_the_calendar(day: date, name: str, end: date) -> None:
    assert (half_year_of(day).name, half_year_of(day).end) == (name, end)


def test_a_half_year_without_a_quorate_meeting_is_warned_of_and_recorded(hall: Hall) -> None:
    hall.advance("2026-07-02T09:00:00+03:00")
    letters = hall.letters("meeting_warning")
    assert [(row.login, moscow(row.at).date()) for row in letters if row.login == "chair"] == [
        ("chair", date(2026, 5, 1)),
        ("chair", date(2026, 5, 31)),
        ("chair", date(2026, 6, 16)),
        ("chair", date(2026, 6, 23)),
    ]
    assert len([row for row in letters if row.login == "secretary"]) == 4
    first = watch(hall, "ПОЛ-2026-1")
    assert hall.facts(first, "violation.recorded") == [{"clause": "3.3", "half_year": "2026-1"}]
    assert hall.case(first)["end"] == "violated"
    assert hall.case(watch(hall, "ПОЛ-2026-2"))["state"] == "active"


def test_a_quorate_meeting_ends_the_watch_over_its_half_year(hall: Hall) -> None:
    hall.open_meeting({"kind": "document", "title": "План", "document": "plan"})
    first = watch(hall, "ПОЛ-2026-1")
    assert hall.case(first)["end"] == "meeting_held"
    assert hall.case(first)["data"]["meeting"]["held_on"] == "2026-01-20"
    hall.advance("2026-07-02T09:00:00+03:00")
    assert hall.letters("meeting_warning") == []


def test_nobody_starts_a_watch_by_hand(hall: Hall) -> None:
    actor = hall.actor("chair")
    with pytest.raises(ForbiddenError):
        perform(hall.runtime, lambda tx: cases.start_instance(tx, "meeting_watch", {}, actor=actor), actor=actor)
