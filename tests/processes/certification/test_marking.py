"""What a page is told of marks agrees, row by row and number by number, with the rules that judge the completion."""

from collections.abc import Mapping
from typing import Any

import pytest

from engine.decisions import read_decision
from processes.certification import rules
from processes.certification.marking import conclusion_marking, technical_marking
from processes.certification.rows import E_ROWS, K_ROWS, T_ROWS
from tests.bpmn.drawings import ROOT

APPLICATION = {
    "license": {"number": "12", "valid_until": "2030-05-31"},
    "plan": [{"lecture_hours": 54, "practice_hours": 18}],
}


def decide(name: str, names: Mapping[str, Any]) -> Any:
    return read_decision((ROOT / "bpmn" / "certification" / f"{name}.dmn").read_bytes()).decide(names)


@pytest.mark.parametrize("sign", ["+", "-", "na"])
def test_a_sign_passes_on_the_page_where_it_passes_by_the_rules(sign: str) -> None:
    accepted = technical_marking(decide, {}, None)["accepted"]
    requirements = rules.read_requirements(decide("technical_requirements", {}))
    failed = rules.failed_rows(dict.fromkeys(K_ROWS, sign), dict.fromkeys(T_ROWS, sign), requirements)
    assert {row for row, signs in accepted.items() if sign not in signs} == set(failed)


def test_the_outcomes_of_the_technical_review_are_told_for_every_number_of_failures() -> None:
    assert technical_marking(decide, {}, None)["outcomes"] == ["passed", *["failed"] * 37]


def test_the_verdict_is_told_for_every_score() -> None:
    told = conclusion_marking(decide)
    assert told["outcomes"] == [*["does_not_conform"] * 18, *["conforms"] * 7]
    assert told["accepted"].keys() == E_ROWS.keys()


def test_what_is_already_known_of_a_row_stands_beside_it() -> None:
    hints = technical_marking(decide, APPLICATION, 3)["hints"]
    assert hints == {
        "K1": "В заявке: лицензия №\u00a012, действует до 31.05.2030.",
        "K4": "При регистрации отмечено экземпляров: 3; нужно 3.",
        "K5": "По плану: практика 18 из 72\u00a0ч, 25,00\u00a0%.",
    }


def test_of_an_empty_application_nothing_is_known() -> None:
    assert technical_marking(decide, {}, None)["hints"] == {}
