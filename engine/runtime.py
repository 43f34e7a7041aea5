"""The composition of one running house, and the transaction that every use case is given."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from engine.calendar import Calendar, YearTable, shipped_calendar
from engine.clock import ClockMode, wall
from engine.database import Connection, Database
from engine.definitions.released import Shelf
from engine.ids import new_id
from engine.records import messages as message_records
from engine.records import settings as records
from engine.records.statements import Writes
from engine.registry import Registry

if TYPE_CHECKING:
    from engine.files import FileStore

#: Calendars kept in memory: the one in force, and those that a transaction begun before it may still ask for.
_CALENDARS: Final = 4


@dataclass
class Runtime:
    """What a door is made of: database, registry, clock, files, compiled definitions. Made once, shared by threads."""

    database: Database
    registry: Registry
    mode: ClockMode = ClockMode.SYSTEM
    files: "FileStore | None" = None
    clock_start: datetime | None = None
    #: Where the service is reached, without a slash at the end: printed on what leaves it on paper.
    base_url: str = "http://127.0.0.1:8000"
    definitions: Shelf = field(default_factory=Shelf)
    _calendars: dict[str, Calendar] = field(default_factory=dict)

    @contextmanager
    def transaction(self) -> Iterator["Transaction"]:
        """One write transaction; commits on leaving, rolls back on an exception."""
        with self.database.write() as connection:
            tx = self.open(connection)
            yield tx
            tx.writes.flush()

    @contextmanager
    def reading(self) -> Iterator["Transaction"]:
        """One read-only transaction."""
        with self.database.read() as connection:
            yield self.open(connection)

    def open(self, connection: Connection) -> "Transaction":
        """The transaction on a connection: reads clock and calendar once."""
        settings = records.read_all(connection)
        moment = wall()
        return Transaction(
            self, connection, self._now(settings, moment), moment, self.calendar_of(connection, settings), settings
        )

    def _now(self, settings: Mapping[str, Any], moment: datetime) -> datetime:
        if self.mode is ClockMode.SYSTEM:
            return moment
        kept = settings.get("clock")
        if kept is not None:
            return datetime.fromisoformat(kept)
        return self.clock_start or moment

    def calendar_of(self, connection: Connection, settings: Mapping[str, Any]) -> Calendar:
        """The calendar that the settings name, compiled once."""
        mark = str(settings.get("calendar", "shipped"))
        found = self._calendars.get(mark)
        if found is None:
            found = shipped_calendar(str(settings.get("calendar.variant", "C")))
            if mark != "shipped":
                for row in records.years(connection):
                    found = found.with_year(YearTable.from_json(row["table"]))
            if len(self._calendars) >= _CALENDARS:
                self._calendars.pop(next(iter(self._calendars)), None)
            self._calendars[mark] = found
        return found


@dataclass
class Transaction:
    """One transaction: the connection, business time, wall time, the calendar in force. Opened and ended by a door."""

    runtime: Runtime
    connection: Connection
    now: datetime
    wall: datetime
    calendar: Calendar
    settings: Mapping[str, Any]
    #: Cases whose timers are due already, to be fired by the door after its commit.
    wake: set[str] = field(default_factory=set)
    #: Whether messages were left for other cases.
    has_sent: bool = False
    #: Changes of a step that nobody has read yet; sent before the procedure's own code runs, and with the case row.
    writes: Writes = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing to write."""
        self.writes = Writes(self.connection)

    def follow(self, last: datetime | None) -> None:
        """Be no earlier than a locked case's last fact: this transaction may have begun before and waited for it."""
        if last is not None and last > self.now:
            self.now = last

    def refresh_calendar(self) -> None:
        """Take up a calendar entered since this transaction began (PostgreSQL): to be called under the case's lock.

        A change of the calendar locks every case that it moves, so a step that had to wait for it must count anew.
        """
        if not self.runtime.database.is_sqlite:
            self.calendar = self.runtime.calendar_of(self.connection, records.read_all(self.connection))

    @property
    def epoch(self) -> int:
        """Raised by a restore: post of an older epoch does not leave by itself."""
        return int(self.settings.get("epoch", 1))

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
