"""Dates, instants and signatures as documents write them."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from engine.clock import moscow
from engine.facts import Text
from engine.signatures.model import Kind

_MONTHS: Final = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of a simple electronic signature: who confirmed what in the service, and when (aware).

    `office` is the office as the document names it, `basis` says for whom and on which paper an acting person signs;
    `login` and `on_behalf_of` are the accounts, for the history.
    """

    office: str
    name: str
    at: datetime
    basis: str = ""
    sha256: str = ""
    login: str = ""
    on_behalf_of: str | None = None

    def recorded(self) -> dict[str, Any]:
        """The signature as the fact of the document's filing tells it: of what kind, who, for whom, when, of what."""
        return {
            "kind": Kind.SIMPLE.value,
            "office": self.office,
            "login": self.login,
            "on_behalf_of": self.on_behalf_of,
            "basis": Text(self.basis) if self.basis else None,
            "at": moscow(self.at).isoformat(),
            "sha256": self.sha256 or None,
        }

    def shown(self) -> dict[str, Any]:
        """The mark as a template reads it."""
        return {**asdict(self), "at": instant(self.at)}


def long_day(day: date) -> str:
    """A date in words: 12 января 2026 г."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}\u00a0г."


def short_day(day: date) -> str:
    """A date in figures: 12.01.2026."""
    return f"{day:%d.%m.%Y}"


def file_name(title: str, day: date, *, ending: str = "pdf") -> str:
    """A document's file as an official files it: what it is, with its number, and its date.

    Signs that a file system keeps for itself are told by others: protocol 1/2026 is 1-2026 in a name.
    """
    told = f"{title} от {short_day(day)}".replace("/", "-").replace(": ", ", ")
    return f"{told}.{ending}"


def instant(at: datetime) -> str:
    """An instant in Moscow time: 12.01.2026 09:00 (МСК)."""
    return f"{moscow(at):%d.%m.%Y %H:%M} (МСК)"
