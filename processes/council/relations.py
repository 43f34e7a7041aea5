"""Relations of experts to organisations beside their employment, declared and ended (clauses 1.5, 2.7; A-16)."""

from datetime import date
from typing import TYPE_CHECKING, Any

from engine.actors import Actor
from engine.errors import ForbiddenError, InvalidError, NotFoundError
from processes.council.administration import Matter, note
from processes.council.model import RELATIONS, Disclosure
from processes.council.people import day_of
from processes.council.personnel import find_person
from processes.council.records import people

if TYPE_CHECKING:
    from engine.runtime import Transaction

_LONGEST = 1_000
_KEEPERS = ("secretary", "admin")


def declare_relation(tx: "Transaction", value: Disclosure, *, actor: Actor, valid_until: date | None = None) -> str:
    """Declare a relation, in force from now to the end of `valid_until` (Europe/Moscow; None: until it is ended).

    By the person, or by the secretary who keeps the experts' database. Returns its id. Raises ForbiddenError,
    NotFoundError for an unknown person, InvalidError with `organization`, `kind`, `valid_until`, `note`.
    """
    _check_declarer(value.login, actor)
    find_person(tx, value.login)
    found: dict[str, list[str]] = {}
    if value.organization not in people.all_organizations(tx.connection):
        found["organization"] = ["Выберите организацию из списка; новую сначала внесите на странице организаций."]
    if value.kind not in RELATIONS:
        found["kind"] = ["Выберите, в чём состоит связь."]
    if valid_until is not None and valid_until < day_of(tx.now):
        found["valid_until"] = ["Этот день уже прошёл. Укажите сегодня или позже либо оставьте поле пустым."]
    if len(value.note) > _LONGEST:
        found["note"] = [f"Не более {_LONGEST} знаков."]
    if found:
        raise InvalidError("Связь не внесена: проверьте отмеченные поля.", errors=found)
    identity = people.add_disclosure(tx.connection, value, at=tx.now, valid_until=valid_until)
    _note(tx, actor, "relation.declared", value.login, organization=value.organization, relation=value.kind)
    return identity


def end_relation(tx: "Transaction", login: str, identity: str, *, actor: Actor) -> None:
    """End a relation: from now on it forbids nothing, and it stays on record. By those who may declare it.

    Raises ForbiddenError, NotFoundError for one that is not this person's or not in force.
    """
    _check_declarer(login, actor)
    day = day_of(tx.now)
    found = next((row for row in people.relations_of(tx.connection, login, day) if row["id"] == identity), None)
    if found is None:
        raise NotFoundError("Такой действующей связи у этого человека нет.")
    people.end_disclosure(tx.connection, identity, day)
    _note(tx, actor, "relation.ended", login, organization=found["organization"], relation=found["kind"])


def _check_declarer(login: str, actor: Actor) -> None:
    if actor.login != login and not actor.holds(*_KEEPERS):
        raise ForbiddenError("Связь с организацией заявляет сам эксперт или ответственный секретарь.")


def _note(tx: "Transaction", actor: Actor, kind: str, login: str, **data: Any) -> None:
    groups = _KEEPERS if actor.holds(*_KEEPERS) else ()
    note(tx, actor, Matter.EXPERT, kind, login, *groups, **data)
