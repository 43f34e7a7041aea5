"""A running house with the demo council: applications filed and certified through the doors, by role."""

import copy
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

import processes
from engine import cases, history, inbox, ticks
from engine.actors import Actor
from engine.clock import ClockMode
from engine.database import Database
from engine.definitions import Shelf, read_bundle, release
from engine.doors import perform
from engine.files import FileStore
from engine.records.tables import letter
from engine.runtime import Runtime
from processes.certification import use_cases
from processes.certification.rows import E_ROWS, K_ROWS, T_ROWS
from processes.council import use_cases as council
from processes.council.people import actor_of
from processes.council.records import agenda
from processes.demo import seat_council

BUNDLES = Path(__file__).resolve().parents[3] / "bpmn"
MONDAY = datetime(2026, 1, 12, 6, 0, tzinfo=UTC)
PDF = b"%PDF-1.7\n% an invented file\n%%EOF\n"
EXPERTS = ["member02", "member03", "member04"]
FIRST_INN = "2399000026"

#: What a meeting's case or an integration's token is to the engine.
INTEGRATION = Actor("integration", "Обмен", scopes=frozenset({"messages"}), kind="integration")

#: Compiled drawings, for all houses of one process: copies of one database name the same versions.
SHELF: Final = Shelf()

APPLICATION: dict[str, Any] = {
    "programme_title": "Формирующее оценивание на уроке",
    "organization": {"full_name": "Учебный центр", "short_name": "УЦ", "inn": FIRST_INN},
    "registered": {"date": "2004-03-01", "place": "Краснодар", "authority": "налоговая инспекция"},
    "legal_address": {"address": "ул. Условная, 1", "phone": "+7 861 000-00-01", "fax": "нет"},
    "license": {"number": "Л-0001", "valid_until": "indefinite"},
    "actual_address": {
        "address": "ул. Условная, 1",
        "phone": "+7 861 000-00-01",
        "fax": "нет",
        "email": "office@example.org",
    },
    "head": {"last_name": "Началов", "first_name": "Пётр", "patronymic": ""},
    "legal_form": "автономная некоммерческая организация",
    "activities": "повышение квалификации учителей",
    "authors": [{"name": "Сочинялова Анна Ильинична", "position": "доцент", "degree": "", "rank": ""}],
    "practice_bases": ["Школа № 0 города Дальнего"],
    "level": "basic",
    "plan": [
        {
            "module": "Оценивание",
            "lecture_hours": 12,
            "practice_hours": 9,
            "self_study_hours": 12,
            "control_hours": 3,
            "remote": False,
        }
    ],
    "depository": {
        "direction": "Методика преподавания",
        "education_kind": "повышение квалификации",
        "audience": ["учителя", "методисты"],
        "year": 2025,
        "study_form": "очная",
        "issued_document": "удостоверение о повышении квалификации",
    },
    "previous_case": None,
    "remedies": [],
}


