import io
import tracemalloc
from contextlib import closing
from pathlib import Path
from typing import Any

from werkzeug.test import EnvironBuilder, TestResponse

from tests.handlers.demo_house import APPLICATION, DemoHouse
from tests.handlers.pages.person import Person
from tests.handlers.pages.test_desk import end_sessions
from tests.processes.certification.papers import locked_pdf, pdf, programme_docx

FORM = "form#form"
MB = 1024 * 1024
KINDS = ("application", "license_copy", "programme")


def flat(value: Any, path: str = "data") -> dict[str, str]:
    """An application as the fields of its pages."""
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


def begin(demo: DemoHouse) -> tuple[Person, str]:
    person = Person(demo, "applicant1")
    person.open("/applications")
    person.send("form[action='/applications']")
    assert person.address.endswith("/organisation")
    return person, person.address.rsplit("/", 1)[0]


def fill_in(person: Person, base: str, told: dict[str, Any] = APPLICATION) -> None:
    """Every step with its own fields, by the button that leads to the next."""
    values = flat(told)
    person.open(f"{base}/organisation")
    for slug in ("organisation", "programme", "plan", "authors"):
        assert person.address.endswith(f"/{slug}")
        standing = {str(one["name"]) for one in person.page.select(f"{FORM} [name^='data.']")}
        person.send(FORM, {name: text for name, text in values.items() if name in standing}, button="[value='next']")


def attach_all(person: Person, base: str) -> None:
    for kind in KINDS:
        person.open(f"{base}/files")
        person.attach(f"#kind-{kind} form.drop", kind, f"{kind}.pdf", pdf() + f"%{kind}".encode())
        assert person.reads("Файл приложен.")


def submitted(demo: DemoHouse, **changes: Any) -> str:
    return f"/applications/{demo.submit(**changes)['application']}"


def value_of(person: Person, name: str) -> str:
    field = person.page.select_one(f"[name='{name}']")
    assert field is not None, name
    return field.get_text() if field.name == "textarea" else str(field["value"])


def test_a_draft_begins_with_ones_own_organisation_and_tells_what_each_step_lacks(demo: DemoHouse) -> None:
    person, base = begin(demo)
    organization = demo.get("applicant1", "/me")["organization"]
    assert value_of(person, "data.organization.inn") == organization["inn"]
    assert value_of(person, "data.registered.place") == "город Краснодар"
    marks = {link["data-step"]: link.parent for link in person.page.select("nav.steps a") if link.parent is not None}
    assert "done" in (marks["organisation"].get("class") or [])
    assert "gaps" in (marks["files"].get("class") or [])
    assert person.page.select_one("nav.steps [aria-current='step']") is not None
    person.open(base)
    assert person.address == f"{base}/programme"


def test_an_application_is_filled_in_by_steps_checked_and_submitted(demo: DemoHouse) -> None:
    person, base = begin(demo)
    fill_in(person, base)
    stored = demo.get("applicant1", base)
    told = {key: value for key, value in APPLICATION.items() if value not in (None, [])}
    assert {key: stored[key] for key in told} == told
    attach_all(person, base)
    person.open(f"{base}/check")
    assert person.reads("С чем техническую экспертизу не пройти ничего не найдено")
    person.send(FORM)
    assert person.status == 422
    assert person.reads("Подтвердите согласие на публикацию")
    person.send(FORM, {"consent": "true"})
    assert person.address == base
    assert person.reads("Заявка подана.")
    assert person.reads("Что нужно от вас: ничего.")
    assert person.reads("ответственный секретарь")
    person.open(f"{base}/plan")
    assert person.address == base


def test_the_check_names_rows_gaps_and_where_to_mend_them(demo: DemoHouse) -> None:
    person, base = begin(demo)
    person.open(f"{base}/plan")
    person.send(
        FORM, {"data.plan.0.module": "Один", "data.plan.0.lecture_hours": "40", "data.plan.0.practice_hours": "4"}
    )
    person.open(f"{base}/check")
    assert person.reads("Практики менее 25 % плана")
    assert person.page.select_one(f"a[href='{base}/programme#f-programme_title']") is not None
    assert person.page.select_one(f"a[href='{base}/files#kind-programme']") is not None
    assert person.reads("Заявку нельзя подать, пока не хватает полей или файлов.")
    assert len(person.page.select("details table tbody tr")) == 37
    person.send(FORM, {"consent": "true", "anyway": "true"})
    assert person.status == 422


