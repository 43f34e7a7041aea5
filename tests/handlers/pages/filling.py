"""How people fill in the forms of the procedure's tasks in a browser, with scripts or without."""

from collections.abc import Callable
from typing import Final

from playwright.sync_api import Page

from tests.handlers.demo_house import DemoHouse


def choose(page: Page, name: str, value: str) -> None:
    page.check(f"[name='data.{name}'][value='{value}']", force=True)


def register(page: Page) -> None:
    choose(page, "accepted", "true")
    page.fill("[name='data.copies']", "3")


def review(page: Page) -> None:
    for number in range(1, 6):
        choose(page, f"precheck.K{number}", "+")
    for number in range(1, 33):
        choose(page, f"marks.T{number:02}", "-" if number == 28 else "+")


def appoint(page: Page) -> None:
    for expert in page.locator("[name='data.experts']:enabled").all()[:3]:
        expert.check(force=True)


def conclude(page: Page) -> None:
    choose(page, "declaration.no_conflict", "true")
    for number in range(1, 25):
        choose(page, f"marks.E{number:02}", "+")
    choose(page, "verdict", "conforms")


def approve(page: Page) -> None:
    choose(page, "approve", "true")


def enter_order(page: Page) -> None:
    page.fill("[name='data.number']", "01-05/77")
    page.fill("[name='data.signed_on']", "12.01.2026")
    for answer in page.locator("[name^='data.approved.'][value='true']").all():
        answer.check(force=True)


def recommend(page: Page) -> None:
    page.fill("[name='data.recommendations']", "Уточнить планируемые результаты.")


def confirm(page: Page) -> None:
    page.check("[name='data.confirm']", force=True)


#: Whose main task is at which element, and how it is filled in; None stands for whoever holds it.
WORK: Final[dict[str, tuple[str | None, Callable[[Page], None]]]] = {
    "register_application": ("secretary", register),
    "technical_review": ("secretary", review),
    "appoint_experts": ("chair", appoint),
    "expert_review": (None, conclude),
    "approve_conclusions": ("chair", approve),
    "approve_agenda": ("chair", approve),
    "register_order": ("ministry", enter_order),
    "sign_certificate": ("chair", confirm),
    "publish_to_depository": ("secretary", confirm),
    "send_refusal": ("secretary", recommend),
}


def do(demo: DemoHouse, page: Page, task: str, fill: Callable[[Page], None]) -> None:
    """Fill in the form of a task, whose page is open, and complete it."""
    fill(page)
    page.click(".task-form .button.primary")
    page.wait_for_url(lambda address: f"/tasks/{task}" not in address)
    assert demo.get("secretary", f"/tasks/{task}")["state"] == "completed"
