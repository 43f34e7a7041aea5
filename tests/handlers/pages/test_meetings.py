from tests.handlers.demo_house import DemoHouse
from tests.handlers.pages.person import Person

FORM = "form[action^='/tasks/'].card"
NEW = "form[action='/meetings/new']"


def call(demo: DemoHouse, **values: object) -> Person:
    person = Person(demo, "secretary")
    person.open("/meetings/new")
    person.send(NEW, {"date": "13.01.2026", **values})
    return person


def test_a_meeting_is_called_with_the_cases_that_wait(demo: DemoHouse) -> None:
    person = call(demo, title="План работы на год", document="plan")
    assert person.address.startswith("/meetings/")
    assert person.reads("Заседание созвано")
    assert len(person.page.select("article[id^='item-']")) == 2
    assert person.reads("План работы на год")


def test_a_past_day_is_refused_and_the_choice_kept(demo: DemoHouse) -> None:
    person = call(demo, date="11.01.2026", title="План", document="plan")
    assert person.status == 422
    assert person.page.select_one("[name='title'][value='План']") is not None
    field = person.page.select_one("[name='date']")
    assert field is not None
    assert field["value"] == "11.01.2026"


def test_a_member_may_not_call_a_meeting(demo: DemoHouse) -> None:
    person = Person(demo, "member03")
    person.open("/meetings")
    assert person.page.select("a[href='/meetings/new']") == []
    person.open("/meetings/new")
    person.send(NEW, {"date": "13.01.2026"})
    assert person.status == 403


def test_an_applicant_does_not_enter_the_meeting_room(demo: DemoHouse) -> None:
    assert Person(demo, "applicant1").open("/meetings") is not None
    person = Person(demo, "applicant1")
    person.open("/meetings")
    assert person.status == 403


def test_members_vote_by_name_once_while_the_item_is_open(demo: DemoHouse) -> None:
    secretary = call(demo)
    room = secretary.address
    case = room.rsplit("/", 1)[1]
    chair = Person(demo, "chair")
    chair.open(room)
    chair.follow("Утвердить повестку")
    chair.send(FORM, {"data.approve": "true"})
    admin = Person(demo, "admin")
    admin.open("/clock")
    admin.send("main form[action='/clock']", {"to": "13.01.2026 10:00"})
    secretary.open(room)
    secretary.follow("Явк" if secretary.reads("Явк") else "присутств")
    present = [str(box["value"]) for box in secretary.page.select("[name='data.present']")]
    assert len(present) == 24
    secretary.send(FORM, {"data.present": present})
    assert secretary.status == 200
    member = Person(demo, "member03")
    member.open(room)
    assert member.reads("Кворум есть.")
    vote = "form[action$='/vote']"
    before, address = member.page, member.address
    member.send(vote, button="[value='against']")
    assert member.reads("Ваш голос учтён.")
    assert member.reads("Ваш голос: против")
    assert member.page.select(vote) == []
    member.page, member.address = before, address
    member.send(vote, {"idempotency_key": "again"}, button="[value='for']")
    assert member.status == 409
    outsider = Person(demo, "ministry")
    outsider.open(room)
    assert outsider.page.select(vote) == []
    secretary.open(room)
    assert secretary.page.select("table.small td")
    task = demo.task("secretary", case, "record_votes")
    shown = secretary.open(f"/tasks/{task['id']}")
    rows = {str(box["name"]).rsplit(".", 1)[1] for box in shown.select("[name^='data.votes.']")}
    assert len(rows) == 23
    assert "member03" not in rows


def test_a_held_meeting_shows_its_votes_protocol_and_signatures(demo: DemoHouse) -> None:
    person = Person(demo, "member03")
    person.open("/meetings")
    first = person.page.select("td a.strong")[-1]
    person.open(str(first["href"]))
    assert person.reads("ПРОТОКОЛ ЗАСЕДАНИЯ")
    assert person.reads("Приказ министерства")
    assert len(person.page.select("article[id^='item-'] details table tr")) >= 17
