"""Acts in any order, restarts and crashes between them: the house always stands where a plain model of it stands."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from typing_extensions import override

from engine import cases, inbox, ticks
from engine.definitions import Bundle as Files
from engine.definitions import read_bundle, release
from engine.doors import drain, perform
from engine.errors import ConflictError
from engine.faults import arm
from engine.records import cases as records
from tests.durability.crew import stuck_or_false, word_of
from tests.durability.model import Modelled
from tests.engine.house import CLERK, MONDAY, OTHER_CLERK, TOY, House

#: The facts that the model tells, too.
TOLD = (
    "act.refused",
    "case.ended",
    "case.resumed",
    "case.started",
    "case.suspended",
    "message.received",
    "task.claimed",
    "task.completed",
    "task.escalated",
    "task.reminded",
    "task.unclaimed",
    "timer.fired",
)
PEOPLE = st.sampled_from([CLERK, OTHER_CLERK])
POINTS = st.sampled_from([None, None, None, "commit.before", "commit.after"])


class CrashError(BaseException):
    """The process ended here."""


@contextmanager
def crashing(point: str | None) -> Iterator[None]:
    """Let the process end at the first passage of a point."""

    def killer(name: str) -> None:
        if name == point:
            raise CrashError(name)

    arm(killer if point else None)
    try:
        yield
    finally:
        arm(None)


class Story(RuleBasedStateMachine):
    """The house and its model, side by side."""

    made = Bundle("made")
    make_house: Callable[[], House]

    def __init__(self) -> None:
        super().__init__()
        self.house = type(self).make_house()
        self.model: dict[str, Modelled] = {}
        self.now = MONDAY
        self.versions = 1

    def act(self, case: str, do: Callable[[], Any], expect: Callable[[Modelled], str], point: str | None) -> None:
        """Do it in the house and in the model; a crash before the commit undoes it, one after it does not."""
        before = sum(self.model[case].told.values())
        try:
            with crashing(point):
                word = word_of(do)
        except CrashError:
            self.house.restart()
            drain(self.house.runtime)
            if point == "commit.before":
                return
            word = "crash"
        expected = expect(self.model[case])
        assert word in {expected, "crash"}, f"{word} instead of {expected}"
        if sum(self.model[case].told.values()) != before:
            self.look_at_timers(case)

    def look_at_timers(self, case: str) -> None:
        """Take over the instants of timers set by the act; one that is due already has fired by then."""
        model = self.model[case]
        with self.house.runtime.reading() as tx:
            found = {t["element"]: t["due"] for t in records.timers_of(tx.connection, case)}
        if model.at == ["await_answer"] and not found and not model.timers:
            model.timers["silence"] = self.now
            model.pass_time(self.now)
        if not model.timers:
            model.timers = found

    @rule(target=made, until=st.dates(date(2026, 1, 20), date(2026, 4, 30)))
    def start(self, until: date) -> str:
        case = self.house.start(until=until.isoformat())
        self.model[case] = Modelled(told={"case.started": 1})
        self.look_at_timers(case)
        return case

    @rule()
    def publish(self) -> None:
        self.versions += 1
        bundle = read_bundle(TOY)
        text = bundle.files["procedure.bpmn"].replace('name="Прошение"', f'name="Прошение {self.versions}"')
        files = Files(bundle.key, {**bundle.files, "procedure.bpmn": text})
        with self.house.runtime.transaction() as tx:
            release(tx, files, by="analyst", basis="приказ", effective_from=date(2020, 2, 10))

    @rule(case=made, who=PEOPLE, point=POINTS)
    def claim(self, case: str, who: Any, point: str | None) -> None:
        self.act(case, partial(self.on_task, case, inbox.claim, who), lambda m: m.claim(who.login), point)

    @rule(case=made, who=PEOPLE, point=POINTS)
    def unclaim(self, case: str, who: Any, point: str | None) -> None:
        self.act(case, partial(self.on_task, case, inbox.unclaim, who), lambda m: m.unclaim(who.login), point)

    @rule(case=made, who=PEOPLE, result=st.sampled_from(["again", "again", "yes"]), point=POINTS)
    def complete(self, case: str, who: Any, result: str, point: str | None) -> None:
        def do(tx: Any, task: str, *, actor: Any) -> Any:
            return cases.complete(tx, task, {"result": result}, actor=actor)

        self.act(case, partial(self.on_task, case, do, who), lambda m: m.complete(who.login, result), point)

    @rule(case=made, message=st.sampled_from(["withdrawal", "answer"]), point=POINTS)
    def deliver(self, case: str, message: str, point: str | None) -> None:
        def do(tx: Any) -> Any:
            return cases.deliver(tx, case, message, {}, actor=CLERK)

        self.act(case, partial(self.perform, do, CLERK), lambda m: m.receive(message), point)

    @rule(case=made, point=POINTS)
    def suspend(self, case: str, point: str | None) -> None:
        def do(tx: Any) -> Any:
            return cases.suspend(tx, case, "проверка", actor=CLERK)

        self.act(case, partial(self.perform, do, CLERK), lambda m: m.suspend(), point)

    @rule(case=made)
    def resume(self, case: str) -> None:
        def do(tx: Any) -> Any:
            return cases.resume(tx, case, "закончена", actor=CLERK)

        self.act(case, partial(self.perform, do, CLERK), lambda m: m.resume(self.now), None)

    @rule(hours=st.integers(1, 24 * 20), point=POINTS)
    def tick(self, hours: int, point: str | None) -> None:
        self.now += timedelta(hours=hours)
        try:
            with crashing(point):
                ticks.advance_clock(self.house.runtime, self.now)
        except CrashError:
            self.house.restart()
            ticks.advance_clock(self.house.runtime, self.now)
        for model in self.model.values():
            model.pass_time(self.now)

    @rule()
    def restart(self) -> None:
        self.house.restart()

    def perform(self, do: Callable[[Any], Any], who: Any) -> Any:
        return perform(self.house.runtime, do, actor=who, name="act")

    def on_task(self, case: str, do: Callable[..., Any], who: Any) -> Any:
        with self.house.runtime.reading() as tx:
            found = inbox.list_tasks(tx, who, scope="all", case=case).items
        if not found:
            raise ConflictError("Задачи нет.", slug="no task")
        return self.perform(lambda tx: do(tx, found[0]["id"], actor=who), who)

    @invariant()
    def stands_where_the_model_stands(self) -> None:
        for case, model in self.model.items():
            row, kinds = self.house.case(case), self.house.kinds(case)
            assert (row["state"], row["at"], row["end"]) == (model.state, model.at, model.end)
            assert {kind: kinds.count(kind) for kind in TOLD if kind in kinds} == model.told
            with self.house.runtime.reading() as tx:
                tasks = inbox.list_tasks(tx, CLERK, scope="all", case=case).items
                timers = {t["element"]: t["due"] for t in records.timers_of(tx.connection, case)}
            assert [t["assignee"] for t in tasks] == ([model.holder] if model.at == ["check"] else [])
            assert timers == model.timers

    @override
    def teardown(self) -> None:
        arm(None)
        try:
            for case in self.model:
                assert stuck_or_false(self.house, case) == []
        finally:
            self.house.runtime.database.close()


@pytest.mark.parametrize("copies", ["copies_on_sqlite", "copies_on_postgres"])
def test_the_house_stands_where_its_model_stands(
    copies: str, request: pytest.FixtureRequest, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    make = request.getfixturevalue(copies)
    is_long = pytestconfig.getoption("--soak")
    runs, steps = (150, 50) if is_long else (12, 30)
    machine = type("Told", (Story,), {"make_house": staticmethod(lambda: House(make(), tmp_path))})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            derandomize=not is_long,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
