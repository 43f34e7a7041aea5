"""Our engine as a contender: the reference procedure on a real database, each step through the one door."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from bench.story import PROCESS, Scene, start_data
from engine import cases, inbox
from engine.actors import Actor
from engine.calls import Call
from engine.database import Database
from engine.definitions import read_bundle, release
from engine.doors import perform
from engine.errors import ConflictError
from engine.hot import HotCases
from engine.registry import Registry
from engine.runtime import Runtime, Transaction

BUNDLE: Final = Path(__file__).parent / "reference"
PERSON: Final = Actor("person", "Участник", frozenset({"secretary", "chair", "expert"}))


@dataclass
class Running:
    """A case of ours: its id and the tasks open now, by element."""

    id: str
    open: dict[str, list[str]] = field(default_factory=dict)


def reference_registry() -> Registry:
    """The reference procedure's Python side: the mean of the scores."""
    registry = Registry()

    @registry.service("reference.mean", "scores")
    def mean(_call: Call, *, scores: list[int]) -> int:
        return sum(scores) // len(scores)

    return registry


def release_reference(runtime: Runtime) -> None:
    """Release the reference procedure, unless it is."""
    with runtime.transaction() as tx:
        try:
            release(tx, read_bundle(BUNDLE), by="analyst", basis="замер", effective_from=date(2020, 1, 1))
        except ConflictError:
            return


class House:
    """The contender that is the engine."""

    def __init__(self, url: str, *, cold: bool = False) -> None:
        """`cold`: every step reads its case from the store, as the first one in a process does."""
        hot = HotCases(most=0) if cold else HotCases()
        self.runtime = Runtime(Database(url), reference_registry(), hot=hot)
        release_reference(self.runtime)

    def start(self, number: str) -> Running:
        """A case begun."""

        def act(tx: Transaction) -> dict[str, Any]:
            return cases.start(tx, PROCESS, start_data(), actor=PERSON, title=number)

        return Running(perform(self.runtime, act, actor=PERSON, name="start")["id"])

    def complete(self, case: Running, scene: Scene, form: Mapping[str, Any]) -> None:
        """A task done."""
        task = case.open[scene.element].pop(0)

        def act(tx: Transaction) -> cases.Completed:
            return cases.complete(tx, task, form, actor=PERSON)

        for row in perform(self.runtime, act, actor=PERSON, name="complete").opened:
            case.open.setdefault(row["element"], []).append(row["id"])

    def look(self, case: Running) -> None:
        """Learn which tasks are open from the inbox, as a page does."""
        with self.runtime.reading() as tx:
            found = inbox.list_tasks(tx, PERSON, scope="all", case=case.id).items
        case.open.clear()
        for row in found:
            case.open.setdefault(row["element"], []).append(row["id"])

    def close(self) -> None:
        """Let the database go."""
        self.runtime.database.close()
