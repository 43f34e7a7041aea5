"""The meeting room in a real browser: one votes and another sees it; an agenda is ordered by keys; axe and width."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.crawl import enter
from tests.handlers.demo_house import DemoHouse
from tests.handlers.pages.test_meetings import opened
from tests.looks import findings

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: Milliseconds within which the other page must have noticed: many rounds of asking, even on a slow machine.
LIMIT = 60_000


def found_at(page: Page, path: str) -> list[Any]:
    page.goto(path)
    return [(path, one) for one in findings(page)]


def test_a_vote_appears_on_another_open_page_and_what_is_typed_there_stays(
    demo: DemoHouse, base: str, browser: Browser
) -> None:
    room = opened(demo, title="План работы", document="plan").address
    secretary = enter(browser, base, "secretary")
    secretary.goto(room)
    secretary.check("#record [name='of.member05'][value='abstain']", force=True)
    secretary.fill("#recommendations", "Уточнить план")
    member = enter(browser, base, "member03", "narrow", "dark")
    member.goto(room)
    member.check("#vote-1-against", force=True)
    member.click("form[action$='/vote'] button")
    expect(member.locator("[data-piece='mine']")).to_contain_text("Ваш голос: против")
    expect(secretary.locator(".motion .counts .against")).to_contain_text("Эскизова", timeout=LIMIT)
    expect(secretary.locator("#record [name='of.member03']")).to_have_count(0)
    expect(secretary.locator("#record [name='of.member05'][value='abstain']")).to_be_checked()
    expect(secretary.locator("#recommendations")).to_have_value("Уточнить план")
    secretary.check("#record [name='rest'][value='for']", force=True)
    secretary.click("#record button.primary")
    expect(member.locator(".motion")).to_contain_text("План работы", timeout=LIMIT)
    expect(member.locator("#vote-2-for")).to_be_attached()
    wrong = [
        found
        for part in ("", "/agenda", "/protocol", "/decisions", "/screen")
        for page in (secretary, member)
        for found in found_at(page, f"{room}{part}")
    ]
    wrong += [found for part in ("watch", "decisions") for found in found_at(member, f"/meetings/{part}")]
    assert wrong == []
    secretary.context.close()
    member.context.close()


def test_an_agenda_is_ordered_by_keys_and_by_pointer(demo: DemoHouse, base: str, browser: Browser) -> None:
    page = enter(browser, base, "secretary")
    page.goto("/meetings/new")
    page.fill("[name='date']", "13.01.2026")
    page.fill("#title-1", "План работы")
    page.fill("#title-2", "Стандарт")
    page.click("form[action='/meetings/new'] .primary")
    page.wait_for_selector("main ul.tabs")
    page.goto(f"{page.url.split('?')[0].split('#')[0]}/agenda")
    titles = page.locator("ol.points h3")
    expect(titles).to_have_count(3)
    handle = page.locator("#item-3 [data-handle]")
    handle.focus()
    handle.press("ArrowUp")
    expect(handle).to_be_focused()
    expect(titles.nth(1)).to_contain_text("Стандарт")
    page.click("#item-2 [data-move='-1']")
    expect(titles.nth(1)).to_contain_text("План работы")
    first, last = page.locator("#item-1 [data-handle]").bounding_box(), page.locator("#item-3").bounding_box()
    assert first is not None
    assert last is not None
    page.mouse.move(first["x"] + 5, first["y"] + 5)
    page.mouse.down()
    page.mouse.move(first["x"] + 5, last["y"] + last["height"] - 2, steps=12)
    page.mouse.up()
    page.click("[data-save] button")
    page.wait_for_selector("text=Порядок вопросов сохранён.")
    expect(titles.nth(0)).to_contain_text("План работы")
    page.context.close()
