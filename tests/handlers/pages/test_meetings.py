from typing import Any

import sqlalchemy as sa

from engine.records.tables import case as case_file
from tests.handlers.demo_house import DemoHouse
from tests.handlers.pages.person import Person

FORM = "form[action^='/tasks/'].card"
NEW = "form[action='/meetings/new']"
VOTE = "form[action$='/vote']"


def call(demo: DemoHouse, **values: object) -> Person:
    person = Person(demo, "secretary")
    person.open("/meetings/new")
    person.send(NEW, {"date": "13.01.2026", **values})
    return person


def come_to_the_day(demo: DemoHouse) -> None:
    demo.post("admin", "/clock", {"now": "2026-01-13T10:00:00+03:00"})


def opened(demo: DemoHouse, **values: object) -> Person:
    """The secretary in the hall of a meeting with all 24 present, its first item under vote."""
    secretary = call(demo, **values)
    case = secretary.address.rsplit("/", 1)[1]
    demo.complete("chair", case, "approve_agenda", {"approve": True})
    come_to_the_day(demo)
    secretary.open(f"/meetings/{case}")
    roll = {str(box["name"]): "in_person" for box in secretary.page.select("[name^='here.']")}
    assert len(roll) == 24
    secretary.send("form[action$='/arrivals']", roll, button="[name='open']")
    assert secretary.reads("24 из 24 кворум есть нужно 17")
    return secretary


def items_of(person: Person) -> list[str]:
    return [" ".join(one.get_text(" ").split()) for one in person.page.select("ol.points h3")]


def test_a_meeting_is_called_with_the_cases_that_wait(demo: DemoHouse) -> None:
    person = call(demo, title="План работы на год", document="plan")
    assert person.address.startswith("/meetings/")
    assert person.reads("Заседание созвано")
    assert len(person.page.select("article[id^='item-']")) == 2
    assert person.reads("План работы на год")


