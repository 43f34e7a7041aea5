"""The pages in a real browser: no axe finding, no report of the content policy, nothing wider than the screen."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.handlers.demo_house import DemoHouse

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = Path(__file__).parents[3] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
WATCH = "window.reports=[];document.addEventListener('securitypolicyviolation',e=>reports.push(e.violatedDirective))"
WIDTHS: dict[str, ViewportSize] = {"wide": {"width": 1440, "height": 900}, "narrow": {"width": 390, "height": 844}}


def enter(browser: Browser, base: str, login: str, width: str = "wide", scheme: Any = "light") -> Page:
    context = browser.new_context(
        base_url=base, locale="ru-RU", timezone_id="Europe/Moscow", viewport=WIDTHS[width], color_scheme=scheme
    )
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto("/login")
    page.fill("#login", login)
    page.fill("#password", "demo")
    page.click("form[action='/login'] button")
    page.wait_for_selector("nav.main")
    return page


def addresses(demo: DemoHouse) -> list[str]:
    tasks = demo.get("secretary", "/tasks?scope=all&limit=100")["items"]
    by_element = {task["element"]: f"/tasks/{task['id']}" for task in tasks}
    cases = demo.get("secretary", "/cases?limit=100")["items"]
    by_process = {case["process"]: case["id"] for case in cases}
    meeting = by_process["council_meeting"]
    plain = ["/", "/cases", "/meetings", "/meetings/new", "/letters", "/substitutions", "/depository", "/help"]
    return [*plain, f"/cases/{by_process['certification']}", f"/meetings/{meeting}", *by_element.values()]


@pytest.mark.parametrize(("width", "scheme"), [("wide", "light"), ("narrow", "dark")])
def test_no_page_has_a_finding(demo: DemoHouse, base: str, browser: Browser, width: str, scheme: str) -> None:
    page = enter(browser, base, "secretary", width, scheme)
    wrong: list[Any] = []
    for path in addresses(demo):
        page.goto(path)
        if path.startswith("/cases/"):
            page.wait_for_selector("#diagram[data-ready]")
        page.evaluate(AXE.read_text())
        found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
        wrong += [(path, one["id"], one["nodes"][0]["target"]) for one in found]
        wrong += [(path, report) for report in page.evaluate("reports")]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append((path, "wider than the screen"))
    assert wrong == []


def test_a_part_that_an_answer_hides_is_hidden_while_filling_in(demo: DemoHouse, base: str, browser: Browser) -> None:
    page = enter(browser, base, "secretary")
    task = demo.get("secretary", "/tasks?scope=available&element=register_application")["items"][0]
    page.goto(f"/tasks/{task['id']}")
    assert not page.is_visible("[name='data.copies']")
    page.check("[name='data.accepted'][value='true']")
    assert page.is_visible("[name='data.copies']")
    assert not page.is_visible("[name='data.reason']")
    page.check("[name='data.accepted'][value='false']")
    assert page.is_visible("[name='data.reason']")


def test_the_plan_is_counted_while_filling_in(demo: DemoHouse, base: str, browser: Browser) -> None:
    applicant = enter(browser, base, "applicant1")
    applicant.goto(f"/applications/{demo.draft()}")
    applicant.fill("[name='data.plan.1.lecture_hours']", "100")
    assert "Практики меньше 25%." in applicant.inner_text("[data-plan]")
    rows = applicant.locator("#f-plan tbody tr").count()
    applicant.click("[data-add-to='f-plan']")
    assert applicant.locator("#f-plan tbody tr").count() == rows + 1
    assert applicant.is_visible(f"[name='data.plan.{rows}.module']")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_diagram_first_shows_where_the_case_stands_and_the_whole_on_a_button(
    browser: Browser, base: str, demo: DemoHouse, width: str
) -> None:
    case = demo.get("secretary", "/tasks?scope=all&element=approve_conclusions")["items"][0]["case"]["id"]
    page = enter(browser, base, "secretary", width)
    page.goto(f"/cases/{case}")
    page.wait_for_selector("#diagram[data-ready]")
    assert scale_of(page) >= 0.8
    frame, current = (
        page.locator("#diagram").bounding_box(),
        page.locator("[data-element-id=approve_conclusions]").bounding_box(),
    )
    assert frame is not None
    assert current is not None
    assert frame["x"] <= current["x"]
    assert current["x"] + current["width"] <= frame["x"] + frame["width"]
    assert frame["y"] <= current["y"]
    assert current["y"] + current["height"] <= frame["y"] + frame["height"]
    page.click("button[data-zoom='fit']")
    assert scale_of(page) < 0.5
    page.context.close()


def scale_of(page: Page) -> float:
    """How large the diagram is shown; 1 is its own size."""
    found: float = page.evaluate(
        "document.querySelector('#diagram .viewport').transform.baseVal.consolidate().matrix.a"
    )
    return found
