"""Rules of both reviews, of the approval and of the certificate, by values alone (annexes 3, 4; clauses 4.5-4.11)."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definitions import compile_bundle, read_bundle
from processes.certification import letters, rules
from processes.certification.model import Filed
from processes.certification.rows import E_ROWS, K_ROWS, T_ROWS
from processes.certification.stages import stage_of
from processes.council.experts import judge_eligibility
from tests.processes.certification.office import BUNDLES, conclusion, technical

TABLES = compile_bundle(read_bundle(Path(BUNDLES) / "certification"))
REQUIREMENTS = rules.read_requirements(TABLES.decide("technical_requirements", {}))
TODAY = date(2026, 1, 12)


def test_the_forms_have_thirty_two_twenty_four_and_five_rows() -> None:
    assert (len(T_ROWS), len(E_ROWS), len(K_ROWS)) == (32, 24, 5)
    assert {r.row for r in REQUIREMENTS} == {*T_ROWS, *K_ROWS}


@pytest.mark.parametrize("row", [*T_ROWS, *K_ROWS])
def test_each_row_alone_fails_the_technical_review(row: str) -> None:
    form = technical({row: "исправьте"})
    assert rules.failed_rows(form["precheck"], form["marks"], REQUIREMENTS) == (row,)
    assert rules.check_technical_review(form, REQUIREMENTS) == {}
    found = rules.check_technical_review({**form, "comments": {}}, REQUIREMENTS)
    assert list(found) == [f"comments.{row}"]


def test_only_the_row_of_distance_modules_may_be_not_applicable() -> None:
    form = technical({})
    form["marks"]["T24"] = "na"
    assert rules.check_technical_review(form, REQUIREMENTS) == {}
    assert rules.failed_rows(form["precheck"], form["marks"], REQUIREMENTS) == ()
    form["marks"]["T23"] = "na"
    assert list(rules.check_technical_review(form, REQUIREMENTS)) == ["marks.T23"]


@pytest.mark.parametrize("row", [*T_ROWS, *K_ROWS])
def test_no_row_stays_unmarked(row: str) -> None:
    form = technical({})
    group = "precheck" if row in K_ROWS else "marks"
    del form[group][row]
    assert f"{group}.{row}" in rules.check_technical_review(form, REQUIREMENTS)


def test_rows_that_the_form_does_not_have_are_refused() -> None:
    form = technical({})
    form["marks"]["T33"] = "+"
    form["comments"]["E01"] = "x"
    assert set(rules.check_technical_review(form, REQUIREMENTS)) == {"marks.T33", "comments.E01"}


@pytest.mark.parametrize("minuses", range(25))
def test_the_verdict_follows_the_score_without_rounding(minuses: int) -> None:
    score = 24 - minuses
    suggested = TABLES.decide("score_threshold", {"n": score, "n_max": 24})["suggested_verdict"]
    assert suggested == ("conforms" if score >= 18 else "does_not_conform")
    form = conclusion(minuses)
    assert rules.score_of(form["marks"]) == score
    assert rules.check_conclusion(form, suggested) == {}
    other = "does_not_conform" if suggested == "conforms" else "conforms"
    assert list(rules.check_conclusion({**form, "verdict": other}, suggested)) == ["verdict_reason"]
    assert rules.check_conclusion({**form, "verdict": other, "verdict_reason": "так"}, suggested) == {}
    blocked = rules.check_conclusion({**form, "verdict": other, "verdict_reason": "так"}, suggested, binding="block")
    assert list(blocked) == ["verdict"]


@pytest.mark.parametrize("row", E_ROWS)
def test_no_row_of_a_conclusion_stays_unmarked_or_not_applicable(row: str) -> None:
    for sign in (None, "na", "?"):
        form = conclusion()
        form["marks"][row] = sign
        assert list(rules.check_conclusion(form, "conforms")) == [f"marks.{row}"]


@given(st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=5))
def test_three_experts_are_three_people(logins: list[str]) -> None:
    assert (rules.check_three(logins) == {}) == (len(logins) == len(set(logins)) == 3)


FILED = [Filed(1, "a", "filed"), Filed(2, "b", "filed"), Filed(3, "c", "filed")]


@pytest.mark.parametrize(
    "filed",
    [
        FILED[:2],
        [*FILED[:2], Filed(3, "b", "filed")],
        [*FILED[:2], Filed(3, "c", "returned")],
        [*FILED, Filed(4, "d", "filed")],
    ],
)
def test_three_conclusions_of_three_experts_are_approved_and_nothing_else(filed: list[Filed]) -> None:
    assert rules.check_approval({"approve": True}, FILED) == {}
    assert "approve" in rules.check_approval({"approve": True}, filed)


@pytest.mark.parametrize(
    ("signed_on", "until"),
    [
        (date(2026, 1, 12), date(2029, 1, 12)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2025, 2, 28), date(2028, 2, 28)),
        (date(2026, 12, 31), date(2029, 12, 31)),
    ],
)
def test_a_certificate_is_in_force_for_three_years_to_the_day(signed_on: date, until: date) -> None:
    assert rules.term_from(signed_on).valid_until == until


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"number": "", "signed_on": "2026-01-12", "approved": True}, "payload.number"),
        ({"number": "1", "signed_on": "12.01.2026", "approved": True}, "payload.signed_on"),
        ({"number": "1", "signed_on": "2026-01-12", "approved": "yes"}, "payload.approved"),
        ({"number": "1", "signed_on": "2026-01-12", "approved": True, "by": "x"}, "payload.by"),
    ],
)
def test_an_order_is_whole(payload: dict[str, Any], field: str) -> None:
    assert list(rules.check_order(payload, TODAY)) == [field]


@pytest.mark.parametrize("is_member", [True, False])
@pytest.mark.parametrize("role", ["chair", "deputy", "secretary", "member", ""])
@pytest.mark.parametrize("conflict", [True, False])
@pytest.mark.parametrize("criteria", [True, False])
@pytest.mark.parametrize("seated", [True, False])
def test_the_pool_judges_as_the_table_does(
    is_member: bool, role: str, conflict: bool, criteria: bool, seated: bool
) -> None:
    names = {
        "is_member": is_member,
        "council_role": role,
        "has_conflict": conflict,
        "meets_criteria": criteria,
        "already_seated": seated,
    }
    assert judge_eligibility(names)["eligible"] == TABLES.decide("expert_eligibility", names)["eligible"]


def test_a_letters_subject_is_one_line() -> None:
    letter = letters.not_accepted("Первая\r\nBcc: x@example.org\nстрока" + "а" * 300, "причина")
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject
    assert len(letter.subject) <= 120


def test_the_same_values_give_the_same_letter() -> None:
    order = ("11-о", date(2026, 1, 30))
    one = letters.refused("Программа", "КЭС-2026-0001", order, ["Раз.", "Два."])
    assert one == letters.refused("Программа", "КЭС-2026-0001", order, ["Раз.", "Два."])
    assert "(приказ министерства № 11-о от 30.01.2026)" in one.body
    assert "1. Раз.\n2. Два." in one.body


@pytest.mark.parametrize(
    ("at", "end", "words"),
    [
        (("technical_review",), None, "Техническая экспертиза"),
        (("expert_review", "replace_expert"), None, "Содержательная экспертиза"),
        ((), "expired", "Срок сертификата истёк"),
        (("something_new",), None, "В работе"),
    ],
)
def test_the_stage_is_said_in_plain_words(at: tuple[str, ...], end: str | None, words: str) -> None:
    assert stage_of(at, end, {}) == words


def test_every_standing_place_of_the_drawing_has_a_stage() -> None:
    waiting = [e.id for e in TABLES.drawing.elements.values() if e.is_user_task or e.kind == "receiveTask"]
    assert waiting
    assert all(stage_of((place,), None, {}) != "В работе" for place in waiting)
