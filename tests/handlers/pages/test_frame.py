import re

import pytest

from tests.handlers.demo_house import DemoHouse
from tests.handlers.pages.person import Person

PAGES = {
    "applicant1": ["/", "/applications", "/cases", "/letters"],
    "secretary": ["/", "/?tab=all", "/cases", "/meetings", "/meetings/new", "/letters", "/substitutions"],
    "chair": ["/", "/?tab=done", "/cases?state=ended", "/substitutions"],
    "ministry": ["/", "/meetings"],
    "analyst1": ["/", "/help"],
    "admin": ["/", "/clock", "/substitutions"],
    None: ["/login", "/depository", "/certificates", "/help", "/nowhere"],
}


@pytest.mark.parametrize("login", PAGES)
def test_every_page_has_one_navigation_one_heading_and_nothing_inline(demo: DemoHouse, login: str | None) -> None:
    person = Person(demo, login)
    for path in PAGES[login]:
        page = person.open(path)
        assert person.status == (404 if path == "/nowhere" else 200), path
        assert len(page.find_all("nav")) == 1, path
        assert len(page.find_all("h1")) == 1, path
        assert page.select("[style]") == page.select("style") == page.select("script:not([src])") == [], path
        assert [tag for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)] == [], path
        assert not re.search(r"\b[a-z-]+:[a-z_.]+\b", page.get_text().replace("https://", "")), path


@pytest.mark.parametrize("login", PAGES)
def test_every_field_has_a_label_and_every_form_its_token(demo: DemoHouse, login: str | None) -> None:
    person = Person(demo, login)
    for path in PAGES[login]:
        page = person.open(path)
        labelled = {str(label["for"]) for label in page.select("label[for]")}
        for field in page.select("input:not([type=hidden]), select, textarea"):
            known = field.get("id") in labelled or field.find_parent("label") or field.get("aria-label")
            assert known, (path, str(field))
        if login is not None:
            assert all(form.select_one("[name=csrf_token]") for form in page.select("form[method=post]")), path


def test_ids_are_never_given_twice(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    person.open("/?tab=available")
    for task in [str(link["href"]) for link in person.page.select("td a.strong")]:
        ids = [str(tag["id"]) for tag in person.open(task).select("[id]")]
        assert sorted(ids) == sorted(set(ids)), task


def test_a_missing_page_says_what_to_do(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    person.open("/cases/there-is-none")
    assert person.status == 404
    assert person.reads("Проверьте адрес")


def test_the_glossary_stands_in_the_words_of_the_regulation(demo: DemoHouse) -> None:
    person = Person(demo)
    person.open("/help")
    assert person.reads("основной компонент сертификации, процесс исследования экспертом объекта")


def test_only_the_administrator_moves_the_clock(demo: DemoHouse) -> None:
    assert Person(demo, "secretary").open("/clock").select_one("form[action='/clock']") is None
    admin = Person(demo, "admin")
    admin.open("/clock")
    admin.send("main form[action='/clock']", {"to": "20.01.2026 10:00"})
    assert admin.reads("20 января 2026, 10:00")
    assert admin.page.select("ul.list li a[href^='/cases/']")
    admin.send("main form[action='/clock']", {"to": "19.01.2026"})
    assert admin.status == 422
    assert admin.reads("только вперёд")


def test_an_unknown_address_keeps_the_frame_of_who_is_signed_in(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    page = person.open("/nowhere")
    assert person.status == 404
    assert page.select_one("form[action='/logout']") is not None
    assert page.select_one("a[href='/login']") is None
    visitor = Person(demo, None)
    assert visitor.open("/nowhere").select_one("a[href='/login']") is not None
    assert demo.ask("secretary", "GET", "/nowhere").status_code == 404
