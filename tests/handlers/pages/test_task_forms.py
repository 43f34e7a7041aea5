"""The forms of tasks without scripts: every path to its end, with what goes wrong on the way."""

from bs4 import Tag

from tests.handlers.demo_house import DemoHouse
from tests.handlers.pages.person import Person

FORM = "form[action^='/tasks/'].card"
PASSED = {f"data.precheck.K{n}": "+" for n in range(1, 6)} | {
    f"data.marks.T{n:02}": "-" if n == 28 else "+" for n in range(1, 33)
}


def open_task(demo: DemoHouse, login: str, element: str) -> Person:
    """Open the first open task at an element."""
    task = demo.get(login, f"/tasks?scope=all&element={element}")["items"][0]
    person = Person(demo, login)
    person.open(f"/tasks/{task['id']}")
    assert person.status == 200
    return person


def one(person: Person, selector: str) -> Tag:
    found = person.page.select_one(selector)
    assert found is not None, selector
    return found


def shown_outcome(person: Person) -> str:
    return one(person, ".tally [data-outcome]:not([hidden])").get_text().strip()


def test_the_checklist_is_filled_in_ordered_and_completed(demo: DemoHouse) -> None:
    person = open_task(demo, "secretary", "technical_review")
    assert shown_outcome(person) == "итог ещё не ясен"
    some = {"data.marks.T01": "+", "data.marks.T05": "-", "data.marks.T28": "+", "data.comments.T28": "Сбиты отступы"}
    person.send(FORM, some, button="[name=order][value=defects]")
    assert [row.get_text() for row in person.page.select("tbody[data-band=unmet] .code")] == ["T05", "T28"]
    assert one(person, "[name='data.comments.T28']").get_text() == "Сбиты отступы"
    assert shown_outcome(person) == "не пройдена"
    assert one(person, ".tally [data-tally=marked]").get_text() == "3"
    person.send(FORM, button="[name=order][value=blank]")
    hidden = person.page.select("tr[data-row][hidden] .code")
    assert [row.get_text() for row in hidden] == ["T01", "T05", "T28"]
    person.send(FORM, {**PASSED, "data.marks.T05": "-", "data.marks.T28": "+"})
    assert person.status == 422
    assert one(person, ".summary a[href='#f-comments-T05']").get_text().startswith("T05: Строка не пройдена")
    wrong = one(person, "[name='data.comments.T05']")
    assert (wrong.has_attr("autofocus"), wrong["aria-invalid"]) == (True, "true")
    assert "f-comments-T05-error" in str(wrong["aria-describedby"])
    assert len(person.page.select("[autofocus]")) == 1
    person.send(FORM, {"data.comments.T05": "Не названы авторы"})
    assert person.status == 200
    assert person.reads("Выполнено: «Техническая экспертиза», дело КЭС-2026-")


def test_a_conclusion_against_its_score_is_filed_with_a_reason(demo: DemoHouse) -> None:
    login = demo.get("secretary", "/tasks?scope=all&element=expert_review")["items"][0]["assignee"]
    person = open_task(demo, login, "expert_review")
    marks = {f"data.marks.E{n:02}": "+" if n <= 17 else "-" for n in range(1, 25)}
    said = {f"data.comments.E{n:02}": "Нет" for n in range(18, 25)}
    start = {"data.declaration.no_conflict": "true", **marks, **said, "data.verdict": "conforms"}
    person.send(FORM, start)
    assert person.status == 422
    assert one(person, ".tally [data-tally=share]").get_text() == "70,83"
    assert shown_outcome(person) == "не соответствует"
    assert not one(person, "[data-against]").has_attr("hidden")
    assert one(person, "[name='data.verdict_reason']").has_attr("autofocus")
    assert not one(person, "[data-suggests=does_not_conform]").has_attr("hidden")
    person.send(FORM, {"data.verdict_reason": "Замечания устранимы"})
    assert person.status == 200


def test_experts_are_suggested_sorted_and_appointed(demo: DemoHouse) -> None:
    person = open_task(demo, "chair", "appoint_experts")
    person.send(FORM, button="[name=suggest]")
    chosen = [str(box["value"]) for box in person.page.select("[name='data.experts'][checked]")]
    assert len(chosen) == 3
    assert one(person, "[data-picked]").get_text() == "3"
    person.send(FORM, button="[name=sort][value=name]")
    names = [label.get_text() for label in person.page.select("tbody[data-sorted] th label")]
    assert names == sorted(names, key=str.casefold)
    assert {str(box["value"]) for box in person.page.select("[name='data.experts'][checked]")} == set(chosen)
    assert one(person, "th[data-sort=name]")["aria-sort"] == "ascending"
    person.send(FORM)
    assert person.status == 200


def test_a_conclusion_goes_back_once_with_what_is_to_be_corrected(demo: DemoHouse) -> None:
    person = open_task(demo, "chair", "approve_conclusions")
    assert len(person.page.select("#conclusions .verdict-card")) == 3
    assert person.reads("техническая экспертиза: пройдена")
    person.send(FORM, {"data.approve": "false", "data.reason": "Обоснуйте каждый «+» по модулям"})
    assert person.status == 422
    login = str(one(person, "[name='data.return_to']")["value"])
    person.send(FORM, {"data.return_to": login})
    assert person.status == 200
    expert = open_task(demo, login, "expert_review")
    assert expert.reads("Обоснуйте каждый «+» по модулям")
    assert len(expert.page.select("tr[data-row] [checked]")) == 24
    expert.send(FORM, {"data.declaration.no_conflict": "true"})
    assert expert.status == 200
    person = open_task(demo, "chair", "approve_conclusions")
    assert one(person, f"[name='data.return_to'][value='{login}']").has_attr("disabled")
    assert person.reads("заключение уже возвращалось")
    assert person.reads("после исправления")
    person.send(FORM, {"data.approve": "true"})
    assert person.status == 200


def test_the_rows_of_the_conclusions_are_filtered_by_an_address(demo: DemoHouse) -> None:
    person = open_task(demo, "chair", "approve_conclusions")
    address = person.address
    assert not one(person, "#compare").has_attr("open")
    person.open(f"{address}?rows=differ")
    assert one(person, "#compare").has_attr("open")
    assert person.page.select("#compare tbody tr:not([hidden])") == []
    assert not one(person, "[data-none]").has_attr("hidden")
    person.open(f"{address}?rows=all")
    assert len(person.page.select("#compare tbody tr:not([hidden])")) == 24


def test_a_finished_sheet_is_shown_closed_and_may_be_ordered_by_an_address(demo: DemoHouse) -> None:
    done = demo.get("secretary", "/tasks?scope=all&state=completed&element=technical_review&limit=100")["items"]
    task = next(task for task in done if task["case"]["title"] == "Основы робототехники")
    person = Person(demo, "secretary")
    person.open(f"/tasks/{task['id']}?order=defects")
    failed = person.page.select("tbody[data-band=unmet] .code")
    assert [row.get_text() for row in failed] == ["T06", "T29"]
    assert person.page.select(f"{FORM} button") == []
    assert all(field.has_attr("disabled") for field in person.page.select(f"{FORM} [name^='data.']"))
