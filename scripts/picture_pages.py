"""Pictures of the pages for the user guide, taken from a running demo: `docs/pictures/pages/*.png`.

    make run                                     # in one terminal
    .venv/bin/python scripts/picture_pages.py    # in another; an address may follow

Every picture is 1440 pixels wide, light; nothing is changed in the demo.
"""

import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser import ARGUMENTS, chromium  # noqa: E402 - the scripts folder is no package

FOLDER: Final = ROOT / "docs" / "pictures" / "pages"
WIDTH, HEIGHT = 1440, 900


def main() -> None:
    """Take them all."""
    base = (sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000").rstrip("/")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        page = signed_in(browser, base, "secretary")
        take(page, base + "/", "inbox")
        follow(page, base + "/", "Техническая экспертиза", "technical")
        take(page, base + "/cases", "cases")
        page.goto(base + "/cases")
        page.locator("main a[href^='/cases/']").first.click()
        page.wait_for_selector("#canvas[data-ready], [data-ready]", timeout=20_000)
        shoot(page, "case")
        follow(signed_in(browser, base, "chair"), base + "/", "Назначить трёх экспертов", "appoint")
        applicant = signed_in(browser, base, "applicant1")
        applicant.goto(base + "/applications")
        applicant.locator("main a[href^='/applications/']").first.click()
        shoot(applicant, "application")
        visitor = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, locale="ru-RU")
        take(visitor, base + "/depository", "depository")
        browser.close()


def signed_in(browser: Browser, base: str, login: str) -> Page:
    """A page of a signed-in demo person."""
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, locale="ru-RU", timezone_id="Europe/Moscow")
    page.goto(base + "/login")
    page.fill("[name=login]", login)
    page.fill("[name=password]", "demo")
    page.press("[name=password]", "Enter")
    page.wait_for_load_state()
    return page


def take(page: Page, address: str, name: str) -> None:
    """A picture of an address."""
    page.goto(address)
    shoot(page, name)


def follow(page: Page, address: str, link: str, name: str) -> None:
    """A picture of where the first link with a text leads."""
    page.goto(address)
    page.locator("main a", has_text=link).first.click()
    page.wait_for_load_state()
    shoot(page, name)


def shoot(page: Page, name: str) -> None:
    """The picture itself."""
    page.screenshot(path=str(FOLDER / f"{name}.png"), animations="disabled")


if __name__ == "__main__":
    main()
