"""Start data of a meeting is read strictly: every gap, unknown key and wrong type is named, nothing is converted."""

from typing import Any

import pytest

from engine.errors import InvalidError
from processes.council_meeting.model import DocumentKind, Form
from processes.council_meeting.plan import read_date, read_instant, read_plan

CASE = {"kind": "certification", "case": "c1"}
PLAN = {"kind": "document", "title": "План", "document": "plan"}


def test_a_whole_plan_is_read_with_items_from_one() -> None:
    plan = read_plan({"form": "in_person", "date": "2026-02-03", "agenda": [CASE, PLAN]})
    assert plan.form is Form.IN_PERSON
    assert [(p.number, p.case, p.document) for p in plan.agenda] == [(1, "c1", None), (2, None, DocumentKind.PLAN)]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"form": "mixed"}, {"form"}),
        ({"form": True, "date": 20260203}, {"form", "date"}),
        ({"date": "2026-W06-2"}, {"date"}),
        ({"date": "03.02.2026"}, {"date"}),
        ({"closes_at": "2026-02-05T10:00:00"}, {"closes_at"}),
        ({"agenda": {}}, {"agenda"}),
        ({"agenda": ["c1"]}, {"agenda.0"}),
        ({"agenda": [CASE, {"kind": "certification", "case": 7}]}, {"agenda.1.case"}),
        ({"agenda": [{**PLAN, "document": "letter", "case": "c1"}]}, {"agenda.0.document", "agenda.0.case"}),
        ({"agenda": [{"kind": "motion"}]}, {"agenda.0.kind"}),
        ({"place": "Краснодар"}, {"place"}),
    ],
)
def test_every_fault_is_named_by_its_path(change: dict[str, Any], fields: set[str]) -> None:
    with pytest.raises(InvalidError) as refused:
        read_plan({"form": "in_person", "date": "2026-02-03", "agenda": [CASE], **change})
    assert set(refused.value.errors) == fields
    assert refused.value.rule is False


def test_dates_and_instants_are_iso_8601() -> None:
    assert read_date("2026-02-29") is None
    assert read_date(None) is None
    assert read_instant("yesterday") is None
    instant = read_instant("2026-02-05T10:00:00+03:00")
    assert instant is not None
    assert instant.utcoffset() is not None
