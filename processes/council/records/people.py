"""Persons, organisations, declared relations."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.ids import new_id
from processes.council.model import Disclosure, Organization, Period, Person
from processes.council.records.tables import disclosure, organization, person


def organization_of(row: Any) -> Organization:
    """An organisation, of a row of its table."""
    return Organization(row.inn, row.full_name, row.short_name, row.parent_inn, row.email)


def person_of(row: Any) -> Person:
    """A person, of a row of the table."""
    return Person(
        login=row.login,
        last_name=row.last_name,
        first_name=row.first_name,
        patronymic=row.patronymic,
        email=row.email,
        position=row.position,
        degree=row.degree,
        academic_rank=row.academic_rank,
        organization=row.organization_inn,
        roles=frozenset(row.roles),
        language=row.language,
        directions=tuple(row.directions),
        meets_requirements=row.meets_requirements,
        periods={role: Period(*map(_day, ends)) for role, ends in (row.role_periods or {}).items()},
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _ends(period: Period) -> list[str | None]:
    return [end.isoformat() if end else None for end in (period.since, period.until)]


def save_organization(connection: Connection, value: Organization) -> None:
    """Add an organisation, or bring its row up to date by its INN."""
    row = {
        "full_name": value.full_name,
        "short_name": value.short_name,
        "parent_inn": value.parent,
        "email": value.email,
    }
    changed = connection.execute(sa.update(organization).where(organization.c.inn == value.inn).values(row))
    if changed.rowcount == 0:
        connection.execute(sa.insert(organization).values(inn=value.inn, **row))


def save_person(connection: Connection, value: Person) -> None:
    """Add a person, or bring the row up to date by login."""
    row = {
        "last_name": value.last_name,
        "first_name": value.first_name,
        "patronymic": value.patronymic,
        "email": value.email,
        "position": value.position,
        "degree": value.degree,
        "academic_rank": value.academic_rank,
        "organization_inn": value.organization,
        "roles": sorted(value.roles),
        "language": value.language,
        "directions": list(value.directions),
        "meets_requirements": value.meets_requirements,
        "role_periods": {role: _ends(period) for role, period in sorted(value.periods.items())} or None,
    }
    changed = connection.execute(sa.update(person).where(person.c.login == value.login).values(row))
    if changed.rowcount == 0:
        connection.execute(sa.insert(person).values(login=value.login, **row))


def set_language(connection: Connection, login: str, language: str) -> None:
    """Keep the language that a person chose."""
    connection.execute(sa.update(person).where(person.c.login == login).values(language=language))


def find_person(connection: Connection, login: str) -> Person | None:
    """The person with a login."""
    row = connection.execute(sa.select(person).where(person.c.login == login)).one_or_none()
    return None if row is None else person_of(row)


def find_persons(connection: Connection, logins: Iterable[str]) -> dict[str, Person]:
    """Persons by login; unknown logins are left out."""
    rows = connection.execute(sa.select(person).where(person.c.login.in_(list(logins))))
    return {row.login: person_of(row) for row in rows}


def all_persons(connection: Connection) -> list[Person]:
    """Every person, by login."""
    return [person_of(row) for row in connection.execute(sa.select(person).order_by(person.c.login))]


def find_organization(connection: Connection, inn: str | None) -> Organization | None:
    """The organisation with an INN."""
    if inn is None:
        return None
    row = connection.execute(sa.select(organization).where(organization.c.inn == inn)).one_or_none()
    return None if row is None else organization_of(row)


def all_organizations(connection: Connection) -> dict[str, Organization]:
    """Every organisation by INN."""
    return {row.inn: organization_of(row) for row in connection.execute(sa.select(organization))}


def add_disclosure(connection: Connection, value: Disclosure, *, at: datetime, valid_until: date | None = None) -> str:
    """Keep a declared relation; returns its id."""
    identity = new_id()
    connection.execute(
        sa.insert(disclosure).values(
            id=identity,
            login=value.login,
            organization_inn=value.organization,
            kind=value.kind,
            note=value.note,
            declared_at=at,
            valid_until=valid_until,
        )
    )
    return identity


def relations_of(connection: Connection, login: str, day: date) -> list[dict[str, Any]]:
    """A person's relations in force on a day, in the order declared: `id`, `organization`, `kind`, `note`, `until`."""
    still = sa.or_(disclosure.c.valid_until.is_(None), disclosure.c.valid_until >= day)
    rows = connection.execute(sa.select(disclosure).where(disclosure.c.login == login, still).order_by(disclosure.c.id))
    return [
        {"id": r.id, "organization": r.organization_inn, "kind": r.kind, "note": r.note, "until": r.valid_until}
        for r in rows
    ]


def end_disclosure(connection: Connection, identity: str, day: date) -> None:
    """End a relation before a day: that day it is in force no more."""
    ended = sa.update(disclosure).where(disclosure.c.id == identity).values(valid_until=day - timedelta(days=1))
    connection.execute(ended)


def disclosures_on(connection: Connection, day: date) -> list[Disclosure]:
    """Declared relations in force on a day."""
    still = sa.or_(disclosure.c.valid_until.is_(None), disclosure.c.valid_until >= day)
    rows = connection.execute(sa.select(disclosure).where(still).order_by(disclosure.c.id))
    return [Disclosure(row.login, row.organization_inn, row.kind, row.note) for row in rows]
