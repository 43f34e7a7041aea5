"""The whole check of a bundle: its rules, whether every token ends, its scenarios, and what they leave out."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from engine import soundness
from engine.actors import SYSTEM
from engine.clock import MOSCOW, ClockMode
from engine.database import METADATA, Database
from engine.definitions import Bundle, Definition, Shelf, compile_bundle, read_bundle, release
from engine.definitions.bundle import PROCEDURE
from engine.drawing import Drawing
from engine.errors import DrawingError
from engine.files import FileStore
from engine.lint import Finding, Parts, Severity, inspect_xml, is_sound, read_xml
from engine.lint import check as check_rules
from engine.registry import Registry
from engine.runtime import Runtime
from engine.scenarios.coverage import Coverage
from engine.scenarios.reading import Scenario, UnreadableScenarioError, read_scenario
from engine.scenarios.running import Cast, Told, play

if TYPE_CHECKING:
    from engine.lint.parts import Reviewed

#: The drawings of a scenario are in force from this day on.
EFFECTIVE = date(2020, 2, 10)


@dataclass(frozen=True)
class House:
    """What a check needs of the composition root: the procedures' Python side, their cast, the clock's first instant.

    Compiled drawings are shared by the scenarios of one house.
    """

    registry: Registry
    cast: Cast
    clock_start: datetime = datetime(2026, 1, 12, 9, tzinfo=MOSCOW)
    definitions: Shelf = field(default_factory=Shelf)

    def runtime(self, url: str, files: Path, start: datetime | None = None) -> Runtime:
        """Give a runtime on a database, its virtual clock begun at an instant (the house's own by default)."""
        return Runtime(
            Database(url),
            self.registry,
            mode=ClockMode.VIRTUAL,
            files=FileStore(files),
            clock_start=start or self.clock_start,
            definitions=self.definitions,
        )


@dataclass(frozen=True)
class Report:
    """What a check has found. `missing` are the elements and flows that no scenario passes, by process."""

    key: str
    findings: tuple[Finding, ...]
    told: tuple[Told, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    missing: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether the bundle may be released: no error, no failed scenario, nothing left out."""
        return is_sound(self.findings) and all(told.failure is None for told in self.told) and not self.missing

    def lines(self) -> Iterator[str]:
        """Give one line a finding, a failed scenario, and an element or flow left out; then one of sums."""
        yield from (finding.to_line() for finding in self.findings)
        for told in self.told:
            if told.failure is not None:
                yield f"error   scenarios/{told.scenario.name}.yaml:{told.line}: {told.failure} [scenario]"
        yield from (f"error   {element}: ни один сценарий не проходит. [coverage]" for element in self.missing)
        passed = sum(told.failure is None for told in self.told)
        sums = f"сценариев {len(self.told)}, прошло {passed}; не пройдено элементов и потоков: {len(self.missing)}"
        yield f"{self.key}: {sums}"


def check_bundle(folder: Path, house: House) -> Report:
    """Check the bundle in a folder, its siblings released beside it. Raises nothing but what a bug raises."""
    try:
        bundle = open_bundle(folder)
    except DrawingError as error:
        return Report(folder.name, (Finding("bundle", Severity.ERROR, folder.name, error.message),))
    return check_files(bundle, find_siblings(folder, bundle.key, house.cast.bundles), house)


def check_files(bundle: Bundle, siblings: list[Bundle], house: House) -> Report:
    """Check a bundle, wherever its files come from; scenarios run where no rule finds an error.

    Every scenario plays on a fresh SQLite database in a temporary folder, its siblings released beside it.
    """
    findings, definition = inspect_bundle(bundle, house.registry, siblings)
    scenarios, faults = read_scenarios(bundle)
    findings = [*findings, *faults]
    if definition is None or not is_sound(findings):
        return Report(bundle.key, tuple(findings))
    told = tuple(play_all(scenarios, [bundle, *siblings], house))
    coverage = Coverage()
    for each in told:
        coverage |= each.coverage
    elements, flows = coverage.missing(definition.drawing)
    return Report(bundle.key, tuple(findings), told, coverage, (*elements, *flows))


def open_bundle(folder: Path) -> Bundle:
    """Read a bundle whose folder may have any name: its key is the id of the process that it draws.

    Raises DrawingError for what is no bundle.
    """
    bundle = read_bundle(folder)
    try:
        return Bundle(compile_bundle(bundle).key, bundle.files)
    except DrawingError:
        return bundle


def find_siblings(folder: Path, key: str, otherwise: Path | None) -> list[Bundle]:
    """Give the other procedures: the bundles beside a folder, and from elsewhere those that do not lie there."""
    found: dict[str, Bundle] = {}
    for place in (folder.resolve().parent, otherwise):
        if place is None:
            continue
        for path in sorted(place.iterdir()):
            if (path / PROCEDURE).is_file() and path.resolve() != folder.resolve():
                bundle = read_bundle(path)
                found.setdefault(bundle.key, bundle)
    return [bundle for bundle in found.values() if bundle.key != key and is_readable(bundle)]


def is_readable(bundle: Bundle) -> bool:
    """Whether a bundle compiles."""
    try:
        compile_bundle(bundle)
    except DrawingError:
        return False
    return True


def inspect_bundle(
    bundle: Bundle, registry: Registry | None = None, siblings: list[Bundle] | None = None
) -> tuple[list[Finding], Definition | None]:
    """Give what the rules and the token game find, and the compiled definition where the files could be read."""
    dirty = [
        finding
        for path, text in bundle.files.items()
        if path.endswith((".bpmn", ".dmn"))
        for finding in inspect_xml(text, path)
    ]
    if dirty:
        return dirty, None
    try:
        definition = compile_bundle(bundle)
    except DrawingError as error:
        return [Finding("readable", Severity.ERROR, bundle.key, error.message)], None
    decisions: dict[str, Reviewed] = dict(definition.decisions)
    forms: dict[str, Reviewed] = dict(definition.forms)
    parts = Parts(
        key=bundle.key,
        drawing=definition.drawing,
        root=read_xml(bundle.files[PROCEDURE]),
        decisions=decisions,
        forms=forms,
        files=frozenset(bundle.files),
        registry=registry,
        siblings=drawings_of(siblings or []),
    )
    return [*check_rules(parts), *soundness.check(definition.drawing)], definition


def drawings_of(bundles: list[Bundle]) -> dict[str, Drawing]:
    """Give the drawings of bundles that compile."""
    return {bundle.key: compile_bundle(bundle).drawing for bundle in bundles}


def read_scenarios(bundle: Bundle) -> tuple[list[Scenario], list[Finding]]:
    """Give the scenarios of a bundle, and what cannot be read of them."""
    found, faults = [], []
    for name, text in bundle.under("scenarios", ".yaml").items():
        try:
            found.append(read_scenario(text, name))
        except UnreadableScenarioError as error:
            faults.append(Finding("scenario_readable", Severity.ERROR, f"scenarios/{name}.yaml", str(error)))
    if not found and not faults:
        faults.append(
            Finding("scenario_missing", Severity.ERROR, bundle.key, "Сценариев нет; опишите хотя бы один исход.")
        )
    return found, faults


def play_all(scenarios: list[Scenario], bundles: list[Bundle], house: House) -> Iterator[Told]:
    """Play scenarios, each on its own copy of a SQLite database prepared for its first instant."""
    with TemporaryDirectory(prefix="kes-check-") as place:
        home = Path(place)
        prepared: dict[datetime, Path] = {}
        for scenario in scenarios:
            start = scenario.start or house.clock_start
            if start not in prepared:
                prepared[start] = home / f"template{len(prepared)}.sqlite"
                prepare(house, f"sqlite:///{prepared[start]}", home / "files", bundles, start)
            copy = home / "played.sqlite"
            shutil.copyfile(prepared[start], copy)
            yield play_one(scenario, f"sqlite:///{copy}", home / "files", house)
            copy.unlink()


def play_one(scenario: Scenario, url: str, files: Path, house: House) -> Told:
    """Play a scenario on a database prepared for its first instant."""
    runtime = house.runtime(url, files, scenario.start)
    try:
        return play(scenario, runtime, house.cast)
    finally:
        runtime.database.close()


def prepare(house: House, url: str, files: Path, bundles: list[Bundle], start: datetime | None = None) -> None:
    """Fill an empty database: tables, people and rules, and the drawings released, as of an instant."""
    runtime = house.runtime(url, files, start)
    try:
        METADATA.create_all(runtime.database.engine)
        house.cast.prepare(runtime)
        with runtime.transaction() as tx:
            for bundle in bundles:
                release(tx, bundle, by=SYSTEM.login, basis="проверка", effective_from=EFFECTIVE)
    finally:
        runtime.database.close()
