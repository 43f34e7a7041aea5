"""The open pages in a real browser for a visitor: with and without JavaScript, wide and narrow, by keyboard."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.crawl import enter
from tests.handlers.demo_house import DemoHouse
from tests.looks import findings_both_ways

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_no_open_page_has_a_finding_whatever_is_searched(demo: DemoHouse, base: str, browser: Browser) -> None:
    page = enter(browser, base, None)
    search = "/depository?q=оценивание&level=basic&hours_from=16&valid_on=2026-01-12&per_page=1"
    wrong: list[Any] = []
    for path in (
        search,
        "/depository?q=23-2020-0001",
        "/depository?level=x",
        "/certificates/23-2026-0001",
        "/certificates/99-2020-0001",
    ):
        page.goto(path)
        wrong += [(path, found) for found in findings_both_ways(page)]
    page.context.close()
    assert wrong == []


@pytest.mark.parametrize("script", [True, False])
def test_a_programme_and_its_certificate_are_found_by_keyboard_alone(base: str, browser: Browser, script: bool) -> None:
    wrong: list[str] = []
    page = enter(browser, base, None, scripts=script, wrong=wrong)
    page.goto("/depository")
    page.focus("#d-q")
    page.keyboard.type("формирующего оценивания")
    page.keyboard.press("Enter")
    page.wait_for_url("**/depository?q=*")
    assert page.url.count("&") == 0
    page.focus(".filter:nth-of-type(5) summary")
    page.keyboard.press("Enter")
    page.focus("[name='level'][value='basic']")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**level=basic*")
    page.focus(".entry h3 a")
    page.keyboard.press("Enter")
    page.wait_for_selector("aside.certificate")
    expect(page.locator("h1")).to_contain_text("ормирующее")
    number = page.inner_text("aside.certificate .number").removeprefix("№").strip()
    page.focus("aside.certificate .primary")
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_have_text("Действует")
    assert wrong == []
    page.goto("/certificates/23-2026-9999")
    expect(page.locator("#verdict")).not_to_have_text("Действует")
    page.fill("#number", f"№ {number}")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/certificates/{number}")
    expect(page.locator("#verdict")).to_have_text("Действует")
    page.context.close()


def test_going_back_shows_the_order_of_what_stands_there(base: str, browser: Browser) -> None:
    page = enter(browser, base, None)
    page.goto("/depository")
    expect(page.locator("[data-applied]")).to_be_hidden()  # the page's script is there
    page.select_option("#sort", "hours")
    page.wait_for_url("**sort=hours")
    page.go_back()
    expect(page.locator("#sort")).to_have_value("-published")
    page.context.close()


def test_a_narrow_screen_shows_the_programmes_first(base: str, browser: Browser) -> None:
    page = enter(browser, base, None, "narrow")
    page.goto("/depository")
    assert page.is_visible(".query .hint"), "what a search reads, which does not fit into its field"
    assert not page.is_visible(".filter summary")
    page.click("#filters > summary")
    assert page.is_visible(".filter summary")
    page.context.close()
