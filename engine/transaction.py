"""The transaction that every use case is given; a step looks before it locks.

What a step needs is read first, outside of any transaction, and the machine works on that. Only when somebody asks for
the connection does the transaction begin: the case is locked, and has to be of the revision that was read. Where nobody
asks, all that was gathered is written in one go, hung on that same revision. Whoever was overtaken meanwhile
(OvertakenError) is carried out again by its door, this time with the lock first.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from engine.clock import ClockMode
from engine.errors import OvertakenError
from engine.hot import Hot, packed_task
from engine.ids import new_id
from engine.records import cases as case_records
from engine.records import messages as message_records
from engine.records import settings as setting_records
from engine.records.statements import Writes

if TYPE_CHECKING:
    from engine.calendar import Calendar
    from engine.database import Connection, Session
    from engine.runtime import Runtime

Row = dict[str, Any]

#: The setting whose change tells every process that the calendar is another.
CALENDAR: Final = "calendar"


@dataclass
class _Looked:
    """What a step began with, nothing locked: the case, its head, and whether terms were counted since.

    The head is the revision and the hash of the last fact: a database restored meanwhile may have the same revision.
    """

    case: str
    head: tuple[int, str]
    has_counted: bool = False


class Transaction:
    """One transaction: connection, business time, wall time, the calendar in force. Opened and ended by a door.

    `wake` holds the cases whose timers are due already, to be fired by the door after its commit; `has_sent` tells
    whether messages were left for other cases; `writes` are the changes of a step that nobody has read yet.
    """

    def __init__(self, runtime: "Runtime", session: "Session", wall: datetime, *, looks: bool = False) -> None:
        """`looks`: nothing has begun in the session, and one step may read before it locks."""
        self.runtime = runtime
        self.wall = wall
        self.wake: set[str] = set()
        self.has_sent = False
        self.writes = Writes(lambda: self.connection, looks=looks)
        self._session = session
        self._is_open = not looks
        self._looked: _Looked | None = None
        self._hot: Hot | None = None
        #: The cases changed here, as their steps left them; None where something else than a step did.
        self._left: dict[str, Hot | None] = {}
        self._settings: Mapping[str, Any] | None = None
        self._calendar: Calendar | None = None
        self._now: datetime | None = None

    @property
    def connection(self) -> "Connection":
        """The connection, the transaction begun on it. Raises OvertakenError where the case looked at was changed."""
        self._open()
        return self._session.connection

    @property
    def idle(self) -> "Connection | None":
        """The connection while nothing has begun on it, for compiled statements that only look; None after that."""
        return None if self._is_open else self._session.connection

    @property
    def settings(self) -> Mapping[str, Any]:
        """The single values of the house, read once."""
        if self._settings is None:
            self._settings = setting_records.read_all(self._session.connection)
        return self._settings

    @property
    def now(self) -> datetime:
        """Business time (UTC, aware); the same through the whole transaction, unless it followed or a clock moved."""
        if self._now is None:
            is_virtual = self.runtime.mode is ClockMode.VIRTUAL
            self._now = self.runtime.time_of(self.settings, self.wall) if is_virtual else self.wall
        return self._now

    @now.setter
    def now(self, instant: datetime) -> None:
        self._now = instant

    @property
    def calendar(self) -> "Calendar":
        """The calendar in force; a step that has locked nothing yet is held to it when it writes."""
        if self._looked is not None:
            self._looked.has_counted = True
        if self._calendar is None:
            self._calendar = self.runtime.calendar_of(self._session.connection, self.settings)
        return self._calendar

    @calendar.setter
    def calendar(self, calendar: "Calendar") -> None:
        self._calendar = calendar

    @property
    def epoch(self) -> int:
        """Raised by a restore: post of an older epoch does not leave by itself."""
        return int(self.settings.get("epoch", 1))

    def follow(self, last: datetime | None) -> None:
        """Be no earlier than a case's last fact: this transaction may have begun before and waited for it."""
        if last is not None and last > self.now:
            self.now = last

    def refresh_calendar(self) -> None:
        """Take up a calendar entered since this transaction began (PostgreSQL): to be called under the case's lock.

        A change of the calendar locks every case that it moves, so a step that had to wait for it must count anew.
        """
        if self._is_open and not self.runtime.database.is_sqlite:
            self._settings, self._calendar = None, None

    def look(self, task_id: str) -> tuple[Row, Row, bytes] | None:
        """All that completing a task reads: its row, its case's row, the machine's state; None for no such task.

        The case is locked, but for the first task of a transaction that may look.
        """
        if self._is_open or self._looked is not None:
            return case_records.lock_step(self.connection, task_id)
        taken = self.runtime.hot.take(task_id)
        if taken is not None:
            task, self._hot = taken
            case, state, self._settings, self._calendar = self._hot.case, self._hot.state, self._hot.settings, None
            self._looked = _Looked(case["id"], (case["revision"], case["hash"]))
            return task, case, state
        found = case_records.look_at_step(self._session.connection, task_id)
        if found is None:
            return None
        (task, case, state), self._settings = found
        self._calendar = None
        self._looked = _Looked(case["id"], (case["revision"], case["hash"]))
        return task, case, state

    @property
    def is_unproven(self) -> bool:
        """Whether it stands on what an earlier step left in memory, nothing of which has been compared yet."""
        return self._looked is not None and self._hot is not None

    def leave(self, case: Row, state: bytes, opened: Iterable[Row], closed: Collection[int]) -> None:
        """Keep a case in memory for its next step, as it stands when this transaction is committed.

        `opened`: rows of new tasks; `closed`: tokens of those that are open no more.
        """
        known = self._hot.tasks if self._hot is not None and self._hot.case["id"] == case["id"] else {}
        tasks = {identity: row for identity, row in known.items() if row["token"] not in closed}
        tasks.update((row["id"], packed_task(row)) for row in opened)
        self._left[case["id"]] = Hot(case, state, tasks, self._settings)

    def has_seen(self, case: Row, settings: Mapping[str, Any]) -> bool:
        """Whether a case and the settings, read later, are still those that this transaction looked at without a lock.

        True where it locked the case itself.
        """
        looked = self._looked
        if looked is None or looked.case != case["id"]:
            return True
        is_same = looked.head == (case["revision"], case["hash"])
        return is_same and (not looked.has_counted or self._settings == settings)

    def change_case(self, identity: str, head: tuple[int, str], values: Mapping[str, Any]) -> bool:
        """Change a case's row of the given head with all that waits; false where somebody else changed it first.

        Where nothing is locked yet this waits for the end of the act, which then raises OvertakenError instead.
        """
        self._left[identity] = None
        looked = self._looked
        if looked is None or self.runtime.mode is not ClockMode.SYSTEM:
            self._open()
            self.writes.lead(*case_records.change_of_case(identity, head, values))
            return self.writes.flush() == 1
        calendar = self._mark() if looked.has_counted else None
        self.writes.lead(*case_records.change_of_case(identity, head, values, calendar=calendar))
        return True

    def flush(self) -> None:
        """Send what waits, where the transaction has begun: the procedure's own code is about to read."""
        if self._is_open:
            self.writes.flush()

    def finish(self) -> None:
        """Write what still waits and commit.

        Raises OvertakenError where the case that was looked at, or the calendar it was counted by, changed meanwhile.
        """
        if self._is_open or not self.writes.has_lead:
            self.writes.flush()
            if self._is_open:
                self._session.commit()
                self._warm()
            return
        turn = self.runtime.database.turn
        if turn is None:
            with self._session.sent_alone():
                self.writes.send_alone(self._session.connection)
        elif not self._session.share(turn, self.writes.ready(self._session.connection)):
            raise OvertakenError
        self._warm()

    def end(self) -> None:
        """Let go of what holds this transaction in a ring: nothing of it is left to the collector of rings."""
        self.writes.end()

    def send(
        self, name: str, correlation: Mapping[str, Any], payload: Mapping[str, Any], sender: str | None = None
    ) -> str:
        """Leave a message for other cases; delivered after the commit. Returns its id."""
        identity = new_id()
        self.has_sent = True
        message_records.insert(
            self.connection,
            {
                "id": identity,
                "name": name,
                "correlation": dict(correlation),
                "payload": dict(payload),
                "sender": sender,
                "target": None,
                "state": "pending",
                "reason": None,
                "created_at": self.now,
                "settled_at": None,
            },
        )
        return identity

    def _open(self) -> None:
        """Begin, unless it has begun: lock what was looked at and compare, it must be as it was read."""
        if self._is_open:
            return
        self._is_open = True
        self._session.begin()
        looked, self._looked = self._looked, None
        used, self._settings = self._settings, None
        if looked is None:
            if used is not None and used != self.settings:
                raise OvertakenError
            return
        if case_records.lock_head(self._session.connection, looked.case) != looked.head:
            raise OvertakenError
        if (looked.has_counted or self.runtime.mode is ClockMode.VIRTUAL) and used != self.settings:
            raise OvertakenError
        has_lead = self.writes.has_lead
        if self.writes.flush() != 1 and has_lead:
            raise OvertakenError

    def _warm(self) -> None:
        """What was changed is committed: the cases as they were left now stand for those remembered until now."""
        for identity, hot in self._left.items():
            self.runtime.hot.put(identity, hot)

    def _mark(self) -> str:
        """The calendar's mark as it is stored; empty where none was entered."""
        mark = self.settings.get(CALENDAR)
        return "" if mark is None else setting_records.stored(mark)