def test_what_a_machine_sees_in_the_programme_is_a_doubt_and_does_not_hinder(demo: DemoHouse) -> None:
    person, base = begin(demo)
    fill_in(person, base)
    attach_all(person, base)
    person.open(f"{base}/files")
    person.attach("#kind-programme form.drop", "programme", "p.docx", programme_docx("Актуальность"))
    person.open(f"{base}/check")
    assert person.reads("Посмотрите ещё раз")
    assert person.page.select_one(f"{FORM} button.primary") is not None


def test_what_is_typed_into_a_step_when_the_session_ends_is_there_after_signing_in(demo: DemoHouse) -> None:
    person, base = begin(demo)
    page = person.open(f"{base}/programme")
    title = "[name='data.programme_title']"
    end_sessions(demo)
    person.send(FORM, {"data.programme_title": "Набрано после обеда"}, button="[value='next']")
    assert person.status == 401
    person.send("form[action='/login']", {"password": "demo"})
    assert person.address == f"{base}/programme"
    assert person.reads("Набранное до окончания сеанса сохранено в черновик")
    assert "Набрано после обеда" in str(person.page.select_one(title))
    person.page = page  # a form of the session that ended, while the person has signed in anew
    person.send(FORM, {"data.programme_title": "И ещё раз"}, button="[value='next']")
    assert person.reads("Страница устарела")
    assert "И ещё раз" in str(person.page.select_one(title))
    person.send(FORM, button="[value='stay']")
    assert person.reads("Черновик сохранён.")


def test_a_mistyped_field_is_marked_and_kept_and_the_rest_is_saved(demo: DemoHouse) -> None:
    person, base = begin(demo)
    person.open(f"{base}/plan")
    typed = {"data.plan.0.module": "Первый", "data.plan.0.lecture_hours": "много", "data.plan.0.practice_hours": "8"}
    page = person.send(FORM, typed, button="[value='next']")
    assert person.status == 422
    field = page.select_one("[name='data.plan.0.lecture_hours']")
    assert field is not None
    assert field["value"] == "много"
    assert field["aria-invalid"] == "true"
    assert demo.get("applicant1", base)["plan"] == [{"module": "Первый", "practice_hours": 8, "remote": False}]


def test_a_licence_has_a_date_or_none_and_neither_wins_unseen(demo: DemoHouse) -> None:
    person, base = begin(demo)
    person.open(f"{base}/organisation")
    both = {"data.license.valid_until": "01.05.2027", "data.license.valid_until.indefinite": "1"}
    page = person.send(FORM, both, button="[value='next']")
    assert person.reads("Укажите дату в виде ДД.ММ.ГГГГ либо отметьте, что лицензия бессрочная, а не то и другое.")
    assert page.select_one("[name='data.license.valid_until'][value='01.05.2027'][aria-invalid]") is not None
    assert page.select_one("[name='data.license.valid_until.indefinite'][checked]") is not None


def test_rows_are_added_moved_and_taken_away_by_buttons_alone(demo: DemoHouse) -> None:
    person, base = begin(demo)
    person.open(f"{base}/plan")
    person.send(FORM, {"data.plan.0.module": "А", "data.plan.1.module": "Б"}, button="[value='plan.add']")
    assert len(person.page.select("#f-plan tbody tr")) == 5
    person.send(FORM, {"data.plan.4.module": "В"}, button="[value='plan.up.1']")
    names = [row["module"] for row in demo.get("applicant1", base)["plan"]]
    assert names == ["Б", "А", "В"]
    person.send(FORM, button="[value='plan.remove.0']")
    assert [row["module"] for row in demo.get("applicant1", base)["plan"]] == ["А", "В"]


