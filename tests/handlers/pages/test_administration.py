"""Administration by its pages, without JavaScript: each act, what refuses it, and the trace that it leaves."""

import re

import pytest
from bs4 import BeautifulSoup, Tag

from handlers.pages.admin.incidents import cause_in_words
from tests.handlers.demo_house import DemoHouse
from tests.handlers.pages.person import Person, standing

PAGES = {
    "admin": [
        "/admin",
        "/admin/people",
        "/admin/people?role=member&state=open&q=эскиз",
        "/admin/people/new",
        "/admin/people/admin",
        "/admin/people/member01",
        "/admin/organizations",
        "/admin/organizations?inn=2399000058",
        "/admin/tokens",
        "/admin/council",
        "/admin/council?on=01.01.2021",
        "/admin/council?on=01.01.2010",
        "/admin/council/new",
        "/admin/experts",
        "/admin/experts?direction=Физика&state=active&q=парус",
        "/admin/experts/member05",
        "/admin/experts/import",
        "/admin/settings",
        "/admin/calendar",
        "/admin/calendar/2026",
        "/admin/calendar/2031",
        "/admin/open-data",
        "/admin/letters",
        "/admin/letters/digest",
        "/admin/letters?q=сертификат",
        "/admin/letters/expert_appointed",
        "/admin/journals/changes",
        "/admin/journals/sign-ins",
        "/admin/journals/refusals",
        "/admin/journals/letters",
        "/admin/journals/incidents",
        "/substitutions",
    ],
    "auditor": ["/admin", "/admin/people/member01", "/admin/journals/sign-ins", "/admin/settings", "/admin/tokens"],
    "secretary": ["/admin", "/admin/council/new", "/admin/experts/member01", "/admin/calendar/2027", "/admin/letters"],
    "chair": ["/admin", "/admin/settings", "/admin/council", "/admin/experts"],
}


def one(page: BeautifulSoup, selector: str) -> Tag:
    found = page.select_one(selector)
    assert found is not None, selector
    return found


def value_of(page: BeautifulSoup, selector: str) -> str:
    return str(one(page, selector)["value"])


@pytest.mark.parametrize("login", PAGES)
def test_every_page_opens_to_who_may(demo: DemoHouse, login: str) -> None:
    person = Person(demo, login)
    for path in PAGES[login]:
        page = person.open(path)
        assert person.status == 200, path
        assert page.select_one("nav.main a[href='/admin']"), path


def test_people_and_journals_are_open_to_nobody_else(demo: DemoHouse) -> None:
    for login in ("secretary", "chair", "member01", "applicant1", "analyst1", "ministry"):
        person = Person(demo, login)
        for path in ("/admin/people", "/admin/journals/sign-ins", "/admin/tokens", "/admin/journals/letters.csv"):
            person.open(path)
            assert person.status == 403, (login, path)
    for login in ("applicant1", "analyst1", "member01"):
        person = Person(demo, login)
        assert person.open("/admin").select_one("nav.main a[href='/admin']") is None
        assert person.status == 403


