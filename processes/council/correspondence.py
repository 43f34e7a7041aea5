"""The words of a letter that is about to leave: the administrator's text where there is one, else the shipped one."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.actors import Actor
from engine.database import Connection
from engine.errors import ForbiddenError, InvalidError, NotFoundError
from processes.council.administration import Matter, note
from processes.council.letter_texts import CATALOGUE, LetterText, check_text, fill, one_line
from processes.council.records import letter_texts as records

if TYPE_CHECKING:
    from engine.runtime import Transaction


def words_of(connection: Connection, kind: str, values: Mapping[str, str]) -> tuple[str, str]:
    """Subject (one line) and body of a letter of a kind, by the text in force."""
    worded = records.current(connection, kind)
    if worded is None:
        return shipped_words(kind, values)
    return one_line(fill(worded["subject"], values)), fill(worded["body"], values)


def shipped_words(kind: str, values: Mapping[str, str]) -> tuple[str, str]:
    """Subject (one line) and body of a letter of a kind, by the text that ships with the service."""
    text = CATALOGUE[kind]
    return one_line(fill(text.subject, values)), fill(text.body, values)


def list_texts(tx: "Transaction") -> list[dict[str, Any]]:
    """Every kind of letter: `text` (as shipped), `version` (the row in force, None for the shipped text)."""
    worded = records.worded(tx.connection)
    return [
        {
            "text": text,
            "version": row if (row := worded.get(kind)) is not None and row["body"] is not None else None,
        }
        for kind, text in sorted(CATALOGUE.items(), key=lambda item: item[1].name)
    ]


def find_text(kind: str) -> LetterText:
    """The shipped text of a kind. Raises NotFoundError."""
    found = CATALOGUE.get(kind)
    if found is None:
        raise NotFoundError("Такого письма нет.")
    return found


def word_letter(tx: "Transaction", kind: str, subject: str, body: str, *, actor: Actor) -> int:
    """Write the next version of a kind's text; letters from now on use it. Returns its number.

    Raises ForbiddenError for anybody but the administrator, NotFoundError, InvalidError for an empty text or one with
    variables that the letter is not given.
    """
    _check_admin(actor)
    text = find_text(kind)
    subject, body = subject.strip(), "\n".join(body.strip().splitlines()) + "\n"
    found = check_text(text, subject, body)
    if found:
        raise InvalidError("Текст письма не сохранён: проверьте отмеченные поля.", errors=found, rule=False)
    version = records.add_version(tx.connection, kind, subject, body, by=actor.login, at=tx.now)
    note(tx, actor, Matter.LETTER_TEXT, "letter.worded", kind, "admin", version=version)
    return version


def restore_letter(tx: "Transaction", kind: str, *, actor: Actor) -> int:
    """Go back to the shipped text, as a version of its own. Raises ForbiddenError, NotFoundError."""
    _check_admin(actor)
    find_text(kind)
    version = records.add_version(tx.connection, kind, None, None, by=actor.login, at=tx.now)
    note(tx, actor, Matter.LETTER_TEXT, "letter.restored", kind, "admin", version=version)
    return version


def preview(kind: str, subject: str, body: str) -> tuple[str, str]:
    """A text filled in with the samples of its kind. Raises NotFoundError."""
    samples = find_text(kind).variables
    return one_line(fill(subject, samples)), fill(body, samples)


def _check_admin(actor: Actor) -> None:
    if not actor.holds("admin"):
        raise ForbiddenError("Тексты писем меняет администратор.")
