"""What an actor is made of, in one statement: every request asks who its sender is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any, Final

import sqlalchemy as sa

from engine.database import Connection
from engine.records.statements import Statement
from processes.council.model import Organization, Person, Role
from processes.council.records import compositions, people
from processes.council.records.tables import organization, person, substitution

_LOGIN: Final = sa.bindparam("login", type_=sa.String)
_DAY: Final = sa.bindparam("day", type_=sa.Date)

_ROLE: Final = (
    compositions.roles_of(_LOGIN, _DAY)
    .limit(sa.literal_column("1"))
    .offset(sa.literal_column("0"))  # SQLite's dialect would bind one of its own
    .scalar_subquery()
)
_SUBSTITUTED: Final = sa.select(substitution.c.id).where(compositions.is_substituted(_LOGIN, _DAY)).exists()
_FOUND: Final = Statement(
    sa.select(
        *person.c,
        *(column.label(f"of_{column.key}") for column in organization.c),
        _ROLE.label("role"),
        _SUBSTITUTED.label("substituted"),
    )
    .outerjoin(organization, organization.c.inn == person.c.organization_inn)
    .where(person.c.login == _LOGIN)
)


@dataclass(frozen=True, slots=True)
class Known:
    """A person, the employer, the role in the composition of a day; whether a substitution of that day names them."""

    person: Person
    organization: Organization | None
    role: Role | None
    is_substituted: bool


def find(connection: Connection, login: str, day: date) -> Known | None:
    """What is known of a login on a day; None for an unknown one."""
    row = _FOUND.first(connection, {"login": login, "day": day})
    if row is None:
        return None
    *found, role, is_substituted = row
    of_person, of_organization = found[: len(person.c)], found[len(person.c) :]
    return Known(
        people.person_of(_row(person, of_person)),
        None if of_organization[0] is None else people.organization_of(_row(organization, of_organization)),
        None if role is None else Role(role),
        bool(is_substituted),
    )


def _row(table: sa.Table, values: Sequence[Any]) -> SimpleNamespace:
    return SimpleNamespace(**dict(zip(table.c.keys(), values, strict=True)))
