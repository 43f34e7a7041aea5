"""The applicant's main path on a phone: with scripts and without, from a blank draft to the page that follows it."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, expect

from tests.handlers.demo_house import APPLICATION, DemoHouse
from tests.handlers.pages.test_applications import KINDS, MB, flat, large_pdf
from tests.looks import WATCH, axe
from tests.processes.certification.papers import pdf

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE: ViewportSize = {"width": 390, "height": 844}
#: Generous: the machine may be busy, and nothing here is about speed.
PATIENCE = 90_000


def enter(browser: Browser, base: str, *, scripts: bool) -> tuple[Page, list[str]]:
    context = browser.new_context(
        base_url=base,
        locale="ru-RU",
        timezone_id="Europe/Moscow",
        viewport=PHONE,
        java_script_enabled=scripts,
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda told: troubles.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    if scripts:
        page.add_init_script(WATCH)
    page.goto("/login")
    page.fill("#login", "applicant1")
    page.fill("#password", "demo")
    page.click("form[action='/login'] button")
    page.wait_for_selector("nav.main")
    page.goto("/applications")
    page.click("form[action='/applications'] button")
    page.wait_for_selector("nav.steps")
    return page, troubles


def fill_in(page: Page, values: dict[str, str]) -> None:
    """What this step asks of the values."""
    for name, text in values.items():
        field = page.locator(f"#form [name='{name}']")
        if field.count() == 0:
            continue
        if field.get_attribute("type") == "checkbox":
            field.check()
        elif field.evaluate("node => node.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)


def paper(kind: str) -> FilePayload:
    """A file to hand in."""
    return FilePayload(name=f"{kind}.pdf", mimeType="application/pdf", buffer=pdf() + f"%{kind}".encode())


def on(page: Page, slug: str) -> None:
    page.wait_for_url(f"**/{slug}*")
    page.wait_for_load_state()


def onward(page: Page) -> None:
    page.click("#form footer button[value='next']")


def look(page: Page) -> list[Any]:
    """What axe and the content policy have to say of a page, and whether it is wider than the screen."""
    found = axe(page)
    wrong: list[Any] = [(page.url, one["id"], one["nodes"][0]["target"]) for one in found]
    wrong += [(page.url, report) for report in page.evaluate("reports")]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        wrong.append((page.url, "wider than the screen"))
    return wrong


def test_an_application_goes_from_draft_to_submission_on_a_phone(
    demo: DemoHouse, base: str, browser: Browser, tmp_path: Path
) -> None:
    page, troubles = enter(browser, base, scripts=True)
    values, wrong = flat(APPLICATION), []
    plan = {name: text for name, text in values.items() if name.startswith("data.plan")}
    for slug in ("organisation", "programme"):
        on(page, slug)
        fill_in(page, values)
        wrong += look(page)
        onward(page)
    on(page, "plan")
    # Typed, summed, judged and saved, without a button.
    fill_in(page, {**plan, "data.plan.0.practice_hours": "2", "data.practice_bases": values["data.practice_bases"]})
    expect(page.locator("[data-practice]")).to_contain_text("Нужно не меньше 10 ч", timeout=PATIENCE)
    expect(page.locator("[data-told]")).to_contain_text("Сохранено в", timeout=PATIENCE)
    page.fill("[name='data.plan.0.practice_hours']", plan["data.plan.0.practice_hours"])
    expect(page.locator("[data-practice]")).to_contain_text("Этого достаточно", timeout=PATIENCE)
    # Rows by keyboard: a new one is typed, moved up and taken away.
    page.fill("[name='data.plan.1.module']", "Второй")
    page.press("[name='data.plan.1.module']", "Alt+ArrowUp")
    assert page.input_value("[name='data.plan.0.module']") == "Второй"
    assert page.evaluate("document.activeElement.name") == "data.plan.0.module"
    page.locator("[data-row='remove']").first.press("Enter")
    assert page.input_value("[name='data.plan.0.module']") == plan["data.plan.0.module"]
    wrong += look(page)
    onward(page)
    on(page, "authors")
    fill_in(page, values)
    onward(page)
    on(page, "files")
    large = large_pdf(tmp_path / "programme.pdf", 50 * MB)
    page.set_input_files("#f-file-programme", [large])
    expect(page.locator("#kind-programme [data-files]")).to_contain_text("programme.pdf", timeout=PATIENCE)
    page.set_input_files("#f-file-other", [FilePayload(name="run.exe", mimeType="text/plain", buffer=b"MZ")])
    expect(page.locator("#kind-other [data-sending]")).to_contain_text("не принимается", timeout=PATIENCE)
    for kind in KINDS[:2]:
        page.set_input_files(f"#f-file-{kind}", [paper(kind)])
        expect(page.locator(f"#kind-{kind} [data-files]")).to_contain_text(f"{kind}.pdf", timeout=PATIENCE)
    wrong += look(page)
    page.click("footer a.primary")
    on(page, "check")
    wrong += look(page)
    page.check("#f-consent")
    page.click("#form footer button.primary")
    page.wait_for_selector("ol.way")
    wrong += look(page)
    assert wrong == []
    assert troubles == []
    page.context.close()


def test_the_same_path_is_gone_without_scripts(demo: DemoHouse, base: str, browser: Browser) -> None:
    page, troubles = enter(browser, base, scripts=False)
    values = flat(APPLICATION)
    for slug in ("organisation", "programme", "plan", "authors"):
        on(page, slug)
        fill_in(page, values)
        onward(page)
    on(page, "files")
    for kind in KINDS:
        page.set_input_files(f"#f-file-{kind}", [paper(kind)])
        page.click(f"#kind-{kind} form.drop button")
        page.wait_for_selector(f"#kind-{kind} [data-files] a")
    page.click("footer a.primary")
    on(page, "check")
    page.check("#f-consent")
    page.click("#form footer button.primary")
    page.wait_for_selector("ol.way")
    assert troubles == []
    page.context.close()
