"""Pictures of the pages, taken from a running demo.

    make run                                                # in one terminal
    .venv/bin/python scripts/picture_pages.py               # in another: those of the user guide
    .venv/bin/python scripts/picture_pages.py --all FOLDER  # every page of every role: light, dark, 390 pixels wide

An address may follow. The guide's, in `docs/pictures/pages`, are 1440 pixels wide, light. The demo stays as it is.
"""

import argparse
import re
import sys
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from playwright.sync_api import Browser, Page, sync_playwright

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser import ARGUMENTS, chromium  # noqa: E402 - the scripts folder is no package
from tests.crawl import ROLES, enter, pages_of  # noqa: E402 - the same

FOLDER: Final = ROOT / "docs" / "pictures" / "pages"
WIDTH, HEIGHT = 1440, 900


#: Size and colours of the pictures of every page.
LOOKS: Final = (("wide", "light"), ("wide", "dark"), ("narrow", "light"))


def main() -> None:
    """Take them all."""
    asked = argparse.ArgumentParser(description="Pictures of the pages of a running demo.")
    asked.add_argument("base", nargs="?", default="http://127.0.0.1:8000", help="where the demo is served")
    asked.add_argument("--all", type=Path, metavar="FOLDER", help="every page of every role into a folder")
    given = asked.parse_args()
    base = given.base.rstrip("/")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        if given.all:
            picture_all(browser, base, given.all)
        else:
            FOLDER.mkdir(parents=True, exist_ok=True)
            picture_guide(browser, base)
        browser.close()


def picture_all(browser: Browser, base: str, folder: Path) -> None:
    """Every kind of page that a role reaches, in each look; what one role has shown is not shown again by another."""
    for size, scheme in LOOKS:
        seen: set[str] = set()
        home = folder / f"{size}-{scheme}"
        home.mkdir(parents=True, exist_ok=True)
        for login in ROLES:
            page = enter(browser, base, login, size, scheme)
            for kind, address in list(pages_of(page, login)):
                if kind not in seen:
                    seen.add(kind)
                    page.goto(address)
                    told = kind.replace("*", "one").replace("?", "-asked-")
                    name = re.sub(r"[^\w]+", "-", f"{login or 'public'}{told}").strip("-")
                    page.screenshot(path=str(home / f"{name}.png"), animations="disabled", full_page=True)
            page.context.close()
        sys.stdout.write(f"{home}: {len(seen)}\n")


def picture_guide(browser: Browser, base: str) -> None:
    """The pictures that the guide shows."""
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
    """A picture of where the first link with a text leads; of a task, its own page."""
    page.goto(address)
    target = page.locator("main a", has_text=link).first.get_attribute("href")
    task = re.search(r"[?&]task=([\w-]+)", target or "")
    page.goto(urljoin(page.url, f"/tasks/{task[1]}" if task else target))
    shoot(page, name)


def shoot(page: Page, name: str) -> None:
    """The picture itself."""
    page.screenshot(path=str(FOLDER / f"{name}.png"), animations="disabled")


if __name__ == "__main__":
    main()
