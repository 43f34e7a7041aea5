"""Who answers for the open data as its passport tells it: a person, their office, how to reach them (clause 4.14)."""

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from engine.actors import Actor
from engine.errors import ForbiddenError, InvalidError
from engine.records import settings
from processes.council.administration import Matter, differences, note

if TYPE_CHECKING:
    from engine.runtime import Transaction

KEY: Final = "open_data.publisher"
_LONGEST: Final = 200
_PHONE: Final = re.compile(r"\+?\d[\d ()-]{8,20}(?:,? доб\. ?\d{1,6})?")
_DIGITS: Final = range(10, 16)
_EMAIL: Final = re.compile(r"[^\s@<>,;:]+@[^\s@<>,;:]+\.[^\s@<>,;:.]{2,}")


@dataclass(frozen=True, slots=True)
class Publisher:
    """What is published of the person who answers; blank name and e-mail mean those of the council's secretary.

    `basis` is the document that appoints them; it is not published.
    """

    name: str = ""
    office: str = ""
    phone: str = ""
    email: str = ""
    basis: str = ""


def read_publisher(tx: "Transaction") -> Publisher:
    """The publisher as entered; blank where nothing was."""
    return Publisher(**settings.read_all(tx.connection).get(KEY, {}))


def change_publisher(tx: "Transaction", value: Publisher, *, actor: Actor) -> list[str]:
    """Write down who answers from now on; returns the names of the fields that changed.

    Raises ForbiddenError for anybody but the administrator, InvalidError naming the fields.
    """
    if not actor.holds("admin"):
        raise ForbiddenError("Паспорт открытых данных заполняет администратор.")
    if wrong := check_publisher(value):
        raise InvalidError("Паспорт не изменён: проверьте отмеченные поля.", errors=wrong, rule=False)
    changed = differences(asdict(read_publisher(tx)), asdict(value))
    if changed:
        settings.write(tx.connection, KEY, asdict(value))
        note(tx, actor, Matter.OPEN_DATA, "publisher.changed", "publisher", "admin", fields=changed)
    return changed


def check_publisher(value: Publisher) -> dict[str, list[str]]:
    """What is wrong with the fields, by field."""
    wrong = {
        name: [f"Не больше {_LONGEST} знаков в одну строку."]
        for name, text in asdict(value).items()
        if len(text) > _LONGEST or "\n" in text
    }
    if value.office and not value.name:
        wrong["name"] = ["Укажите фамилию, имя и отчество: должность без них не публикуется."]
    if value.name and not value.office:
        wrong["office"] = ["Укажите должность ответственного."]
    digits = sum(character.isdigit() for character in value.phone.partition("доб")[0])
    if value.phone and not (_PHONE.fullmatch(value.phone) and digits in _DIGITS):
        wrong["phone"] = ["Укажите служебный телефон с кодом города, например +7 861 000-00-00, доб. 12."]
    if value.email and not _EMAIL.fullmatch(value.email):
        wrong["email"] = ["Укажите адрес электронной почты, например opendata@example.org."]
    return wrong
