"""Who a login is at a moment: the engine's Actor, and who holds a group (clauses 2.1-2.6).

Rights come from the composition in force on the day in Europe/Moscow, from the account's own roles, and from
substitutions. An absent person acts in nothing; a stand-in holds the absent person's function, never the absent
person's vote.
"""

from collections.abc import Iterable
from datetime import date, datetime

from engine.actors import Actor, Standin
from engine.clock import moscow
from engine.database import Connection
from processes.council.model import ACCOUNT_ROLES, GROUPS, Composition, Organization, Person, Role, Substitution
from processes.council.records import actors, compositions, people

#: Groups that a stand-in holds for an absent person: the function, not the membership.
STOOD_FOR = frozenset({"chair", "deputy", "secretary"})


def owner_of(inn: str) -> str:
    """The key of an organisation's own cases."""
    return f"org:{inn}"


def day_of(instant: datetime) -> date:
    """The calendar day of an instant in Europe/Moscow."""
    return moscow(instant).date()


def actor_of(connection: Connection, login: str, on: datetime) -> Actor | None:
    """The person as an actor at an instant; None for an unknown login.

    `details` has `organization` (`full_name`, `short_name`, `inn`) or None, `email`, `position`.
    """
    day = day_of(on)
    known = actors.find(connection, login, day)
    if known is None:
        return None
    person, organization, role = known.person, known.organization, known.role
    substitutions = compositions.substitutions_of(connection, login, day) if known.is_substituted else []
    absent = any(s.absent == login for s in substitutions)
    standins = () if absent else tuple(_standins(connection, substitutions, login, day))
    groups = (person.roles_on(day) & ACCOUNT_ROLES) | (GROUPS[role] if role else frozenset())
    owner = owner_of(organization.inn) if organization and "applicant" in groups else None
    return Actor(
        login=login,
        name=person.full_name,
        groups=groups,
        standins=standins,
        owner=owner,
        absent=absent,
        language=person.language,
        details={
            "organization": describe_organization(organization),
            "email": person.email,
            "position": person.position,
        },
    )


def _standins(connection: Connection, substitutions: Iterable[Substitution], login: str, day: date) -> list[Standin]:
    found = []
    for substitution in substitutions:
        if substitution.deputy != login:
            continue
        role = compositions.role_on(connection, substitution.absent, day)
        if role is not None and (groups := GROUPS[role] & STOOD_FOR):
            found.append(Standin(substitution.absent, groups, substitution.basis))
    return found


def describe_organization(organization: Organization | None) -> dict[str, str] | None:
    """An organisation as the API shows it."""
    if organization is None:
        return None
    return {
        "full_name": organization.full_name,
        "short_name": organization.short_name,
        "inn": organization.inn,
    }


def members_on(connection: Connection, day: date) -> Composition | None:
    """The composition in force on a day; None where no order has set one."""
    return compositions.composition_on(connection, day)


def holders(connection: Connection, group: str, day: date) -> tuple[str, ...]:
    """Logins that hold a group on a day: those present first, then their stand-ins; nobody who is absent."""
    composition = compositions.composition_on(connection, day)
    substitutions = compositions.substitutions_on(connection, day)
    absent = {s.absent for s in substitutions}
    if group in ACCOUNT_ROLES:
        everybody = people.all_persons(connection)
        return tuple(p.login for p in everybody if group in p.roles_on(day) and p.login not in absent)
    own = [m.login for m in composition.members if group in GROUPS[m.role]] if composition else []
    found = [login for login in own if login not in absent]
    if group in STOOD_FOR:
        found += [s.deputy for s in substitutions if s.absent in own and s.deputy not in absent]
    return tuple(dict.fromkeys(found))


def presiding(connection: Connection, day: date) -> tuple[str, ...]:
    """Logins that may preside on a day: the chair, or within a substitution whoever acts for the chair (clause 2.4)."""
    return holders(connection, Role.CHAIR.value, day)


def bases_of(connection: Connection, acts: Iterable[tuple[str, str, datetime]]) -> dict[tuple[str, str, datetime], str]:
    """The document that each act for another rested on: by who acted, for whom, when; also of what was revoked since.

    An act that no substitution covers is left out.
    """
    wanted = set(acts)
    known = compositions.all_substitutions(connection) if wanted else []
    return {
        act: one.basis
        for act in wanted
        for one in known
        if (one.deputy, one.absent) == act[:2]
        and one.since <= day_of(act[2]) <= one.until
        and (one.revoked_at is None or act[2] <= one.revoked_at)
    }


def persons_of(connection: Connection, logins: Iterable[str]) -> dict[str, Person]:
    """Persons by login."""
    return people.find_persons(connection, logins)


def name_of(connection: Connection, login: str) -> str:
    """A person's full name; the login where the person is not known, «Система» for the engine."""
    if login == "system":
        return "Система"
    person = people.find_person(connection, login)
    return person.full_name if person else login
