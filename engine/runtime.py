"""The composition of one running house."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from engine.calendar import Calendar, YearTable, shipped_calendar
from engine.clock import ClockMode, wall
from engine.database import Connection, Database, Session
from engine.definitions.released import Shelf
from engine.hot import HotCases
from engine.records import settings as records
from engine.registry import Registry
from engine.transaction import CALENDAR, Transaction

__all__ = ["Runtime", "Transaction"]

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
    hot: HotCases = field(default_factory=HotCases)
    _calendars: dict[str, Calendar] = field(default_factory=dict)

    @contextmanager
    def transaction(self, *, looks: bool = False) -> Iterator[Transaction]:
        """One write transaction; commits on leaving, rolls back on an exception.

        `looks`: it begins when the connection is asked for, and one step may read before. Raises OvertakenError then.
        """
        with self.database.session() as session:
            if not looks:
                session.begin()
            tx = Transaction(self, session, wall(), looks=looks)
            try:
                yield tx
                tx.finish()
            finally:
                tx.end()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """One read-only transaction."""
        with self.database.read() as connection:
            tx = Transaction(self, Session(self.database, connection), wall())
            try:
                yield tx
            finally:
                tx.end()

    @contextmanager
    def asking(self) -> Iterator[Transaction]:
        """For a compiled statement or two that only look: nothing begins, each sees what stands at its moment."""
        with self.database.session() as session:
            tx = Transaction(self, session, wall())
            try:
                yield tx
            finally:
                tx.end()

    def time_of(self, settings: Mapping[str, Any], moment: datetime) -> datetime:
        """Business time on a virtual clock: what the settings name, else where the clock was started, else `moment`."""
        kept = settings.get("clock")
        if kept is not None:
            return datetime.fromisoformat(kept)
        return self.clock_start or moment

    def calendar_of(self, connection: Connection, settings: Mapping[str, Any]) -> Calendar:
        """The calendar that the settings name, compiled once."""
        mark = str(settings.get(CALENDAR, "shipped"))
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
