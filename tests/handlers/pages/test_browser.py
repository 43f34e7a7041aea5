"""The pages in a real browser: no axe finding, no report of the content policy, nothing wider than the screen."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.crawl import SIZES, enter, pages_of
from tests.handlers.demo_house import DemoHouse
from tests.looks import findings_both_ways

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: Between them these people meet every page; who comes later looks at what the earlier ones have not seen.
PEOPLE = ("secretary", "applicant1", "admin", None)


def test_no_page_of_anybody_has_a_finding_wide_and_light_or_narrow_and_dark(base: str, browser: Browser) -> None:
    seen: set[str] = set()
    wrong: list[Any] = []
    for login in PEOPLE:
        page = enter(browser, base, login, wrong=wrong)
        for kind, address in list(pages_of(page, login)):
            if kind not in seen:
                seen.add(kind)
                page.goto(address)
                if page.locator("#diagram").count():
                    page.wait_for_selector("#diagram[data-ready]")
                wrong += [(login, address, found) for found in findings_both_ways(page)]
        page.context.close()
    assert wrong == []
    assert len(seen) > 60, "the links no longer lead everywhere"


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


@pytest.mark.parametrize("width", SIZES)
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
