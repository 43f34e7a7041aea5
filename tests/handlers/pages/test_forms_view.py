import json
from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from engine.forms import Form, read_form
from handlers.forms_view import Control, lay_out, read_answers, summary_of

BUNDLES = Path(__file__).parents[3] / "bpmn"


def form_of(name: str) -> Form:
    return read_form((BUNDLES / name).read_text())


def posted(**values: Any) -> "MultiDict[str, str]":
    return MultiDict((name.replace("__", "."), value) for name, value in values.items())


def controls_of(
    form: Form, data: dict[str, Any], shown: dict[str, Any] | None = None, **errors: Any
) -> dict[str, Control]:
    return {c.name: c for section in lay_out(form, data, shown, errors) for c in section.controls}


@pytest.mark.parametrize("path", sorted(BUNDLES.glob("*/forms/*.json")), ids=lambda path: path.stem)
def test_every_form_of_the_drawings_is_laid_out_with_a_control_for_each_field(path: Path) -> None:
    form = read_form(path.read_text())
    sections = lay_out(form, {})
    names = {c.name for s in sections for c in s.controls} | {
        c.comment.name for s in sections for c in s.controls if c.comment
    }
    assert {f"data.{one.key}" for one in form.fields} <= names


def test_answers_are_read_as_the_types_of_the_form() -> None:
    form = form_of("certification/forms/register_application.json")
    data = read_answers(form, posted(data__accepted="true", data__copies=" 3 ", data__reason=""))
    assert data == {"accepted": True, "copies": 3}
    assert form.check(data) == {}


def test_what_a_hidden_field_holds_is_left_out() -> None:
    form = form_of("certification/forms/register_application.json")
    data = read_answers(form, posted(data__accepted="false", data__copies="3", data__reason="Нет лицензии"))
    assert data == {"accepted": False, "reason": "Нет лицензии"}


def test_what_cannot_be_read_stays_as_typed_and_is_named_by_the_check() -> None:
    form = form_of("certification/forms/register_application.json")
    data = read_answers(form, posted(data__accepted="true", data__copies="три"))
    assert data["copies"] == "три"
    assert "copies" in form.check(data)
    assert controls_of(form, data)["data.copies"].value == "три"


def test_dates_are_written_as_people_write_them() -> None:
    form = form_of("council_meeting/forms/register_order.json")
    data = read_answers(form, posted(data__number="101", data__signed_on="05.02.2026", data__approved__c1="true"))
    assert data == {"number": "101", "signed_on": "2026-02-05", "approved": {"c1": True}}
    assert controls_of(form, data)["data.signed_on"].value == "05.02.2026"


def test_an_impossible_date_is_shown_again_as_typed() -> None:
    form = form_of("council_meeting/forms/register_order.json")
    data = read_answers(form, posted(data__signed_on="31.02.2026"))
    assert data["signed_on"] == "31.02.2026"
    assert "signed_on" in form.check(data)
    assert controls_of(form, data)["data.signed_on"].value == "31.02.2026"


def test_a_moment_is_read_in_moscow_time() -> None:
    form = form_of("council_meeting/forms/reschedule.json")
    data = read_answers(form, posted(data__form="absentee", data__closes_at="20.01.2026 18:00"))
    assert data == {"form": "absentee", "closes_at": "2026-01-20T18:00:00+03:00"}


def test_lists_of_texts_are_written_one_a_line() -> None:
    form = form_of("certification/forms/send_refusal.json")
    data = read_answers(form, posted(data__recommendations="Первая\r\n\r\n Вторая "))
    assert data == {"recommendations": ["Первая", "Вторая"]}
    assert controls_of(form, data)["data.recommendations"].value == "Первая\nВторая"


def test_a_map_has_a_row_for_each_key_that_the_provider_names() -> None:
    form = form_of("council_meeting/forms/record_votes.json")
    shown = {"voters": [{"value": "member01", "label": "Первая"}, {"value": "member02", "label": "Второй"}]}
    votes = controls_of(form, {"votes": {"member02": "against"}}, shown)["data.votes"]
    assert [row.name for row in votes.rows] == ["data.votes.member01", "data.votes.member02"]
    assert [c.value for c in votes.rows[1].choices if c.chosen] == ["against"]


def test_an_error_of_a_map_stands_at_its_row() -> None:
    form = form_of("council_meeting/forms/record_votes.json")
    shown = {"voters": [{"value": "member01", "label": "Первая"}]}
    votes = controls_of(form, {}, shown, **{"votes.member01": ["Укажите голос."]})["data.votes"]
    assert votes.rows[0].errors == ("Укажите голос.",)


def test_a_mark_has_its_comment_beside_it() -> None:
    form = form_of("certification/forms/expert_review.json")
    mark = controls_of(form, {"marks": {"E05": "-"}, "comments": {"E05": "Нет цели"}})["data.marks.E05"]
    assert mark.kind == "mark"
    assert mark.comment is not None
    assert mark.comment.value == "Нет цели"


def test_people_who_may_not_be_chosen_are_shown_with_the_reason() -> None:
    form = form_of("certification/forms/appoint_experts.json")
    pool = [
        {"login": "member02", "name": "Второй", "active": 1, "eligible": True, "suggested": True},
        {"login": "chair", "name": "Первый", "eligible": False, "why_not": "председатель"},
    ]
    people = controls_of(form, {"experts": ["member02"]}, {"pool": pool, "experts": []})["data.experts"]
    assert [(c.value, c.chosen, c.closed) for c in people.choices] == [
        ("member02", True, False),
        ("chair", False, True),
    ]
    assert ("why_not", "председатель") in people.choices[1].notes


def test_the_summary_follows_the_order_of_the_form() -> None:
    form = form_of("certification/forms/technical_review.json")
    errors = {"comments.T05": ["Нужен комментарий."], "precheck.K4": ["Отметьте."], "data": ["Вообще."]}
    assert [place for place, _ in summary_of(form, errors)] == ["f-precheck-K4", "f-comments-T05", "f-data"]


def test_conditions_are_told_to_the_page_by_the_names_of_its_inputs() -> None:
    form = form_of("certification/forms/register_application.json")
    reason = controls_of(form, {})["data.reason"]
    assert json.loads(reason.hide) == [["data.accepted", "true", False]]
