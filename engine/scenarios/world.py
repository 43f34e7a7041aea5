"""The world of a scenario: the runtime it plays against, the cases it speaks of, who acts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from engine.actors import Actor
from engine.cases import complete, decline
from engine.clock import moscow
from engine.doors import perform
from engine.history import served
from engine.records import cases as case_records
from engine.records import history as history_records
from engine.scenarios.reading import Step
from engine.ticks import advance_clock

if TYPE_CHECKING:
    from engine.runtime import Runtime, Transaction

T = TypeVar("T")
Row = dict[str, Any]


class MismatchError(AssertionError):
    """What is differs from what the scenario says: a Russian sentence tells both."""


@dataclass
class World:
    """What the steps of one scenario share: `cases` are ids by the scenario's own names, `marks` the verbs' own."""

    runtime: "Runtime"
    find_actor: "Callable[[Transaction, str], Actor | None]"
    cases: dict[str, str] = field(default_factory=dict)
    current: str | None = None
    marks: dict[str, Any] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """The virtual clock, Europe/Moscow."""
        with self.runtime.reading() as tx:
            return moscow(tx.now)

    def read(self, look: "Callable[[Transaction], T]") -> T:
        """Look at the database."""
        with self.runtime.reading() as tx:
            return look(tx)

    def actor(self, login: str) -> Actor:
        """Give a person as an actor of this moment. Raises MismatchError for an unknown login."""
        found = self.read(lambda tx: self.find_actor(tx, login))
        if found is None:
            raise MismatchError(f"Человека «{login}» нет.")
        return found

    def act(self, login: str, act: "Callable[[Transaction, Actor], T]", name: str = "act") -> T:
        """Let a person act, as through a door."""
        actor = self.actor(login)
        return perform(self.runtime, lambda tx: act(tx, actor), actor=actor, name=name)

    def remember(self, case_id: str, name: str) -> None:
        """Give a case a name, and make it the one that is spoken of."""
        self.cases[name] = case_id
        self.current = name

    def case_id(self, step: Step) -> str:
        """Give the id of the case that a step speaks of: its key `дело`, else the last one. Raises MismatchError."""
        name = step.more.get("дело", self.current)
        if name is None or name not in self.cases:
            raise MismatchError(f"Дела «{name}» в сценарии ещё нет.")
        return self.cases[name]

    def case(self, step: Step) -> Row:
        """Give the case's row."""
        return self.row(self.case_id(step))

    def row(self, case_id: str) -> Row:
        """Give a case's row by its id."""
        found = self.read(lambda tx: case_records.get_case(tx.connection, case_id))
        if found is None:
            raise MismatchError("Такого дела нет.")
        return found

    def open_tasks(self, case_id: str, element: str | None = None) -> list[Row]:
        """Give the open tasks of a case, of one element if named."""
        rows = self.read(lambda tx: case_records.open_tasks(tx.connection, case_id))
        return [row for row in rows if element in {None, row["element"]}]

    def task(self, case_id: str, element: str, login: str | None = None) -> Row:
        """Give the open task of an element; of several, the one assigned to the person. Raises MismatchError."""
        found = self.open_tasks(case_id, element)
        own = [row for row in found if row["assignee"] == login] or found
        if not own:
            at = ", ".join(self.row(case_id)["at"]) or "нигде"
            raise MismatchError(f"Открытой задачи {element} нет; дело стоит: {at}.")
        return own[0]

    def last_task(self, case_id: str, element: str, login: str | None = None) -> Row:
        """Give the open task of an element, else the one that was done last. Raises MismatchError."""
        try:
            return self.task(case_id, element, login)
        except MismatchError:
            rows = self.read(lambda tx: case_records.tasks_of(tx.connection, case_id))
            done = [row for row in rows if row["element"] == element]
            if not done:
                raise
            return done[-1]

    def complete(self, case_id: str, element: str, login: str, data: Mapping[str, Any]) -> Row:
        """Complete a task as a person; gives the case's row."""
        return self.complete_task(self.last_task(case_id, element, login), login, data)

    def complete_task(self, task: Row, login: str, data: Mapping[str, Any]) -> Row:
        """Complete one task as a person; gives the case's row."""
        return self.act(login, lambda tx, actor: complete(tx, task["id"], data, actor=actor).case, "complete")

    def decline(self, case_id: str, element: str, login: str, reason: str, of: str | None = None) -> Row:
        """Decline a task as a person, one's own or the one of another; gives the case's row."""
        task = self.last_task(case_id, element, of or login)
        return self.act(login, lambda tx, actor: decline(tx, task["id"], reason, actor=actor).case, "decline")

    def advance(self, to: datetime) -> list[Row]:
        """Move the clock; gives the timers that fired."""
        return advance_clock(self.runtime, to)

    def facts(self, case_id: str) -> list[Row]:
        """Give the history of a case, each fact as the API serves it."""
        return self.read(lambda tx: [served(row) for row in history_records.stream(tx.connection, case_id)])


Verb = Callable[[World, Step], None]
