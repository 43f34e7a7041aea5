import csv
import io
import zipfile
from datetime import date
from urllib.parse import quote

import orjson
import pytest

from processes.depository.records import certificates
from tests.handlers.demo_house import DemoHouse
from tests.handlers.pages.person import Person


def entries(person: Person) -> list[str]:
    return [each.get_text() for each in person.page.select("li.entry h3")]


def test_anybody_finds_a_programme_and_takes_a_filter_off(demo: DemoHouse) -> None:
    person = Person(demo)
    person.open("/depository?q=функциональной&level=basic&hours_from=36")
    assert person.status == 200
    assert entries(person) == ["Функциональная грамотность на уроках математики"]
    chips = person.page.select(".chips a[rel]")
    assert len(chips) == 3
    person.open(str(chips[0]["href"]))
    assert len(person.page.select(".chips a[rel]")) == 2


def test_what_was_looked_for_is_marked_in_any_form(demo: DemoHouse) -> None:
    page = Person(demo).open("/depository?q=формирующего+оценивания")
    assert {mark.get_text().lower() for mark in page.select("mark")} == {"формирующее оценивание"}


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
    assert person.reads("Укажите дату в виде ДД.ММ.ГГГГ")
    assert not person.reads("Найдено 0 программ")
    page = person.open("/depository?level=low&page=0")
    assert [link["href"] for link in page.select(".summary a")] == ["#d-level"]
    assert person.reads("Страница: Страницы считаются с 1.")
    assert page.select_one("#d-level input")


def test_a_page_past_the_last_one_leads_to_it(demo: DemoHouse) -> None:
    sent = demo.client().get("/depository?per_page=1&page=900&level=basic")
    assert sent.status_code == 302
    last = demo.get(None, "/depository?level=basic")["total"]
    page = Person(demo).open(sent.headers["Location"])
    assert page.select_one(f".pager [aria-current]:-soup-contains('{last}')")
    assert demo.client().get("/depository?q=нетакойпрограммы&page=2").status_code == 200


def test_a_number_among_the_words_leads_to_its_check(demo: DemoHouse) -> None:
    page = Person(demo).open("/depository?q=№ 23-2026-0001")
    assert page.select_one(".empty a[href='/certificates/23-2026-0001']")


def test_a_date_is_typed_as_people_write_it(demo: DemoHouse) -> None:
    person = Person(demo)
    everything = demo.get(None, "/depository")["total"]
    page = person.open("/depository?valid_on=13.01.2026")
    assert person.reads(f"Найдено {everything} программ")
    field = page.select_one("[name='valid_on']")
    assert field is not None
    assert field["value"] == "13.01.2026"


def test_a_form_sent_with_blanks_leads_to_a_short_address(demo: DemoHouse) -> None:
    sent = demo.client().get("/depository?q=чтение&title=&hours_from=&sort=-published&page=1")
    assert sent.status_code == 302
    assert sent.headers["Location"] == "/depository?q=%D1%87%D1%82%D0%B5%D0%BD%D0%B8%D0%B5"
    assert demo.client().get("/depository?q=").headers["Location"] == "/depository"


def test_all_thirteen_filters_stand_on_the_page(demo: DemoHouse) -> None:
    page = Person(demo).open("/depository")
    assert len(page.select("details.filter")) == 13


def test_a_slash_after_an_address_leads_to_the_page(demo: DemoHouse) -> None:
    client = demo.client()
    assert [client.get(path).status_code for path in ("/depository/", "/certificates/", "/no-page/")] == [200, 200, 404]


def test_a_chosen_value_does_not_hide_its_neighbours(demo: DemoHouse) -> None:
    page = Person(demo).open("/depository?level=high")
    levels = {str(each["value"]) for each in page.select("[name='level']")}
    assert levels == {"", "basic", "advanced", "high"}
    directions = {str(each["value"]) for each in page.select("[name='direction']")}
    assert "математика" not in directions


def test_a_chosen_value_under_which_nothing_is_found_stays_chosen(demo: DemoHouse) -> None:
    page = Person(demo).open("/depository?level=high&audience=никто&q=нетакого")
    chosen = {str(each["value"]) for each in page.select("[name='level'][checked], [name='audience'][checked]")}
    assert chosen == {"high", "никто"}


def test_every_count_is_what_one_finds(demo: DemoHouse) -> None:
    person = Person(demo)
    quick = [
        (str(link["href"]), int(link.select("span")[-1].get_text()))
        for link in person.open("/depository").select(".quick a")
    ]
    assert len(quick) > 8
    for address, count in quick:
        person.open(address)
        assert len(entries(person)) == count, address


def test_pages_lead_on_and_back(demo: DemoHouse) -> None:
    person = Person(demo)
    first = entries(person) if person.open("/depository?per_page=3&sort=title") else []
    person.open(str(person.page.select_one("a[rel='next']")["href"]))  # type: ignore[index]
    assert not set(entries(person)) & set(first)
    person.open(str(person.page.select_one("a[rel='prev']")["href"]))  # type: ignore[index]
    assert entries(person) == first


