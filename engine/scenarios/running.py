"""Playing a scenario: its steps one after another, in a world of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from engine.actors import Actor
from engine.errors import EngineError
from engine.scenarios.coverage import Coverage, read_coverage
from engine.scenarios.reading import Scenario, UnreadableScenarioError
from engine.scenarios.steps import verb_of
from engine.scenarios.world import MismatchError, Verb, World
from engine.ticks import tick

if TYPE_CHECKING:
    from engine.runtime import Runtime, Transaction


#: What a step with values of the wrong kind ends in.
WRITING_FAULTS: Final = (AttributeError, LookupError, TypeError, ValueError)


@dataclass(frozen=True)
class Cast:
    """What the procedures bring to their scenarios.

    `verbs` are the words of the procedures, `find_actor` makes an actor of a login, `prepare` fills an empty database
    with people and rules (the drawings are released by whoever plays), `give` carries out a scenario's `дано`,
    `bundles` is the folder of the procedures that a scenario meets where they do not lie beside its own.
    """

    find_actor: "Callable[[Transaction, str], Actor | None]"
    verbs: Mapping[str, Verb] = field(default_factory=dict)
    prepare: "Callable[[Runtime], None]" = lambda _runtime: None
    give: Callable[[World, Mapping[str, Any]], None] = lambda _world, _given: None
    bundles: Path | None = None


@dataclass(frozen=True)
class Told:
    """How a scenario went: what failed in words (None: nothing), at which line, and what its cases passed."""

    scenario: Scenario
    failure: str | None
    line: int
    coverage: Coverage


def play(scenario: Scenario, runtime: "Runtime", cast: Cast) -> Told:
    """Play a scenario against a database prepared for its first instant. Only what a scenario can get wrong is told."""
    world = World(runtime, cast.find_actor, marks={"verbs": cast.verbs})
    failure, line = None, 0
    try:
        begin(runtime)
        cast.give(world, scenario.given)
        for step in scenario.steps:
            line = step.line
            verb_of(world, step)(world, step)
    except (MismatchError, UnreadableScenarioError, EngineError) as error:
        failure = tell(error)
    except WRITING_FAULTS as error:
        cause = f"{type(error).__name__}: {error}"
        failure = f"Шаг не выполнен ({cause}); сверьте его с описанием глагола, иначе это ошибка программы."
    with runtime.reading() as tx:
        coverage = read_coverage(tx)
    return Told(scenario, failure, line, coverage)


def begin(runtime: "Runtime") -> None:
    """Start what begins by itself at the clock's instant."""
    tick(runtime)


def tell(error: Exception) -> str:
    """Give an error's words, with its fields where it has any."""
    fields: Mapping[str, list[str]] = getattr(error, "errors", {})
    told = [f"{path}: {' '.join(texts)}" for path, texts in fields.items()]
    return "; ".join([str(error), *told])
