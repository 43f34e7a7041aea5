from tests.handlers.demo_house import DemoHouse
from tests.handlers.pages.person import Person


def test_anybody_finds_a_programme_and_takes_a_filter_off(demo: DemoHouse) -> None:
    person = Person(demo)
    person.open("/depository?q=грамотности&level=basic&hours_from=36")
    assert person.status == 200
    assert len(person.page.select("li.entry")) == 1
    chips = person.page.select(".chips a")
    assert len(chips) == 3
    person.open(str(chips[0]["href"]))
    assert len(person.page.select(".chips a")) == 2


def test_nothing_found_says_what_to_do(demo: DemoHouse) -> None:
    person = Person(demo)
    person.open("/depository?title=нетакойпрограммы")
    assert person.reads("Найдено 0 программ")
    assert person.reads("Уберите условие")


def test_a_bad_value_is_named(demo: DemoHouse) -> None:
    person = Person(demo)
    person.open("/depository?hours_from=много&valid_on=завтра")
    assert person.status == 422
    assert person.reads("Укажите целое число")


def test_a_date_is_typed_as_people_write_it(demo: DemoHouse) -> None:
    person = Person(demo)
    page = person.open("/depository?valid_on=13.01.2026")
    assert len(page.select("li.entry")) == 2
    field = page.select_one("[name='valid_on']")
    assert field is not None
    assert field["value"] == "13.01.2026"


def test_the_exports_keep_the_filters(demo: DemoHouse) -> None:
    person = Person(demo)
    page = person.open("/depository?title=грамотность")
    link = next(link for link in page.select("a[href*='depository.csv']"))
    answer = person.browser.get(str(link["href"]))
    assert answer.status_code == 200
    assert answer.text.count("\n") == 2


def test_all_thirteen_filters_stand_on_the_page(demo: DemoHouse) -> None:
    page = Person(demo).open("/depository")
    assert len(page.select("form.filters details")) == 13


def test_a_card_leads_to_the_check_of_its_certificate(demo: DemoHouse) -> None:
    person = Person(demo)
    person.open("/depository")
    person.open(str(person.page.select("li.entry a.strong")[0]["href"]))
    assert person.reads("Категория слушателей")
    person.follow("Проверить сертификат")
    assert person.reads("Сертификат подлинный и действует.")


def test_an_unknown_certificate_is_told_plainly(demo: DemoHouse) -> None:
    person = Person(demo)
    person.open("/certificates?number=99-9999")
    assert person.status == 404
    assert person.reads("Сертификата с таким номером нет")