def test_a_person_is_entered_invited_given_a_role_and_closed(demo: DemoHouse) -> None:
    admin = Person(demo, "admin")
    admin.open("/admin/people/new")
    form = "form[action='/admin/people/new']"
    admin.send(form, {"login": "Новый", "last_name": "", "email": "где-то"})
    assert admin.status == 422
    assert {a["href"] for a in admin.page.select(".summary a")} == {
        "#f-login",
        "#f-last_name",
        "#f-first_name",
        "#f-email",
    }
    typed = {
        "last_name": "Черновая",
        "first_name": "Анна",
        "email": "anna@demo.example.org",
        "organization": "2399000019",
    }
    admin.send(form, {"login": "admin", **typed})
    assert admin.reads("Логин admin уже занят")
    admin.send(form, {"login": "anna", **typed})
    assert admin.address == "/admin/people/anna"
    admin.send("form[action$='/roles']", {"role": ["ministry"], "ministry.since": "скоро"})
    assert admin.status == 422
    admin.send(
        "form[action$='/roles']", {"role": ["ministry"], "ministry.since": "12.01.2026", "ministry.until": "31.03.2026"}
    )
    assert admin.reads("12.01.2026—31.03.2026")

    admin.send("form[action$='/invite']")
    link = value_of(admin.page, "#once")
    anna = Person(demo)
    anna.open(link[link.index("/invitation/") :])
    anna.send("form[action^='/invitation/']", {"password": "короткий", "again": "короткий"})
    assert anna.reads("Пароль короче 12 знаков")
    anna.send("form[action^='/invitation/']", {"password": "семь слонов на заборе", "again": "семь слонов"})
    assert anna.reads("Пароли не совпадают")
    anna.send("form[action^='/invitation/']", {"password": "семь слонов на заборе", "again": "семь слонов на заборе"})
    anna.send("form[action='/login']", {"login": "anna", "password": "семь слонов на заборе"})
    assert anna.page.select_one("form[action='/logout']")
    again = Person(demo)
    again.open(link[link.index("/invitation/") :])
    assert again.status == 404

    demo.post("admin", "/clock", {"now": "2026-04-01T09:00:00+03:00"})
    assert demo_roles(anna) == set()

    admin.open("/admin/people/anna")
    admin.send("form[action$='/close']")
    assert admin.reads("Учётная запись закрыта")
    assert anna.open("/").select_one("form[action='/login']")
    admin.open("/admin/journals/changes?who=admin")
    assert admin.reads("Человек внесён")
    assert admin.reads("Роли изменены")
    assert admin.reads("Учётная запись закрыта")


def demo_roles(person: Person) -> set[str]:
    answer = person.browser.get("/api/v1/me")
    return set(answer.get_json()["roles"])


def test_nobody_raises_the_own_rights_and_the_attempt_is_kept(demo: DemoHouse) -> None:
    admin = Person(demo, "admin")
    token = value_of(admin.open("/admin/people/admin"), "input[name='csrf_token']")
    body = {"csrf_token": token, "role": ["admin", "analyst"], "roles_form": "1"}
    assert admin.browser.post("/admin/people/admin/roles", data=body).status_code == 403
    analyst = Person(demo, "analyst1")
    token = value_of(analyst.open("/"), "input[name='csrf_token']")
    body = {"csrf_token": token, "role": ["admin"], "roles_form": "1"}
    assert analyst.browser.post("/admin/people/analyst1/roles", data=body).status_code == 403
    assert analyst.browser.post("/admin/people/analyst2/invite", data={"csrf_token": token}).status_code == 403

    admin.open("/admin/people/analyst2")
    admin.send("form[action$='/roles']", {"role": ["admin", "analyst"]})
    assert admin.reads("тот, кто меняет процедуру, не раздаёт права")
    admin.open("/admin/journals/refusals")
    assert admin.reads("own_rights")
    rows = [" ".join(row.get_text(" ").split()) for row in admin.page.select("tbody tr")]
    assert any("analyst1" in row and "forbidden" in row for row in rows)
    assert any("analyst2" in row and "roles" in row for row in rows)


def test_a_changed_role_ends_sessions(demo: DemoHouse) -> None:
    admin, ministry = Person(demo, "admin"), Person(demo, "ministry")
    assert ministry.open("/cases").select_one("form[action='/logout']")
    admin.open("/admin/people/ministry")
    admin.send("form[action$='/roles']", {"role": ["auditor"]})
    assert ministry.open("/cases").select_one("form[action='/login']")


