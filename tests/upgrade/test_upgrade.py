"""What an earlier release left in flight upgrades and finishes; what it finished can be repeated, step by step."""

from pathlib import Path

import pytest

from engine.definitions import Bundle, compile_bundle
from engine.history import execute_again
from engine.scenarios import House
from engine.scenarios.steps import verb_of
from engine.schema import current, head, upgrade
from handlers.archive import load
from handlers.settings import read_settings
from handlers.verification import verify_all
from processes import registry
from processes.scenario_verbs import cast
from tests.upgrade.stored import HISTORIES, HOUSES, read_histories, take_up, unpack

ENDINGS = {
    *(f"certification.{end}" for end in ("expired", "not_accepted", "not_considered", "refused", "revoked")),
    "certification.withdrawn",
    "council_meeting.closed",
    "meeting_watch.violated",
    "retention.destroyed",
}
CASES = [(path, name) for path in HISTORIES for name in sorted(read_histories(path)["cases"])]


@pytest.mark.parametrize("stored", HOUSES, ids=lambda path: f"{path.parent.name}-{path.name.partition('.')[0]}")
def test_a_stored_house_upgrades_and_its_cases_finish(stored: Path, tmp_path: Path) -> None:
    settings = read_settings({"KES_DATA_DIR": str(tmp_path / "house"), "KES_CLOCK": "virtual"})
    load(settings, unpack(stored, tmp_path / "house.tar"))
    house = House(registry(), cast())
    runtime = house.runtime(settings.database_url, settings.data_dir / "files")
    assert upgrade(runtime.database) == current(runtime.database) == head()
    assert list(verify_all(runtime)) == []
    world, scenario, done = take_up(stored, runtime, house.cast)
    assert 0 < done < len(scenario.steps)
    for step in scenario.steps[done:]:
        verb_of(world, step)(world, step)
    assert list(verify_all(runtime)) == []
    assert "ended" in {world.row(case)["state"] for case in world.cases.values()}
    runtime.database.close()


def test_every_ending_of_every_release_is_kept() -> None:
    assert HISTORIES
    for path in HISTORIES:
        assert set(read_histories(path)["cases"]) >= ENDINGS, path.name


@pytest.mark.parametrize(("path", "name"), CASES, ids=[f"{path.name.partition('.')[0]}-{name}" for path, name in CASES])
def test_a_golden_history_repeats_to_the_same_states(path: Path, name: str) -> None:
    told = read_histories(path)
    case = told["cases"][name]
    bundle = told["bundles"][case["definition"]]
    definition = compile_bundle(Bundle(bundle["key"], bundle["files"]))
    assert definition.hash == case["definition"]
    assert [event["seq"] for event in case["events"]] == list(range(1, len(case["events"]) + 1))
    assert execute_again(definition, case["events"]) == []


def test_a_golden_history_that_was_tampered_with_does_not_repeat() -> None:
    told = read_histories(HISTORIES[-1])
    case = told["cases"]["certification.refused"]
    bundle = told["bundles"][case["definition"]]
    definition = compile_bundle(Bundle(bundle["key"], bundle["files"]))
    done = next(event for event in case["events"] if event["kind"] == "service.called")
    done["data"]["token"] += 1
    assert execute_again(definition, case["events"])
