"""Store what a released schema looked like: houses with cases in flight, and the history of a case for every ending.

    python scripts/store_database.py

writes tests/data/houses/REVISION/NAME.tar.xz (a backup) with NAME.json (what its scenario has still to play), and
tests/data/histories/REVISION.json.xz. A released revision is stored once and never again; while nothing is released,
the first one is stored anew whenever its tables change.
"""

import lzma
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from engine.actors import SYSTEM
from engine.definitions import Bundle, read_bundle, release
from engine.history import served
from engine.records import cases as case_records
from engine.records import definitions as definition_records
from engine.records import history as history_records
from engine.runtime import Runtime
from engine.scenarios import House, Scenario, play
from engine.scenarios.checking import EFFECTIVE
from engine.scenarios.running import begin
from engine.scenarios.steps import verb_of
from engine.scenarios.world import World
from engine.schema import head, upgrade
from handlers.archive import save
from handlers.settings import read_settings
from processes import registry
from processes.scenario_verbs import cast
from tests.upgrade.stored import DATA, read_text_scenario

ROOT = Path(__file__).resolve().parents[1]
BUNDLES = ("certification", "council_meeting", "meeting_watch", "retention")


@dataclass(frozen=True)
class Cut:
    """A scenario, and after which of its steps (by verb) its house is stored."""

    bundle: str
    name: str
    after: str
    nth: int = 1


CUTS = (
    Cut("certification", "issued_and_expired", "назначены эксперты"),
    Cut("certification", "withdrawn_during_examination", "эксперт отказался"),
    Cut("council_meeting", "tie", "присутствуют"),
)
#: Scenarios whose cases are kept as golden histories: each of the endings, by some case.
ENDINGS = (
    ("certification", "issued_and_expired"),
    ("certification", "not_accepted"),
    ("certification", "not_considered"),
    ("certification", "refused"),
    ("certification", "revoked"),
    ("certification", "withdrawn_during_examination"),
    ("council_meeting", "tie"),
    ("meeting_watch", "half_year_without_meeting"),
    ("retention", "kept_and_destroyed"),
)


def main() -> int:
    """Store everything for the revision of this program; the exit code."""
    house = House(registry(), cast())
    place = DATA / "houses" / head()
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for cut in CUTS:
        _store_house(house, cut, place)
    _store_histories(house)
    return 0


def _prepare(house: House, scenario: Scenario, folder: Path) -> Runtime:
    url = f"sqlite:///{folder / 'kes.sqlite'}"
    folder.mkdir(parents=True)
    upgrade(url)
    runtime = house.runtime(url, folder / "files", scenario.start)
    house.cast.prepare(runtime)
    with runtime.transaction() as tx:
        for name in BUNDLES:
            release(tx, _without_scenarios(read_bundle(ROOT / "bpmn" / name)), by=SYSTEM.login, basis="проверка",
                    effective_from=EFFECTIVE)  # fmt: skip
    return runtime


def _without_scenarios(bundle: Bundle) -> Bundle:
    """The bundle as it runs; what only its check reads would make the stored house larger."""
    return Bundle(bundle.key, {path: text for path, text in bundle.files.items() if not path.startswith("scenarios/")})


def _text(bundle: str, name: str) -> str:
    return (ROOT / "bpmn" / bundle / "scenarios" / f"{name}.yaml").read_text(encoding="utf-8")


def _store_house(house: House, cut: Cut, place: Path) -> None:
    text = _text(cut.bundle, cut.name)
    scenario = read_text_scenario(text, cut.name)
    with TemporaryDirectory() as home:
        folder = Path(home) / "house"
        runtime = _prepare(house, scenario, folder)
        world = World(runtime, house.cast.find_actor, marks={"verbs": house.cast.verbs})
        begin(runtime)
        house.cast.give(world, scenario.given)
        done, met = 0, 0
        for step in scenario.steps:
            verb_of(world, step)(world, step)
            done += 1
            met += step.verb == cut.after
            if met == cut.nth:
                break
        runtime.database.close()
        save(read_settings({"KES_DATA_DIR": str(folder), "KES_CLOCK": "virtual"}), Path(home) / "house.tar")
        packed = lzma.compress((Path(home) / "house.tar").read_bytes(), preset=9 | lzma.PRESET_EXTREME)
    (place / f"{cut.name}.tar.xz").write_bytes(packed)
    marks = {key: value for key, value in world.marks.items() if key != "verbs"}
    told = {"scenario": text, "done": done, "cases": world.cases, "current": world.current, "marks": marks}
    (place / f"{cut.name}.json").write_bytes(orjson.dumps(told, default=sorted, option=orjson.OPT_INDENT_2) + b"\n")
    print(f"{cut.name}: {done} of {len(scenario.steps)} steps, {len(packed)} bytes")


def _store_histories(house: House) -> None:
    bundles: dict[str, Any] = {}
    cases: dict[str, Any] = {}
    for bundle, name in ENDINGS:
        scenario = read_text_scenario(_text(bundle, name), name)
        with TemporaryDirectory() as home:
            runtime = _prepare(house, scenario, Path(home) / "house")
            told = play(scenario, runtime, house.cast)
            if told.failure is not None:
                sys.exit(f"{name}, line {told.line}: {told.failure}")
            _collect(runtime, bundles, cases)
            runtime.database.close()
    raw = orjson.dumps({"bundles": bundles, "cases": cases}, option=orjson.OPT_SORT_KEYS)
    path = DATA / "histories" / f"{head()}.json.xz"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(lzma.compress(raw, preset=9 | lzma.PRESET_EXTREME))
    print(f"{', '.join(sorted(cases))}: {path.stat().st_size} bytes")


def _collect(runtime: Runtime, bundles: dict[str, Any], cases: dict[str, Any]) -> None:
    """Take up one ended case for every ending that is not there yet, and the files it ran on."""
    with runtime.reading() as tx:
        for row in case_records.all_cases(tx.connection):
            name = f"{row['process']}.{row['end']}"
            if row["state"] != "ended" or name in cases:
                continue
            version = definition_records.get_version(tx.connection, row["definition"])
            if version is None:
                continue
            bundles[version["hash"]] = {"key": version["key"], "files": version["files"]}
            events = [served(fact) for fact in history_records.stream(tx.connection, row["id"])]
            cases[name] = {"definition": version["hash"], "events": events}


if __name__ == "__main__":
    sys.exit(main())
