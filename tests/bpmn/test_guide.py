"""The analysts' guide names every verb, expectation and rule there is."""

from pathlib import Path

import pytest

from engine.lint import RULES
from engine.scenarios.expectations import CHECKS
from engine.scenarios.steps import VERBS
from processes import scenario_verbs

GUIDE = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("word", [*VERBS, *scenario_verbs.VERBS, *CHECKS, *(rule.name for rule in RULES)])
def test_the_guide_names_it(word: str) -> None:
    assert f"`{word}" in GUIDE