def test_a_new_order_takes_the_place_of_the_last_one_from_its_day(demo: DemoHouse) -> None:
    secretary = Person(demo, "secretary")
    secretary.open("/admin/council/new")
    form = "form[action='/admin/council/new']"
    values = {"order_number": "77", "order_date": "12.01.2026", "valid_from": "01.02.2026"}
    secretary.send(form, {**values, "valid_from": "01.02.2025", "members.23.login": ""})
    assert secretary.reads("Состав нельзя менять задним числом")
    secretary.send(form, {**values, "members.23.login": "", "members.0.login": "chair"})
    assert secretary.address == "/admin/council", secretary.page.select(".summary")
    assert secretary.reads("№ 77 от 12.01.2026")
    assert len(secretary.page.select("section table tbody tr")) == 23
    secretary.open("/admin/council?on=31.01.2026")
    assert len(secretary.page.select("section table tbody tr")) == 24
    secretary.open("/admin/council/new")
    secretary.send(form, {**values, "order_number": "78", "valid_from": "20.01.2026"})
    assert secretary.reads("Уже внесён состав, действующий с 01.02.2026")


def test_an_excluded_expert_is_offered_to_nobody(demo: DemoHouse) -> None:
    secretary = Person(demo, "secretary")
    secretary.open("/admin/experts/member05")
    card = "form[action='/admin/experts/member05']"
    secretary.send(card, {"included_on": "12.01.2026", "protocol": ""})
    assert secretary.reads("Укажите номер протокола")
    secretary.send(card, {"included_on": "12.01.2026", "protocol": "4", "directions": "Физика\nХимия"})
    assert secretary.reads("Сохранено.")
    secretary.send("form[action$='/exclude']", {"reason": " "})
    assert secretary.reads("Укажите причину исключения")
    secretary.send("form[action$='/exclude']", {"reason": "сложил полномочия"})
    found = {row["login"]: row for row in demo.get("chair", "/experts")["items"]}
    assert found["member05"]["eligible"] is False
    assert found["member05"]["directions"] == ["Физика", "Химия"]
    member = Person(demo, "member01")
    token = value_of(member.open("/"), "input[name='csrf_token']")
    answer = member.browser.post("/admin/experts/member06/exclude", data={"csrf_token": token, "reason": "так"})
    assert answer.status_code == 403


def test_a_table_of_experts_is_shown_before_it_is_taken(demo: DemoHouse) -> None:
    secretary = Person(demo, "secretary")
    secretary.open("/admin/experts/import")
    form = "form[action='/admin/experts/import']"
    wrong = "логин;должность;согласие\nmember07;методист;вчера\nнекто;методист;\n"
    secretary.send(form, {"table": wrong})
    assert secretary.reads("Такого логина нет")
    assert secretary.reads("дата пишется как")
    assert secretary.page.select_one("button[name='apply']") is None
    secretary.send(
        form, {"table": "логин;должность;согласие;направления\nmember07;методист;11.01.2026;Физика, Химия\n"}
    )
    assert secretary.reads("Изменится 1 карточка")
    secretary.send(form, button="button[name='apply']")
    assert secretary.address == "/admin/experts"
    secretary.open("/admin/experts/member07")
    assert value_of(secretary.page, "#f-position") == "методист"


def test_readings_change_by_a_protocol_from_a_day_on(demo: DemoHouse) -> None:
    chair = Person(demo, "chair")
    chair.open("/admin/settings")
    form = "form[action='/admin/settings']"
    offered = {select["name"] for select in chair.page.select("select")}
    assert offered == {"quorum.base", "verdict.binding", "resubmission.remarks"}
    assert not re.search(r"A-\d\d", chair.page.get_text()), "marks that only the authors of the procedures know"
    chair.send(form, {"quorum.base": "members_only", "valid_from": ""})
    assert chair.reads("Укажите день, с которого действует версия, в виде ДД.ММ.ГГГГ.")
    chair.send(form, {"quorum.base": "members_only", "valid_from": "12.01.2026"})
    assert {a["href"] for a in chair.page.select(".summary a")} == {"#f-protocol_date"}
    basis = {"protocol": "5", "protocol_date": "12.01.2026", "valid_from": "12.01.2026", "reason": "решение совета"}
    chair.send(form, {"quorum.base": "members_only", **basis})
    assert chair.reads("только члены, без руководства")
    assert chair.reads("Протокол № 5 от 12.01.2026")
    chair.send(form, {**basis, "protocol": "6"})
    assert chair.reads("Укажите хотя бы один параметр")


