"""The public depository: 13 filters, word forms, exports, the state of a certificate; the same on each database."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from engine.clock import ClockMode
from engine.database import Connection, Database
from engine.errors import InvalidError, NotFoundError
from engine.migrations import revisions
from engine.registry import Registry
from engine.runtime import Runtime
from processes.depository import use_cases as depository
from processes.depository.exports import COLUMNS
from processes.depository.model import Entry, Search, Status
from processes.depository.records import certificates, entries, shelves
from processes.depository.records.postings import forget
from processes.depository.records.tables import posting
from processes.depository.rules import guard_cell, missing_fields, read_search, status_of
from processes.depository.words import fold, name_words, name_words_of, words_of

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def entry(number: int, **more: Any) -> Entry:
    values: dict[str, Any] = {
        "title": f"Программа {number}",
        "organization": "Институт развития «Контур»",
        "organization_short": "ИР «Контур»",
        "authors": ("Иванова Мария Петровна",),
        "direction": "Методика",
        "level": "basic",
        "education_kind": "повышение квалификации",
        "audience": ("учителя",),
        "hours": 36,
        "year": 2025,
        "study_form": "очная",
        "issued_document": "удостоверение",
        "certificate": f"23-2026-{number:04d}",
        "valid_from": date(2026, 1, 12),
        "valid_until": date(2029, 1, 12),
        "published_on": date(2026, 1, 13),
        **more,
    }
    return Entry(id=f"entry-{number}", case=f"case-{number}", **values)


ENTRIES = (
    entry(1, title="Ёмкие уроки математики для учителей", hours=72, year=2024, level="high"),
    entry(
        2,
        title="Формирующее оценивание",
        authors=("Петров Илья Ильич", "Сидорова Анна Львовна"),
        audience=("методисты", "учителя"),
        direction="Оценивание",
        study_form="заочная",
    ),
    entry(
        3,
        title="Литература и 100% внимания",
        organization="Академия «Лекало»",
        organization_short="Лекало",
        education_kind="профессиональная переподготовка",
        issued_document="диплом",
        valid_from=date(2026, 2, 1),
        valid_until=date(2029, 2, 1),
    ),
    entry(4, title="Просроченная программа", valid_from=date(2023, 3, 1), valid_until=date(2026, 3, 1)),
    entry(5, title="=СУММ(A1)", authors=("Ёлкин Пётр Олегович",), hours=16),
)


@pytest.fixture
def runtime(schema_url: str) -> Iterator[Runtime]:
    """A house with five entries, one of them past its term; once on each database."""
    made = Runtime(Database(schema_url), Registry(), mode=ClockMode.VIRTUAL, clock_start=NOW)
    with made.transaction() as tx:
        for each in ENTRIES:
            entries.add_entry(tx.connection, each, at=NOW, by="secretary")
    yield made
    made.database.close()


def found(runtime: Runtime, **query: str | list[str]) -> list[int]:
    asked = {key: [value] if isinstance(value, str) else value for key, value in query.items()}
    with runtime.reading() as tx:
        return [int(item["id"][-1]) for item in depository.search(tx, asked)["items"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [5, 1, 3, 2]),
        ({"title": "урок математика"}, [1]),
        ({"title": "ЕМКИХ УРОКОВ"}, [1]),
        ({"title": "ёмким учителям"}, [1]),
        ({"title": "математики оценивание"}, []),
        ({"title": "!!!"}, []),
        ({"organization": "академии"}, [3]),
        ({"organization": "контура"}, [5, 1, 2]),
        ({"author": "петрова ильи"}, [2]),
        ({"author": "И.И. Петров"}, [2]),
        ({"author": "Петр"}, [5]),
        ({"author": "сидоровой"}, [2]),
        ({"q": "сидоровой анне"}, [2]),
        ({"author": "Сидорова И"}, []),
        ({"author": "елкин"}, [5]),
        ({"direction": "Оценивание"}, [2]),
        ({"direction": "оценивание"}, []),
        ({"level": "high"}, [1]),
        ({"education_kind": "профессиональная переподготовка"}, [3]),
        ({"audience": "методисты"}, [2]),
        ({"audience": ["методисты", "учителя"]}, [5, 1, 3, 2]),
        ({"hours_from": "37"}, [1]),
        ({"hours_to": "16"}, [5]),
        ({"hours_from": "36", "hours_to": "36"}, [3, 2]),
        ({"year_from": "2025"}, [5, 3, 2]),
        ({"year_to": "2024"}, [1]),
        ({"study_form": "заочная"}, [2]),
        ({"issued_document": "диплом"}, [3]),
        ({"certificate": "23-2026-0003"}, [3]),
        ({"certificate": "23-"}, [5, 1, 3, 2]),
        ({"certificate": "%"}, []),
        ({"certificate": "23_2026"}, []),
        ({"valid_on": "2026-01-31"}, [5, 1, 2]),
        ({"valid_on": "2029-02-01"}, [3]),
        ({"valid_on": "2030-01-01"}, []),
        ({"q": "методист илья"}, [2]),
        ({"q": "внимание лекала"}, [3]),
        ({"q": "100"}, [3]),
        ({"q": "?"}, []),
        ({"sort": "-hours"}, [1, 2, 3, 5]),
        ({"sort": "certificate"}, [1, 2, 3, 5]),
        ({"per_page": "2", "page": "2"}, [3, 2]),
        ({"page": "9"}, []),
        ({"title": "'; drop table depository_entry; --"}, []),
    ],
)
def test_every_filter_finds_what_it_names(runtime: Runtime, query: dict[str, Any], expected: list[int]) -> None:
    assert found(runtime, **query) == expected


def test_facets_count_what_the_filters_leave(runtime: Runtime) -> None:
    with runtime.reading() as tx:
        answer = depository.search(tx, {"organization": ["контур"]})
    assert answer["total"] == 3
    assert answer["facets"]["level"] == [{"value": "basic", "count": 2}, {"value": "high", "count": 1}]
    assert answer["facets"]["audience"] == [{"value": "учителя", "count": 3}, {"value": "методисты", "count": 1}]
    assert answer["facets"]["year"] == [{"value": 2025, "count": 2}, {"value": 2024, "count": 1}]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"colour": ["red"]}, "colour"),
        ({"level": ["low"]}, "level"),
        ({"hours_from": ["many"]}, "hours_from"),
        ({"hours_from": ["-1"]}, "hours_from"),
        ({"hours_from": ["5"], "hours_to": ["4"]}, "hours_from"),
        ({"valid_on": ["01.01.2026"]}, "valid_on"),
        ({"sort": ["beauty"]}, "sort"),
        ({"page": ["0"]}, "page"),
        ({"per_page": ["101"]}, "per_page"),
        ({"per_page": ["0"]}, "per_page"),
        ({"year_to": ["२०२५"]}, "year_to"),
        ({"q": ["я" * 201]}, "q"),
    ],
)
def test_a_bad_value_is_named(query: dict[str, list[str]], field: str) -> None:
    assert list(read_search(query)[3]) == [field]


def test_a_bad_search_is_refused_at_the_door(runtime: Runtime) -> None:
    with runtime.reading() as tx, pytest.raises(InvalidError):
        depository.search(tx, {"level": ["low"]})
    with runtime.reading() as tx, pytest.raises(InvalidError):
        depository.export_csv(tx, {"level": ["low"]})


def test_an_entry_past_its_term_or_removed_is_not_shown(runtime: Runtime) -> None:
    with runtime.transaction() as tx:
        entries.remove_entry(tx.connection, "case-1", reason="revoked", at=NOW)
        entries.confirm_removal(tx.connection, "case-1", by="secretary")
    assert found(runtime) == [5, 3, 2]
    with runtime.reading() as tx:
        assert depository.read_entry(tx, "entry-2")["authors"] == ["Петров Илья Ильич", "Сидорова Анна Львовна"]
        for identity in ("entry-1", "entry-4", "nothing"):
            with pytest.raises(NotFoundError):
                depository.read_entry(tx, identity)
        kept = entries.find_entry(tx.connection, "entry-1")
    assert kept is not None


def test_the_sets_of_entries_are_those_that_the_rows_give(runtime: Runtime) -> None:
    with runtime.transaction() as tx:
        entries.remove_entry(tx.connection, "case-2", reason="revoked", at=NOW)
        entries.add_entry(tx.connection, entry(6, hours=16), at=NOW, by="secretary")
        kept = read_sets(tx.connection)
        entries.reindex(tx.connection)
        assert kept == read_sets(tx.connection)
    assert found(runtime, hours_to="16") == [5, 6]


def test_a_value_of_any_signs_is_counted_under_itself(runtime: Runtime) -> None:
    odd = """{"И\\'н", NULL} ?:x %s $1"""
    with runtime.transaction() as tx:
        for number in (6, 7):
            entries.add_entry(tx.connection, entry(number, direction=odd), at=NOW, by="secretary")
    assert found(runtime, direction=odd) == [6, 7]


def read_sets(connection: Connection) -> dict[tuple[str, str], list[int]]:
    """What stands in the sets that are not empty; neither shelves, which begin where entries came, nor what changed."""
    is_set = sa.and_(posting.c.field.not_like("order.%"), posting.c.field != "change")
    rows = connection.execute(sa.select(posting).where(is_set))
    sets = {(row.field, row.value): list(BitMap.deserialize(row.entries)) for row in rows}
    return {key: numbers for key, numbers in sets.items() if numbers}


ORDERS: dict[str, Callable[[Entry], Any]] = {
    "title": lambda value: fold(value.title),
    "certificate": lambda value: value.certificate,
    "published": lambda value: value.published_on,
    "valid_until": lambda value: value.valid_until,
}


def test_entries_stand_in_order_however_they_came_and_left(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "MOST", 4)
    dice = Random(7)  # noqa: S311 - a test's dice
    values = [
        entry(
            number,
            title=dice.choice(["Ёлка", "елка", "Азбука", "Язык", f"Урок {number}", f"Чтение {number % 3}"]),
            certificate=f"23-{dice.randrange(2020, 2030)}-{number:04d}",
            published_on=date(2026, 1, dice.choice([5, 5, 5, dice.randrange(1, 29)])),
            valid_until=date(2029, dice.randrange(1, 13), 1),
        )
        for number in range(10, 70)
    ]
    gone = dice.sample(values, 20)
    left = [each for each in (*ENTRIES, *values) if each not in gone and each.valid_until >= TODAY]
    with runtime.transaction() as tx:
        entries.reindex(tx.connection)
        for position, each in enumerate(values):
            entries.add_entry(tx.connection, each, at=NOW, by="secretary")
            for past in gone:
                if values.index(past) == position // 2 * 2:
                    entries.remove_entry(tx.connection, past.case, reason="revoked", at=NOW)
        for each in gone:
            entries.remove_entry(tx.connection, each.case, reason="revoked", at=NOW)
        assert pages_of(tx.connection) == expected_pages(left)
        entries.reindex(tx.connection)
        assert pages_of(tx.connection) == expected_pages(left)


def pages_of(connection: Connection) -> dict[str, list[str]]:
    """The depository read page by page in each order."""
    told = {}
    for sort in (f"{sign}{name}" for name in ORDERS for sign in ("", "-")):
        pages = [entries.search(connection, Search(sort=sort), TODAY, page=n, per_page=7).items for n in range(1, 9)]
        told[sort] = [value.id for page in pages for value in page]
        whole = entries.search(connection, Search(sort=sort), TODAY, per_page=None).items
        assert told[sort] == [value.id for value in whole]
    return told


def expected_pages(left: list[Entry]) -> dict[str, list[str]]:
    """The same, sorted here: equal ones as they came, whichever way the order goes."""
    return {
        f"{sign}{name}": [value.id for value in sorted(left, key=key, reverse=bool(sign))]
        for name, key in ORDERS.items()
        for sign in ("", "-")
    }


def test_the_csv_opens_in_a_spreadsheet_and_runs_nothing(runtime: Runtime) -> None:
    with runtime.reading() as tx:
        content = depository.export_csv(tx, {"hours_to": ["36"], "page": ["7"], "per_page": ["1"]})
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert tuple(rows[0]) == COLUMNS
    assert [row[0] for row in rows[1:]] == ["'=СУММ(A1)", "Литература и 100% внимания", "Формирующее оценивание"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_begins_like_a_formula(start: str) -> None:
    assert guard_cell(f"{start}1") == f"'{start}1"
    assert guard_cell("1-") == "1-"


def test_the_json_export_has_a_passport_and_keeps_the_filters(runtime: Runtime) -> None:
    with runtime.reading() as tx:
        answer = depository.export_json(tx, {"title": ["оценивание"]}, "https://kes.example.org")
    assert [item["title"] for item in answer["items"]] == ["Формирующее оценивание"]
    assert answer["passport"]["url"] == "https://kes.example.org/api/v1/depository"
    assert answer["passport"]["as_of"] == "2026-03-02"
    assert json.dumps(answer)


def test_a_certificate_tells_its_state_to_anyone(runtime: Runtime) -> None:
    row = {
        "number": "23-2026-0001",
        "case": "case-1",
        "owner": "org:1",
        "title": "Программа",
        "organization": "Институт",
        "valid_from": date(2026, 1, 12),
        "valid_until": date(2029, 1, 12),
        "signed_by": "chair",
        "on_behalf_of": None,
        "issued_at": NOW,
        "sha256": "0" * 64,
    }
    with runtime.transaction() as tx:
        certificates.add_certificate(tx.connection, row)
        assert depository.find_certificate(tx, "23-2026-0001")["status"] == "in_force"
        assert depository.find_certificate(tx, "23-2026-0002") == {"number": "23-2026-0002", "status": "unknown"}
        certificates.revoke_certificate(
            tx.connection, "case-1", order="77", revoked_on=TODAY, reason="решение совета", at=NOW
        )
        told = depository.find_certificate(tx, "23-2026-0001")
    assert (told["status"], told["revoked_on"]) == ("revoked", "2026-03-02")
    assert "reason" not in told


@pytest.mark.parametrize(
    ("today", "revoked", "status"),
    [
        (date(2029, 1, 12), False, Status.IN_FORCE),
        (date(2029, 1, 13), False, Status.EXPIRED),
        (date(2026, 1, 12), False, Status.IN_FORCE),
        (date(2029, 1, 13), True, Status.REVOKED),
    ],
)
def test_a_certificate_is_in_force_through_its_last_day(today: date, revoked: bool, status: Status) -> None:
    assert status_of(date(2026, 1, 12), date(2029, 1, 12), revoked=revoked, today=today) is status


def test_an_entry_names_its_blank_fields() -> None:
    whole = entry(9).to_json()
    assert missing_fields(whole) == []
    assert missing_fields({**whole, "audience": [], "direction": "", "hours": 0}) == ["direction", "audience", "hours"]


@given(st.text(alphabet="абвгдеёжзий ABC-«»12", max_size=60))
def test_case_and_yo_never_matter(text: str) -> None:
    assert words_of(text) == words_of(text.upper()) == words_of(text.replace("ё", "е"))
    assert set(name_words_of(text)) <= set(name_words(text))
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    "forms",
    ["петров петрова петрову петровым петрове петровых петровой", "ирина ирины ирине ириной", "ильич ильича ильичу"],
)
def test_forms_of_a_name_are_one(forms: str) -> None:
    assert len(name_words_of(forms)) == 1


def test_the_revision_puts_the_entries_there_are_on_shelves(database_url: str) -> None:
    database = Database(database_url)
    with database.write() as connection:
        revisions.raise_to(connection)
        for each in ENTRIES:
            entries.add_entry(connection, each, at=NOW, by="secretary")
        revisions.lower_to(connection, "0002_index_what_is_done")
        assert "order.title" not in fields_of(connection)
        revisions.raise_to(connection)
        forget()
        assert pages_of(connection) == expected_pages([each for each in ENTRIES if each.valid_until >= TODAY])
    database.close()


def fields_of(connection: Connection) -> set[str]:
    """The fields that sets are kept of."""
    return set(connection.execute(sa.select(posting.c.field)).scalars())
