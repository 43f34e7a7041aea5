"""People and their accounts' roles: entered and changed by the administrator, with a trace (clauses 2.1, 2.3).

What a person is in the council stands in the composition by order; here are only the roles of the account itself.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from engine.actors import Actor
from engine.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from engine.outbox import check_address
from processes.council.administration import Matter, differences, note, take_turn
from processes.council.model import ACCOUNT_ROLES, Organization, Period, Person
from processes.council.people import day_of
from processes.council.records import people
from processes.council.rules import check_inn

if TYPE_CHECKING:
    from engine.runtime import Transaction

_LOGIN: Final = re.compile(r"[a-z][a-z0-9._-]{2,39}")
#: Names that would be mistaken for the engine, or for the page of a new person.
_TAKEN: Final = frozenset({"system", "new"})
_LONGEST: Final = 200
#: Values of a person that are personal: the journal names them and does not keep them.
_REQUIRED: Final = {"last_name": "фамилию", "first_name": "имя"}
#: Who draws the procedure does not hand out the rights to it.
_APART: Final = frozenset({"admin", "analyst"})
_NAMES: Final[Mapping[str, str]] = {
    "applicant": "заявитель",
    "ministry": "министерство",
    "analyst": "аналитик",
    "auditor": "аудитор",
    "admin": "администратор",
}


def add_person(tx: "Transaction", value: Person, *, actor: Actor) -> str:
    """Enter a person without any role; returns the login.

    Raises ForbiddenError for anybody but the administrator, ConflictError where the login is taken, InvalidError for
    wrong values.
    """
    _check_admin(actor)
    found = _check(tx, value)
    if not _LOGIN.fullmatch(value.login) or value.login in _TAKEN:
        found["login"] = ["Логин: от 3 до 40 знаков, строчная латиница, цифры, точка, дефис; первой стоит буква."]
    if found:
        raise InvalidError("Человек не внесён: проверьте отмеченные поля.", errors=found, rule=False)
    take_turn(tx)
    if people.find_person(tx.connection, value.login) is not None:
        raise ConflictError(f"Логин {value.login} уже занят. Выберите другой.", slug="login_taken")
    people.save_person(tx.connection, replace(value, roles=frozenset(), periods={}))
    note(tx, actor, Matter.PERSON, "person.added", value.login, "admin")
    return value.login


def change_person(tx: "Transaction", value: Person, *, actor: Actor) -> None:
    """Bring a person's names, address, post and employer up to date; roles stay.

    Raises ForbiddenError, NotFoundError, InvalidError.
    """
    _check_admin(actor)
    take_turn(tx)
    known = find_person(tx, value.login)
    found = _check(tx, value)
    if found:
        raise InvalidError("Изменения не сохранены: проверьте отмеченные поля.", errors=found, rule=False)
    kept = replace(value, roles=known.roles, periods=known.periods)
    fields = differences(asdict(known), asdict(kept))
    if fields:
        people.save_person(tx.connection, kept)
        note(tx, actor, Matter.PERSON, "person.changed", value.login, "admin", fields=fields)


def set_roles(tx: "Transaction", login: str, roles: Mapping[str, Period], *, actor: Actor) -> bool:
    """Set the roles of an account, each with its days; True where anything changed.

    Nobody changes the own roles, an analyst is no administrator, and one administrator always remains. Raises
    ForbiddenError, NotFoundError, ConflictError, InvalidError.
    """
    _check_admin(actor)
    if login == actor.login:
        raise ForbiddenError(
            "Свои роли менять нельзя: это делает другой администратор.", slug="own_rights", login=login
        )
    take_turn(tx)
    known = find_person(tx, login)
    found = _check_roles(known, roles, day_of(tx.now))
    if found:
        raise InvalidError("Роли не изменены: проверьте отмеченные поля.", errors=found)
    if "admin" in known.roles and "admin" not in roles:
        check_admin_remains(tx, login)
    bounded = {role: period for role, period in roles.items() if period != Period()}
    changed = replace(known, roles=frozenset(roles), periods=bounded)
    if (changed.roles, changed.periods) == (known.roles, known.periods):
        return False
    people.save_person(tx.connection, changed)
    before, after = describe_roles(known), describe_roles(changed)
    note(tx, actor, Matter.PERSON, "roles.changed", login, "admin", before=before, after=after)
    return True


def save_organization(tx: "Transaction", value: Organization, *, actor: Actor) -> None:
    """Enter an organisation, or bring it up to date by its INN. Raises ForbiddenError, InvalidError."""
    _check_admin(actor)
    found: dict[str, list[str]] = {}
    if not check_inn(value.inn):
        found["inn"] = ["ИНН организации — 10 цифр, последняя контрольная. Проверьте, нет ли опечатки."]
    for key, name in (("full_name", "полное"), ("short_name", "краткое")):
        if not getattr(value, key).strip():
            found[key] = [f"Укажите {name} наименование организации."]
    if value.parent and people.find_organization(tx.connection, value.parent) is None:
        found["parent"] = ["Головной организации с таким ИНН в системе нет. Сначала внесите её."]
    if found:
        raise InvalidError("Организация не внесена: проверьте отмеченные поля.", errors=found, rule=False)
    people.save_organization(tx.connection, value)
    note(tx, actor, Matter.PERSON, "organization.saved", value.inn, "admin")


def find_person(tx: "Transaction", login: str) -> Person:
    """The person with a login. Raises NotFoundError."""
    found = people.find_person(tx.connection, login)
    if found is None:
        raise NotFoundError(f"Человека с логином {login} в системе нет.")
    return found


def describe_roles(person: Person) -> list[str]:
    """The roles as the journal keeps them: `ministry 2026-01-01..2026-03-31`."""
    lines = []
    for role in sorted(person.roles):
        period = person.periods.get(role)
        ends = [end.isoformat() if end else "" for end in (period.since, period.until)] if period else []
        lines.append(f"{role} {'..'.join(ends)}".strip())
    return lines


def check_admin_remains(tx: "Transaction", login: str) -> None:
    """Raise ConflictError where without this login no administrator for good would be left."""
    day = day_of(tx.now)
    left = [
        p.login
        for p in people.all_persons(tx.connection)
        if p.login != login and "admin" in p.roles_on(day) and "admin" not in p.periods
    ]
    if not left:
        raise ConflictError("Это последний администратор. Сначала назначьте другого.", slug="last_admin")


def _check_admin(actor: Actor) -> None:
    if not actor.holds("admin"):
        raise ForbiddenError("Людей и роли ведёт администратор.")


def _check(tx: "Transaction", value: Person) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, name in _REQUIRED.items():
        if not getattr(value, key).strip():
            found[key] = [f"Укажите {name}."]
    for key in ("last_name", "first_name", "patronymic", "position", "degree", "academic_rank"):
        if len(getattr(value, key)) > _LONGEST:
            found[key] = [f"Не длиннее {_LONGEST} знаков."]
    if value.email:
        try:
            check_address(value.email)
        except InvalidError as error:
            found.update(error.errors)
    if value.organization and people.find_organization(tx.connection, value.organization) is None:
        found["organization"] = ["Организации с таким ИНН в системе нет. Сначала внесите её."]
    return found


def _check_roles(person: Person, roles: Mapping[str, Period], today: date) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for role, period in roles.items():
        if role not in ACCOUNT_ROLES:
            found["roles"] = [f"Роли «{role}» нет. Роли совета даёт приказ о составе."]
        elif period.since and period.until and period.until < period.since:
            found[f"{role}.until"] = ["Последний день раньше первого. Исправьте период."]
        elif period.until and period.until < today and person.periods.get(role) != period:
            found[f"{role}.until"] = ["Этот день уже прошёл. Чтобы снять роль, уберите отметку."]
    if roles.keys() >= _APART:
        both = " и ".join(_NAMES[role] for role in sorted(_APART))
        found.setdefault("roles", []).append(
            f"Один человек не может быть и {both}: тот, кто меняет процедуру, не раздаёт права. Оставьте одну роль."
        )
    if "applicant" in roles and person.organization is None:
        found.setdefault("roles", []).append("Заявителю нужна организация: сначала укажите место работы.")
    return found
