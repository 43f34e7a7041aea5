"""The open pages in a real browser for a visitor: with and without JavaScript, wide and narrow, by keyboard."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.handlers.demo_house import DemoHouse
from tests.looks import WATCH, axe

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def visit(browser: Browser, base: str, width: int = 1440, scheme: Any = "light", *, script: bool = True) -> Page:
    context = browser.new_context(
        base_url=base,
        locale="ru-RU",
        timezone_id="Europe/Moscow",
        viewport={"width": width, "height": 844},
        color_scheme=scheme,
        java_script_enabled=script,
    )
    page = context.new_page()
    page.add_init_script(WATCH)
    return page


@pytest.mark.parametrize(("width", "scheme"), [(1440, "dark"), (390, "light")])
def test_no_open_page_has_a_finding(demo: DemoHouse, base: str, browser: Browser, width: int, scheme: str) -> None:
    page = visit(browser, base, width, scheme)
    card = demo.get(None, "/depository")["items"][0]["url"]
    search = "/depository?q=оценивание&level=basic&hours_from=16&valid_on=2026-01-12&per_page=1"
    wrong: list[Any] = []
    for path in ("/depository", search, "/depository?q=ничего", card, "/certificates/23-2026-0001", "/opendata"):
        page.goto(path)
        found = axe(page)
        wrong += [(path, one["id"], one["nodes"][0]["target"]) for one in found]
        wrong += [(path, report) for report in page.evaluate("reports")]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append((path, "wider than the screen"))
    page.context.close()
    assert wrong == []


@pytest.mark.parametrize("script", [True, False])
def test_a_programme_is_found_by_keyboard_alone(base: str, browser: Browser, script: bool) -> None:
    page = visit(browser, base, script=script)
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
    assert "Формирующее" in page.inner_text("h1") or "формирующее" in page.inner_text("h1")
    page.context.close()


def test_a_narrow_screen_shows_the_programmes_first(base: str, browser: Browser) -> None:
    page = visit(browser, base, 390)
    page.goto("/depository")
    assert not page.is_visible(".filter summary")
    page.click("#filters > summary")
    assert page.is_visible(".filter summary")
    page.context.close()
