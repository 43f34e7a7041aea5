"""Every user task has its form, the rows stand as the regulation has them, and the contract's examples pass."""

from typing import Any

import pytest
from lxml import etree

from engine.drawing import read_drawing
from engine.forms import Form, read_form
from tests.bpmn.drawings import BUNDLES, ROOT, path_of

T_MARKS = {f"T{n:02d}": "-" if n == 28 else "+" for n in range(1, 33)}
E_MARKS = {f"E{n:02d}": "+" for n in range(1, 25)}
K_MARKS = {f"K{n}": "+" for n in range(1, 6)}


def form(bundle: str, task: str) -> Form:
    return read_form((ROOT / "bpmn" / bundle / "forms" / f"{task}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("bundle", BUNDLES)
def test_every_user_task_has_a_form_without_findings_and_no_form_is_left_over(bundle: str) -> None:
    drawing = read_drawing(etree.parse(path_of(bundle)).getroot())
    tasks = {e.id for e in drawing.elements.values() if e.is_user_task}
    files = {path.stem for path in (ROOT / "bpmn" / bundle / "forms").glob("*.json")}
    assert files == tasks
    assert [finding for task in sorted(tasks) for finding in form(bundle, task).findings()] == []


@pytest.mark.parametrize(
    ("bundle", "task", "data"),
    [
        ("certification", "register_application", {"accepted": True, "copies": 3}),
        ("certification", "register_application", {"accepted": False, "reason": "нет копии лицензии"}),
        (
            "certification",
            "technical_review",
            {"precheck": K_MARKS, "marks": {**T_MARKS, "T24": "na"}, "comments": {"T05": "нет авторов"}},
        ),
        ("certification", "technical_review", {"precheck": K_MARKS, "marks": T_MARKS}),
        ("certification", "appoint_experts", {"experts": ["member02", "member03", "member04"]}),
        (
            "certification",
            "expert_review",
            {
                "declaration": {"no_conflict": True},
                "marks": E_MARKS,
                "comments": {"E03": "не описаны модули"},
                "verdict": "conforms",
                "verdict_reason": "обоснование",
            },
        ),
        ("certification", "replace_expert", {"expert": "member05"}),
        ("certification", "approve_conclusions", {"approve": True}),
        ("certification", "approve_conclusions", {"approve": False, "return_to": ["member02"], "reason": "неполно"}),
        ("certification", "sign_certificate", {"confirm": True}),
        ("certification", "publish_to_depository", {"confirm": True, "fields": {"title": "Название"}}),
        ("certification", "confirm_removal", {"confirm": True}),
        ("certification", "send_refusal", {"recommendations": ["доработать план"]}),
        ("council_meeting", "approve_agenda", {"approve": False, "reason": "рано"}),
        ("council_meeting", "register_attendance", {"present": ["member01", "chair"]}),
        ("council_meeting", "reschedule", {"date": "2026-03-02"}),
        ("council_meeting", "reschedule", {"form": "absentee", "closes_at": "2026-03-05T18:00:00+03:00"}),
        (
            "council_meeting",
            "record_votes",
            {"votes": {"member02": "for"}, "recused": ["member01"], "left": [], "recommendations": ["уточнить"]},
        ),
        ("council_meeting", "sign_protocol_chair", {"confirm": True}),
        ("council_meeting", "sign_protocol_secretary", {"confirm": True}),
        ("council_meeting", "register_order", {"number": "12", "signed_on": "2026-03-10", "approved": {"c1": True}}),
        ("retention", "decide_destruction", {"action": "hold", "until": "2035-01-01", "reason": "архив"}),
        ("retention", "decide_destruction", {"action": "destroy", "basis": "акт"}),
    ],
)
def test_a_completion_of_the_contract_passes(bundle: str, task: str, data: dict[str, Any]) -> None:
    assert form(bundle, task).check(data) == {}


@pytest.mark.parametrize(("task", "prefix", "count"), [("technical_review", "T", 32), ("expert_review", "E", 24)])
def test_every_row_must_be_marked(task: str, prefix: str, count: int) -> None:
    errors = form("certification", task).check({})
    assert {f"marks.{prefix}{n:02d}" for n in range(1, count + 1)} <= errors.keys()


def test_only_the_row_on_distance_modules_may_be_not_applicable() -> None:
    marks = dict.fromkeys(T_MARKS, "na")
    errors = form("certification", "technical_review").check({"precheck": K_MARKS, "marks": marks})
    assert errors.keys() == {f"marks.{row}" for row in T_MARKS if row != "T24"}


@pytest.mark.parametrize(
    ("task", "key", "words"),
    [
        ("technical_review", "marks.T02", "Гриффы согласования"),
        ("technical_review", "marks.T28", "Наличие явных ошибок форматирования"),
        ("technical_review", "marks.T32", "6. Список литературы"),
        (
            "expert_review",
            "marks.E01",
            "цель ДПП, ее соответствие названию программы и заявленной категории слушателей",
        ),
        ("expert_review", "marks.E21", "наличие УМК и описание его состава"),
    ],
)
def test_rows_stand_verbatim(task: str, key: str, words: str) -> None:
    labels = {field.key: field.label for field in form("certification", task).fields}
    assert labels[key] == f"{key[-3:]}. {words}"


def test_only_routing_values_enter_the_case_data() -> None:
    data = {"approve": False, "return_to": ["member02"], "reason": "неполно"}
    assert form("certification", "approve_conclusions").variables(data) == {"approve": False, "return_to": ["member02"]}
