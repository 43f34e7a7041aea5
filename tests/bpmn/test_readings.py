"""A reading of the regulation other than the default is offered only where a scenario runs it (part 2)."""

from pathlib import Path
from typing import Any

from engine.scenarios.checking import open_bundle, read_scenarios
from processes.council.readings import READINGS

BUNDLES = sorted((Path(__file__).parents[2] / "bpmn").glob("*/procedure.bpmn"))


def test_every_second_value_is_run_by_a_scenario() -> None:
    run: dict[str, set[Any]] = {}
    for path in BUNDLES:
        for scenario in read_scenarios(open_bundle(path.parent))[0]:
            for step in scenario.steps:
                if step.verb == "изменено толкование":
                    for key, value in step.value.items():
                        run.setdefault(key, set()).add(value)
    assert run == {reading.key: set(reading.values[1:]) for reading in READINGS if len(reading.values) > 1}
