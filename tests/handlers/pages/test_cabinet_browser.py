"""The applicant's main path on a phone: with scripts and without, from a blank draft to the page that follows it."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from tests.crawl import enter
from tests.handlers.demo_house import APPLICATION, DemoHouse
from tests.handlers.pages.applying import attach, begin, fill_in, hand_in, on, onward
from tests.handlers.pages.test_applications import KINDS, MB, flat, large_pdf
from tests.looks import findings

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_an_application_goes_from_draft_to_submission_on_a_phone(
    demo: DemoHouse, base: str, browser: Browser, tmp_path: Path
) -> None:
    troubles: list[str] = []
    page = enter(browser, base, "applicant1", "narrow", wrong=troubles)
    begin(page)
    values, wrong = flat(APPLICATION), []
    plan = {name: text for name, text in values.items() if name.startswith("data.plan")}
    for slug in ("organisation", "programme"):
        on(page, slug)
        fill_in(page, values)
        wrong += findings(page)
        onward(page)
    on(page, "plan")
    # Typed, summed, judged and saved, without a button.
    fill_in(page, {**plan, "data.plan.0.practice_hours": "2", "data.practice_bases": values["data.practice_bases"]})
    expect(page.locator("[data-practice]")).to_contain_text("Нужно не меньше 10 ч")
    expect(page.locator("[data-told]")).to_contain_text("Сохранено в")
    page.fill("[name='data.plan.0.practice_hours']", plan["data.plan.0.practice_hours"])
    expect(page.locator("[data-practice]")).to_contain_text("Этого достаточно")
    # Rows by keyboard: a new one is typed, moved up and taken away.
    page.fill("[name='data.plan.1.module']", "Второй")
    page.press("[name='data.plan.1.module']", "Alt+ArrowUp")
    assert page.input_value("[name='data.plan.0.module']") == "Второй"
    assert page.evaluate("document.activeElement.name") == "data.plan.0.module"
    page.locator("[data-row='remove']").first.press("Enter")
    assert page.input_value("[name='data.plan.0.module']") == plan["data.plan.0.module"]
    wrong += findings(page)
    onward(page)
    on(page, "authors")
    fill_in(page, values)
    onward(page)
    on(page, "files")
    large = large_pdf(tmp_path / "programme.pdf", 50 * MB)
    page.set_input_files("#f-file-programme", [large])
    expect(page.locator("#kind-programme [data-files]")).to_contain_text("programme.pdf")
    page.set_input_files("#f-file-other", [FilePayload(name="run.exe", mimeType="text/plain", buffer=b"MZ")])
    expect(page.locator("#kind-other [data-sending]")).to_contain_text("не принимается")
    for kind in KINDS[:2]:
        attach(page, kind, scripts=True)
    wrong += findings(page)
    page.click("footer a.primary")
    on(page, "check")
    wrong += findings(page)
    page.check("#f-consent")
    page.click("#form footer button.primary")
    page.wait_for_selector("ol.way")
    wrong += findings(page)
    assert wrong == []
    assert troubles == []
    page.context.close()


def test_the_same_path_is_gone_without_scripts(demo: DemoHouse, base: str, browser: Browser) -> None:
    troubles: list[str] = []
    page = enter(browser, base, "applicant1", "narrow", scripts=False, wrong=troubles)
    begin(page)
    hand_in(page, flat(APPLICATION), scripts=False)
    assert troubles == []
    page.context.close()
