"""The page that proves a case's history, and shows the case as it stood."""

import sqlalchemy as sa

from engine.records.tables import case as case_file
from tests.handlers.demo_house import DemoHouse
from tests.handlers.pages.person import Person


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


def test_a_proof_is_not_for_those_under_review(demo: DemoHouse) -> None:
    path = proof_of(demo, "approve_conclusions")
    for login in ("applicant1", "member05"):
        person = Person(demo, login)
        assert person.open(path.removesuffix("/proof")).select(f"a[href='{path}']") == []
        person.open(path)
        assert person.status == 403
