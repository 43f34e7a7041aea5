from typing import Any

from tests.handlers.demo_house import APPLICATION, PDF, DemoHouse
from tests.handlers.pages.person import Person

FORM = "form#form"


def flat(value: Any, path: str = "data") -> dict[str, str]:
    """An application as the fields of its page."""
    if isinstance(value, dict):
        return {name: text for key, inner in value.items() for name, text in flat(inner, f"{path}.{key}").items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return {name: text for n, row in enumerate(value) for name, text in flat(row, f"{path}.{n}").items()}
    if isinstance(value, list):
        return {path: "\n".join(value)}
    if value == "indefinite":
        return {f"{path}.indefinite": "1"}
    if isinstance(value, str) and len(value) == 10 and value[4] == "-":
        return {path: f"{value[8:]}.{value[5:7]}.{value[:4]}"}
    return {} if value in (None, False) else {path: str(value)}


def begin(demo: DemoHouse) -> Person:
    person = Person(demo, "applicant1")
    person.open("/applications")
    person.send("form[action='/applications']")
    assert person.address.startswith("/applications/")
    return person


def test_a_draft_begins_with_ones_own_organisation_and_names_what_is_missing(demo: DemoHouse) -> None:
    person = begin(demo)
    field = person.page.select_one("[name='data.organization.inn']")
    assert field is not None
    assert field["value"] == demo.get("applicant1", "/me")["organization"]["inn"]
    assert person.reads("Чего не хватает")
    assert person.page.select_one("a[href='#f-programme_title']") is not None
    assert person.page.select_one("a[href='#files']") is not None


def test_an_application_is_filled_in_saved_and_submitted(demo: DemoHouse) -> None:
    person = begin(demo)
    address = person.address
    person.send(FORM, flat(APPLICATION), button="[value='save']")
    assert person.reads("Черновик сохранён.")
    stored = demo.get("applicant1", f"/applications/{address.rsplit('/', 1)[1]}")
    told = {key: value for key, value in APPLICATION.items() if value not in (None, [])}
    assert {key: stored[key] for key in told} == told
    for kind in ("application", "license_copy", "programme"):
        person.attach("form[action$='/files']", kind, f"{kind}.pdf", PDF + kind.encode())
        assert person.reads("Файл приложен.")
    assert person.reads("Всё на месте: заявку можно подавать.")
    person.send(FORM, button="[value='submit']")
    assert person.address.startswith("/cases/")
    assert person.reads("Заявка подана.")
    person.open(address)
    assert person.page.select(f"{FORM} [name^='data.']") == []
    assert person.reads("Проверка знаний без отметок")


def test_submitting_too_early_names_the_gaps_and_keeps_what_was_typed(demo: DemoHouse) -> None:
    person = begin(demo)
    page = person.send(FORM, {"data.programme_title": "Набранное название"}, button="[value='submit']")
    assert person.status == 422
    assert person.reads("9. Авторы программы")
    field = page.select_one("[name='data.programme_title']")
    assert field is not None
    assert field["value"] == "Набранное название"


def test_a_mistyped_field_is_marked_and_kept(demo: DemoHouse) -> None:
    person = begin(demo)
    page = person.send(
        FORM, {"data.plan.0.module": "Первый", "data.plan.0.lecture_hours": "много"}, button="[value='save']"
    )
    assert person.status == 422
    field = page.select_one("[name='data.plan.0.lecture_hours']")
    assert field is not None
    assert field["value"] == "много"
    assert field["aria-invalid"] == "true"


def test_a_file_that_is_not_what_its_name_says_is_refused(demo: DemoHouse) -> None:
    person = begin(demo)
    person.attach("form[action$='/files']", "programme", "programme.pdf", b"MZ\x90 not a document")
    assert person.status == 422
    person.open(person.address.removesuffix("/files"))
    assert "programme.pdf" not in person.page.get_text()


def test_a_file_is_removed_and_a_draft_deleted(demo: DemoHouse) -> None:
    person = begin(demo)
    address = person.address
    person.attach("form[action$='/files']", "other", "note.pdf", PDF)
    person.send("form[action*='/files/']")
    assert person.reads("Файл убран.")
    person.send("form[action$='/delete']")
    assert person.reads("Черновик удалён.")
    person.open(address)
    assert person.status == 404


def test_a_submitted_application_is_withdrawn_with_a_reason(demo: DemoHouse) -> None:
    case = demo.submit()
    person = Person(demo, "applicant1")
    person.open(f"/applications/{case['application']}")
    person.send("form[action$='/withdraw']", {"reason": "Программа перерабатывается"})
    assert person.reads("Заявка отозвана.")
    assert demo.get("applicant1", f"/cases/{case['id']}")["end"] == "withdrawn"


def test_another_organisation_sees_nothing(demo: DemoHouse) -> None:
    draft = demo.draft("applicant1")
    other = Person(demo, "applicant2")
    other.open(f"/applications/{draft}")
    assert other.status == 404
