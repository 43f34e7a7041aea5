import csv
import io
from typing import Any

import pytest

from tests.contract.client import Service
from tests.contract.stories import certified

TITLE = "Обучение чтению в незапамятных классах"


def publish(service: Service) -> str:
    """Publish a programme that no other is like; returns its certificate's number."""
    return certified(
        service,
        programme_title=TITLE,
        level="advanced",
        authors=[{"name": "Ёлкина Алёна Сергеевна", "position": "доцент", "degree": "нет", "rank": "нет"}],
        depository={
            "direction": "Небывалый язык",
            "education_kind": "Небывалая переподготовка",
            "audience": ["Учителя начальных классов", "Летописцы"],
            "year": 1991,
            "study_form": "лунная",
            "issued_document": "Диплом летописца",
        },
        plan=[
            {
                "module": "Чтение",
                "lecture_hours": 100,
                "practice_hours": 100,
                "self_study_hours": 30,
                "control_hours": 20,
                "remote": True,
            }
        ],
    )


#: What is asked, and whether the programme is found.
FILTERS: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"title": "обучении ЧТЕНИЯ"}, True),
    ({"title": "незапамятный класс"}, True),
    ({"title": "незапамятная астрономия"}, False),
    ({"organization": "учебных центров"}, True),
    ({"organization": "ОРИЕНТИР"}, True),
    ({"organization": "лекало"}, False),
    ({"author": "елкина алена"}, True),
    ({"author": "Ёлкиной"}, True),
    ({"author": "Ёлкина Мария"}, False),
    ({"direction": "Небывалый язык"}, True),
    ({"direction": "Небывалый"}, False),
    ({"level": "advanced"}, True),
    ({"level": "basic"}, False),
    ({"education_kind": "Небывалая переподготовка"}, True),
    ({"education_kind": "Переподготовка"}, False),
    ({"audience": "Летописцы"}, True),
    ({"audience": ["учителя", "Летописцы"]}, True),
    ({"audience": "учителя"}, False),
    ({"hours_from": 250}, True),
    ({"hours_to": 250}, True),
    ({"hours_from": 250, "hours_to": 250}, True),
    ({"hours_from": 251}, False),
    ({"hours_to": 249}, False),
    ({"year_from": 1991, "year_to": 1991}, True),
    ({"year_from": 1992}, False),
    ({"year_to": 1990}, False),
    ({"study_form": "лунная"}, True),
    ({"study_form": "очная"}, False),
    ({"issued_document": "Диплом летописца"}, True),
    ({"issued_document": "удостоверение"}, False),
    ({"valid_on": "2026-01-12"}, True),
    ({"valid_on": "2029-01-12"}, True),
    ({"valid_on": "2029-01-13"}, False),
    ({"valid_on": "2026-01-11"}, False),
    ({"q": "незапамятное чтение"}, True),
    ({"q": "ёлкиной"}, True),
    ({"q": "лекало"}, False),
    ({"title": "чтение", "level": "basic"}, False),
    ({"title": "чтение", "level": "advanced", "year_from": 1991}, True),
]


def test_the_thirteen_filters_and_the_search(service: Service) -> None:
    number = publish(service)
    visitor = service.as_(None)
    asked = [
        *FILTERS,
        ({"certificate": number}, True),
        ({"certificate": number[:4]}, True),
        ({"certificate": number[1:]}, False),
    ]
    for query, found in asked:
        told = visitor.get("/depository", **query, per_page=100)
        assert told["total"] == len(told["items"])
        assert (TITLE in [item["title"] for item in told["items"]]) is found, query


def test_pages_facets_and_sorting(service: Service) -> None:
    publish(service)
    visitor = service.as_(None)
    whole = visitor.get("/depository", per_page=100)
    assert set(whole) >= {"items", "total", "facets"}
    assert whole["total"] == len(whole["items"]) >= 3
    pages = [visitor.get("/depository", per_page=2, page=n)["items"] for n in range(1, whole["total"] // 2 + 3)]
    assert [item["id"] for page in pages for item in page] == [item["id"] for item in whole["items"]]
    assert pages[-1] == []
    levels = {each["value"]: each["count"] for each in whole["facets"]["level"]}
    for level, count in levels.items():
        assert visitor.get("/depository", level=level)["total"] == count
    assert sum(levels.values()) == whole["total"]
    up, down = (
        [item["title"] for item in visitor.get("/depository", sort=order, per_page=100)["items"]]
        for order in ("title", "-title")
    )
    assert [title.lower() for title in up] == sorted(title.lower() for title in up)
    assert up == down[::-1]


@pytest.mark.parametrize(
    "query",
    [
        {"per_page": 101},
        {"per_page": 0},
        {"page": 0},
        {"page": "x"},
        {"level": "top"},
        {"hours_from": "many"},
        {"year_to": "2025.5"},
        {"valid_on": "12.01.2026"},
        {"sort": "random"},
        {"surprise": "1"},
    ],
)
def test_a_bad_value_is_422(standing: Service, query: dict[str, Any]) -> None:
    for path in ("/depository", "/depository.csv", "/depository.json"):
        if path != "/depository" and ("page" in query or "per_page" in query):
            continue
        assert set(standing.as_(None).get(path, 422, **query)["errors"]) == set(query)


def test_exports_keep_the_filters_and_guard_cells(service: Service) -> None:
    for title in ('=HYPERLINK("x");1', "@сумма"):
        certified(service, programme_title=title)
    visitor = service.as_(None)
    total = visitor.get("/depository")["total"]
    content = visitor.get("/depository.csv")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == total
    assert {'\'=HYPERLINK("x");1', "'@сумма"} <= {row["title"] for row in rows}
    told = visitor.get("/depository.json")
    assert set(told) == {"passport", "items"}
    assert len(told["items"]) == total
    assert told["passport"]["title"]
    queries: tuple[dict[str, Any], ...] = ({"organization": "лекало"}, {"title": "инклюзивная"})
    for query in queries:
        found = visitor.get("/depository", **query)["total"]
        assert 0 < found < total
        kept = visitor.get("/depository.csv", **query).decode("utf-8-sig")
        assert len(list(csv.DictReader(io.StringIO(kept), delimiter=";"))) == found
        assert len(visitor.get("/depository.json", **query)["items"]) == found