def test_the_plan_is_summed_and_its_practice_judged_by_the_server_too(demo: DemoHouse) -> None:
    person, base = begin(demo)
    person.open(f"{base}/plan")
    hours = {"lecture_hours": 44, "practice_hours": 17, "self_study_hours": 6, "control_hours": 4}
    row = {"data.plan.0.module": "Один", **{f"data.plan.0.{key}": str(value) for key, value in hours.items()}}
    person.send(FORM, row, button="[value='stay']")
    assert person.reads("Практика: 17 из 71 ч, 23 %. Нужно не меньше 18 ч: замените практикой ещё 1 ч других занятий.")
    person.send(FORM, {"data.plan.0.practice_hours": "18", "data.plan.0.lecture_hours": "43"}, button="[value='stay']")
    assert person.reads("Практика: 18 из 71 ч, 25 %. Этого достаточно.")


def test_saving_while_typing_answers_what_is_saved_and_what_is_still_missing(demo: DemoHouse) -> None:
    person, base = begin(demo)
    token = str(person.page.select_one("[name='csrf_token']")["value"])  # type: ignore[index]
    typed = {"csrf_token": token, "do": "autosave", "data.programme_title": "Набрано", "data.depository.year": "год"}
    answer = person.browser.post(f"{base}/programme", data=typed)
    assert answer.json is not None
    assert set(answer.json["wrong"]) == {"depository.year"}
    assert answer.json["missing"]["files"] == 3
    assert demo.get("applicant1", base)["programme_title"] == "Набрано"


def test_files_are_refused_with_advice_and_the_good_ones_kept(demo: DemoHouse) -> None:
    person, base = begin(demo)
    person.open(f"{base}/files")
    drop = "#kind-programme form.drop"
    person.attach(drop, "programme", "programme.pdf", b"MZ\x90 not a document")
    assert person.status == 422
    assert person.reads("Содержимое не похоже на PDF")
    person.attach(drop, "programme", "locked.pdf", locked_pdf())
    assert person.reads("защищён паролем")
    person.attach(drop, "programme", "cut.pdf", pdf()[:-200])
    assert person.reads("не открывается")
    person.attach(drop, "programme", "good.pdf", pdf())
    assert [file["name"] for file in demo.get("applicant1", base)["files"]] == ["good.pdf"]
    person.send("form[action*='/files/']")
    assert person.reads("Файл убран.")
    person.send("form[action$='/delete']")
    assert person.reads("Черновик удалён.")
    person.open(base)
    assert person.status == 404


def large_pdf(path: Path, size: int) -> Path:
    """A document of a given size that opens: the table at its end points to its beginning, and a hole lies between."""
    whole = pdf()
    tail = b"\n" + whole[whole.rindex(b"startxref") :]
    with path.open("wb") as out:
        out.write(whole)
        out.truncate(size - len(tail))
        out.seek(0, io.SEEK_END)
        out.write(tail)
    return path


def post_file(person: Person, base: str, path: Path, accept: str = "text/html") -> TestResponse:
    """Send a file as a browser does, out of a file of its own that is closed afterwards."""
    field = person.page.select_one("[name='csrf_token']")
    assert field is not None
    with path.open("rb") as content:
        data: dict[str, Any] = {"csrf_token": str(field["value"]), "kind": "programme", "file": (content, path.name)}
        built = EnvironBuilder(f"{base}/files", method="POST", data=data, headers=[("Accept", accept)])
        environ = built.get_environ()
    with closing(environ["wsgi.input"]):
        return person.browser.open(environ)


def test_a_file_of_fifty_megabytes_is_taken_without_being_held_in_memory(demo: DemoHouse, tmp_path: Path) -> None:
    person, base = begin(demo)
    path = large_pdf(tmp_path / "programme.pdf", 50 * MB)
    tracemalloc.start()
    answer = post_file(person, base, path, "application/json")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.json == {"errors": []}
    assert [file["size"] for file in demo.get("applicant1", base)["files"]] == [50 * MB]
    assert most < 25 * MB


