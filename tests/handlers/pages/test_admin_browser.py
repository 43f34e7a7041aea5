"""The administrator's main path: a person, a substitution, a reading, a year, a letter, a case that stopped."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.crawl import enter
from tests.handlers.demo_house import DemoHouse

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def tile(page: Page, address: str) -> None:
    """Go to a matter of administration by its tile."""
    page.click("nav.main a[href='/admin']")
    page.click(f".tiles a[href='{address}']")


def told(page: Page, *words: str) -> None:
    """The page answers an act with these words."""
    for one in words:
        expect(page.locator("main")).to_contain_text(one)


def stop_a_case(demo: DemoHouse) -> dict[str, Any]:
    """A case whose step fails, because the journal of applications is out of reach for a moment."""
    case = demo.submit()
    with demo.no_registering(case["id"]):
        return case


@pytest.mark.parametrize(("size", "scripts"), [("wide", True), ("narrow", False)])
def test_an_administrator_keeps_the_house(
    demo: DemoHouse, base: str, browser: Browser, size: str, scripts: bool
) -> None:
    case = stop_a_case(demo)
    wrong: list[str] = []
    page = enter(browser, base, "admin", size, scripts=scripts, wrong=wrong)

    tile(page, "/admin/people")
    page.click("a[href='/admin/people/new']")
    for name, value in (("login", "anna"), ("last_name", "Черновая"), ("first_name", "Анна")):
        page.fill(f"#f-{name}", value)
    page.fill("#f-email", "anna@demo.example.org")
    page.click("form[action='/admin/people/new'] .primary")
    page.check("[name='role'][value='auditor']")
    page.fill("#f-auditor-until", "31.03.2026")
    page.click("form[action$='/roles'] .primary")
    told(page, "—31.03.2026")
    page.click("form[action$='/invite'] button")
    assert "/invitation/" in page.input_value("#once")

    tile(page, "/substitutions")
    for name, value in (("absent", "chair"), ("deputy", "member01")):
        page.select_option(f"#f-{name}", value)
    for name, value in (("from", "12.01.2026"), ("until", "14.01.2026"), ("basis", "приказ от 12.01.2026 № 3")):
        page.fill(f"#f-{name}", value)
    page.click("form[action='/substitutions'] .primary")
    told(page, "приказ от 12.01.2026 № 3", "действует")
    page.click("form[action$='/revoke'] button")
    told(page, "отозвано")

    tile(page, "/admin/calendar")
    page.click("main table a[href='/admin/calendar/2026']")
    page.fill("#f-number", "1466-1")
    page.click("form[action='/admin/calendar/2026'] .button:not([name])")
    page.click("button[name='apply']")
    told(page, "№ 1466-1")

    tile(page, "/admin/letters")
    page.click("main a[href='/admin/letters/expert_appointed']")
    page.fill("#f-body", "Здравствуйте, {name}! Дело {number}.")
    page.click("form[action='/admin/letters/expert_appointed'] .button:not([name])")
    told(page, "Дело КЭС-2026-0042.")
    page.click("button[name='apply']")
    told(page, "версия 1")

    tile(page, "/admin/journals/changes")
    told(page, "anna", "expert_appointed")
    page.click("main .tabs a:has-text('Сбои')")
    page.locator(f"main a[href='/admin/incidents/{case['id']}']").first.click()
    told(page, case["number"], "журнал заявок недоступен")
    page.fill("form[action$='/retry'] [name='reason']", "Журнал снова доступен")
    page.click("form[action$='/retry'] button")
    expect(page.locator("form[action$='/retry']")).to_have_count(0)
    assert demo.get("secretary", f"/cases/{case['id']}")["at"] == ["technical_review"]
    assert wrong == []
    page.context.close()


@pytest.mark.parametrize(("size", "scripts"), [("wide", True), ("narrow", False)])
def test_the_chair_settles_a_reading_by_a_protocol(
    demo: DemoHouse, base: str, browser: Browser, size: str, scripts: bool
) -> None:
    wrong: list[str] = []
    page = enter(browser, base, "chair", size, scripts=scripts, wrong=wrong)
    tile(page, "/admin/settings")
    page.select_option("[name='quorum.base']", "members_only")
    for name, value in (("protocol", "5"), ("protocol_date", "12.01.2026"), ("reason", "Решение совета")):
        page.fill(f"#f-{name}", value)
    page.click("form[action='/admin/settings'] .primary")
    told(page, "Протокол № 5 от 12.01.2026", "только члены, без руководства")
    assert wrong == []
    page.context.close()
