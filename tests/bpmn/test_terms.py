"""The shipped drawings keep the regulation's terms and thresholds, with dates; and an analyst may change a term."""

import re
import shutil
from pathlib import Path

import pytest

from engine.definitions import Bundle
from engine.scenarios import House, check_files, read_scenario
from engine.scenarios.checking import find_siblings, open_bundle, play_all
from processes import registry
from processes.scenario_verbs import cast

BPMN = Path(__file__).parents[2] / "bpmn"
TERMS = sorted((Path(__file__).parent / "data" / "terms").glob("*.yaml"))
HOUSE = House(registry(), cast())


@pytest.mark.parametrize("path", TERMS, ids=lambda path: path.stem)
def test_the_shipped_drawings_keep_the_terms_of_the_regulation(path: Path) -> None:
    bundles = [open_bundle(each.parent) for each in BPMN.glob("*/procedure.bpmn")]
    (told,) = play_all([read_scenario(path.read_text(encoding="utf-8"), path.stem)], bundles, HOUSE)
    assert told.failure is None, f"{path.name}:{told.line}: {told.failure}"


@pytest.mark.slow
def test_a_drawing_with_longer_terms_passes_the_check_wherever_its_copy_lies(tmp_path: Path) -> None:
    copy = shutil.copytree(BPMN / "certification", tmp_path / "правка")
    bundle = open_bundle(copy)
    longer = re.sub(
        r"working_days\((\d+)", lambda term: f"working_days({int(term[1]) + 2}", bundle.files["procedure.bpmn"]
    )
    changed = Bundle(bundle.key, {**bundle.files, "procedure.bpmn": longer})
    report = check_files(changed, find_siblings(copy, bundle.key, BPMN), HOUSE)
    assert [line for line in report.lines() if line.startswith("error")] == []
