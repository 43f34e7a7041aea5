"""What each person may choose: which letters come, and when the day's digest does.

Only letters that help can be switched off. What the procedure must tell (an appointment, a term that has passed, a
decision) always comes, whatever is chosen here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.errors import InvalidError
from engine.records import preferences as records

if TYPE_CHECKING:
    from engine.database import Connection
    from engine.runtime import Transaction

#: Kinds of letters that a person may do without: a task handed over, a term that is near, a mention, the digest.
OPTIONAL: Final = ("task_assigned", "task_reminder", "mention", "digest")
#: Hours of the day, Europe/Moscow, at which a digest may come, and the one where nothing was chosen.
HOURS: Final = range(6, 21)
HOUR: Final = 9
_HOUR_KEY: Final = "digest.hour"


@dataclass(frozen=True, slots=True)
class Preferences:
    """A person's choices: the optional kinds of letters that come, and the hour of the digest (Europe/Moscow)."""

    letters: frozenset[str] = frozenset(OPTIONAL)
    digest_hour: int = HOUR


def read_preferences(tx: "Transaction", login: str) -> Preferences:
    """Return what a person has chosen; every letter comes until something else is."""
    found = records.read(tx.connection, login)
    letters = frozenset(kind for kind in OPTIONAL if found.get(_key(kind), True))
    return Preferences(letters, int(found.get(_HOUR_KEY, HOUR)))


def write_preferences(tx: "Transaction", login: str, *, letters: Collection[str], digest_hour: int) -> None:
    """Keep a person's choices; unknown kinds are passed over. Raises InvalidError (`digest_hour`)."""
    if digest_hour not in HOURS:
        raise InvalidError(
            errors={"digest_hour": [f"Час сводки — от {HOURS[0]} до {HOURS[-1]} по московскому времени."]}, rule=False
        )
    chosen = {_key(kind): kind in letters for kind in OPTIONAL}
    records.write(tx.connection, login, {**chosen, _HOUR_KEY: digest_hour})


def wants(connection: "Connection", login: str, kind: str) -> bool:
    """Tell whether a person gets letters of a kind; those that are not optional always come."""
    return kind not in OPTIONAL or records.read_one(connection, login, _key(kind)) is not False


def digest_hours(connection: "Connection") -> tuple[dict[str, int], frozenset[str]]:
    """Return the digest's hour of those who chose one, and who wants none."""
    hours = {login: int(value) for login, value in records.by_login(connection, _HOUR_KEY).items()}
    chosen = records.by_login(connection, _key("digest"))
    return hours, frozenset(login for login, value in chosen.items() if value is False)


def _key(kind: str) -> str:
    return f"letter.{kind}"
