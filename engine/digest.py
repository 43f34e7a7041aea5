"""The day's digest: on working days, at each person's hour, one letter on what is overdue, due today and this week.

A digest is made once a day and person: its row and its letter are written in one transaction, whichever process comes
first, so that a crash leaves either both or neither. Who has nothing to do is written nothing. A clock that jumps over
days tells the day it stopped at, not those it passed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import structlog

from engine import inbox, preferences
from engine.actors import Actor
from engine.calendar import end_of_day
from engine.clock import moscow
from engine.doors import perform
from engine.errors import InvalidError
from engine.outbox import queue_letter
from engine.records import preferences as records

if TYPE_CHECKING:
    from engine.runtime import Runtime, Transaction

#: Subject and body of a letter from its values, as the house words it.
Words = Callable[["Transaction", Mapping[str, str]], tuple[str, str]]

log = structlog.get_logger(__name__)

Row = dict[str, Any]

KIND: Final = "digest"
#: A person's list is cut here; the letter says how to see the rest.
LONGEST: Final = 30
_WEEK: Final = 5
_KEPT: Final = timedelta(days=30)
#: The letter's words as they ship, with what they may name.
SUBJECT: Final = "Ваши задачи на {day}: {count}"
BODY: Final = (
    "{name}, вот ваши задачи на {day}.\n\n{tasks}\n\nВсе задачи: {inbox}\n"
    "Изменить час сводки или отключить её: {settings}\n"
)
_TITLES: Final = (("late", "Просрочено"), ("today", "Срок сегодня"), ("week", "Срок на этой неделе"))


def shipped_words(_tx: "Transaction", values: Mapping[str, str]) -> tuple[str, str]:
    """Subject and body by the words that ship."""
    return SUBJECT.format_map(values), BODY.format_map(values)


@dataclass(slots=True)
class Digests:
    """One process's rounds; any number of processes may make them on one database.

    `logins(tx)` names everybody who might get a digest, `find(tx, login)` tells who that is now; `details` of an Actor
    has the address under `email`. `words` makes subject and body of `name`, `day`, `count`, `tasks`, `inbox` and
    `settings`.
    """

    runtime: "Runtime"
    logins: "Callable[[Transaction], Iterable[str]]"
    find: "Callable[[Transaction, str], Actor | None]"
    words: Words = shipped_words
    _seen: tuple[date, int] | None = field(default=None, init=False)

    def __call__(self) -> int:
        """Make the digests whose hour has come; returns how many letters were written."""
        with self.runtime.reading() as tx:
            now = moscow(tx.now)
            hour = (now.date(), now.hour)
            if hour == self._seen:
                return 0
            waiting = _waiting(tx, self.logins(tx), now) if tx.calendar.is_working(now.date()) else []
        count = sum(self._make(login, now.date()) for login in waiting)
        self._seen = hour
        return count

    def _make(self, login: str, day: date) -> bool:
        try:
            return perform(self.runtime, lambda tx: make_digest(tx, login, day, self.find, self.words), name="digest")
        except InvalidError as error:
            # An address that no letter goes to must not keep the others from theirs.
            log.warning("digest_not_made", login=login, fields=sorted(error.errors))
            return False


def _waiting(tx: "Transaction", logins: Iterable[str], now: datetime) -> list[str]:
    """Return whose hour has come today and who has not been told yet."""
    hours, none = preferences.digest_hours(tx.connection)
    told = records.told_on(tx.connection, now.date())
    return [
        login
        for login in logins
        if login not in told and login not in none and hours.get(login, preferences.HOUR) <= now.hour
    ]


def make_digest(
    tx: "Transaction",
    login: str,
    day: date,
    find: "Callable[[Transaction, str], Actor | None]",
    words: Words = shipped_words,
) -> bool:
    """Write a person's digest of a day, unless it was made already; tells whether a letter was written.

    Raises InvalidError for an address that takes no letter.
    """
    if not records.begin_digest(tx.connection, login, day):
        return False
    person = find(tx, login)
    address = person.details.get("email") if person else None
    if person is None or person.absent or not address:
        return False
    groups = _grouped(tx, person, day)
    count = sum(len(rows) for _title, rows in groups)
    if not count:
        return False
    base = tx.runtime.base_url
    values = {
        "name": person.name,
        "day": f"{day:%d.%m.%Y}",
        "count": str(count),
        "tasks": _list_tasks(groups, base),
        "inbox": f"{base}/",
        "settings": f"{base}/me",
    }
    subject, body = words(tx, values)
    letter = queue_letter(
        tx,
        KIND,
        case=None,
        to=str(address),
        subject=subject,
        body=body,
        login=login,
    )
    records.end_digest(tx.connection, login, day, letter, before=day - _KEPT)
    return True


def _grouped(tx: "Transaction", person: Actor, day: date) -> list[tuple[str, list[Row]]]:
    horizon = end_of_day(tx.calendar.add_working_days(day, _WEEK)) + timedelta(seconds=1)
    rows: dict[str, Row] = {}
    for scope in ("mine", "available"):
        page = inbox.list_tasks(tx, person, scope=scope, due_before=horizon, limit=LONGEST)
        rows |= {row["id"]: {**row, "is_mine": scope == "mine"} for row in page.items}
    found: dict[str, list[Row]] = {key: [] for key, _title in _TITLES}
    for row in sorted(rows.values(), key=lambda row: (row["due_at"], row["id"])):
        due = moscow(row["due_at"]).date()
        found["late" if row["due_at"] < tx.now else "today" if due <= day else "week"].append(row)
    return [(title, found[key]) for key, title in _TITLES if found[key]]


def _list_tasks(groups: Sequence[tuple[str, list[Row]]], base: str) -> str:
    lines: list[str] = []
    for title, rows in groups:
        lines += [f"{title}: {len(rows)}", ""]
        for row in rows:
            whose = "" if row["is_mine"] else " (может взять любой из вашей группы)"
            lines += [
                f"— {row['name']}{whose}",
                f"  дело {row['case_number']}: {' '.join(str(row['case_title']).split())}",
                f"  срок {moscow(row['due_at']):%d.%m.%Y}",
                f"  {base}/tasks/{row['id']}",
                "",
            ]
    return "\n".join(lines).rstrip()
