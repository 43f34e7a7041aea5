"""The page that proves a case's history, and shows the case as it stood."""

from typing import Any

import pytest
import sqlalchemy as sa

from engine.records.tables import case as case_file
from engine.records.tables import history
from tests.handlers.demo_house import DemoHouse
from tests.handlers.pages.person import Person
from tests.tampering import change_row, drop_guards


def proof_of(demo: DemoHouse, element: str) -> str:
    """The address of the proof of a case that stands at an element."""
    return f"/cases/{demo.get('auditor', f'/tasks?scope=all&element={element}')['items'][0]['case']['id']}/proof"


def test_an_auditor_verifies_a_case_and_walks_back_through_it(demo: DemoHouse) -> None:
    auditor = Person(demo, "auditor")
    path = proof_of(demo, "approve_conclusions")
    auditor.open(path.removesuffix("/proof"))
    auditor.follow("Проверить историю")
    assert auditor.address == path
    assert auditor.reads("всё сходится")
    assert len(auditor.page.select("#verdict .yes")) == 4
    assert [row.get_text() for row in auditor.page.select("#stood a.strong")] == ["Утвердить заключения"]
    auditor.open(f"{path}?seq=1")
    assert auditor.reads("Дело после записи № 1 ")
    assert auditor.page.select("#stood a.strong") == []
    auditor.follow("Следующая запись")
    assert auditor.reads("Дело после записи № 2 ")
    auditor.open(f"{path}?seq=100000")
    assert auditor.status == 404


def test_a_row_changed_past_the_service_is_told(demo: DemoHouse) -> None:
    auditor = Person(demo, "auditor")
    path = proof_of(demo, "approve_conclusions")
    with demo.context.runtime.database.write() as connection:
        identity = path.split("/")[2]
        connection.execute(sa.update(case_file).where(case_file.c.id == identity).values(at=["end"]))
    auditor.open(path)
    assert auditor.reads("есть расхождение")
    told = auditor.page.select_one("#verdict .no")
    assert told is not None
    assert "поле at не то, что следует из истории" in told.get_text()


@pytest.mark.parametrize("facts", [b"junk", b'"case.advanced"\tnull\t{}'], ids=["not packed", "another event"])
def test_an_entry_that_cannot_be_read_is_told_and_the_case_is_shown_before_it(demo: DemoHouse, facts: bytes) -> None:
    auditor = Person(demo, "auditor")
    path = proof_of(demo, "approve_conclusions")
    begun: list[int] = []

    def change(row: dict[str, Any]) -> None:
        begun.append(row["first"])
        row["facts"] = facts

    change_row(demo.context.runtime.database, path.split("/")[2], 20, change)
    auditor.open(path)
    assert auditor.reads("есть расхождение")
    assert auditor.reads("История дела повреждена")
    auditor.open(f"{path}?seq={begun[0] - 1}")
    assert auditor.reads("есть расхождение")
    assert auditor.page.select("#stood li")


@pytest.mark.parametrize(("first", "shown"), [(2, "Дело после записи № "), (0, "В истории дела нет события")])
def test_a_history_whose_end_was_cut_off_is_shown_as_far_as_it_goes(demo: DemoHouse, first: int, shown: str) -> None:
    auditor = Person(demo, "auditor")
    path = proof_of(demo, "approve_conclusions")
    with demo.context.runtime.database.write() as connection:
        drop_guards(connection)
        connection.execute(sa.delete(history).where(history.c.case == path.split("/")[2], history.c.first >= first))
    auditor.open(path)
    assert auditor.reads("есть расхождение")
    assert auditor.reads(shown)


def test_a_proof_is_not_for_those_under_review(demo: DemoHouse) -> None:
    path = proof_of(demo, "approve_conclusions")
    for login in ("applicant1", "member05"):
        person = Person(demo, login)
        assert person.open(path.removesuffix("/proof")).select(f"a[href='{path}']") == []
        person.open(path)
        assert person.status == 403
