"""The council as a meeting sees it on a day: members, who is absent, who may preside, of whom the quorum is asked."""

from collections.abc import Mapping
from datetime import date

from engine.database import Connection
from processes.council import people
from processes.council.model import Role
from processes.council.records import compositions
from processes.council.records import readings as reading_records
from processes.council_meeting.model import Member, Presiding


def members_on(connection: Connection, day: date) -> dict[str, Member]:
    """Members of the composition in force on a Moscow day, by login, in the order's order."""
    composition = people.members_on(connection, day)
    if composition is None:
        return {}
    known = people.persons_of(connection, composition.logins)
    absent = {s.absent for s in compositions.substitutions_on(connection, day)}
    return {
        place.login: Member(
            login=place.login,
            name=person.full_name,
            short=person.short_name,
            role=place.role.value,
            email=person.email,
            position=person.position,
            inn=person.organization or "",
            absent=place.login in absent,
        )
        for place in composition.members
        if (person := known.get(place.login)) is not None
    }


def standins_on(connection: Connection, day: date) -> list[Presiding]:
    """Who stands in for whom on a day, with the paper; one who is absent stands in for nobody (clause 2.4)."""
    found = compositions.substitutions_on(connection, day)
    absent = {s.absent for s in found}
    return [Presiding(s.deputy, s.absent, s.basis) for s in found if s.deputy not in absent]


def casting_vote(connection: Connection, day: date) -> str | None:
    """Whose vote decides an equality on a day: the chair's, or the stand-in's while the chair is absent (3.6, A-05)."""
    return next(iter(people.presiding(connection, day)), None)


def counted(members: Mapping[str, Member], base: str) -> frozenset[str]:
    """Those of whom the quorum is asked: everybody in the order, or plain members alone (A-01)."""
    if base == "members_only":
        return frozenset(login for login, m in members.items() if m.role == Role.MEMBER)
    return frozenset(members)


def readings_on(connection: Connection, day: date) -> int:
    """The version of the readings in force on a day: a meeting keeps the one it was called under."""
    return reading_records.version_on(connection, day)


def quorum_base(connection: Connection, readings: int | None) -> str:
    """The reading `quorum.base` of a version."""
    return str(reading_records.values_of(connection, readings or 0)["quorum.base"])


def addresses(connection: Connection, day: date, *groups: str) -> list[tuple[str, str]]:
    """Pairs (login, e-mail) of those who hold one of the groups on a day, stand-ins among them, each once."""
    logins = dict.fromkeys(login for group in groups for login in people.holders(connection, group, day))
    known = people.persons_of(connection, logins)
    return [(login, known[login].email) for login in logins if login in known and known[login].email]
