"""A case is talked about, files are put into it, what is typed survives the end of a session; people set their own."""

import io

import sqlalchemy as sa

from handlers.accounts.records import credential, find_credential, session
from tests.handlers.demo_house import PDF, DemoHouse
from tests.handlers.pages.person import Person

FORM = "#task-form"
SAY = "form.say"


def end_sessions(demo: DemoHouse) -> None:
    """Every session has run out, as after half an hour of typing."""
    with demo.context.runtime.database.write() as connection:
        connection.execute(sa.delete(session))


def open_review(demo: DemoHouse, person: Person) -> str:
    """Open the form of a technical review; returns its address."""
    task = demo.get("secretary", "/tasks?scope=available&element=technical_review")["items"][0]["id"]
    person.open(f"/tasks/{task}")
    return f"/tasks/{task}"


def test_a_comment_of_a_task_is_the_cases_and_names_whom_it_calls(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    address = open_review(demo, person)
    person.send(SAY, {"text": "Посмотрите, @chair", "also": ["member01"]})
    assert person.address == address
    assert person.reads("Комментарий добавлен.")
    case = demo.get("secretary", address)["case"]["id"]
    other = Person(demo, "chair")
    page = other.open(f"/cases/{case}")
    remark = page.select_one(".remark")
    assert remark is not None
    assert "Главов Матвей Андреевич" in remark.get_text()
    assert page.select(".remark form") == []
    other.open("/letters")
    assert other.reads("Вас упомянули в деле")
    person.open(f"/cases/{case}")
    person.send(".remark form")
    assert person.reads("Автор отозвал комментарий.")
    assert not person.reads("Посмотрите,")


def test_a_refused_comment_stays_in_its_field_with_what_is_wrong(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    open_review(demo, person)
    page = person.send(SAY, {"text": "Где же @nobody?"})
    assert person.status == 422
    area = page.select_one("#say-text")
    assert area is not None
    assert area.get_text().strip() == "Где же @nobody?"
    assert person.reads("Нет таких участников: @nobody.")


def test_an_applicant_speaks_openly_and_reads_nothing_internal(demo: DemoHouse) -> None:
    case = demo.submit()["id"]
    inside = Person(demo, "secretary")
    inside.open(f"/cases/{case}")
    inside.send(SAY, {"text": "Между нами."})
    person = Person(demo, "applicant1")
    page = person.open(f"/cases/{case}")
    assert not person.reads("Между нами.")
    assert page.select("[name='audience']") == []
    # The secretary may be called by name; who else has which login is no applicant's concern.
    assert [str(box["value"]) for box in page.select("[name='also']")] == ["secretary"]
    person.send(SAY, {"text": "Когда ждать ответа?"})
    assert person.reads("Когда ждать ответа?")
    inside.open(f"/cases/{case}")
    assert inside.reads("Когда ждать ответа?")


def test_a_file_is_put_into_a_case_and_a_false_one_is_refused_at_its_field(demo: DemoHouse) -> None:
    case = demo.submit()["id"]
    person = Person(demo, "secretary")
    for content, status in ((b"MZ", 422), (PDF, 200)):
        page = person.open(f"/cases/{case}")
        form = page.select_one(".attach form")
        assert form is not None
        token = form.select_one("[name='csrf_token']")
        assert token is not None
        data = {"csrf_token": str(token["value"]), "title": "Справка", "file": (io.BytesIO(content), "справка.pdf")}
        answer = person.browser.post(str(form["action"]), data=data, follow_redirects=True)
        assert answer.status_code == status
        assert (status == 200) == ("Файл приложен к делу." in answer.text)
    page = person.open(f"/cases/{case}")
    link = page.select_one("#attachments a[href^='/documents/']")
    assert link is not None
    assert link.get_text() == "Справка"
    assert person.browser.get(str(link["href"])).status_code == 200


def test_what_is_typed_when_the_session_ends_is_in_the_form_again_after_signing_in(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    address = open_review(demo, person)
    end_sessions(demo)
    page = person.send(FORM, {"data.comments.T05": "набрано после обеда"})
    assert person.status == 401
    assert page.select_one("form[action='/login'] [name='kept']") is not None
    person.send("form[action='/login']", {"password": "не тот"})
    assert person.page.select_one("form[action='/login'] [name='kept']") is not None
    person.send("form[action='/login']", {"password": "demo"})
    assert person.address == address
    assert person.reads("Набранное до окончания сеанса сохранено черновиком")
    area = person.page.select_one("[name='data.comments.T05']")
    assert area is not None
    assert area.get_text().strip() == "набрано после обеда"


def test_what_was_typed_is_not_shown_to_somebody_else_who_signs_in(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    address = open_review(demo, person)
    end_sessions(demo)
    person.send(FORM, {"data.comments.T05": "не для чужих глаз"})
    person.send("form[action='/login']", {"login": "chair", "password": "demo"})
    assert person.address == address
    assert not person.reads("не для чужих глаз")
    owner = Person(demo, "secretary")
    owner.open(address)
    assert not owner.reads("не для чужих глаз")


def test_a_form_of_an_older_session_is_shown_again_with_what_was_typed(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    address = open_review(demo, person)
    before = person.page
    end_sessions(demo)
    person.open("/login")
    person.send("form[action='/login']", {"login": "secretary", "password": "demo"})
    person.page, person.address = before, address
    page = person.send(FORM, {"data.comments.T05": "из старой вкладки"})
    assert person.status == 403
    assert person.reads("вы входили заново")
    area = page.select_one("[name='data.comments.T05']")
    assert area is not None
    assert area.get_text().strip() == "из старой вкладки"


def test_a_script_that_saves_a_draft_gets_a_short_answer(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    address = open_review(demo, person)
    token = str(person.page.select_one("[name='csrf_token']")["value"])  # type: ignore[index]
    sent = {"csrf_token": token, "data.comments.T05": "само"}
    answer = person.browser.post(f"{address}/draft", data=sent, headers={"X-KES-Draft": "1"})
    assert answer.status_code == 200
    assert answer.json is not None
    assert len(answer.json["saved_at"]) == len("12:31")
    end_sessions(demo)
    answer = person.browser.post(f"{address}/draft", data=sent, headers={"X-KES-Draft": "1"})
    assert answer.status_code == 401
    assert answer.json is not None


def test_letters_and_the_digests_hour_are_each_persons_own(demo: DemoHouse) -> None:
    person = Person(demo, "chair")
    person.open("/me")
    person.send("form[action='/me']", {"letters": ["mention"], "digest_hour": "7", "language": "en"})
    assert person.reads("Settings saved.")
    chosen = [str(box["value"]) for box in person.page.select("[name='letters'][checked]")]
    assert chosen == ["mention"]
    person.send("form[action='/me']", {"digest_hour": "3", "language": "ru"})
    assert person.status == 422
    other = Person(demo, "secretary")
    page = other.open("/me")
    assert len(page.select("[name='letters'][checked]")) == 4
    assert other.reads("Эти письма приходят всегда")


def test_a_token_is_shown_once_and_can_be_taken_back(demo: DemoHouse) -> None:
    person = Person(demo, "chair")
    person.open("/me")
    page = person.send("form[action='/me/tokens']")
    shown = page.select_one(".secret")
    assert shown is not None
    secret = shown.get_text()
    header = {"Authorization": f"Bearer {secret}"}
    assert demo.client().get("/api/v1/me", headers=header).status_code == 200
    page = person.open("/me")
    assert page.select_one(".secret") is None
    person.send("form[action$='/revoke']")
    assert person.reads("Токен отозван.")
    assert demo.client().get("/api/v1/me", headers=header).status_code == 401


def test_a_new_password_ends_every_other_session(demo: DemoHouse) -> None:
    with demo.context.runtime.database.write() as connection:
        connection.execute(sa.update(credential).where(credential.c.login == "chair").values(is_demo=False))
    person, elsewhere = Person(demo, "chair"), Person(demo, "chair")
    person.open("/me")
    sent = {"old": "demo", "new": "длинный-новый-пароль", "again": "другой"}
    person.send("form[action='/me/password']", sent)
    assert person.status == 422
    person.send("form[action='/me/password']", {**sent, "again": sent["new"], "old": "не тот"})
    assert person.status == 422
    person.send("form[action='/me/password']", {**sent, "again": sent["new"]})
    assert person.reads("Пароль сменён")
    elsewhere.open("/me")
    assert elsewhere.address == "/login"
    with demo.context.runtime.reading() as tx:
        kept = find_credential(tx.connection, "chair")
    assert kept is not None
    assert kept["is_demo"] is False
