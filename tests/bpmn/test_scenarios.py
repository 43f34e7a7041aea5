"""The scenarios of every procedure, on SQLite through the whole check of its bundle, and one by one on PostgreSQL."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from engine.definitions import Bundle
from engine.history import verify
from engine.scenarios import House, Scenario, check_bundle
from engine.scenarios.checking import open_bundle, play_one, prepare, read_scenarios
from engine.scenarios.coverage import all_cases
from processes import registry
from processes.scenario_verbs import VERBS, cast
from tests.conftest import DATABASES
from tests.postgres import PostgresServer

BUNDLES = [open_bundle(path.parent) for path in sorted((Path(__file__).parents[2] / "bpmn").glob("*/procedure.bpmn"))]
SCENARIOS = [(bundle, scenario) for bundle in BUNDLES for scenario in read_scenarios(bundle)[0]]
HOUSE = House(registry(), cast())


class Templates:
    """PostgreSQL databases prepared for a scenario's first instant, made once a worker and copied for each scenario."""

    def __init__(self, server: PostgresServer, files: Path) -> None:
        self.server = server
        self.files = files
        self.names: dict[datetime, str] = {}

    def copy(self, start: datetime, name: str) -> str:
        """Make a database for a scenario that begins at an instant; gives its URL."""
        if start not in self.names:
            template = f"scenarios_{os.getpid()}_{len(self.names)}"
            prepare(HOUSE, self.server.create(template), self.files, BUNDLES, start)
            self.names[start] = template
        return self.server.create(name, template=self.names[start])


@pytest.fixture(scope="module")
def templates(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Templates]:
    made = Templates(postgres_server, tmp_path_factory.mktemp("files"))
    yield made
    for name in made.names.values():
        postgres_server.drop(name)


@pytest.mark.slow
@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda bundle: bundle.key)
def test_a_bundle_keeps_every_rule_and_its_scenarios_pass_every_element_and_flow(bundle: Bundle) -> None:
    report = check_bundle(Path(__file__).parents[2] / "bpmn" / bundle.key, HOUSE)
    assert [line for line in report.lines() if line.startswith("error")] == []
    assert report.is_sound
    assert report.told


@pytest.mark.parametrize(
    ("bundle", "scenario"),
    SCENARIOS if "postgres" in DATABASES else [],
    ids=lambda each: getattr(each, "key", None) or each.name,
)
def test_a_scenario_passes_on_postgres_and_its_history_holds(
    bundle: Bundle, scenario: Scenario, templates: Templates
) -> None:
    name = f"scenario_{os.getpid()}"
    url = templates.copy(scenario.start or HOUSE.clock_start, name)
    try:
        told = play_one(scenario, url, templates.files, HOUSE)
        assert told.failure is None, f"{bundle.key}/{scenario.name}:{told.line}: {told.failure}"
        check_histories(url, templates.files)
    finally:
        templates.server.drop(name)


def check_histories(url: str, files: Path) -> None:
    """Verify the chain of every case, and that its commands, carried out again, give the same state."""
    runtime = HOUSE.runtime(url, files)
    try:
        with runtime.reading() as tx:
            assert [difference for case in all_cases(tx) for difference in verify(tx, case).differences] == []
    finally:
        runtime.database.close()


def test_there_are_at_least_thirty_scenarios() -> None:
    assert len(SCENARIOS) >= 30


def test_every_verb_of_the_procedures_is_told_in_some_scenario() -> None:
    texts = [bundle.files[path] for bundle in BUNDLES for path in bundle.files if path.startswith("scenarios/")]
    assert [verb for verb in VERBS if not any(verb in text for text in texts)] == []
