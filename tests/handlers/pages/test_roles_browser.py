"""Each role's main task in a real browser, from sign-in to signature: wide with scripts, on a phone without any."""

import pytest
from playwright.sync_api import Browser, Page

from tests.crawl import enter
from tests.handlers.demo_house import DemoHouse
from tests.handlers.pages.filling import WORK, do

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize(("size", "scripts"), [("wide", True), ("narrow", False)])
def test_every_role_does_its_main_task(demo: DemoHouse, base: str, browser: Browser, size: str, scripts: bool) -> None:
    wrong: list[str] = []
    pages: dict[str, Page] = {}
    for element, (role, fill) in WORK.items():
        task = demo.get("secretary", f"/tasks?scope=all&element={element}")["items"][0]
        login = role or task["assignee"]
        page = pages.get(login) or enter(browser, base, login, size, scripts=scripts, wrong=wrong)
        pages[login] = page
        page.goto(f"/tasks/{task['id']}")
        do(demo, page, task["id"], fill)
    assert wrong == []
    for page in pages.values():
        page.context.close()
