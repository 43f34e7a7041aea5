"""The inbox in a browser: by keys alone, beside and instead of the list, with nothing for axe to find."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.crawl import enter
from tests.handlers.demo_house import DemoHouse
from tests.looks import axe

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def findings(page: Page) -> list[Any]:
    """What axe and the content policy find, and whether the page is wider than the screen."""
    found = axe(page)
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [
        *((one["id"], one["nodes"][0]["target"]) for one in found),
        *page.evaluate("reports"),
        *(["wider"] if wide else []),
    ]


def test_a_task_is_found_opened_and_taken_by_keys_alone(demo: DemoHouse, base: str, browser: Browser) -> None:
    task = demo.get("secretary", "/tasks?scope=available&element=technical_review")["items"][0]["id"]
    page = enter(browser, base, "secretary", "wide")
    page.goto("/?tab=available")
    page.keyboard.press("?")
    assert page.is_visible("dialog#keys")
    assert findings(page) == []
    page.keyboard.press("Escape")
    assert not page.is_visible("dialog#keys")
    page.keyboard.press("/")
    page.keyboard.type("театральная")
    page.keyboard.press("Enter")
    page.wait_for_selector(".chips", timeout=30_000)
    expect(page.locator("#inbox-list")).to_be_focused(timeout=30_000)
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-marked]")).to_have_text("Отмечено: 1", timeout=30_000)
    page.keyboard.press("o")
    expect(page.locator("#pane-title")).to_be_focused(timeout=30_000)
    assert page.is_visible(".task.chosen")
    page.keyboard.press("c")
    page.wait_for_selector(".notice:has-text('Взято')", timeout=30_000)
    page.wait_for_load_state()
    assert demo.get("secretary", f"/tasks/{task}")["assignee"] == "secretary"
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_selector(".pane-list")
    page.context.close()


def test_parts_are_put_in_place_the_back_button_takes_them_away_and_an_act_returns_to_them(
    demo: DemoHouse, base: str, browser: Browser
) -> None:
    page = enter(browser, base, "secretary")
    page.set_default_timeout(30_000)
    page.goto("/?tab=available")
    page.evaluate("window.same = true")
    first, second = (page.locator(".task .what > a").nth(place) for place in (0, 1))
    first.click()
    expect(page.locator("#pane-title")).to_be_focused()
    opened = page.url
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#pane-title")).to_have_text(second.inner_text())
    assert page.url != opened
    page.go_back()
    expect(page.locator("#pane-title")).to_have_text(first.inner_text())
    assert page.url == opened
    page.go_back()
    expect(page.locator("#pane")).to_be_hidden()
    page.locator("#inbox-q").press_sequentially("чтение как")
    expect(page.locator("#inbox-told")).to_have_text("Задач в списке: 1")
    page.locator(".task .what > a").click()
    expect(page.locator("#pane-title")).to_have_text("Зарегистрировать заявку")
    assert page.evaluate("window.same") is True
    page.check(".pane [name='data.accepted'][value='true']")
    page.fill(".pane [name='data.copies']", "3")
    page.click(".pane .task-form .button.primary")
    expect(page.locator(".notice")).to_contain_text("Выполнено: «Зарегистрировать заявку», дело КЭС-2026-")
    expect(page.locator("#inbox-q")).to_have_value("чтение как")
    expect(page.locator(".task.chosen")).to_contain_text("Техническая экспертиза")
    expect(page.locator("#pane-title")).to_have_text("Техническая экспертиза")
    assert findings(page) == []
    page.context.close()


@pytest.mark.parametrize(("width", "scheme"), [("wide", "dark"), ("narrow", "light")])
def test_list_pane_preview_and_calendar_have_no_finding(
    demo: DemoHouse, base: str, browser: Browser, width: str, scheme: str
) -> None:
    task = demo.get("secretary", "/tasks?scope=available&element=technical_review")["items"][0]["id"]
    page = enter(browser, base, "secretary", width, scheme)
    wrong: list[Any] = []
    for path in (
        "/?tab=all&process=certification",
        f"/?tab=available&task={task}",
        f"/inbox/bulk?do=delegate&task={task}",
        f"/inbox/bulk?do=claim&task={task}",
        "/me/calendar",
        "/help/keys",
    ):
        page.goto(path)
        for menu in page.locator("details.menu > summary").all():
            if menu.is_visible():
                menu.click()
        wrong += [(path, one) for one in findings(page)]
        if "&task=" in path and path.startswith("/?"):
            assert page.is_visible(".pane-list") is (width == "wide")
            page.keyboard.press("Escape")
            page.keyboard.press("Escape")
            page.wait_for_selector(".pane", state="hidden")
    assert wrong == []
    page.context.close()
