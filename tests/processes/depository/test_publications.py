"""What the depository gives away: tables, open data, feed, linked data, marks; what it counts; on each database."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.clock import ClockMode
from engine.database import Database
from engine.registry import Registry
from engine.runtime import Runtime
from processes import demo
from processes.depository import open_data, publications
from processes.depository.feeds import link_data_set, link_entry, write_atom, write_sitemap, write_sitemap_index
from processes.depository.marking import mark_words
from processes.depository.model import Entry
from processes.depository.publisher import Publisher, check_publisher
from processes.depository.records import changes, entries
from processes.depository.spreadsheets import COLUMNS, write_csv, write_xlsx

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
BASE = "https://kes.example.org"
ATOM = "{http://www.w3.org/2005/Atom}"
ENTRY = Entry(
    id="01a2048b-ed41-73aa-b9b2-5dda4c77ab82",
    case="case-1",
    title="Ёмкие уроки математики",
    organization="Институт развития «Контур»",
    organization_short="ИР «Контур»",
    authors=("Иванова Мария Петровна", "Ёлкин Пётр Олегович"),
    direction="математика",
    level="basic",
    education_kind="повышение квалификации",
    audience=("учителя", "методисты"),
    hours=36,
    year=2025,
    study_form="очная",
    issued_document="удостоверение",
    certificate="23-2026-0001",
    valid_from=date(2026, 1, 12),
    valid_until=date(2029, 1, 12),
    published_on=date(2026, 1, 13),
)


def other(number: int, **more: Any) -> Entry:
    return replace(ENTRY, id=f"entry-{number}", case=f"case-{number}", certificate=f"23-2026-000{number}", **more)


@pytest.fixture
def runtime(schema_url: str) -> Iterator[Runtime]:
    """A house with three entries in force, one of which came last; once on each database."""
    made = Runtime(Database(schema_url), Registry(), mode=ClockMode.VIRTUAL, clock_start=NOW)
    with made.transaction() as tx:
        demo.seat_council(tx)
        for each in (ENTRY, other(2, level="high", hours=72), other(3, year=2024, published_on=date(2026, 2, 3))):
            entries.add_entry(tx.connection, each, at=NOW, by="secretary")
    yield made
    made.database.close()


def counts(runtime: Runtime, **query: str) -> dict[str, dict[Any, int]]:
    with runtime.reading() as tx:
        told = publications.count_choices(tx, {name: [text] for name, text in query.items()})
    return {name: {row["value"]: row["count"] for row in rows} for name, rows in told.items()}


def test_a_columns_own_filter_is_left_out_of_its_count(runtime: Runtime) -> None:
    told = counts(runtime, level="high", hours_to="50")
    assert told["level"] == {"basic": 2}
    assert told["hours"] == {72: 1}
    assert told["year"] == {}
    assert counts(runtime, level="low") == {}


def test_the_last_change_is_told_with_what_it_did(runtime: Runtime) -> None:
    with runtime.transaction() as tx:
        assert changes.first_day(tx.connection) == date(2026, 1, 13)
        assert changes.last_change(tx.connection, date(2026, 1, 12)) is None
        assert changes.last_change(tx.connection, TODAY) == changes.Change(date(2026, 2, 3), 1, 0)
        entries.remove_entry(tx.connection, "case-2", reason="revoked", at=NOW)
        assert changes.last_change(tx.connection, TODAY) == changes.Change(TODAY, 0, 1)
        expired = changes.last_change(tx.connection, date(2029, 1, 13))
        assert expired == changes.Change(date(2029, 1, 13), 0, 3)
        data_set = publications.read_data_set(tx, BASE)
    assert data_set.last_change == "Изъято: 1"
    assert data_set.size == 2
    assert data_set.data == "data-20260302-structure-20200210"


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({}, set()),
        ({"phone": "+7 (861) 000-00-00"}, set()),
        ({"phone": "8 861 000 00 00, доб. 12"}, set()),
        ({"phone": "861"}, {"phone"}),
        ({"phone": "+7 861 000-00-00 Иван"}, {"phone"}),
        ({"phone": "+------------"}, {"phone"}),
        ({"email": "data@example"}, {"email"}),
        ({"office": "специалист"}, {"name"}),
        ({"name": "Открытова Дарья"}, {"office"}),
        ({"basis": "п" * 201}, {"basis"}),
    ],
)
def test_the_publisher_is_named_whole_and_can_be_reached(values: dict[str, str], fields: set[str]) -> None:
    assert set(check_publisher(Publisher(**values))) == fields


def test_the_passport_says_in_words_what_nobody_entered(runtime: Runtime) -> None:
    with runtime.reading() as tx:
        meta = open_data.write_meta(publications.read_data_set(tx, BASE)).decode()
    assert "publisherphone,не указано" in meta


def test_the_set_belongs_to_whoever_leads_the_council(runtime: Runtime) -> None:
    with runtime.reading() as tx:
        found = publications.read_data_set(tx, BASE)
    assert found.identifier == "2399000019-depository"
    assert found.address("meta.csv") == f"{BASE}/opendata/2399000019-depository/meta.csv"
    assert "ответственный секретарь" in found.responsible
    told = open_data.passport(found)
    assert told["terms"]
    assert json.dumps([told, link_data_set(found)])


def test_the_table_for_people_speaks_their_language() -> None:
    content = write_csv([ENTRY, replace(ENTRY, title="=СУММ(A1)")], BASE)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == [heading for heading, _width in COLUMNS]
    assert rows[1][4] == "базовый"
    assert rows[1][12:15] == ["12.01.2026", "12.01.2029", "13.01.2026"]
    assert rows[2][0] == "'=СУММ(A1)"


def test_the_workbook_holds_dates_as_dates_and_no_formula() -> None:
    content = write_xlsx([replace(ENTRY, title='=HYPERLINK("http://x")')], TODAY, BASE)
    assert content == write_xlsx([replace(ENTRY, title='=HYPERLINK("http://x")')], TODAY, BASE)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "=HYPERLINK" in book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert "<v>46034</v>" in sheet


def test_open_data_is_latin_iso_and_guarded() -> None:
    content = open_data.write_data([ENTRY, replace(ENTRY, title="+7")], BASE).decode()
    rows = list(csv.DictReader(io.StringIO(content)))
    assert list(rows[0]) == [name for name, *_told in open_data.FIELDS]
    assert rows[0]["authors"] == "Иванова Мария Петровна; Ёлкин Пётр Олегович"
    assert rows[0]["valid_from"] == "2026-01-12"
    assert rows[1]["title"] == "'+7"


def test_the_feed_is_xml_whatever_a_title_holds() -> None:
    hostile = replace(ENTRY, title='<b>&"]]>\x07', direction='"><script>')
    content = write_atom(
        [hostile, replace(ENTRY, id="put-in&by-hand")],
        base_url=BASE,
        address="/depository.atom?q=a&b",
        page="/depository",
        changed_on=TODAY,
        author="Совет",
    )
    feed = etree.fromstring(content)
    entry, strange = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == '<b>&"]]>'
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{ENTRY.id}"
    assert strange.findtext(f"{ATOM}id") == f"{BASE}/depository/put-in&by-hand"
    assert len(entry.findall(f"{ATOM}author")) == 2


def test_site_maps_are_xml() -> None:
    plain = etree.fromstring(write_sitemap([(f"{BASE}/depository?a&b", TODAY), (BASE, None)]))
    assert [each.text for each in plain.iter("{*}lastmod")] == ["2026-03-02"]
    index = etree.fromstring(write_sitemap_index([f"{BASE}/sitemap-1.xml"]))
    assert len(list(index)) == 1


def test_linked_data_names_the_certificate() -> None:
    told = link_entry(ENTRY, BASE)
    assert told["expires"] == "2029-01-12"
    assert told["identifier"]["url"] == f"{BASE}/certificates/23-2026-0001"
    assert json.dumps(told)


@pytest.mark.parametrize(
    ("text", "asked", "marked"),
    [
        ("Ёмкие уроки математики", ["емкий УРОК"], ["Ёмкие уроки"]),
        ("Уроки: математика", ["урок математики"], ["Уроки", "математика"]),
        ("Методика Петрова", ["петров"], ["Петрова"]),
        ("Урок", ["", "!!!"], []),
        ("", ["урок"], []),
    ],
)
def test_words_looked_for_are_marked(text: str, asked: list[str], marked: list[str]) -> None:
    assert [piece for piece, found in mark_words(text, *asked) if found] == marked


@settings(max_examples=50)
@given(st.text(max_size=60), st.text(max_size=20))
def test_marking_loses_nothing(text: str, asked: str) -> None:
    assert "".join(piece for piece, _found in mark_words(text, asked)) == text
