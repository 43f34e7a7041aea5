"""What people choose for themselves in the council's records."""

from typing import TYPE_CHECKING

from processes.council.records import people

if TYPE_CHECKING:
    from engine.runtime import Transaction


def choose_language(tx: "Transaction", login: str, language: str) -> None:
    """Keep the language in which a person reads the pages: ru or en."""
    people.set_language(tx.connection, login, language)