def test_a_year_shows_what_it_moves_before_it_is_put_in_force(demo: DemoHouse) -> None:
    admin = Person(demo, "admin")
    admin.open("/admin/calendar/2026")
    form = "form[action='/admin/calendar/2026']"
    marked = [str(box["value"]) for box in admin.page.select(f"{form} [name='off'][checked]")]
    assert len(marked) == 365 - 246
    admin.send(form, {"turn": "завтра"})
    assert admin.status == 422
    assert admin.reads("не дата")
    admin.send(form, {"turn": "", "off": [day for day in marked if day != "2026-04-21"]})
    assert admin.reads("21.04.2026 указан выходным по закону края, а в сетке он рабочий")
    off = [day for day in marked if day != "2026-01-17"]
    admin.send(form, {"off": [*off, "2026-01-14"], "turn": "15.01.2026 18.01.2026 09.01.2026", "number": "1466-1"})
    assert admin.reads("2 дня станут выходными 14 января, среда; 15 января, четверг")
    assert admin.reads("2 дня станут рабочими 17 января, суббота; 18 января, воскресенье")
    assert admin.reads("№ 1466 от 24.09.2025 → № 1466-1 от 24.09.2025")
    assert admin.page.select("table.moves tbody tr")
    assert demo.get("admin", "/calendar/2026")["decree"]["number"] == "1466"
    admin.send(form, button="button[name='apply']")
    after = demo.get("admin", "/calendar/2026")
    assert after["decree"]["number"] == "1466-1"
    works = {day["date"]: day["working"] for day in after["days"]}
    wanted = ["2026-01-09", "2026-01-14", "2026-01-15", "2026-01-17", "2026-01-18", "2026-04-21"]
    assert [works[day] for day in wanted] == [False, False, False, True, True, False]
    assert admin.reads("Внесена таблица года")
    admin.send(form)
    assert admin.reads("таблица та же, что действует")


def test_a_letter_is_worded_previewed_and_given_back(demo: DemoHouse) -> None:
    admin = Person(demo, "admin")
    admin.open("/admin/letters/expert_appointed")
    form = "form[action='/admin/letters/expert_appointed']"
    admin.send(form, {"body": "Здравствуйте, {name}! {__class__} {секрет}"})
    assert admin.status == 422
    assert admin.reads("Фигурные скобки стоят только вокруг подстановки")
    admin.send(form, {"body": "Здравствуйте, {name}! Дело {number}."})
    assert admin.reads("Здравствуйте, Макетов Игнат Львович! Дело КЭС-2026-0042.")
    assert demo.get("admin", "/letters")["items"][0]["body"].startswith("Здравствуйте") is False
    admin.send(form, button="button[name='apply']")
    assert admin.reads("версия 1")
    admin.send("form[action$='/restore']")
    assert admin.reads("Возвращён исходный текст")


