"""A closed case's documents are kept, and nothing is destroyed but by a decision (clause 4.9, A-43)."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from engine import cases
from engine.errors import ForbiddenError, InvalidError
from processes.papers.told import read_papers
from processes.retention.rules import check_destruction, check_hold, storage_until
from tests.processes.council_meeting.hall import Hall


@pytest.fixture
def hall(schema_url: str, tmp_path: Path) -> Iterator[Hall]:
    hall = Hall(schema_url, tmp_path)
    yield hall
    hall.runtime.database.close()


def stored(hall: Hall) -> tuple[str, str]:
    case = hall.ready_case()
    assert hall.withdraw(case)
    with hall.runtime.reading() as tx:
        found = cases.list_cases(tx, hall.actor("auditor"), process="retention").items
    assert len(found) == 1
    return case, str(found[0]["id"])


def test_the_term_runs_three_years_from_the_january_after_the_end() -> None:
    assert storage_until(date(2026, 1, 12), date(2026, 1, 12)) == date(2030, 1, 1)
    assert storage_until(date(2026, 12, 31), date(2024, 2, 29)) == date(2030, 1, 1)
    assert storage_until(date(2020, 5, 5), date(2027, 3, 1)) == date(2030, 3, 1)
    assert storage_until(date(2020, 5, 5), date(2024, 2, 29)) == date(2027, 2, 28)


def test_a_hold_looks_ahead_and_a_destruction_rests_on_a_paper() -> None:
    today = date(2030, 1, 1)
    assert set(check_hold(today, " ", today)) == {"until", "reason"}
    assert set(check_destruction("", date(2030, 1, 2), today)) == {"basis", "action"}
    assert check_destruction("Акт комиссии", today, today) == {}


def test_nothing_happens_to_a_closed_case_until_its_term_is_over(hall: Hall) -> None:
    _case, storage = stored(hall)
    assert hall.case(storage)["data"]["storage_until"] == "2030-01-01"
    hall.advance("2029-12-31T23:59:00+03:00")
    assert hall.case(storage)["at"] == ["storage_ends"]
    hall.advance("2030-01-01T09:00:00+03:00")
    assert hall.case(storage)["at"] == ["decide_destruction"]


def test_the_secretary_holds_and_who_acts_for_them_later_lets_an_act_be_drawn_up(hall: Hall) -> None:
    case, storage = stored(hall)
    hall.advance("2030-01-01T09:00:00+03:00")
    with pytest.raises(ForbiddenError):
        hall.complete(storage, "decide_destruction", {"action": "destroy", "basis": "Акт"}, "member01")
    with pytest.raises(InvalidError) as refused:
        hall.complete(
            storage, "decide_destruction", {"action": "hold", "until": "2029-01-01", "reason": "Спор"}, "secretary"
        )
    assert list(refused.value.errors) == ["until"]
    hall.complete(
        storage, "decide_destruction", {"action": "hold", "until": "2031-03-01", "reason": "Спор"}, "secretary"
    )
    assert hall.case(storage)["at"] == ["storage_ends"]
    hall.advance("2031-03-01T09:00:00+03:00")
    shown = hall.task(storage, "decide_destruction")["data"]
    assert (shown["case"], len(shown["decisions"])) == (case, 1)
    hall.substitute("secretary", "member02", date(2031, 3, 1), date(2031, 3, 9))
    hall.complete(storage, "decide_destruction", {"action": "destroy", "basis": "Акт комиссии № 4"}, "member02")
    assert hall.case(storage)["end"] == "destroyed"
    assert [d.kind for d in hall.documents(storage)] == ["inventory", "destruction_act"]
    assert hall.case(case)["end"] == "withdrawn"
    act = hall.documents(storage)[-1]
    with hall.runtime.reading() as tx:
        (mark,) = read_papers(tx, storage).signatures_of(act.id)
    assert (mark.login, mark.on_behalf_of) == ("member02", "secretary")
    assert mark.basis.startswith("за: ")
    assert mark.basis.endswith("; приказ № 7")
    assert hall.differences(storage) == []
