import re

from handlers.pages.dates import ask_plainly
from handlers.pages.task_people import name_people
from tests.handlers.demo_house import CONCLUSION, DemoHouse
from tests.handlers.pages.person import Person

FORM = "form[action^='/tasks/'].card"


def open_task(person: Person, name: str, tab: str = "available") -> str:
    """Open a task of the inbox by its name; returns its address."""
    person.open(f"/?tab={tab}")
    person.follow(name)
    person.follow("На всю страницу")
    assert person.status == 200
    return person.address


def test_the_inbox_tells_what_is_owed_by_when_and_what_happens_if_not(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    person.open("/?tab=available")
    assert person.reads("остался 1 рабочий день")
    assert person.reads("Если не успеть, об этом узнают: председатель")
    assert person.reads("Срок по пункту 4.5")


def test_an_overdue_task_stands_first_and_says_so(demo: DemoHouse) -> None:
    admin = Person(demo, "admin")
    admin.open("/clock")
    admin.send("main form[action='/clock']", {"to": "26.01.2026 10:00"})
    person = Person(demo, "secretary")
    page = person.open("/?tab=available")
    first = page.select_one(".tasks section")
    assert first is not None
    assert "Срок истёк" in first.get_text()
    assert "просрочено на" in first.get_text()


def test_a_task_completed_by_its_form_moves_the_case_on(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    task = demo.get("secretary", "/tasks?scope=available&element=register_application")["items"][0]
    person.open(f"/tasks/{task['id']}")
    person.send(FORM, {"data.accepted": "true", "data.copies": "3"})
    assert person.status == 200
    assert person.address.startswith("/cases/")
    assert person.reads("Выполнено: «Зарегистрировать заявку», дело КЭС-2026-")
    assert person.reads("Техническая экспертиза")


def test_a_task_tells_people_by_name_and_nothing_of_its_drawings_marks(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    open_task(person, "Техническая экспертиза")
    (told,) = (card for card in person.page.select("aside .card") if "Сведения для решения" in card.get_text())
    assert "Протоколова Нина Тихоновна" in told.get_text()
    assert "secretary" not in told.get_text()
    for element in ("register_application", "appoint_experts", "approve_conclusions"):
        person.open(f"/tasks/{demo.get('chair', f'/tasks?scope=all&element={element}')['items'][0]['id']}")
        assert re.findall(r"[A-Z]-\d\d", person.page.get_text()) == []


def test_a_provider_may_tell_people_in_every_way_that_pages_know() -> None:
    told = {
        "absent": [{"value": "m1", "label": "Небылова О.Л."}],
        "presiding": "m1",
        "casting": None,
        "conflicts": ["m1"],
        "declined": {"m1": "болен"},
        "signatures": {"chair": {"login": "m1", "at": "2026-01-12"}},
    }
    assert name_people(told, {"m1": "Небылова"}.__getitem__) == {
        "absent": ["Небылова О.Л."],
        "presiding": "Небылова",
        "casting": None,
        "conflicts": ["Небылова"],
        "declined": {"Небылова": "болен"},
        "signatures": {"chair": {"login": "Небылова", "at": "2026-01-12"}},
    }


def test_a_date_is_asked_for_as_fields_take_it(demo: DemoHouse) -> None:
    person = Person(demo, "ministry")
    person.open(f"/tasks/{demo.get('ministry', '/tasks?scope=all&element=register_order')['items'][0]['id']}")
    person.send(FORM, {"data.number": "7", "data.signed_on": "завтра"})
    assert person.reads("Поле «Дата подписания приказа» — дата, например 12.01.2026.")
    chair = Person(demo, "chair")
    chair.open("/meetings/new")
    chair.send("form[action='/meetings/new']", {"date": "31.02.2026"})
    assert chair.reads("Укажите дату заседания в виде ДД.ММ.ГГГГ.")
    asked = {"at": ["Дата и время со смещением, например 2026-01-12T09:00:00+03:00."]}
    assert ask_plainly(asked) == {"at": ["Дата и время, например 12.01.2026 09:00."]}


def test_what_is_wrong_is_shown_at_its_field_and_what_was_typed_is_kept(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    address = open_task(person, "Техническая экспертиза")
    page = person.send(FORM, {"data.precheck.K1": "-", "data.marks.T05": "+", "data.comments.T07": "набрано"})
    assert person.status == 422
    assert person.address == address
    summary = page.select_one(".summary")
    assert summary is not None
    for link in summary.select("a"):
        assert page.select_one(str(link["href"])) is not None, link
    assert page.select_one("[name='data.marks.T05'][value='+'][checked]") is not None
    comment = page.select_one("[name='data.comments.T07']")
    assert comment is not None
    assert comment.get_text() == "набрано"
    assert page.select_one("fieldset.wrong") is not None


def test_a_draft_is_kept_for_its_writer_and_shown_to_nobody_else(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    address = open_task(person, "Техническая экспертиза")
    person.send(FORM, {"data.comments.T05": "черновая мысль"}, button="[formaction$='/draft']")
    assert person.reads("Черновик сохранён.")
    assert person.reads("черновая мысль")
    other = Person(demo, "auditor")
    other.open(address)
    assert other.status == 200
    assert not other.reads("черновая мысль")


def test_a_task_is_taken_given_back_and_handed_on(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    address = open_task(person, "Зарегистрировать приказ")
    person.send("form[action$='/claim']")
    assert person.address == address
    assert person.reads("Задача теперь ваша.")
    person.open("/?tab=mine")
    assert person.reads("Зарегистрировать приказ")
    person.open(address)
    person.send("form[action$='/unclaim']")
    assert person.reads("Возвращено в группу: «Зарегистрировать приказ»")
    person.open(address)
    person.send("form[action$='/delegate']", {"to": "ministry"})
    assert person.reads("Передано: «Зарегистрировать приказ»")
    other = Person(demo, "ministry")
    other.open("/?tab=mine")
    assert other.reads("Зарегистрировать приказ")


def test_another_roles_task_is_shown_closed(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    address = open_task(person, "Зарегистрировать заявку")
    other = Person(demo, "member03")
    page = other.open(address)
    assert other.reads("Эту задачу выполняет другая роль: ответственный секретарь")
    assert page.select(f"{FORM} button") == []
    assert all(field.has_attr("disabled") for field in page.select(f"{FORM} [name^='data.']"))


def test_the_same_form_sent_twice_changes_nothing_the_second_time(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    address = open_task(person, "Зарегистрировать заявку")
    before = person.page
    person.send(FORM, {"data.accepted": "true", "data.copies": "3"})
    assert person.status == 200
    case = person.address
    person.page, person.address = before, address
    person.send(FORM, {"data.accepted": "true", "data.copies": "3"})
    assert person.status == 200
    assert person.address == case


def test_a_task_done_meanwhile_says_who_did_it(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    address = open_task(person, "Зарегистрировать заявку")
    before = person.page
    person.send(FORM, {"data.accepted": "true", "data.copies": "3"})
    person.page, person.address = before, address
    person.send(FORM, {"data.accepted": "true", "data.copies": "3", "idempotency_key": "another"})
    assert person.status == 409
    assert person.reads("Задача уже выполнена.")
    assert person.reads("Протоколова")


def test_the_chair_sees_who_may_be_appointed_and_why_others_may_not(demo: DemoHouse) -> None:
    person = Person(demo, "chair")
    open_task(person, "Назначить трёх экспертов")
    closed = person.page.select("tr.closed")
    assert any("конфликт интересов" in row.get_text() for row in closed)
    assert all(row.select_one("input[disabled]") for row in closed)
    chosen = [str(box["value"]) for box in person.page.select("[name='data.experts']:not([disabled])")][:3]
    person.send(FORM, {"data.experts": chosen[:2]})
    assert person.status == 422
    person.send(FORM, {"data.experts": chosen})
    assert person.status == 200
    assert person.reads("Заключение эксперта")


def test_an_expert_declines_with_a_reason(demo: DemoHouse) -> None:
    api = demo.get("secretary", "/tasks?scope=all&element=expert_review")["items"]
    person = Person(demo, api[0]["assignee"])
    person.open(f"/tasks/{api[0]['id']}")
    person.send("form[action$='/decline']", {"reason": "Занят на аккредитации"})
    assert person.status == 200
    assert person.reads("Вы отказались: «Заключение эксперта», дело КЭС-2026-")
    assert person.reads("Председатель назначит другого эксперта.")
    assert person.reads("Заменить эксперта")


def test_the_conclusions_stand_side_by_side_for_the_chair(demo: DemoHouse) -> None:
    person = Person(demo, "chair")
    open_task(person, "Утвердить заключения")
    assert len(person.page.select(".versus article")) == 3
    person.send(FORM, {"data.approve": "true"})
    assert person.status == 200


def test_a_conclusion_is_shown_to_nobody_else_before_its_approval_opens(demo: DemoHouse) -> None:
    case = demo.get("secretary", "/cases?q=Музыкальное")["items"][0]["id"]
    said = {**CONCLUSION, "verdict_reason": "Пока это знает один эксперт"}
    demo.complete("member08", case, "expert_review", said)
    done = next(
        task["id"]
        for task in demo.get("secretary", f"/tasks?scope=all&state=completed&case={case}")["items"]
        if task["assignee"] == "member08"
    )
    for login, sees in (("member08", True), ("member10", False), ("chair", False), ("secretary", False)):
        person = Person(demo, login)
        page = person.open(f"/tasks/{done}")
        assert person.reads("Пока это знает один эксперт") is sees, login
        assert bool(page.select(f"{FORM} [checked]")) is sees, login
        person.open(f"/cases/{case}")
        assert not person.reads("conforms") or sees, login
    demo.complete("member10", case, "expert_review", CONCLUSION)
    person = Person(demo, "chair")
    person.open(f"/tasks/{done}")
    assert person.reads("Пока это знает один эксперт")
