import re

import sqlalchemy as sa

from tests.handlers.demo_house import DemoHouse
from tests.handlers.pages.person import Person


def test_a_number_typed_into_the_search_leads_to_its_case(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    person.open("/")
    number = demo.get("secretary", "/cases?process=certification")["items"][0]["number"]
    person.open(f"/cases?q={number}")
    assert person.address.startswith("/cases/")
    assert person.reads(number)


def test_every_case_of_the_demonstration_shows_steps_documents_and_history(demo: DemoHouse) -> None:
    person, said = Person(demo, "auditor"), []
    engine = demo.context.runtime.database.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    for case in demo.get("auditor", "/cases?limit=100")["items"]:
        said.clear()
        page = person.open(f"/cases/{case['id']}")
        assert sum(text.startswith("SELECT person") for text in said) <= 2, "who asks, and all names at once"
        assert person.status == 200, case["number"]
        assert page.select("#history tbody tr"), case["number"]
        assert "conforms" not in page.get_text(), "the history says a verdict by its code"
        assert not page.select("#history td:-soup-contains('Получено сообщение'):not(:-soup-contains('сообщение:'))")
        diagram = page.select_one("#diagram")
        assert diagram is not None
        drawing = person.browser.get(str(diagram["data-xml-url"]))
        assert b"BPMNDiagram" in drawing.data
        state = person.browser.get(str(diagram["data-state-url"])).json
        assert state is not None
        assert state["at"] == case["at"]


def test_the_ladder_says_where_an_application_stands(demo: DemoHouse) -> None:
    person = Person(demo, "applicant1")
    case = demo.submit()
    page = person.open(f"/cases/{case['id']}")
    current = page.select_one(".ladder [aria-current='step']")
    assert current is not None
    assert "Регистрация" in current.get_text()


def test_an_applicant_sees_only_the_own_cases(demo: DemoHouse) -> None:
    case = demo.submit("applicant2")
    person = Person(demo, "applicant1")
    person.open(f"/cases/{case['id']}")
    assert person.status == 404
    person.open("/cases")
    assert person.page.select(f"a[href='/cases/{case['id']}']") == []


def test_a_document_comes_as_a_file(demo: DemoHouse) -> None:
    case = demo.submit()
    person = Person(demo, "applicant1")
    page = person.open(f"/cases/{case['id']}")
    link = page.select_one("a[href^='/documents/']")
    assert link is not None
    answer = person.browser.get(f"{link['href']}/file")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_letters_are_shown_as_they_were_written(demo: DemoHouse) -> None:
    person = Person(demo, "applicant1")
    page = person.open("/letters")
    letters = page.select("main details")
    assert letters
    assert all(re.search(r"хранится|отправлено|ждёт", letter.get_text()) for letter in letters)


def test_a_substitution_is_entered_with_its_basis_and_told_to_who_acts(demo: DemoHouse) -> None:
    chair = Person(demo, "chair")
    chair.open("/substitutions")
    entry = {"absent": "secretary", "deputy": "member05", "from": "12.01.2026", "until": "16.01.2026"}
    chair.send("form[action='/substitutions']", {**entry, "basis": ""})
    assert chair.status == 422
    assert chair.page.select_one("option[value='member05'][selected]") is not None
    chair.send("form[action='/substitutions']", {**entry, "from": "скоро", "basis": "поручение № 3"})
    assert chair.status == 422
    chair.send("form[action='/substitutions']", {**entry, "basis": "поручение № 3 от 12.01.2026"})
    assert chair.reads("Замещение внесено.")
    acting = Person(demo, "member05")
    acting.open("/")
    assert acting.reads("Вы замещаете другого человека: ответственный секретарь")
    absent = Person(demo, "secretary")
    absent.open("/")
    assert absent.reads("вам доступно только чтение")
    chair.send("form[action$='/revoke']")
    assert chair.reads("Замещение отозвано.")
