"""The inbox without JavaScript: lists, filters, saved views, several tasks at once, days to come back."""

from typing import Any

from icalendar import Calendar

from handlers.pages.inbox_place import next_of, read_back
from tests.handlers.demo_house import DemoHouse
from tests.handlers.pages.person import Person


def names(person: Person) -> list[str]:
    """The tasks of the list, in order."""
    return [link.get_text() for link in person.page.select(".task .what > a")]


def mark(person: Person, *wanted: str) -> dict[str, Any]:
    """What marking these tasks would send."""
    rows = person.page.select(".task")
    found = [row for row in rows if row.select_one(".what > a").get_text() in wanted]  # type: ignore[union-attr]
    return {"task": [str(row.select_one("input[name='task']")["value"]) for row in found]}  # type: ignore[index]


def preview(person: Person, act: str, tasks: list[str], **more: str) -> None:
    """Ask what an act would do."""
    asked = "&".join([f"do={act}", *(f"task={task}" for task in tasks), *(f"{k}={v}" for k, v in more.items())])
    person.open(f"/inbox/bulk?{asked}")


def outcome(person: Person, case: str) -> str:
    """What the page tells of a case's task."""
    rows = person.page.select("tbody tr, .list > li")
    return " ".join(next(row.get_text(" ") for row in rows if case in row.get_text()).split())


