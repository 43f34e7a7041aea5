"""The auditor's main path: a case by its number, its history proved, its documents, the journals and their tables."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.crawl import enter
from tests.handlers.demo_house import DemoHouse

pytestmark = [pytest.mark.browser, pytest.mark.slow]

JOURNALS = ("Изменения", "Входы", "Отказы", "Письма", "Сбои")


def taken_away(page: Page, selector: str) -> Path:
    """What a link of the page gives to take away."""
    with page.expect_download() as told:
        page.click(selector)
    return told.value.path()


@pytest.mark.parametrize(("size", "scripts"), [("wide", True), ("narrow", False)])
def test_an_auditor_finds_a_case_proves_it_and_reads_the_journals(
    demo: DemoHouse, base: str, browser: Browser, size: str, scripts: bool
) -> None:
    held = demo.get("auditor", "/cases?process=council_meeting&limit=100")["items"][-1]
    wrong: list[str] = []
    page = enter(browser, base, "auditor", size, scripts=scripts, wrong=wrong)
    page.click("nav.main a[href='/cases']")
    page.fill("#q", held["number"])
    page.click("main form .button")
    expect(page.locator("main h1")).to_have_text(held["title"])
    page.click("#history header a:has-text('Все записи')")
    page.click("#history header a[href$='/proof']")
    expect(page.locator("#verdict .yes")).to_have_count(4)
    page.fill("#seq", "1")
    page.click("#stood form .button")
    expect(page.locator("#stood h2")).to_have_text("Дело после записи № 1")
    page.click(".crumbs a[href^='/cases/']")
    page.click("#papers header a")
    page.locator(".inventory a:has-text('ротокол')").last.click()
    assert taken_away(page, ".actions .primary").read_bytes().startswith(b"%PDF-")
    page.click("form[action$='#check'] button")
    expect(page.locator("#check .badge")).to_have_text("всё сходится")
    page.click("nav.main a[href='/admin']")
    page.click(".tiles a[href^='/admin/journals']")
    for name in JOURNALS:
        page.click(f"main .tabs a:has-text('{name}')")
        expect(page.locator("main .tabs [aria-current]")).to_have_text(name)
    page.click("main .tabs a:has-text('Входы')")
    page.fill("#who", "auditor")
    page.click("main .finder .button")
    expect(page.locator("main tbody")).to_contain_text("auditor")
    table = taken_away(page, "main .head .button").read_text("utf-8-sig").splitlines()
    assert table[0] == "at;login;address;outcome"
    assert all(";auditor;" in row for row in table[1:])
    assert len(table) > 1
    assert wrong == []
    page.context.close()
