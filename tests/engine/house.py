"""A small house with a toy procedure: people, a runtime on any database, the acts that tests tell stories with."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from engine import cases, inbox, ticks
from engine.actors import Actor
from engine.calls import Call
from engine.clock import ClockMode
from engine.database import Database
from engine.definitions import compile_bundle, read_bundle, release
from engine.doors import perform
from engine.files import FileStore
from engine.hot import packed_task
from engine.records import cases as records
from engine.registry import Registry
from engine.runtime import Runtime

TOY = Path(__file__).parent / "toy" / "leave"
MONDAY = datetime(2026, 1, 12, 6, 0, tzinfo=UTC)

CLERK = Actor("olga", "Ольга", frozenset({"clerk", "admin"}))
OTHER_CLERK = Actor("pyotr", "Пётр", frozenset({"clerk", "admin"}))
STRANGER = Actor("ivan", "Иван", frozenset({"auditor"}))


class Service:
    """What the toy's services do; `is_broken` makes one fail."""

    def __init__(self) -> None:
        self.is_broken = True
        self.notes: list[str] = []
        self.fired: list[str] = []


def toy_registry(service: Service) -> Registry:
    """The toy procedure's Python side."""
    registry = Registry()

    @registry.service("toy.note", "what")
    def note(call: Call, *, what: str) -> Mapping[str, Any]:
        service.notes.append(what)
        call.tell("leave.noted", what=what)
        return {"by": call.actor.login}

    @registry.service("toy.break")
    def fail(call: Call) -> Mapping[str, Any]:
        if service.is_broken:
            raise OSError("the archive is shut")
        return {"mended": True}

    @registry.start("leave")
    def begin(call: Call, data: Mapping[str, Any]) -> Mapping[str, Any]:
        call.title = "Отпуск"
        return {"until": "2026-03-01", "reply": None, **data}

    return registry


class House:
    """One runtime on one database, with the toy released and the clock on Monday, 12 January 2026, 09:00 Moscow."""

    def __init__(self, url: str, folder: Path, *, is_new: bool = True) -> None:
        self.service = Service()
        self.url, self.folder = url, folder
        self.runtime = self.open()
        if not is_new:
            return
        with self.runtime.transaction() as tx:
            release(tx, read_bundle(TOY), by="analyst", basis="приказ № 1", effective_from=date(2020, 2, 10))

    def open(self) -> Runtime:
        """A new process on the same database: nothing kept in memory."""
        return Runtime(
            Database(self.url),
            toy_registry(self.service),
            mode=ClockMode.VIRTUAL,
            files=FileStore(self.folder / "files"),
            clock_start=MONDAY,
        )

    def restart(self) -> None:
        """Forget everything that is not in the database."""
        compile_bundle.cache_clear()
        self.runtime.database.close()
        self.runtime = self.open()

    def start(self, **data: Any) -> str:
        """Start a leave; its case id."""
        return str(
            perform(self.runtime, lambda tx: cases.start_instance(tx, "leave", data, actor=CLERK), actor=CLERK)["id"]
        )

    def task(self, case: str, element: str = "check") -> dict[str, Any]:
        """The open task of an element."""
        with self.runtime.reading() as tx:
            return inbox.list_tasks(tx, CLERK, scope="all", case=case, element=element).items[0]

    def complete(self, case: str, result: str, actor: Actor = CLERK, **more: Any) -> cases.Completed:
        """Complete the open check."""
        task = self.task(case)["id"]
        data = {"result": result, **more}
        return perform(
            self.runtime, lambda tx: cases.complete(tx, task, data, actor=actor), actor=actor, name="complete"
        )

    def case(self, case: str) -> dict[str, Any]:
        """The case row."""
        with self.runtime.reading() as tx:
            return cases.get_case(tx, case, CLERK)

    def advance(self, text: str) -> list[dict[str, Any]]:
        """Move the clock to an instant."""
        return ticks.advance_clock(self.runtime, datetime.fromisoformat(text))

    def facts(self, case: str) -> list[dict[str, Any]]:
        """All events of a case, as served."""
        from engine import history

        with self.runtime.reading() as tx:
            return list(history.read(tx, case, limit=10_000)["items"])

    def kinds(self, case: str) -> list[str]:
        """The kinds of all events of a case."""
        return [f["kind"] for f in self.facts(case)]

    def verdict(self, case: str) -> Any:
        """What a verification of the case finds."""
        from engine import history

        with self.runtime.reading() as tx:
            return history.verify(tx, cases.get_case(tx, case, CLERK))


def compare_hot(runtime: Runtime, at_least: int = 0) -> None:
    """Everything that a process remembers of its cases is as it is stored, but for drafts and settings."""
    with runtime.reading() as tx:
        found = 0
        for task_id in list(runtime.hot._case_of):
            taken = runtime.hot.take(task_id)
            assert taken is not None
            task, hot = taken
            hot.tasks[task_id] = packed_task(task)
            runtime.hot.put(hot.case["id"], hot)
            stored = records.look_at_step(tx.connection, task_id)
            assert stored is not None
            assert (task, hot.case, hot.state) == ({**stored[0][0], "draft": None, "draft_by": None}, *stored[0][1:])
            found += 1
    assert found >= at_least
