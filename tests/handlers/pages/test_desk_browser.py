"""Drafts that save themselves, calling people by @, and the pages of this matter in a real browser."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from handlers.accounts.records import session
from tests.crawl import enter
from tests.handlers.demo_house import DemoHouse
from tests.handlers.pages.person import Person
from tests.looks import findings_both_ways

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: What is sent on leaving arrives after the next page may stand already.
ARRIVED = """async ([address, words]) => {
    for (let round = 0; round < 500; round += 1) {
        if ((await (await fetch(address)).text()).includes(words)) return true;
    }
    return false;
}"""
COMMENT = "[name='data.comments.T05']"


def test_what_is_typed_saves_itself_and_outlives_connection_and_session(
    demo: DemoHouse, base: str, browser: Browser
) -> None:
    page = enter(browser, base, "secretary")
    task = demo.get("secretary", "/tasks?scope=available&element=technical_review")["items"][0]["id"]
    page.goto(f"/tasks/{task}")
    page.locator(COMMENT).fill("само сохранится")
    page.wait_for_selector(".draft-state:has-text('сохранено в')")
    assert demo.get("secretary", f"/tasks/{task}")["draft"]["comments"]["T05"] == "само сохранится"
    page.context.set_offline(True)
    page.locator(COMMENT).fill("без связи")
    page.wait_for_selector(".draft-state.failed:has-text('проверьте связь')")
    page.context.set_offline(False)
    page.wait_for_selector(".draft-state:has-text('сохранено в')")
    with demo.context.runtime.database.write() as connection:
        connection.execute(sa.delete(session))
    page.locator(COMMENT).fill("после обеда")
    page.click(".draft-state button")
    page.fill("#password", "demo")
    page.click("form[action='/login'] button")
    page.wait_for_selector(COMMENT)
    assert page.input_value(COMMENT) == "после обеда"
    page.locator(COMMENT).fill("и ушёл со страницы")
    page.goto("/me")
    assert page.evaluate(ARRIVED, [f"/tasks/{task}", "и ушёл со страницы"])


def test_a_talk_about_a_case_has_no_finding(demo: DemoHouse, base: str, browser: Browser) -> None:
    case = demo.submit()["id"]
    person = Person(demo, "chair")
    person.open(f"/cases/{case}")
    person.send("form.say", {"text": "Посмотрите, @secretary", "audience": "open"})
    page = enter(browser, base, "secretary")
    page.goto(f"/cases/{case}")
    page.wait_for_load_state()
    page.type("#say-text", "Вижу, @chai")
    page.wait_for_selector(".suggestions [aria-selected='true']")
    assert findings_both_ways(page) == []
    page.keyboard.press("Enter")
    expect(page.locator("#say-text")).to_have_value("Вижу, @chair ")
    page.context.close()