def test_a_larger_file_is_refused_in_words_by_rule_and_by_the_request_itself(demo: DemoHouse, tmp_path: Path) -> None:
    person, base = begin(demo)
    for size, status, words in ((51, 422, "больше 50 МБ"), (61, 413, "файл до 50 МБ")):
        answer = post_file(person, base, large_pdf(tmp_path / f"{size}.pdf", size * MB))
        assert answer.status_code == status
        assert words in answer.text


def test_a_status_page_tells_who_acts_by_when_and_offers_what_may_be_done(demo: DemoHouse) -> None:
    base = submitted(demo)
    person = Person(demo, "applicant1")
    person.open(base)
    assert person.reads("Что происходит сейчас")
    assert person.reads("До какого дня 13 января 2026 г.")
    assert person.page.select_one("ol.way li.current") is not None
    person.open(f"{base}/form")
    assert person.reads("Проверка знаний без отметок")
    secretary = Person(demo, "secretary")
    secretary.open(base)
    assert secretary.status == 200
    assert secretary.reads("Заявка (приложение 1)")
    assert secretary.page.select_one("ol.way") is None


def test_a_submitted_application_is_withdrawn_on_a_page_that_tells_the_rule(demo: DemoHouse) -> None:
    case = demo.submit()
    person = Person(demo, "applicant1")
    person.open(f"/applications/{case['application']}/withdraw")
    assert person.reads("пока совет не открыл голосование")
    person.send("form[action$='/withdraw']", {"reason": ""})
    assert person.status == 422
    person.send("form[action$='/withdraw']", {"reason": "Программа перерабатывается"})
    assert person.reads("Заявка отозвана.")
    assert demo.get("applicant1", f"/cases/{case['id']}")["end"] == "withdrawn"
    person.open(f"/applications/{case['application']}/withdraw")
    assert person.reads("Дело завершено: отзывать нечего.")


def test_after_a_refusal_each_remark_has_a_place_for_its_answer(demo: DemoHouse) -> None:
    case = demo.submit()
    demo.complete("secretary", case["id"], "register_application", {"accepted": False, "reason": "Нет подписи."})
    person = Person(demo, "applicant1")
    person.open(f"/applications/{case['application']}")
    assert person.reads("Чем закончилось")
    person.send("form[action$='/again']")
    assert person.address.endswith("/remarks")
    assert person.reads("Нет подписи.")
    base = person.address.rsplit("/", 1)[0]
    person.open(f"{base}/check")
    assert person.reads("осталось без ответа: Нет подписи.")
    person.open(f"{base}/remarks")
    person.send(FORM, {"data.remedies.0.how_fixed": "Подписано"}, button="[value='next']")
    told = demo.get("applicant1", base)
    assert told["previous_case"] == case["id"]
    assert told["remedies"] == [{"remark": "Нет подписи.", "how_fixed": "Подписано"}]
    assert told["programme_title"] == APPLICATION["programme_title"]


def test_answers_to_remarks_are_read_by_the_secretary_with_the_application_and_the_task(demo: DemoHouse) -> None:
    case = demo.submit()
    demo.complete("secretary", case["id"], "register_application", {"accepted": False, "reason": "Нет подписи."})
    answers = [{"remark": "Нет подписи.", "how_fixed": "Подписано на странице 3"}]
    again = demo.submit(previous_case=case["id"], remedies=answers)
    secretary = Person(demo, "secretary")
    secretary.open(f"/applications/{again['application']}")
    assert secretary.reads("Подписано на странице 3")
    secretary.open(f"/tasks/{demo.task('secretary', again['id'], 'register_application')['id']}")
    assert secretary.reads("Подписано на странице 3")
    assert secretary.page.select_one(f"aside a[href='/cases/{case['id']}']")
    assert case["id"] not in secretary.page.get_text()


def test_another_organisation_sees_nothing(demo: DemoHouse) -> None:
    draft = demo.draft("applicant1")
    other = Person(demo, "applicant2")
    for path in ("", "/plan", "/files", "/check", "/withdraw", "/form"):
        other.open(f"/applications/{draft}{path}")
        assert other.status == 404, path
