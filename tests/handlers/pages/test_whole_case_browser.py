"""One case from the application to the depository, in one browser: each step by its own person, found in the inbox."""

from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.crawl import enter
from tests.handlers.demo_house import APPLICATION, DemoHouse
from tests.handlers.pages import filling
from tests.handlers.pages.applying import begin, hand_in
from tests.handlers.pages.test_applications import flat

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLE: Final = APPLICATION["programme_title"]
TODAY: Final = "12.01.2026"


class Cast:
    """Everybody signs in once and goes on where they left; what a browser calls an error is kept in `wrong`."""

    def __init__(self, demo: DemoHouse, browser: Browser, base: str) -> None:
        self.demo, self.browser, self.base = demo, browser, base
        self.pages: dict[str | None, Page] = {}
        self.wrong: list[str] = []

    def page(self, login: str | None) -> Page:
        """The page of a person, or of the public."""
        if login not in self.pages:
            self.pages[login] = enter(self.browser, self.base, login, wrong=self.wrong)
        return self.pages[login]

    def work(self, login: str, task: str, fill: Callable[[Page], None], about: str = TITLE, tab: str = "all") -> None:
        """A person finds a task by its name and case in the inbox, opens it, fills in its form and completes it."""
        page = self.page(login)
        page.goto(f"/?tab={tab}")
        page.fill("#inbox-q", about)
        page.press("#inbox-q", "Enter")
        page.wait_for_url("**q=*")
        page.locator(".task", has_text=about).get_by_role("link", name=task, exact=True).click()
        page.wait_for_selector(".pane #pane-title, main > .head > h1")
        page.click(".pane a[href^='/tasks/']")
        page.wait_for_url("**/tasks/*")
        filling.do(self.demo, page, page.url.rsplit("/", 1)[1].split("?")[0], fill)


def holders(cast: Cast) -> list[str]:
    """The logins of the three experts, whom the page of the case names only to the secretary: told by the API."""
    items = cast.demo.get("secretary", "/tasks?scope=all&element=expert_review&limit=100")["items"]
    return [task["assignee"] for task in items if task["case"]["title"] == TITLE]


def call_a_meeting(page: Page) -> None:
    """The secretary calls a meeting for today on this case alone."""
    page.goto("/meetings")
    page.click("a[href='/meetings/new']")
    page.fill("[name='date']", TODAY)
    for box in page.locator("[name='case']").all():
        box.uncheck()
    page.locator(".option", has_text=TITLE).locator("[name='case']").check()
    page.click("form[action='/meetings/new'] .primary")
    page.wait_for_selector("main ul.tabs")


def hold_the_meeting(cast: Cast) -> None:
    """All come, one member and the chair vote themselves, the secretary records the rest."""
    secretary = cast.page("secretary")
    room = secretary.url.split("?")[0].split("#")[0]
    for answer in secretary.locator("[name^='here.'][value='in_person']").all():
        answer.check(force=True)
    secretary.click("[name='open']")
    expect(secretary.locator("#record")).to_be_visible()
    for login in ("member11", "chair"):
        page = cast.page(login)
        page.goto(room)
        page.check("#vote-1-for", force=True)
        page.click("form[action$='/vote'] button")
        expect(page.locator("main")).to_contain_text("Ваш голос: за")
    secretary.reload()
    secretary.check("#record [name='rest'][value='for']", force=True)
    secretary.click("#record button.primary")
    expect(secretary.locator("#item-1")).to_contain_text("24")


def test_an_application_becomes_a_certificate_in_the_depository(demo: DemoHouse, base: str, browser: Browser) -> None:
    cast = Cast(demo, browser, base)
    applicant, secretary = cast.page("applicant1"), cast.page("secretary")
    begin(applicant)
    hand_in(applicant, flat(APPLICATION), scripts=True)
    followed = applicant.url
    cast.work("secretary", "Зарегистрировать заявку", filling.register)
    cast.work("secretary", "Техническая экспертиза", filling.review)
    cast.work("chair", "Назначить трёх экспертов", filling.appoint)
    experts = holders(cast)
    assert len(set(experts)) == 3
    for login in experts:
        cast.work(login, "Заключение эксперта", filling.conclude, tab="mine")
    cast.work("chair", "Утвердить заключения", filling.approve)
    call_a_meeting(secretary)
    meeting = secretary.locator(".crumbs").inner_text().rsplit("/", 1)[1].strip()
    room = secretary.url
    cast.work("chair", "Утвердить повестку", filling.approve, meeting)
    secretary.goto(room)
    hold_the_meeting(cast)
    cast.work("secretary", "Подпись секретаря", filling.confirm, meeting)
    cast.work("chair", "Подпись председателя", filling.confirm, meeting)
    cast.work("ministry", "Зарегистрировать приказ", filling.enter_order, meeting)
    cast.work("chair", "Подписать сертификат", filling.confirm)
    cast.work("secretary", "Внести в депозитарий", filling.confirm)
    applicant.goto(followed)
    number = applicant.locator("section:has-text('Сертификат') > header .badge.good").inner_text().strip()
    public = cast.page(None)
    public.goto("/depository")
    public.fill("#d-q", "знаний без отметок")
    public.press("#d-q", "Enter")
    public.click(f".entry h3 a:has-text('{TITLE}')")
    expect(public.locator("aside.certificate")).to_contain_text(number)
    public.click("aside.certificate .primary")
    expect(public.locator("#verdict")).to_have_text("Действует")
    expect(public.locator("main")).to_contain_text(TITLE)
    assert cast.wrong == []
    for page in cast.pages.values():
        page.context.close()
