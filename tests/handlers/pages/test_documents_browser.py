"""Documents in a real browser, pages on paper, and the version for the visually impaired."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.crawl import enter
from tests.handlers.demo_house import DemoHouse
from tests.looks import findings, findings_both_ways
from tests.processes.papers.reading import open_pdf, says

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def papers(demo: DemoHouse) -> tuple[str, str]:
    """The address of a meeting's signed protocol, and that of the meeting's inventory."""
    for case in demo.get("secretary", "/cases?process=council_meeting&limit=100")["items"]:
        for one in demo.get("secretary", f"/cases/{case['id']}/documents")["items"]:
            if one["kind"] == "protocol_signed":
                return f"/documents/{one['id']}", f"/cases/{case['id']}/documents"
    raise AssertionError("the demonstration has no signed protocol")


def test_a_signed_document_and_its_inventory_have_no_finding(demo: DemoHouse, base: str, browser: Browser) -> None:
    document, inventory = papers(demo)
    page = enter(browser, base, "secretary")
    page.goto(document)
    page.get_by_role("button", name="Подписать для показа").click()
    expect(page.get_by_text("Демонстрационная подпись без юридической силы")).to_be_visible()
    wrong = {"signed": findings_both_ways(page)}
    picture = page.locator(".sheets img").first
    picture.scroll_into_view_if_needed()
    page.wait_for_function("picture => picture.complete && picture.naturalWidth > 500", arg=picture.element_handle())
    for path in (f"{document}?check=1", inventory):
        page.goto(path)
        wrong[path] = findings_both_ways(page)
    assert {path: found for path, found in wrong.items() if found} == {}


def test_the_version_for_the_visually_impaired_fits_a_small_screen(
    demo: DemoHouse, base: str, browser: Browser
) -> None:
    page = enter(browser, base, "secretary", "narrow")
    page.get_by_role("button", name="Версия для слабовидящих").click()
    expect(page.locator("html[data-size='large']")).to_be_attached()
    document, inventory = papers(demo)
    case = demo.get("secretary", "/tasks?scope=all&element=approve_conclusions")["items"][0]
    places = ("/", "/cases", "/depository", document, inventory, f"/cases/{case['case']['id']}", f"/tasks/{case['id']}")
    wrong: dict[str, Any] = {}
    for path in places:
        page.goto(path)
        if found := findings(page):
            wrong[path] = found
    assert wrong == {}


def test_a_case_and_its_inventory_print_as_sheets_without_the_screens_own(
    demo: DemoHouse, base: str, browser: Browser
) -> None:
    _, inventory = papers(demo)
    page = enter(browser, base, "secretary")
    content = b""
    for path in (inventory, inventory.removesuffix("/documents")):
        page.goto(path)
        content = page.pdf(prefer_css_page_size=True)
        sheet = open_pdf(content).pages[0].mediabox
        assert abs(float(sheet.width) - 595) < 2
        assert abs(float(sheet.height) - 842) < 2
        assert says(content, "Краевой экспертный совет", "Протоколова Нина Тихоновна")
        assert not says(content, "Открытые данные")
    assert says(content, "Протокол заседания КЭС №")  # the subject of a letter, shut though it is
