"""A hostile drawing on a live house: its case stands as an incident, and everybody else's acts go through."""

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from engine import cases, inbox
from engine.calls import Call
from engine.definitions import bundle_of, release
from engine.doors import perform
from engine.errors import ConflictError, EngineError, StepFailedError
from engine.facts import Fact
from engine.records.tables import incident
from tests.engine.house import CLERK, House
from tests.engine.lint import pen

FLOOD = (
    pen.user("ask", "clerk"),
    pen.gateway("back"),
    pen.gateway("fork", "parallel"),
    pen.service("act", "toy.break", result="worked"),
    pen.end(),
    pen.flows("start > ask > back > fork > act > back", "fork > back"),
)
ATTACK = (
    pen.user("ask", "clerk"),
    pen.gateway("which", default="end"),
    pen.end(),
    pen.end("other"),
    pen.flows("start > ask > which > end", "which >if ().__class__.__base__.__subclasses__()> other"),
)
SCRIPT = (
    pen.user("ask", "clerk"),
    pen.node("scriptTask", "compute", "<bpmn:script>import os</bpmn:script>"),
    pen.end(),
    pen.flows("start > ask > compute > end"),
)
TIMER = (
    pen.user("ask", "clerk"),
    pen.catch("wait", pen.timer_text("().__class__")),
    pen.end(),
    pen.flows("start > ask > wait > end"),
)


@pytest.fixture
def house(schema_url: str, tmp_path: Path) -> Iterator[House]:
    house = House(schema_url, tmp_path)
    house.service.is_broken = False
    yield house
    house.runtime.database.close()


def hostile(house: House, *pieces: str) -> tuple[str, str]:
    """A case of a hostile drawing, and its open task."""
    with house.runtime.transaction() as tx:
        bundle = bundle_of("toy", {"procedure.bpmn": pen.text_of(pen.start(), *pieces)})
        release(tx, bundle, by="analyst", basis="приказ № 3", effective_from=date(2020, 2, 10))
    row = perform(house.runtime, lambda tx: cases.start(tx, "toy", {}, actor=CLERK, title="Умысел"))
    with house.runtime.reading() as tx:
        found = inbox.list_tasks(tx, CLERK, scope="all", case=row["id"], element="ask").items
    return row["id"], found[0]["id"]


def complete(house: House, task: str) -> None:
    """Complete a task at the door."""
    perform(house.runtime, lambda tx: cases.complete(tx, task, {}, actor=CLERK), actor=CLERK, name="complete")


@pytest.mark.parametrize("pieces", [FLOOD, ATTACK, SCRIPT, TIMER], ids=["flood", "attack", "script", "timer"])
def test_a_hostile_step_becomes_an_incident_and_another_case_goes_on(house: House, pieces: tuple[str, ...]) -> None:
    neighbour = house.start()
    case, task = hostile(house, *pieces)
    with pytest.raises(StepFailedError):
        complete(house, task)
    stuck = house.case(case)
    assert (stuck["state"], stuck["at"]) == ("incident", ["ask"])
    with house.runtime.reading() as tx:
        (found,) = tx.connection.execute(incident.select()).mappings().all()
    assert found["case"] == case
    assert found["cause"]
    with pytest.raises(ConflictError):
        complete(house, task)
    house.complete(neighbour, "yes")
    assert house.case(neighbour)["at"] == ["await_answer"]
    assert house.verdict(case).is_true
    assert house.verdict(neighbour).is_true


def test_acts_beside_a_flood_go_through_while_it_is_being_stopped(house: House) -> None:
    neighbours = [house.start() for _number in range(5)]
    _case, task = hostile(house, *FLOOD)
    raised: list[EngineError] = []
    begun = threading.Event()

    def flood() -> None:
        begun.set()
        try:
            complete(house, task)
        except EngineError as error:
            raised.append(error)

    thread = threading.Thread(target=flood)
    thread.start()
    begun.wait()
    for neighbour in neighbours:
        house.complete(neighbour, "yes")
    thread.join()
    assert [error.slug for error in raised] == ["budget_exceeded"]
    assert {house.case(neighbour)["at"][0] for neighbour in neighbours} == {"await_answer"}


def test_a_hostile_timer_does_not_stop_the_clock_for_others(house: House) -> None:
    drawn = (
        pen.user("ask", "clerk"),
        pen.boundary("soon", "ask", pen.timer_text("working_days(1)"), interrupting=False),
        pen.node("scriptTask", "compute", "<bpmn:script>import os</bpmn:script>"),
        pen.end("told"),
        pen.end(),
        pen.flows("start > ask > end", "soon > compute > told"),
    )
    case, _task = hostile(house, *drawn)
    neighbour = house.start()
    fired = [f["element"] for f in house.advance("2026-01-20T00:00:00+03:00")]
    assert fired == ["soon", "check_soon", "check_due"]
    assert house.case(case)["state"] == "incident"
    assert "task.escalated" in house.kinds(neighbour)


def test_an_observer_that_breaks_on_a_timer_leaves_an_incident_and_the_ticks_go_on(house: House) -> None:
    case, neighbour = house.start(), house.start()

    @house.runtime.registry.observer("task.reminded")
    def tell(call: Call, _fact: Fact) -> None:
        if call.case["id"] == case:
            raise KeyError("address")

    fired = [f["element"] for f in house.advance("2026-01-20T00:00:00+03:00")]
    assert fired == ["check_soon", "check_soon", "check_due"]
    assert house.case(case)["state"] == "incident"
    assert house.kinds(case)[-1] == "incident.raised"
    assert house.kinds(neighbour).count("task.escalated") == 1
    assert house.verdict(case).is_true