def test_a_chosen_task_stands_beside_the_list(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    person.open("/?tab=available")
    before = names(person)
    page = person.follow("Техническая экспертиза")
    assert names(person) == before
    pane = page.select_one(".pane")
    assert pane is not None
    assert pane.select_one("form[action^='/tasks/'] [name='data.marks.T01']") is not None
    assert "По истечении система извещает председателя КЭС" in pane.get_text()
    assert page.select_one(".task.chosen [aria-current]") is not None


PANE = ".pane form.task-form"


def test_a_task_done_beside_the_list_leads_back_to_it_with_the_next_one(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    person.open("/?tab=all&process=certification")
    before = names(person)
    person.follow("Зарегистрировать заявку")
    refused = person.send(PANE, {"data.accepted": "true"}, without=["data.copies"])
    assert person.status == 422
    assert refused.select_one(".pane .summary") is not None
    assert names(person) == before
    person.send(".pane form[action$='/claim']")
    assert person.address == "/"
    assert person.reads("Теперь задача ваша.")
    assert person.page.select_one(PANE) is not None
    done = person.send(PANE, {"data.accepted": "true", "data.copies": "3"})
    assert person.reads("Выполнено: «Зарегистрировать заявку», дело КЭС-2026-")
    assert done.select_one(".chips") is not None
    assert done.select_one(".tabs [aria-current]").get_text().startswith("Все")  # type: ignore[union-attr]
    chosen = done.select_one(".task.chosen .what > a")
    assert chosen is not None
    assert chosen.get_text() == before[before.index("Зарегистрировать заявку") + 1]
    person.open("/?tab=done")
    assert "Зарегистрировать заявку" in names(person)


def test_an_act_leads_back_to_pages_of_ours_alone() -> None:
    for address in (
        "//evil.example/",
        "https://evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/login?next=x",
        "?a",
    ):
        assert read_back(address) == "", address
    assert read_back("/?tab=all&q=%D1%82&task=1&done=claimed&about=1") == "/?tab=all&q=%D1%82"
    assert read_back("/cases/42?step=3") == "/cases/42?step=3"
    assert next_of(["a", "b", "c"], ["a", "c", "d"], "b") == "c"
    assert next_of(["a", "b"], ["a"], "b") == "a"
    assert next_of(["b"], [], "b") == ""


def test_filters_narrow_the_list_and_are_taken_away_one_by_one(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    person.open("/?tab=all&process=certification&stage=Содержательная+экспертиза")
    assert set(names(person)) == {"Заключение эксперта"}
    assert [chip.get_text().split(":")[-1].strip() for chip in person.page.select(".chips a")] == [
        "Сертификация",
        "Содержательная экспертиза",
    ]
    person.open("/?tab=all&element=appoint_experts")
    assert names(person) == ["Назначить трёх экспертов"]
    person.open("/?tab=all&from=14.01.2026&to=14.01.2026")
    assert names(person) == ["Назначить трёх экспертов"]
    person.open("/?tab=all&when=overdue")
    assert names(person) == []
    assert person.reads("Под эти условия не подходит ни одна задача")
    person.open("/?tab=all&from=вчера")
    assert person.reads("День пишется так")


def test_a_case_is_found_by_number_title_and_applicant(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    for asked in ("КЭС-2026-0012", "кэс-2026-0012", "театральн", "педагог театр", "0012"):
        person.open(f"/?tab=all&q={asked}")
        assert names(person) == ["Техническая экспертиза"], asked
    person.open("/?tab=all")
    whole = len(names(person))
    person.open("/?tab=all&q=ориентир")
    assert 0 < len(names(person)) < whole
    person.open("/?tab=all&q=несуществующее")
    assert names(person) == []


def test_a_view_is_kept_shared_with_a_role_and_opened_first(demo: DemoHouse) -> None:
    secretary, chair, expert = (Person(demo, login) for login in ("secretary", "chair", "member08"))
    secretary.open("/?tab=all&element=register_application")
    secretary.send("form.save-view", {"name": "Регистрация", "group": "chair"})
    assert secretary.reads("Подборка сохранена")
    address = secretary.page.select_one(".list-views a")
    assert address is not None
    view = str(address["href"])
    chair.open(view)
    assert names(chair) == ["Зарегистрировать заявку"]
    chair.send(".list-views form", button="[value='first']")
    chair.open("/")
    assert chair.page.select_one("h1").get_text() == "Регистрация"  # type: ignore[union-attr]
    expert.open(view)
    assert expert.status == 404
    expert.open("/?tab=mine")
    expert.send("form.save-view", {"name": "Моё", "group": "member"})
    assert expert.status == 403
    secretary.open(view)
    secretary.send(".list-views form", button="[value='delete']")
    chair.open("/")
    assert chair.status == 200
    assert names(chair) != ["Зарегистрировать заявку"]


def test_several_tasks_are_taken_after_a_preview_and_each_answers_for_itself(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    person.open("/?tab=all")
    tasks = mark(person, "Зарегистрировать заявку", "Подготовить отказ", "Назначить трёх экспертов")["task"]
    preview(person, "claim", tasks)
    assert person.reads("Изменятся 2 задачи, без изменений останется 1 задача.")
    assert "её выполняет другая роль" in outcome(person, "КЭС-2026-0011")
    person.send("form[action='/inbox/bulk'][method='post']")
    assert person.reads("Сделаны 2 задачи")
    person.open("/?tab=mine")
    assert set(names(person)) == {"Зарегистрировать заявку", "Подготовить отказ"}
    kept = mark(person, "Зарегистрировать заявку", "Подготовить отказ")["task"]
    preview(person, "unclaim", kept)
    person.send("form[action='/inbox/bulk'][method='post']")
    person.open("/?tab=mine")
    assert names(person) == []


def test_the_same_confirmation_sent_again_changes_nothing(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    person.open("/?tab=available")
    tasks = mark(person, "Подготовить отказ")["task"]
    preview(person, "claim", tasks)
    confirmation = person.page
    person.send("form[action='/inbox/bulk'][method='post']")
    demo.post("secretary", f"/tasks/{tasks[0]}/unclaim")
    person.page = confirmation
    person.send("form[action='/inbox/bulk'][method='post']")
    assert demo.get("secretary", f"/tasks/{tasks[0]}")["assignee"] is None


def test_the_chair_takes_a_task_from_its_holder_and_gives_it_to_another(demo: DemoHouse) -> None:
    task = demo.get("secretary", "/tasks?scope=available&element=technical_review")["items"][0]["id"]
    demo.post("secretary", f"/tasks/{task}/claim")
    chair, member = Person(demo, "chair"), Person(demo, "member08")
    preview(chair, "delegate", [task])
    assert chair.page.select_one("option[value='secretary']") is not None
    preview(chair, "delegate", [task], to="member08")
    assert chair.reads("не входит в группу")
    member.open("/")
    preview(member, "delegate", [task], to="secretary")
    assert member.page.select_one("form[method='post'] input[name='task']") is None


def test_a_day_to_come_back_is_the_persons_own_and_sorts_its_tab(demo: DemoHouse) -> None:
    person, other = Person(demo, "secretary"), Person(demo, "chair")
    person.open("/?tab=available")
    tasks = mark(person, "Подготовить отказ", "Техническая экспертиза")["task"]
    preview(person, "follow_up", tasks, day="12.01.2026")
    assert person.reads("Изменятся 2 задачи")
    person.send("form[action='/inbox/bulk'][method='post']")
    person.open("/?tab=following")
    assert person.reads("Вернуться сегодня")
    assert len(names(person)) == 2
    person.follow(names(person)[0])
    person.send(".follow-up form", {"day": "20.02.2026"})
    assert person.reads("Дата возврата записана")
    assert person.reads("20 февраля 2026 г.")
    person.send(".follow-up form", button="[name='drop']")
    person.open("/?tab=following")
    assert len(names(person)) == 1
    other.open("/?tab=following")
    assert names(other) == []
    preview(person, "follow_up", tasks, day="11.01.2026")
    assert person.reads("сегодня или позже")


def test_a_stand_in_sees_what_the_absent_person_would_do_and_takes_it_over(demo: DemoHouse) -> None:
    task = demo.get("secretary", "/tasks?scope=available&element=send_refusal")["items"][0]["id"]
    demo.post("secretary", f"/tasks/{task}/claim")
    chair = Person(demo, "chair")
    chair.open("/substitutions")
    chair.send(
        "main form[action='/substitutions']",
        {
            "absent": "secretary",
            "deputy": "member08",
            "from": "12.01.2026",
            "until": "16.01.2026",
            "basis": "приказ № 7",
        },
    )
    person = Person(demo, "member08")
    person.open("/?tab=substituting")
    assert {"Подготовить отказ", "Зарегистрировать заявку"} <= set(names(person))
    preview(person, "delegate", mark(person, "Подготовить отказ")["task"], to="member08")
    person.send("form[action='/inbox/bulk'][method='post']")
    assert demo.get("member08", f"/tasks/{task}")["assignee"] == "member08"
    person.open("/?tab=substituting")
    assert "Подготовить отказ" not in names(person)


def test_the_calendar_says_the_deadlines_and_nothing_more_until_it_is_closed(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    person.open("/me/calendar")
    person.send("main form[action='/me/calendar']", {"offered": "1"})
    address = str(person.page.select_one("#address")["value"])  # type: ignore[index]
    path = "/calendar/" + address.rpartition("/")[2]
    answer = demo.client().get(path)
    assert answer.mimetype == "text/calendar"
    assert "private" in answer.headers["Cache-Control"]
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    due = {str(event["SUMMARY"]): event for event in events}
    review = due["Срок: Техническая экспертиза (КЭС-2026-0012)"]
    assert review.decoded("DTSTART").isoformat() == "2026-01-15"
    assert review.decoded("DTEND").isoformat() == "2026-01-16"
    assert str(review["STATUS"]) == "CONFIRMED"
    task = demo.get("secretary", "/tasks?scope=available&element=technical_review")["items"][0]["id"]
    assert str(review["UID"]).startswith(f"task-{task}@")
    assert str(review["URL"]).endswith(f"/tasks/{task}")
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))
    offered = {item["id"] for item in demo.get("secretary", "/tasks?scope=available")["items"] if item["due_at"]}
    assert {str(event["UID"]).partition("@")[0][5:] for event in events} == offered
    person.send("main form[action='/me/calendar']")
    assert demo.client().get(path).status_code == 404
    person.send("main form[action='/me/calendar']", button="[name='close']")
    assert person.reads("Календарь закрыт")


def test_the_keys_have_a_page_and_a_window_on_every_page(demo: DemoHouse) -> None:
    person = Person(demo, "secretary")
    assert person.page.select_one("dialog#keys dl") is not None
    person.open("/help/keys")
    assert person.reads("Следующая задача")
