"""The limit: the rows of a step written by hand in one durable transaction, and not a line of engine.

SQLite through `sqlite3` (WAL, synchronous=FULL), PostgreSQL through `psycopg` with prepared statements.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

import orjson
import psycopg

from bench.story import Scene, start_data

_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS l_case (id text PRIMARY KEY, title text, revision integer)",
    "CREATE TABLE IF NOT EXISTS l_state (id text PRIMARY KEY, state text)",
    'CREATE TABLE IF NOT EXISTS l_task (id text PRIMARY KEY, "case" text, element text, state text, by text)',
    'CREATE INDEX IF NOT EXISTS l_task_case ON l_task ("case", state)',
    'CREATE TABLE IF NOT EXISTS l_timer (id text PRIMARY KEY, "case" text, element text, due text)',
    "CREATE INDEX IF NOT EXISTS l_timer_due ON l_timer (due)",
    'CREATE TABLE IF NOT EXISTS l_history ("case" text, seq integer, kind text, data text, PRIMARY KEY ("case", seq))',
)
_CASE: Final = "INSERT INTO l_case VALUES (?, ?, 1)"
_TASK: Final = "INSERT INTO l_task VALUES (?, ?, ?, 'open', NULL)"
_TIMER: Final = "INSERT INTO l_timer VALUES (?, ?, ?, ?)"
_HISTORY: Final = "INSERT INTO l_history VALUES (?, ?, ?, ?)"
_DONE: Final = "UPDATE l_task SET state = 'completed', by = ? WHERE id = ? AND state = 'open'"
_STATE: Final = "INSERT INTO l_state VALUES (?, ?)"
_KEEP: Final = "UPDATE l_state SET state = ? WHERE id = ?"
_READ: Final = "SELECT state FROM l_state WHERE id = ?"
_REVISE: Final = "UPDATE l_case SET revision = revision + 1 WHERE id = ? AND revision = ?"


@dataclass
class Handle:
    """A case by hand: its id, the tasks open now by element, the number of facts written."""

    id: str
    open: dict[str, list[str]] = field(default_factory=dict)
    seq: int = 0


class Ledger:
    """One connection and the statements of a step; `url` is an SQLAlchemy URL."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self.connection: Any
        if self.is_sqlite:
            self.connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=30)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-16000"):
                self.connection.execute(f"PRAGMA {pragma}")
        else:
            self.connection = psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True)
            self.connection.prepare_threshold = 1
        self.begin()
        if not self.is_sqlite:
            self.connection.execute("SELECT pg_advisory_xact_lock(1)")
        for statement in _TABLES:
            self.connection.execute(statement)
        self.commit()

    def begin(self) -> None:
        """Open the one transaction of a step."""
        self.connection.execute("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")

    def commit(self) -> None:
        """Make it durable."""
        self.connection.execute("COMMIT")

    def say(self, statement: str, values: Sequence[Any]) -> Any:
        """Run a statement written with question marks."""
        return self.connection.execute(statement if self.is_sqlite else statement.replace("?", "%s"), values)

    def begin_case(self, number: str, state: str | None = None) -> Handle:
        """Rows of a started case."""
        case = Handle(str(uuid4()))
        self.say(_CASE, (case.id, number))
        if state is not None:
            self.say(_STATE, (case.id, state))
        self._open(case, ("review",), ())
        self._note(case, "started", start_data())
        return case

    def write(self, case: Handle, scene: Scene, form: Mapping[str, Any], state: str | None = None) -> None:
        """Rows of a completion: the task done, the next tasks and timers, one fact with the form."""
        done = self.say(_DONE, ("person", case.open[scene.element].pop(0)))
        if done.rowcount != 1:
            raise RuntimeError("the task was not open")
        if state is not None:
            self.say(_KEEP, (state, case.id))
        self._open(case, scene.tasks, scene.timers)
        self._note(case, "completed", form)
        self.say(_REVISE, (case.id, case.seq - 1))

    def read(self, case: Handle) -> str:
        """The kept state of a case."""
        return str(self.say(_READ, (case.id,)).fetchone()[0])

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def _open(self, case: Handle, tasks: Sequence[str], timers: Sequence[str]) -> None:
        for element in tasks:
            identity = str(uuid4())
            self.say(_TASK, (identity, case.id, element))
            case.open.setdefault(element, []).append(identity)
        due = start_data()["year_ahead"]
        for element in timers:
            self.say(_TIMER, (str(uuid4()), case.id, element, due))

    def _note(self, case: Handle, kind: str, data: Mapping[str, Any]) -> None:
        case.seq += 1
        self.say(_HISTORY, (case.id, case.seq, kind, orjson.dumps(data).decode()))


class Limit:
    """The contender that only writes."""

    def __init__(self, url: str) -> None:
        self.ledger = Ledger(url)

    def start(self, number: str) -> Handle:
        """A case begun."""
        self.ledger.begin()
        case = self.ledger.begin_case(number)
        self.ledger.commit()
        return case

    def complete(self, case: Handle, scene: Scene, form: Mapping[str, Any]) -> None:
        """A task done."""
        self.ledger.begin()
        self.ledger.write(case, scene, form)
        self.ledger.commit()

    def close(self) -> None:
        """Let the database go."""
        self.ledger.close()
