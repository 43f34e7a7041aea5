"""The forms of tasks in a real browser: what is counted, ordered and suggested while one fills them in."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.crawl import enter
from tests.handlers.demo_house import DemoHouse

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: A slow machine is no failure.
expect.set_options(timeout=30_000)


def open_task(page: Page, demo: DemoHouse, element: str) -> Page:
    task = demo.get("secretary", f"/tasks?scope=all&element={element}")["items"][0]
    page.goto(f"/tasks/{task['id']}")
    return page


def test_a_checklist_is_marked_from_the_keyboard_counted_and_put_in_order(
    demo: DemoHouse, base: str, browser: Browser
) -> None:
    page = open_task(enter(browser, base, "secretary"), demo, "technical_review")
    outcome = page.locator(".tally [data-outcome]:visible")
    expect(outcome).to_have_text("итог ещё не ясен")
    page.focus("[name='data.precheck.K1'][value='+']")
    for key in "++-":
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.name") == "data.comments.K3"
    expect(page.locator("#f-comments-K3-wants")).to_be_visible()
    page.keyboard.type("Не заполнено поле 8")
    expect(page.locator("#f-comments-K3-wants")).to_be_hidden()
    expect(page.locator("[data-tally=marked]")).to_have_text("3")
    expect(outcome).to_have_text("не пройдена")
    page.check("[name='data.precheck.K3'][value='+']", force=True)
    expect(outcome).to_have_text("итог ещё не ясен")
    page.check("[name='data.marks.T28'][value='+']", force=True)
    expect(outcome).to_have_text("не пройдена")
    page.click("[data-order=defects]")
    expect(page.locator("tr[data-row]:visible .code").first).to_have_text("T28")
    page.click("[data-order=blank]")
    expect(page.locator("tr[data-row]:visible")).to_have_count(33)
    page.click("[data-order=form]")
    expect(page.locator("tr[data-row]:visible .code").first).to_have_text("K1")
    assert page.input_value("[name='data.comments.K3']") == "Не заполнено поле 8"
    assert page.evaluate("reports") == []
    page.context.close()


def test_a_conclusion_is_scored_while_it_is_filled_in_on_a_phone(demo: DemoHouse, base: str, browser: Browser) -> None:
    login = demo.get("secretary", "/tasks?scope=all&element=expert_review")["items"][0]["assignee"]
    page = open_task(enter(browser, base, login, "narrow"), demo, "expert_review")
    page.check("[name='data.declaration.no_conflict'][value='true']")
    for number in range(1, 25):
        page.check(f"[name='data.marks.E{number:02}'][value='{'+' if number <= 17 else '-'}']", force=True)
    expect(page.locator(".tally .figures")).to_contain_text("17 из 24, 70,83")
    expect(page.locator(".tally")).to_be_in_viewport()
    expect(page.locator("[name='data.verdict'][value='does_not_conform']")).to_be_checked()
    page.check("[name='data.verdict'][value='conforms']")
    expect(page.locator("[data-against]")).to_be_visible()
    page.check("[name='data.marks.E18'][value='+']", force=True)
    expect(page.locator(".tally .figures")).to_contain_text("18 из 24, 75,00")
    expect(page.locator("[data-suggests=conforms]")).to_be_visible()
    expect(page.locator("[data-against]")).to_be_hidden()
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    for number in range(19, 25):
        page.fill(f"[name='data.comments.E{number:02}']", "Нет")
    page.click(".task-form .button.primary")
    page.wait_for_url("**/cases/**")
    page.context.close()


def test_experts_are_suggested_and_sorted_in_place(demo: DemoHouse, base: str, browser: Browser) -> None:
    page = open_task(enter(browser, base, "chair"), demo, "appoint_experts")
    address = page.url
    page.click("[data-suggest]")
    expect(page.locator("[data-picked]")).to_have_text("3")
    first = page.locator("tbody[data-sorted] th label").first
    page.click("[data-sort=name] button")
    names = page.locator("tbody[data-sorted] th label").all_inner_texts()
    assert names == sorted(names, key=str.casefold)
    page.click("[data-sort=name] button")
    expect(first).to_have_text(names[-1])
    expect(page.locator("[name='data.experts']:checked")).to_have_count(3)
    assert page.url == address
    page.context.close()
