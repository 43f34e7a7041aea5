"""A drawing that multiplies its tokens for ever, and the process that keeps running into it."""

from datetime import date
from typing import Any

from engine import cases, inbox
from engine.definitions import bundle_of, release
from engine.doors import perform
from engine.errors import EngineError
from tests.durability.crew import CREW, PATIENCE
from tests.engine.house import CLERK
from tests.engine.lint import pen

FLOOD = (
    pen.user("ask", "clerk"),
    pen.gateway("back"),
    pen.gateway("fork", "parallel"),
    pen.service("act", "toy.break", result="worked"),
    pen.end(),
    pen.flows("start > ask > back > fork > act > back", "fork > back"),
)


def publish_flood(house: Any) -> None:
    """Release the drawing, as an analyst who got round every check would."""
    with house.runtime.transaction() as tx:
        bundle = bundle_of("toy", {"procedure.bpmn": pen.text_of(pen.start(), *FLOOD)})
        release(tx, bundle, by="analyst", basis="приказ № 3", effective_from=date(2020, 2, 10))


class Signals:
    """How the test and the hostile process understand each other: run, stand still, end."""

    def __init__(self) -> None:
        self.goes, self.idle, self.stop = CREW.Event(), CREW.Event(), CREW.Event()

    def pause(self) -> None:
        """Wait until the hostile process stands still."""
        self.goes.clear()
        self.idle.clear()
        assert self.idle.wait(PATIENCE), "the hostile drawing never ended a step"


def run_into_it(open_house: Any, signals: Signals, tells: Any) -> None:
    """Start one hostile case after another while the signals say so; tells after each incident."""
    house = open_house()
    house.service.is_broken = False

    def attack(tx: Any) -> Any:
        return cases.complete(tx, task, {}, actor=CLERK)

    while not signals.stop.is_set():
        if not signals.goes.wait(0.1):
            signals.idle.set()
            continue
        row = perform(house.runtime, lambda tx: cases.start(tx, "toy", {}, actor=CLERK, title="Умысел"))
        with house.runtime.reading() as tx:
            task = inbox.list_tasks(tx, CLERK, scope="all", case=row["id"], element="ask").items[0]["id"]
        try:
            perform(house.runtime, attack, actor=CLERK)
        except EngineError as error:
            tells.send(type(error).slug)
    house.runtime.database.close()
    tells.close()