def test_a_case_that_waits_is_offered_however_many_are_younger(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    offered = [box["value"] for box in person.open("/meetings/new").select("[name='case']")]
    assert offered
    with demo.context.runtime.transaction() as tx:
        row = tx.connection.execute(sa.select(case_file).where(case_file.c.id == offered[0])).mappings().one()
        younger = [{**row, "id": f"{n:z>26}", "number": f"М-{n}", "at": ["certificate_in_force"]} for n in range(200)]
        tx.connection.execute(sa.insert(case_file), younger)
    assert [box["value"] for box in person.open("/meetings/new").select("[name='case']")] == offered


def test_a_past_day_is_refused_and_the_choice_kept(demo: DemoHouse) -> None:
    person = call(demo, date="11.01.2026", title="План", document="plan")
    assert person.status == 422
    assert person.page.select_one("[name='title'][value='План']") is not None
    field = person.page.select_one("[name='date']")
    assert field is not None
    assert field["value"] == "11.01.2026"


def test_a_day_off_is_told_and_not_refused(demo: DemoHouse) -> None:
    assert not call(demo, title="План").reads("День заседания нерабочий")
    person = call(demo, date="18.01.2026", title="План", document="plan")
    assert person.reads("Заседание созвано")
    assert person.reads("День заседания нерабочий: 18 января, воскресенье . Если день указан по ошибке")


def test_a_member_may_not_call_a_meeting(demo: DemoHouse) -> None:
    person = Person(demo, "member03")
    person.open("/meetings")
    assert person.page.select("a[href='/meetings/new']") == []
    person.open("/meetings/new")
    person.send(NEW, {"date": "13.01.2026"})
    assert person.status == 403


def test_an_applicant_does_not_enter_the_meeting_room(demo: DemoHouse) -> None:
    room = call(demo).address
    person = Person(demo, "applicant1")
    for path in ("/meetings", "/meetings/watch", "/meetings/decisions", room, f"{room}/live", f"{room}/protocol"):
        person.open(path)
        assert person.status == 403


def test_the_buttons_move_an_item_and_an_invited_member_answers(demo: DemoHouse) -> None:
    secretary = call(demo, title="План работы", document="plan")
    room = secretary.address
    secretary.open(f"{room}/agenda")
    secretary.send("#order-form", {"order": ["1", "2"]}, button=None, without=["move"])
    secretary.send("#order-form", {"order": ["1", "2"], "move": "2-up"})
    assert items_of(secretary)[0] == "1 . План работы"
    assert secretary.reads("Порядок вопросов сохранён.")
    demo.complete("chair", room.rsplit("/", 1)[1], "approve_agenda", {"approve": True})
    member = Person(demo, "member03")
    member.open(f"{room}/agenda")
    assert member.page.select("#order-form") == []
    member.send("form[action$='/answer']", {"answer": "declined", "reason": ""})
    assert member.status == 422
    member.send("form[action$='/answer']", {"answer": "declined", "reason": "Отпуск"})
    assert member.reads("Ваш ответ на приглашение сохранён.")
    document = member.page.select_one("form[action*='/materials/']")
    assert document is not None
    answer = member.browser.post(str(document["action"]), data={"csrf_token": token_of(member)})
    assert answer.status_code == 303
    member.send("form[action$='/read']")
    assert member.reads("Ознакомились: 1 из 24")
    assert member.reads("Вы открывали")


def token_of(person: Person) -> str:
    field = person.page.select_one("[name='csrf_token']")
    assert field is not None
    return str(field["value"])


def test_members_vote_by_name_once_while_the_item_is_open(demo: DemoHouse) -> None:
    secretary = opened(demo)
    room = secretary.address
    member = Person(demo, "member03")
    member.open(room)
    before, address = member.page, member.address
    member.send(VOTE, {"vote": "against"})
    assert member.reads("Ваш голос учтён.")
    assert member.reads("Ваш голос: против")
    assert member.page.select(VOTE) == []
    member.page, member.address = before, address
    member.send(VOTE, {"idempotency_key": "again", "vote": "for"})
    assert member.status == 409
    outsider = Person(demo, "ministry")
    outsider.open(room)
    assert outsider.page.select(VOTE) == []
    assert outsider.page.select("#record") == []
    shown = outsider.page.select_one(".motion .counts .against")
    assert shown is not None
    assert "Эскизова" in shown.get_text()


def test_the_secretary_records_the_rest_and_words_the_protocol_until_it_is_signed(demo: DemoHouse) -> None:
    secretary = opened(demo, title="План работы", document="plan")
    room, case = secretary.address, secretary.address.rsplit("/", 1)[1]
    demo.post("member03", f"/meetings/{case}/items/1/vote", {"vote": "for"})
    member = Person(demo, "member04")
    member.open(room)
    member.send("form[action$='/items/1/recusal']", {"reason": "Работал над программой"})
    assert member.reads("Вы взяли самоотвод по этому вопросу.")
    secretary.open(room)
    waiting = {str(box["name"]).removeprefix("of.") for box in secretary.page.select("[name^='of.']")}
    assert len(waiting) == 22
    secretary.send("#record", {"rest": "against", "of.chair": "for"})
    assert secretary.status == 422
    assert secretary.reads("Решение об отказе требует рекомендаций.")
    secretary.send("#record", {"recommendations": "Доработать план\n\nУточнить критерии"})
    assert secretary.reads("Голосование по вопросу закрыто.")
    secretary.send("#record", {"rest": "for"})
    secretary.open(f"{room}/protocol")
    assert secretary.reads("(Работал над программой)")
    words = {"heard.1": "Докладывал секретарь.", "task.1": "Сообщить заявителю", "who.1": "secretary"}
    secretary.send("#words", {**words, "due.1": "завтра"})
    assert secretary.status == 422
    secretary.send("#words", {"due.1": "20.01.2026"})
    assert secretary.reads("Слова протокола сохранены.")
    secretary.follow("Редакция 2")
    added = " ".join(one.get_text() for one in secretary.page.select(".protocol ins"))
    assert "Докладывал секретарь." in added
    assert "Сообщить заявителю. Ответственный: Н.Т. Протоколова. Срок: 20.01.2026." in added
    demo.complete("secretary", case, "sign_protocol_secretary", {"confirm": True})
    secretary.open(f"{room}/protocol")
    assert secretary.page.select("#words") == []
    demo.complete("chair", case, "sign_protocol_chair", {"confirm": True})
    secretary.open("/meetings/decisions")
    secretary.send("form[action$='/done']", {"done_on": "13.01.2026", "note": "Отправлено"})
    assert secretary.reads("Исполнение отмечено.")
    assert secretary.page.select(".tasks .badge.good")


def test_a_page_that_shows_all_there_is_is_answered_by_304(demo: DemoHouse) -> None:
    secretary = opened(demo)
    live = f"{secretary.address}/live"
    first = secretary.browser.get(live)
    tag = first.headers["ETag"]
    assert first.status_code == 200
    assert secretary.browser.get(live, headers={"If-None-Match": tag}).status_code == 304
    case = secretary.address.rsplit("/", 1)[1]
    demo.post("member03", f"/meetings/{case}/items/1/vote", {"vote": "for"})
    again = secretary.browser.get(live, headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert again.headers["ETag"] != tag
    assert "csrf_token" in again.text
    member = Person(demo, "member03")
    assert member.browser.get(live).headers["ETag"] != again.headers["ETag"]


def test_a_held_meeting_shows_its_votes_protocol_and_decisions(demo: DemoHouse) -> None:
    person = Person(demo, "member03")
    person.open("/meetings")
    first: Any = person.page.select("td a.strong")[-1]
    room = str(first["href"])
    person.open(room)
    assert len(person.page.select("article[id^='item-'] .voters li")) >= 17
    person.open(f"{room}/protocol")
    assert person.reads("ПРОТОКОЛ ЗАСЕДАНИЯ")
    person.open(f"{room}/decisions")
    assert person.reads("Приказ министерства")
    assert person.reads("Выписка из протокола")
    person.open("/meetings/watch")
    assert person.reads("требование соблюдено")