class Office:
    """One house on one database: demo council, released drawings, 12 January 2026, 09:00 Moscow."""

    def __init__(self, url: str, folder: Path) -> None:
        self.runtime = Runtime(
            Database(url),
            processes.registry(),
            mode=ClockMode.VIRTUAL,
            files=FileStore(folder / "files"),
            clock_start=MONDAY,
            definitions=SHELF,
        )

    def furnish(self) -> None:
        """Seat the council in an empty database and release the drawings; copies of it need this no more."""
        with self.runtime.transaction() as tx:
            seat_council(tx)
            for name in ("certification", "retention"):
                release(
                    tx,
                    read_bundle(BUNDLES / name),
                    by="analyst1",
                    basis="приказ № 508",
                    effective_from=date(2020, 2, 10),
                )

    def actor(self, login: str) -> Actor:
        """A person as of the clock's now."""
        with self.runtime.reading() as tx:
            found = actor_of(tx.connection, login, tx.now)
        assert found is not None
        return found

    def act(self, login: str, act: Any) -> Any:
        """One act of a person through the door: `act(tx, actor)`."""
        actor = self.actor(login)
        return perform(self.runtime, lambda tx: act(tx, actor), actor=actor)

    def read(self, act: Any) -> Any:
        """One reading."""
        with self.runtime.reading() as tx:
            return act(tx)

    def draft(self, login: str = "applicant1", *, files: Sequence[str] = (), **changes: Any) -> str:
        """A draft with the given files; `changes` replace whole fields."""
        data = {**copy.deepcopy(APPLICATION), **changes}
        if login == "applicant2":
            data["organization"]["inn"] = "2399000033"
        row = self.act(login, lambda tx, actor: use_cases.create_application(tx, data, actor=actor))
        for kind in files:
            self.attach(row["id"], kind, login=login)
        return str(row["id"])

    def attach(self, application: str, kind: str, content: bytes = PDF, login: str = "applicant1") -> dict[str, Any]:
        """Add a file."""
        return dict(
            self.act(
                login,
                lambda tx, actor: use_cases.add_file(
                    tx, application, kind=kind, name=f"{kind}.pdf", content=content, actor=actor
                ),
            )
        )

    def submit(self, login: str = "applicant1", **changes: Any) -> str:
        """A complete application, submitted; returns the case's id."""
        application = self.draft(login, files=("application", "license_copy", "programme"), **changes)
        return str(self.act(login, lambda tx, actor: use_cases.submit(tx, application, actor=actor))["id"])

    def case(self, case: str) -> dict[str, Any]:
        """The case row."""
        return dict(self.read(lambda tx: cases.get_case(tx, case, self.actor("secretary"))))

    def tasks(self, case: str, element: str) -> list[dict[str, Any]]:
        """Open tasks of an element."""
        return list(
            self.read(
                lambda tx: inbox.list_tasks(tx, self.actor("secretary"), scope="all", case=case, element=element).items
            )
        )

    def task(self, case: str, element: str, login: str | None = None) -> dict[str, Any]:
        """The one open task of an element; of a person where named."""
        found = [row for row in self.tasks(case, element) if login is None or row["assignee"] == login]
        assert len(found) == 1, (element, found, self.case(case)["at"])
        return found[0]

    def shown(self, case: str, element: str, login: str) -> dict[str, Any]:
        """What a person sees with the one open task."""
        task = self.task(case, element, login if element == "expert_review" else None)
        return dict(self.read(lambda tx: inbox.get_task(tx, task["id"], self.actor(login))["data"]))

    def complete(self, case: str, element: str, login: str, data: Mapping[str, Any]) -> Any:
        """Complete the one open task."""
        task = self.task(case, element, login if element == "expert_review" else None)["id"]
        return self.act(login, lambda tx, actor: cases.complete(tx, task, data, actor=actor))

    def decline(self, case: str, seat: str, login: str, reason: str = "занят") -> Any:
        """Decline an expert's review."""
        task = self.task(case, "expert_review", seat)["id"]
        return self.act(login, lambda tx, actor: cases.decline(tx, task, reason, actor=actor))

    def register(self, case: str) -> None:
        """The secretary accepts the package."""
        self.complete(case, "register_application", "secretary", {"accepted": True, "copies": 3})

    def review(self, case: str, failed: Mapping[str, str] | None = None) -> None:
        """The technical review with these rows failed, each with its comment."""
        self.complete(case, "technical_review", "secretary", technical(failed or {}))

    def appoint(self, case: str, logins: Sequence[str] = tuple(EXPERTS)) -> None:
        """The chair appoints."""
        self.complete(case, "appoint_experts", "chair", {"experts": list(logins)})

    def conclude(self, case: str, login: str, minuses: int = 0, **more: Any) -> None:
        """An expert files a conclusion."""
        self.complete(case, "expert_review", login, conclusion(minuses, **more))

    def ready(self, case: str) -> str:
        """Everything up to `await_council_decision`."""
        self.register(case)
        self.review(case)
        self.appoint(case)
        for login in EXPERTS:
            self.conclude(case, login)
        self.complete(case, "approve_conclusions", "chair", {"approve": True})
        return case

    def send(self, case: str, message: str, payload: Mapping[str, Any], actor: Actor = INTEGRATION) -> Any:
        """A message to the case."""
        return perform(self.runtime, lambda tx: cases.deliver(tx, case, message, payload, actor=actor), actor=actor)

    def decide(self, case: str, decision: str = "grant") -> None:
        """The council's decision."""
        self.send(case, "council_decision", {"decision": decision, "protocol": "1/2026"})

    def order(self, case: str, *, approved: bool = True, signed_on: str = "2026-01-12") -> None:
        """The ministry's order."""
        self.send(case, "ministry_order", {"number": "11", "signed_on": signed_on, "approved": approved})

    def certify(self, case: str) -> str:
        """From the decision to the published entry; returns the certificate's number."""
        self.decide(case)
        self.order(case)
        self.complete(case, "sign_certificate", "chair", {"confirm": True})
        self.complete(case, "publish_to_depository", "secretary", {"confirm": True, "fields": {}})
        return str(self.case(case)["data"]["certificate"]["number"])

    def withdraw(self, case: str, login: str = "applicant1", reason: str = "программа перерабатывается") -> Any:
        """The applicant takes the application back."""
        application = self.case(case)["data"]["application"]
        return self.act(login, lambda tx, actor: use_cases.withdraw(tx, application, reason, actor=actor))

    def put_on_agenda(self, case: str, meeting: str = "meeting-1") -> None:
        """A place on an agenda, as the meeting takes it."""
        with self.runtime.transaction() as tx:
            assert agenda.add_item(tx.connection, meeting, 1, kind="certification", title="Программа", case=case)

    def substitute(self, absent: str, deputy: str, until: date = date(2026, 12, 31)) -> None:
        """A substitution from today."""
        self.act(
            "admin",
            lambda tx, actor: council.add_substitution(
                tx, absent=absent, deputy=deputy, since=date(2026, 1, 12), until=until, basis="приказ № 7", actor=actor
            ),
        )

    def move_to(self, moment: datetime) -> None:
        """Move the clock; what is due fires."""
        ticks.advance_clock(self.runtime, moment)

    def facts(self, case: str) -> list[dict[str, Any]]:
        """The case's history."""
        return list(self.read(lambda tx: history.read(tx, case, limit=1_000))["items"])

    def kinds(self, case: str) -> list[str]:
        """Kinds of the case's facts, in order."""
        return [fact["kind"] for fact in self.facts(case)]

    def letters(self, case: str, kind: str) -> list[dict[str, Any]]:
        """Letters of a kind of a case."""
        return list(
            self.read(
                lambda tx: [
                    dict(row)
                    for row in tx.connection.execute(
                        sa.select(letter).where(letter.c.case == case, letter.c.kind == kind).order_by(letter.c.id)
                    ).mappings()
                ]
            )
        )


def technical(failed: Mapping[str, str]) -> dict[str, Any]:
    """A technical review with these rows failed."""
    signs = {row: "-" if row == "T28" else "+" for row in (*K_ROWS, *T_ROWS)}
    signs.update({row: "+" if row == "T28" else "-" for row in failed})
    return {
        "precheck": {row: signs[row] for row in K_ROWS},
        "marks": {row: signs[row] for row in T_ROWS},
        "comments": dict(failed),
    }


def conclusion(minuses: int = 0, **more: Any) -> dict[str, Any]:
    """A conclusion with so many rows at minus, from E01 on."""
    rows = list(E_ROWS)
    marks = {row: "-" if n < minuses else "+" for n, row in enumerate(rows)}
    conforms = 100 * (len(rows) - minuses) >= 75 * len(rows)
    return {
        "declaration": {"no_conflict": True},
        "marks": marks,
        "comments": dict.fromkeys(rows[:minuses], "нужно доработать"),
        "verdict": "conforms" if conforms else "does_not_conform",
        **more,
    }
