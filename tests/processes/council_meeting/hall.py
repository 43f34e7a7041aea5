"""A council of 24 invented people, cases that wait for its decision, and a meeting's acts through the doors."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from engine import cases, history, inbox, ticks
from engine.actors import Actor
from engine.clock import ClockMode
from engine.database import Database
from engine.definitions import read_bundle, release
from engine.doors import perform
from engine.files import FileStore
from engine.records.tables import document, letter
from engine.registry import Registry
from engine.runtime import Runtime
from processes import council_meeting, meeting_watch, retention
from processes.council import people
from processes.council.model import Category, Member, Organization, Person, Role, Substitution
from processes.council.records import agenda, compositions
from processes.council.records import people as people_records
from processes.council_meeting.use_cases import cast_vote

T = TypeVar("T")
BUNDLES = Path(__file__).resolve().parents[3] / "bpmn"
TOY = Path(__file__).parent / "certification"
MONDAY = datetime(2026, 1, 12, 6, 0, tzinfo=UTC)
MEMBERS = tuple(f"member{n:02}" for n in range(1, 22))
EVERYBODY = ("chair", "deputy", "secretary", *MEMBERS)
INN = "2312000001"
ROLES = {"chair": Role.CHAIR, "deputy": Role.DEPUTY, "secretary": Role.SECRETARY}


class Hall:
    """A running house on one database: council composed, drawings released, 12 January 2026, 09:00 Moscow.

    `is_new` is False where the database is a copy of one that a house has begun on.
    """

    def __init__(self, url: str, folder: Path, *, is_new: bool = True) -> None:
        registry = Registry()
        for package in (council_meeting, meeting_watch, retention):
            package.register(registry)
        self.runtime = Runtime(
            Database(url), registry, mode=ClockMode.VIRTUAL, files=FileStore(folder / "files"), clock_start=MONDAY
        )
        if not is_new:
            return
        with self.runtime.transaction() as tx:
            self._seat_people(tx)
            for path in (TOY, BUNDLES / "council_meeting", BUNDLES / "retention"):
                release(tx, read_bundle(path), by="analyst1", basis="приказ № 508", effective_from=date(2020, 2, 10))

    def _seat_people(self, tx: Any) -> None:
        people_records.save_organization(tx.connection, Organization(INN, "Вымышленная академия", "ВА"))
        for n, login in enumerate((*EVERYBODY, "ministry", "auditor", "admin", "applicant1")):
            roles = frozenset({login.rstrip("0123456789")} - {*ROLES, "member"})
            tied = INN if login in {"member01", "applicant1"} else None
            people_records.save_person(
                tx.connection,
                Person(
                    login,
                    f"Фамилия{n}",
                    "Имя",
                    "Отчество",
                    email=f"{login}@example.org",
                    organization=tied,
                    roles=roles,
                ),
            )
        compositions.add_composition(
            tx.connection,
            order_number="508",
            order_date=date(2020, 2, 10),
            valid_from=date(2020, 2, 10),
            members=[Member(login, ROLES.get(login, Role.MEMBER), Category.PUBLIC) for login in EVERYBODY],
            by="admin",
            at=tx.now,
        )

    def actor(self, login: str) -> Actor:
        """A person as of the clock's now."""
        with self.runtime.reading() as tx:
            found = people.actor_of(tx.connection, login, tx.now)
        assert found is not None
        return found

    def substitute(self, absent: str, deputy: str, since: date, until: date) -> None:
        """Enter a substitution with its order."""
        with self.runtime.transaction() as tx:
            entered = Substitution(f"{absent}-{deputy}", absent, deputy, since, until, "приказ № 7", "chair", tx.now)
            compositions.insert_substitution(tx.connection, entered)

    def ready_case(self, title: str = "Программа") -> str:
        """A certification case that waits for the council's decision."""

        def act(tx: Any) -> str:
            actor = Actor("applicant1", "Заявитель")
            row = cases.start(tx, "certification", {"decision": None}, actor=actor, title=title, owner=f"org:{INN}")
            return str(row["id"])

        return perform(self.runtime, act)

    def withdraw(self, case: str) -> bool:
        """Take a case back as its applicant's use case does; False once voting on it has opened."""

        def act(tx: Any) -> bool:
            if not agenda.strike_case(tx.connection, case, tx.now):
                return False
            cases.deliver(tx, case, "withdrawal", {})
            return True

        return perform(self.runtime, act)

    def call_meeting(self, *items: Any, by: str = "secretary", form: str = "in_person", **more: Any) -> str:
        """Start a meeting on 20 January; a text item is a case, a mapping is taken as it is."""
        points = [{"kind": "certification", "case": i} if isinstance(i, str) else i for i in items]
        data = {"form": form, "date": "2026-01-20", "agenda": points, **more}
        actor = self.actor(by)
        row = perform(
            self.runtime, lambda tx: cases.start_instance(tx, "council_meeting", data, actor=actor), actor=actor
        )
        return str(row["id"])

    def task(self, case: str, element: str, by: str = "secretary") -> dict[str, Any]:
        """An open task with its data."""
        actor = self.actor(by)
        with self.runtime.reading() as tx:
            found = inbox.list_tasks(tx, actor, scope="all", case=case, element=element).items
            return inbox.get_task(tx, found[0]["id"], actor)

    def complete(self, case: str, element: str, data: Mapping[str, Any], by: str) -> cases.Completed:
        """Complete the open task of an element."""
        task, actor = self.task(case, element, by)["id"], self.actor(by)
        return perform(
            self.runtime, lambda tx: cases.complete(tx, task, data, actor=actor), actor=actor, name="complete"
        )

    def vote(self, meeting: str, item: int, login: str, vote: str) -> dict[str, Any]:
        """Cast a member's own vote."""
        actor = self.actor(login)
        return perform(
            self.runtime, lambda tx: cast_vote(tx, meeting, item, vote, actor=actor), actor=actor, name="vote"
        )

    def act(self, login: str, change: Callable[..., T], *given: Any, **named: Any) -> T:
        """Do a use case of the meeting room as a person, in a transaction of its own."""
        actor = self.actor(login)
        return perform(self.runtime, lambda tx: change(tx, *given, actor=actor, **named), actor=actor, name="room")

    def advance(self, text: str) -> None:
        """Move the clock."""
        ticks.advance_clock(self.runtime, datetime.fromisoformat(text))

    def case(self, case: str) -> dict[str, Any]:
        """A case row."""
        with self.runtime.reading() as tx:
            return cases.get_case(tx, case, self.actor("auditor"))

    def facts(self, case: str, kind: str) -> list[dict[str, Any]]:
        """Data of the facts of a kind."""
        with self.runtime.reading() as tx:
            return [f["data"] for f in history.read(tx, case, limit=10_000)["items"] if f["kind"] == kind]

    def differences(self, case: str) -> list[Any]:
        """Where chain, re-execution or rows of a case differ from what was recorded: nowhere, if all is well."""
        with self.runtime.reading() as tx:
            return list(history.verify(tx, cases.get_case(tx, case, self.actor("auditor"))).differences)

    def letters(self, kind: str) -> list[Any]:
        """Letters of a kind."""
        with self.runtime.database.read() as connection:
            return list(connection.execute(sa.select(letter).where(letter.c.kind == kind).order_by(letter.c.id)))

    def documents(self, case: str) -> list[Any]:
        """Documents of a case."""
        with self.runtime.database.read() as connection:
            return list(connection.execute(sa.select(document).where(document.c.case == case).order_by(document.c.id)))

    def place(self, case: str) -> str:
        """Where a case stands towards the agendas."""
        with self.runtime.database.read() as connection:
            return str(agenda.place_of(connection, case)["state"])

    def open_meeting(self, *items: Any, present: Iterable[str] = EVERYBODY, **more: Any) -> str:
        """A meeting in person with its agenda approved and attendance registered on the day."""
        meeting = self.call_meeting(*items, **more)
        self.complete(meeting, "approve_agenda", {"approve": True}, "chair")
        self.advance("2026-01-20T10:00:00+03:00")
        self.complete(meeting, "register_attendance", {"present": list(present)}, "secretary")
        return meeting

    def record(self, meeting: str, votes: Mapping[str, str], by: str = "secretary", **more: Any) -> cases.Completed:
        """Complete `record_votes` of the open item."""
        return self.complete(
            meeting, "record_votes", {"votes": dict(votes), "recused": [], "recommendations": [], **more}, by
        )

    def sign(self, meeting: str) -> None:
        """Both signatures."""
        self.complete(meeting, "sign_protocol_secretary", {"confirm": True}, "secretary")
        self.complete(meeting, "sign_protocol_chair", {"confirm": True}, "chair")


def ballots(value: str, logins: Iterable[str] = EVERYBODY, **others: str) -> dict[str, str]:
    """The same vote of everybody, but for those named."""
    return {**dict.fromkeys(logins, value), **others}