def test_the_tables_keep_the_filters(demo: DemoHouse) -> None:
    person = Person(demo)
    page = person.open("/depository?title=грамотность")
    for ending in ("csv", "xlsx", "json", "atom"):
        link = next(link for link in page.select(f"a[href*='depository.{ending}']"))
        answer = person.browser.get(str(link["href"]))
        assert answer.status_code == 200
        assert told_titles(ending, answer.data) == ["Функциональная грамотность на уроках математики"]


def told_titles(ending: str, content: bytes) -> list[str]:
    if ending == "csv":
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
        assert rows[0]["Действует по"] == "12.01.2029"
        return [row["Название программы"] for row in rows]
    if ending == "json":
        return [item["title"] for item in orjson.loads(content)["items"]]
    if ending == "xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            texts = book.read("xl/sharedStrings.xml").decode()
            assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()
        return [title for title in ["Функциональная грамотность на уроках математики"] if title in texts]
    text = content.decode()
    return [part.partition("</title>")[0] for part in text.split("<entry><title>")[1:]]


def test_what_did_not_change_is_not_sent_again(demo: DemoHouse) -> None:
    for path in ("/depository.csv", "/depository.xlsx", "/depository.atom", "/sitemap.xml", "/opendata/list.csv"):
        first = demo.client().get(path)
        again = demo.client().get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), path


def test_a_bad_search_hands_nothing_out(demo: DemoHouse) -> None:
    for path in ("/depository.csv", "/depository.xlsx", "/depository.json", "/depository.atom"):
        assert demo.client().get(f"{path}?level=low").status_code == 422, path


def test_a_card_hands_out_the_programme_and_its_certificate(demo: DemoHouse) -> None:
    person = Person(demo)
    person.open("/depository")
    person.open(str(person.page.select("li.entry h3 a")[0]["href"]))
    assert person.reads("Категория слушателей")
    for kind in ("programme", "certificate"):
        link = person.page.select_one(f"a[href$='/{kind}']")
        assert link is not None
        answer = person.browser.get(str(link["href"]))
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    person.follow("Проверить сертификат")
    assert person.reads("Сертификат подлинный и действует.")


def test_nothing_but_programme_and_certificate_is_open(demo: DemoHouse) -> None:
    entry = demo.get(None, "/depository")["items"][0]["id"]
    for kind in ("application", "license_copy", "conclusion", "technical_review"):
        assert demo.client().get(f"/depository/{entry}/{kind}").status_code == 404


def test_a_card_is_linked_data_and_breaks_out_of_nothing(demo: DemoHouse) -> None:
    page = Person(demo).open(demo.get(None, "/depository")["items"][0]["url"])
    script = page.select_one("script[type='application/ld+json']")
    assert script is not None
    told = orjson.loads(script.get_text())
    assert told["@type"] == "Course"
    assert told["identifier"]["value"].startswith("23-")
    assert "<" not in script.get_text()


@pytest.mark.parametrize(
    "typed",
    [
        "23-2026-0001",
        " № 23-2026-0001 ",
        "23 - 2026 - 0001",
        "23–2026–0001",
        "23 2026 0001",
        "23/2026/0001.",
        "сертификат N 23-2026-ООО1",
        "2\u200b3\u00ad-2026-0001",
        "https://example.org/certificates/23-2026-0001",
    ],
)
def test_a_number_is_understood_as_people_type_it(demo: DemoHouse, typed: str) -> None:
    person = Person(demo)
    answer = person.browser.get("/certificates", query_string={"number": typed}, follow_redirects=True)
    assert answer.status_code == 200
    assert "Сертификат подлинный и действует." in answer.text
    found = person.browser.get("/depository", query_string={"certificate": typed})
    assert "Найдена 1 программа" in found.text


@pytest.mark.parametrize("typed", ["99-9999", "23-2026-0001-2", "23-2026-00010000000", "123-2026-0001"])
def test_an_unknown_certificate_is_told_plainly(demo: DemoHouse, typed: str) -> None:
    person = Person(demo)
    person.open(f"/certificates?number={typed}")
    assert person.status == 404
    assert person.reads(f"№ {typed}")
    assert person.reads("Сертификата с таким номером нет")


def test_a_certificate_whose_first_day_is_to_come_is_told_with_that_day(demo: DemoHouse) -> None:
    with demo.context.runtime.transaction() as tx:
        row = certificates.find_certificate(tx.connection, "23-2026-0001")
        assert row
        later = {"number": "23-2026-0900", "case": "later", "valid_from": date(2026, 2, 2)}
        certificates.add_certificate(tx.connection, row | later)
    person = Person(demo)
    person.open("/certificates/23-2026-0900")
    assert person.status == 200
    assert person.reads("Будет действовать с 2 февраля 2026")


def advance(demo: DemoHouse, now: str) -> None:
    demo.post("admin", "/clock", {"now": now})


