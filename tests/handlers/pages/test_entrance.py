import pytest

from tests.handlers.demo_house import DemoHouse
from tests.handlers.pages.person import Person


def test_a_stranger_is_asked_to_sign_in_and_comes_back_to_where_he_went(demo: DemoHouse) -> None:
    person = Person(demo)
    person.open("/cases?state=ended")
    assert person.address == "/login"
    person.send("form[action='/login']", {"login": "secretary", "password": "demo"})
    assert person.address == "/cases"
    assert person.reads("Дела")


def test_who_comes_by_another_name_of_the_machine_is_told_the_right_one(demo: DemoHouse) -> None:
    answer = demo.client().get("/login", headers={"Host": "other.example"})
    assert answer.status_code == 400
    assert "Откройте её по адресу http://127.0.0.1:8000." in answer.text


def test_a_sign_that_no_text_keeps_is_refused_in_a_form(demo: DemoHouse) -> None:
    person = Person(demo)
    person.open("/login")
    person.send("form[action='/login']", {"login": "secre\0tary", "password": "demo"})
    assert (person.status, person.reads("недопустимый знак NUL")) == (422, True)


def test_a_wrong_password_is_told_and_the_login_kept(demo: DemoHouse) -> None:
    person = Person(demo)
    person.open("/login")
    page = person.send("form[action='/login']", {"login": "secretary", "password": "нет"})
    assert person.status == 401
    field = page.select_one("#login")
    assert field is not None
    assert field["value"] == "secretary"


@pytest.mark.parametrize("address", ["https://example.org/", "//example.org", "/\\example.org", "javascript:x"])
def test_signing_in_leads_nowhere_else(demo: DemoHouse, address: str) -> None:
    browser = demo.client()
    answer = browser.post("/login", data={"login": "secretary", "password": "demo", "next": address})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/"


def test_signing_out_closes_the_session(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    person.send("form[action='/logout']")
    person.open("/")
    assert person.address == "/login"


def test_a_form_without_the_sessions_token_is_refused(demo: DemoHouse) -> None:
    person = Person(demo, "applicant1")
    person.open("/applications")
    person.send("form[action='/applications']", without=["csrf_token"])
    assert person.status == 403
    assert person.reads("Страница устарела")


def test_the_language_is_the_visitors_choice(demo: DemoHouse) -> None:
    person = Person(demo)
    person.open("/depository")
    page = person.send("form[action='/looks']", button="button[name='kes_language']")
    assert page.select_one("html[lang='en']") is not None
    assert person.reads("Depository of programmes")


def test_the_version_for_the_visually_impaired_stays_chosen(demo: DemoHouse) -> None:
    person = Person(demo)
    person.open("/help")
    person.send("form[action='/looks']", button="button[name='kes_size']")
    assert person.open("/depository").select_one("html[data-size='large']") is not None
