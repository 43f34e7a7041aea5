"""A vote on a phone without scripts: a member's, and the chair's that decides an equality."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.crawl import enter
from tests.handlers.demo_house import DemoHouse
from tests.handlers.pages.test_meetings import opened

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def vote(page: Page, room: str, value: str, told: str) -> None:
    page.goto("/meetings")
    page.click(f"main a[href='{room}']")
    page.check(f"#vote-1-{value}", force=True)
    page.click("form[action$='/vote'] button")
    expect(page.locator("main")).to_contain_text("Ваш голос учтён.")
    expect(page.locator("[data-piece='mine']")).to_contain_text(f"Ваш голос: {told}")
    expect(page.locator("form[action$='/items/1/vote']")).to_have_count(0)


def test_a_member_votes_on_a_phone_and_the_chair_decides_an_equality(
    demo: DemoHouse, base: str, browser: Browser
) -> None:
    room = opened(demo).address
    wrong: list[str] = []
    people = {
        login: enter(browser, base, login, "narrow", scripts=False, wrong=wrong)
        for login in ("member03", "chair", "secretary")
    }
    vote(people["member03"], room, "against", "против")
    vote(people["chair"], room, "for", "за")
    secretary = people["secretary"]
    secretary.goto(room)
    answers = secretary.locator("#record [name^='of.'][value='against']").all()
    assert len(answers) == 22
    for answer in answers[:11]:
        answer.check(force=True)
    secretary.check("#record [name='rest'][value='for']", force=True)
    secretary.click("#record button.primary")
    expect(secretary.locator("#item-1")).to_contain_text("Голоса поровну")
    expect(secretary.locator("#item-1 .counts .for")).to_contain_text("12")
    assert wrong == []
    for page in people.values():
        page.context.close()