def test_a_revoked_programme_leaves_every_list_and_is_still_checked(demo: DemoHouse) -> None:
    item = demo.get(None, "/depository?certificate=23-2026-0001")["items"][0]
    case = next(
        each["id"] for each in demo.get("ministry", "/cases?limit=100")["items"] if each["title"] == item["title"]
    )
    before = Person(demo).browser.get("/opendata").headers["Location"]
    told = demo.client().get(f"{item['url']}/certificate").headers["Content-Disposition"]
    assert told.endswith(quote("Сертификат 23-2026-0001.pdf"))
    page = f"/cases/{case}/revocation"
    assert Person(demo, "secretary").browser.get(page).status_code == 403
    ministry = Person(demo, "ministry")
    ministry.open(f"/cases/{case}")
    ministry.follow("Отозвать сертификат")
    ministry.send(f"form[action='{page}']", {"order": "77", "signed_on": "11.01.2026", "reason": "Решение совета"})
    assert (ministry.status, ministry.reads("приказ не может быть раньше")) == (422, True)
    ministry.send(f"form[action='{page}']", {"signed_on": "12.01.2026"})
    assert ministry.reads("Сертификат отозван, программа изъята из депозитария.")
    ministry.open(page)
    assert ministry.reads("отзывать нечего")
    for path in ("/depository", "/depository.csv", "/depository.json", "/depository.atom", "/sitemap.xml"):
        text = demo.client().get(path).text
        assert item["id"] not in text, path
        assert "23-2026-0001" not in text, path
    assert demo.client().get(item["url"]).status_code == 404
    assert demo.client().get(f"{item['url']}/programme").status_code == 404
    person = Person(demo)
    person.open("/certificates/23-2026-0001")
    assert person.status == 200
    assert person.reads("Сертификат выдавался и отозван.")
    assert "Решение совета" not in str(person.page)
    assert person.open(before)
    assert person.reads("изъято: 1")


def test_an_expired_programme_leaves_on_its_day_and_is_still_checked(demo: DemoHouse) -> None:
    url = demo.get(None, "/depository?certificate=23-2026-0001")["items"][0]["url"]
    advance(demo, "2029-01-12T12:00:00+03:00")
    assert demo.client().get(url).status_code == 200
    advance(demo, "2029-01-13T00:05:00+03:00")
    assert demo.client().get(url).status_code == 404
    person = Person(demo)
    assert not person.open("/depository").select("li.entry")
    assert person.reads("Сейчас нет программ с действующим сертификатом")
    assert not person.reads("Уберите условие")
    person.open("/certificates/23-2026-0001")
    assert person.reads("три года его действия истекли")


def test_open_data_stands_under_the_names_that_programs_expect(demo: DemoHouse) -> None:
    visitor = demo.client()
    listed = list(csv.reader(io.StringIO(visitor.get("/opendata/list.csv").text)))
    assert listed[0] == ["property", "title", "value", "format"]
    identifier, meta_url = listed[2][0], listed[2][2]
    assert identifier == "2399000019-depository"
    meta = dict(csv.reader(io.StringIO(visitor.get(path_of(demo, meta_url)).text)))
    assert meta["identifier"] == identifier
    assert (meta["created"], meta["modified"]) == ("20260112", "20260112")
    structure = visitor.get(path_of(demo, meta["structure-20200210"])).text
    data = visitor.get(path_of(demo, meta["data-20260112-structure-20200210"]))
    names = [row[0] for row in list(csv.reader(io.StringIO(structure)))[1:]]
    rows = list(csv.DictReader(io.StringIO(data.text)))
    assert list(rows[0]) == names
    assert len(rows) == demo.get(None, "/depository")["total"]
    assert rows[0]["valid_until"] == "2029-01-12"
    assert not data.data.startswith(b"\xef\xbb\xbf")


def path_of(demo: DemoHouse, address: str) -> str:
    return address.removeprefix(demo.context.settings.base_url)


def test_the_passport_is_a_page_too(demo: DemoHouse) -> None:
    person = Person(demo)
    person.open("/opendata")
    assert person.address == "/opendata/2399000019-depository"
    for words in ("Идентификационный номер", "Владелец набора", "Ответственное лицо", "Условия использования"):
        assert person.reads(words), words


@pytest.mark.parametrize(
    "path", ["/opendata/7700000000-depository", "/opendata/x/meta.csv", "/opendata/2399000019-depository/data-1.csv"]
)
def test_other_sets_and_versions_are_not_there(demo: DemoHouse, path: str) -> None:
    assert demo.client().get(path).status_code == 404


def test_crawlers_find_the_cards_and_nothing_closed(demo: DemoHouse) -> None:
    visitor = demo.client()
    robots = visitor.get("/robots.txt").text
    assert "Disallow: /\n" in robots
    assert "Sitemap: " in robots
    found = visitor.get("/sitemap.xml").text
    for item in demo.get(None, "/depository")["items"]:
        assert f"{item['url']}</loc>" in found
    assert visitor.get("/sitemap-1.xml").status_code == 200
    assert visitor.get("/sitemap-2.xml").status_code == 404
    assert visitor.get("/sitemap-0.xml").status_code == 404
