"""Documents in a real browser, pages on paper, and the version for the visually impaired on every page."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.handlers.demo_house import DemoHouse
from tests.handlers.pages.test_browser import AXE, RULES, addresses, enter
from tests.processes.papers.reading import open_pdf, says

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def papers(demo: DemoHouse) -> tuple[str, str]:
    """The address of a meeting's signed protocol, and that of the meeting's inventory."""
    meetings = demo.get("secretary", "/cases?process=council_meeting&limit=100")["items"]
    for case in meetings:
        for one in demo.get("secretary", f"/cases/{case['id']}/documents")["items"]:
            if one["kind"] == "protocol_signed":
                return f"/documents/{one['id']}", f"/cases/{case['id']}/documents"
    raise AssertionError("the demonstration has no signed protocol")


def findings(page: Page) -> list[Any]:
    """What axe, the content policy and the screen's width have against a page."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    wrong: list[Any] = [(one["id"], one["nodes"][0]["target"]) for one in found]
    wrong += page.evaluate("reports")
    wide = page.evaluate(
        "() => { const edge = document.documentElement.clientWidth;"
        "if (document.documentElement.scrollWidth <= edge) return null;"
        "const all = [...document.querySelectorAll('body *')];"
        "return all.filter(e => e.getBoundingClientRect().right > edge).slice(0, 5).map(e => e.outerHTML.slice(0, 80)) }"
    )
    wrong += [("wider than the screen", wide)] if wide is not None else []
    return wrong


@pytest.mark.parametrize(("width", "scheme"), [("wide", "light"), ("narrow", "dark")])
def test_a_signed_document_and_its_inventory_have_no_finding(
    demo: DemoHouse, base: str, browser: Browser, width: str, scheme: str
) -> None:
    document, inventory = papers(demo)
    page = enter(browser, base, "secretary", width, scheme)
    page.goto(f"{document}?check=1")
    page.get_by_role("button", name="Подписать для показа").click()
    expect(page.get_by_text("Демонстрационная подпись без юридической силы")).to_be_visible()
    wrong = {document: findings(page)}
    picture = page.locator(".sheets img").first
    picture.scroll_into_view_if_needed()
    page.wait_for_function("picture => picture.complete && picture.naturalWidth > 500", arg=picture.element_handle())
    page.goto(f"{document}?check=1")
    wrong["check"] = findings(page)
    page.goto(inventory)
    wrong[inventory] = findings(page)
    assert {path: found for path, found in wrong.items() if found} == {}


def test_the_version_for_the_visually_impaired_fits_every_page(demo: DemoHouse, base: str, browser: Browser) -> None:
    page = enter(browser, base, "secretary", "narrow")
    page.get_by_role("button", name="Версия для слабовидящих").click()
    expect(page.locator("html[data-size='large']")).to_be_attached()
    wrong: dict[str, Any] = {}
    for path in [*papers(demo), *addresses(demo)]:
        page.goto(path)
        if found := findings(page):
            wrong[path] = found
    assert wrong == {}


def test_a_case_and_its_inventory_print_as_clean_sheets(demo: DemoHouse, base: str, browser: Browser) -> None:
    _, inventory = papers(demo)
    page = enter(browser, base, "secretary")
    for path, words in ((inventory, "Документы дела"), (inventory.removesuffix("/documents"), "Что делается сейчас")):
        page.goto(path)
        content = page.pdf(prefer_css_page_size=True)
        sheet = open_pdf(content).pages[0].mediabox
        assert (round(sheet.width), round(sheet.height)) in {(595, 842), (596, 842), (595, 841)}
        assert says(content, "Краевой экспертный совет", "Протоколова Нина Тихоновна")
        assert not says(content, "Открытые данные")
        assert says(content, words) or path != inventory