def test_a_failure_is_told_in_plain_words_and_tried_again(demo: DemoHouse) -> None:
    case = next(row for row in demo.get("secretary", "/cases")["items"] if "register_application" in row["at"])
    with demo.no_registering(case["id"]):
        admin, path = Person(demo, "admin"), f"/admin/incidents/{case['id']}"
        admin.open(path)
        for words in (
            "Шаг не выполнен: журнал заявок недоступен",
            "Протоколова Нина Тихоновна",
            "администратор, письмом",
        ):
            assert admin.reads(words), words
        (letter,) = [row for row in demo.get("admin", "/letters")["items"] if row["kind"] == "case_stopped"]
        assert path in letter["body"]
        form = f"form[action='{path}/retry']"
        admin.send(form)
        assert admin.reads("нужна запись о том, что сделано")
        admin.send(form, {"reason": "Журнал поднят"})
        assert admin.status == 409
        assert admin.reads("Снова не удалось; ничего не изменилось")
    secretary = Person(demo, "secretary")
    secretary.open("/account")
    for act in ("retry", "resume"):
        answer = secretary.browser.post(f"{path}/{act}", data=standing(secretary.page) | {"reason": ""})
        assert (answer.status_code, "журнал заявок недоступен" in answer.text) == (403, False)
    admin.send(form, {"reason": "Журнал снова доступен"})
    assert demo.get("secretary", f"/cases/{case['id']}")["at"] == ["technical_review"]
    assert Person(demo, "secretary").browser.get(path).status_code == 403


def test_a_case_is_let_go_on_without_what_failed(demo: DemoHouse) -> None:
    case = next(row for row in demo.get("secretary", "/cases")["items"] if "register_application" in row["at"])
    with demo.no_registering(case["id"]):
        admin, path = Person(demo, "admin"), f"/admin/incidents/{case['id']}"
        admin.open(path)
        form, button = f"form[action='{path}/retry']", "button[formaction$='/resume']"
        admin.send(form, button=button)
        assert admin.reads("Напишите, почему шаг не повторяется")
        admin.send(form, {"reason": "Заявка зарегистрирована на бумаге"}, button=button)
    assert (admin.status, admin.address) == (200, "/admin/journals/incidents")
    told = demo.get("secretary", f"/cases/{case['id']}")
    assert (told["state"], told["at"]) == ("active", ["register_application"])


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("Шаг не выполнен: OSError: диск полон", "Шаг не выполнен: диск полон"),
        ("Шаг не выполнен: KeyError: 'x'", "Шаг не выполнен: внутренняя ошибка программы, её текст в подробностях."),
        ("Предел шагов достигнут.", "Предел шагов достигнут."),
    ],
)
def test_a_cause_has_nothing_that_only_a_programmer_reads(cause: str, words: str) -> None:
    assert cause_in_words(cause) == words


def test_the_passport_of_open_data_names_who_answers(demo: DemoHouse) -> None:
    visitor = Person(demo)
    visitor.open("/opendata")
    assert visitor.reads("Телефон не указан: пишите на почту ниже")
    admin = Person(demo, "admin")
    admin.open("/admin/open-data")
    form = "form[action='/admin/open-data']"
    admin.send(form, {"office": "специалист", "phone": "12"})
    assert admin.status == 422
    assert admin.reads("Укажите служебный телефон с кодом города")
    admin.send(form, {"name": "Открытова Дарья Сергеевна", "phone": "+7 861 000-00-00, доб. 12", "basis": "приказ № 5"})
    assert admin.reads("Изменён паспорт открытых данных")
    visitor.open("/opendata")
    assert visitor.reads("Открытова Дарья Сергеевна, специалист")
    assert visitor.reads("+7 861 000-00-00, доб. 12")
    assert "приказ № 5" not in visitor.page.get_text()
    secretary = Person(demo, "secretary")
    secretary.open("/admin/open-data")
    assert secretary.page.select_one(form) is None
    admin.open("/admin/open-data")
    admin.send(form, {"name": "", "office": "", "phone": "", "basis": ""})
    visitor.open("/opendata")
    assert visitor.reads("ответственный секретарь совета")


def test_a_journal_is_taken_away_as_a_table(demo: DemoHouse) -> None:
    auditor = Person(demo, "auditor")
    answer = auditor.browser.get("/admin/journals/sign-ins.csv?who=auditor")
    assert answer.status_code == 200
    text = answer.get_data().decode("utf-8-sig")
    assert text.splitlines()[0] == "at;login;address;outcome"
    assert "auditor" in text
