"""Random drawings, random ways through them: after every step all is forgotten, and the case is where it was.

A twin beside the database makes the same steps from the recorded commands alone; both have the same state.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from typing_extensions import override

from engine import cases, ticks
from engine.clock import moscow
from engine.definitions import bundle_of, compile_bundle, release
from engine.doors import perform
from engine.machine import Command, Complete, Deliver, FireTimer, Start
from engine.records import cases as records
from engine.runtime import Runtime
from tests.durability.crew import stuck_or_false
from tests.durability.drawings import BLOCKS, Drawn, draw_blocks
from tests.engine.house import CLERK, House, compare_hot
from tests.engine.machine.walk import Walk

Act = Callable[[], Any]
#: A drawing of seven blocks, some of them thrice, ends in far fewer acts.
MOST = 2_000


def count(_token: int, _element: str, _operator: str, parameters: Mapping[str, Any], _data: Mapping[str, Any]) -> int:
    """The service of the drawings: one more."""
    return int(parameters["n"]) + 1


class Walker(House):
    """A house with one drawn procedure and a case of it, beside its twin without a database."""

    def __init__(self, url: str, folder: Path, drawn: Drawn) -> None:
        self.drawn = drawn
        super().__init__(url, folder, is_new=False)
        bundle = bundle_of("drawn", {"procedure.bpmn": drawn.text})
        self.twin = Walk(compile_bundle(bundle), service=count)
        compile_bundle.cache_clear()  # the house and its twin share nothing
        self.seen = 0
        with self.runtime.transaction() as tx:
            release(tx, bundle, by="analyst", basis="приказ № 1", effective_from=date(2020, 2, 10))
            today = moscow(tx.now).date()
        days = {name: (today + timedelta(days=ahead)).isoformat() for name, ahead in drawn.days.items()}
        data = {**drawn.data, **days}
        self.id = str(perform(self.runtime, lambda tx: cases.start(tx, "drawn", data, actor=CLERK, title="Дело"))["id"])
        self.compare()

    @override
    def open(self) -> Runtime:
        runtime = super().open()

        @runtime.registry.service("drawn.count", "n")
        def one_more(_call: Any, *, n: int) -> int:
            return n + 1

        for task in self.drawn.tasks:
            runtime.registry.completion("drawn", task)(lambda _call, data: dict(data))
        return runtime

    def acts(self, picks: Sequence[int]) -> list[Act]:
        """What may happen next: a task completed with one of the picks, the next instant, a message."""
        row = self.case(self.id)
        with self.runtime.reading() as tx:
            tasks = sorted(records.open_tasks(tx.connection, self.id), key=lambda task: int(task["token"]))
            timers = records.timers_of(tx.connection, self.id)
        acts: list[Act] = [
            lambda task=task, pick=pick: self.finish(task, pick)  # type: ignore[misc]
            for task in tasks
            for pick in picks
        ]
        standing = {*row["at"], *(task["element"] for task in tasks)}
        acts += [
            lambda name=name: self.deliver(name)  # type: ignore[misc]
            for element, name in sorted(self.drawn.messages.items())
            if element in standing
        ]
        if timers:
            acts.append(lambda: ticks.advance_clock(self.runtime, min(timer["due"] for timer in timers)))
        return acts

    def finish(self, task: Mapping[str, Any], pick: int) -> None:
        data = {f"pick_{task['element']}": pick}
        perform(self.runtime, lambda tx: cases.complete(tx, task["id"], data, actor=CLERK), actor=CLERK)

    def deliver(self, name: str) -> None:
        perform(self.runtime, lambda tx: cases.deliver(tx, self.id, name, {"said": 1}, actor=CLERK), actor=CLERK)

    def forget(self) -> None:
        """Throw away everything but the database, and look whether the twin stands there too."""
        self.restart()
        self.compare()

    def compare(self) -> None:
        compare_hot(self.runtime)
        row = self.case(self.id)
        with self.runtime.reading() as tx:
            state = records.read_state(tx.connection, self.id)
            tasks = records.open_tasks(tx.connection, self.id)
            timers = records.timers_of(tx.connection, self.id)
        self.follow()
        now = self.twin.now
        assert (row["at"], row["end"], row["data"]) == (list(now.at), now.end, now.data)
        assert state == now.state
        opened = {(token, opened.element, opened.is_timer) for token, opened in self.twin.open.items()}
        kept = {
            (int(row["token"]), row["element"], is_timer)
            for rows, is_timer in ((tasks, False), (timers, True))
            for row in rows
        }
        assert kept == (set() if now.end else opened)

    def follow(self) -> None:
        """Let the twin make the steps that the history has had since."""
        command: Command | None = None
        for fact in self.facts(self.id)[self.seen :]:
            self.seen = fact["seq"]
            data = fact["data"]
            match fact["kind"]:
                case "case.started":
                    command = Start(data["data"], data["payload"])
                case "task.completed":
                    command = Complete(data["token"], data["variables"])
                case "timer.fired":
                    command = FireTimer(data["token"])
                case "message.received":
                    command = Deliver(data["message"], data["payload"])
                case "case.advanced":
                    assert command is not None
                    step = self.twin.go(command)
                    assert hashlib.sha256(step.state).hexdigest() == data["state"]
                case kind:
                    assert kind not in {"incident.raised", "act.refused"}


def walk_through(url: str, folder: Path, block: tuple[Any, ...], choices: Sequence[int], *, restarts: bool) -> None:
    """Go any way for as long as choices last, then the shortest to the end; judge the whole history.

    `restarts`: nothing is in memory at any step; else what the step before left there.
    """
    house = Walker(url, folder, draw_blocks(block))
    try:
        for number in range(MOST):
            if house.case(house.id)["state"] == "ended":
                break
            acts = house.acts((0, 1))
            assert acts, "a case that has not ended waits for something"
            acts[choices[number] % len(acts) if number < len(choices) else 0]()
            if restarts:
                house.forget()
            else:
                house.compare()
        assert house.case(house.id)["state"] == "ended"
        assert stuck_or_false(house, house.id) == []
    finally:
        house.runtime.database.close()


@pytest.mark.parametrize("copies", ["copies_on_sqlite", "copies_on_postgres"])
def test_a_case_of_any_drawing_is_where_it_was_after_every_restart(
    copies: str, request: pytest.FixtureRequest, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    make = request.getfixturevalue(copies)
    is_long = pytestconfig.getoption("--soak")
    made: list[str] = []

    @settings(
        max_examples=1_000 if is_long else 10,
        deadline=None,
        database=None,
        derandomize=not is_long,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(block=BLOCKS, choices=st.lists(st.integers(0, 10_000), max_size=25))
    def walk(block: tuple[Any, ...], choices: list[int]) -> None:
        made.append(repr(block))
        walk_through(make(), tmp_path, block, choices, restarts=True)
        walk_through(make(), tmp_path, block, choices, restarts=False)

    walk()
    print(f"\n{len(made)} walks through {len(set(made))} drawings")  # noqa: T201
