"""How an applicant fills in an application step by step in a browser and hands it in, with scripts or without."""

from typing import Final

from playwright.sync_api import FilePayload, Page, expect

from tests.handlers.pages.test_applications import KINDS
from tests.processes.certification.papers import pdf

STEPS: Final = ("organisation", "programme", "plan", "authors")


def begin(page: Page) -> None:
    """Begin a draft; the first step stands open after."""
    page.goto("/applications")
    page.click("form[action='/applications'] button")
    page.wait_for_selector("nav.steps")


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


def on(page: Page, slug: str) -> None:
    """Wait until a step stands open, its scripts run."""
    page.wait_for_url(f"**/{slug}*")
    page.wait_for_load_state()


def onward(page: Page) -> None:
    """Go on to the next step."""
    page.click("#form footer button[value='next']")


def paper(kind: str) -> FilePayload:
    """A file to hand in."""
    return FilePayload(name=f"{kind}.pdf", mimeType="application/pdf", buffer=pdf() + f"%{kind}".encode())


def attach(page: Page, kind: str, *, scripts: bool) -> None:
    """Attach a file of a kind: by choosing it, without scripts also by the button."""
    page.set_input_files(f"#f-file-{kind}", [paper(kind)])
    if not scripts:
        page.click(f"#kind-{kind} form.drop button")
    expect(page.locator(f"#kind-{kind} [data-files]")).to_contain_text(f"{kind}.pdf")


def hand_in(page: Page, values: dict[str, str], *, scripts: bool) -> None:
    """From the first step of a draft to the page that follows the submitted application."""
    for slug in STEPS:
        on(page, slug)
        fill_in(page, values)
        onward(page)
    on(page, "files")
    for kind in KINDS:
        attach(page, kind, scripts=scripts)
    page.click("footer a.primary")
    on(page, "check")
    page.check("#f-consent")
    page.click("#form footer button.primary")
    page.wait_for_selector("ol.way")
