"""The decision tables give what the regulation and its readings say, at every edge."""

from typing import Any

import pytest

from engine.decisions import DecisionTable, HitPolicy, read_decision
from tests.bpmn.drawings import ROOT

TABLES = sorted((ROOT / "bpmn").glob("*/*.dmn"))


def table(name: str) -> DecisionTable:
    (path,) = (ROOT / "bpmn").glob(f"*/{name}.dmn")
    return read_decision(path.read_bytes())


def outcome(name: str, names: dict[str, Any], output: str) -> Any:
    found = table(name).decide(names)
    assert isinstance(found, dict)
    return found[output]


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_table_ends_with_a_rule_for_all_the_rest(path: Any) -> None:
    found = read_decision(path.read_bytes())
    assert (found.id, found.findings()) == (path.stem, ())
    assert found.rules[-1].takes_any
    assert found.hit_policy in {HitPolicy.FIRST, HitPolicy.COLLECT}


def test_the_requirements_are_37_rows_with_one_conditional_and_one_inverted() -> None:
    rows = table("technical_requirements").decide({})
    assert isinstance(rows, list)
    assert [row["requirement"] for row in rows] == [f"K{n}" for n in range(1, 6)] + [f"T{n:02d}" for n in range(1, 33)]
    special = {row["requirement"]: (row["accepted_signs"], row["kind"]) for row in rows if row["kind"] != "mandatory"}
    assert special == {"T24": (["+", "na"], "conditional"), "T28": (["-"], "inverted")}
    assert all(row["accepted_signs"] == ["+"] for row in rows if row["kind"] == "mandatory")


@pytest.mark.parametrize(("unmet", "expected"), [(0, "passed"), (1, "failed"), (37, "failed")])
def test_one_failed_row_is_enough(unmet: int, expected: str) -> None:
    assert outcome("technical_outcome", {"unmet": unmet}, "technical") == expected


@pytest.mark.parametrize(
    ("n", "n_max", "expected"),
    [
        (18, 24, "conforms"),
        (17, 24, "does_not_conform"),
        (24, 24, "conforms"),
        (53, 71, "does_not_conform"),
        (54, 72, "conforms"),
    ],
)
def test_the_threshold_is_never_rounded(n: int, n_max: int, expected: str) -> None:
    assert outcome("score_threshold", {"n": n, "n_max": n_max}, "suggested_verdict") == expected


@pytest.mark.parametrize(
    ("present", "total", "expected"), [(16, 24, False), (17, 24, True), (16, 23, True), (14, 20, True), (14, 21, False)]
)
def test_exactly_two_thirds_is_no_quorum(present: int, total: int, expected: bool) -> None:
    assert outcome("quorum", {"attendance": {"present": present, "total": total}}, "quorate") is expected


@pytest.mark.parametrize(
    ("votes_for", "against", "base", "casting", "expected"),
    [
        (9, 8, 17, None, "grant"),
        (8, 5, 17, None, "not_adopted"),
        (5, 8, 17, None, "not_adopted"),
        (8, 5, 16, None, "not_adopted"),
        (5, 8, 16, None, "not_adopted"),
        (8, 9, 17, None, "refuse"),
        (8, 8, 17, "for", "grant"),
        (8, 8, 16, "against", "refuse"),
        (8, 8, 16, None, "not_adopted"),
        (0, 0, 17, None, "not_adopted"),
    ],
)
def test_a_majority_of_the_base_decides_and_the_chair_an_equality(
    votes_for: int, against: int, base: int, casting: str | None, expected: str
) -> None:
    tally = {"for": votes_for, "against": against, "base": base, "casting": casting, "quorate": True}
    assert outcome("vote_outcome", {"tally": tally}, "outcome") == expected
    assert outcome("vote_outcome", {"tally": {**tally, "quorate": False}}, "outcome") == "undecided"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({}, "none"),
        ({"is_member": False}, "not_a_member"),
        ({"council_role": "chair"}, "leadership"),
        ({"council_role": "deputy"}, "leadership"),
        ({"council_role": "secretary"}, "leadership"),
        ({"has_conflict": True}, "conflict_of_interest"),
        ({"meets_criteria": False}, "criteria_not_met"),
        ({"already_seated": True}, "already_seated"),
        ({"council_role": "guest"}, "unknown"),
    ],
)
def test_only_a_member_without_an_obstacle_may_be_an_expert(changed: dict[str, Any], reason: str) -> None:
    member = {
        "is_member": True,
        "council_role": "member",
        "has_conflict": False,
        "meets_criteria": True,
        "already_seated": False,
    }
    assert outcome("expert_eligibility", member | changed, "reason") == reason
    assert outcome("expert_eligibility", member | changed, "eligible") is (reason == "none")
