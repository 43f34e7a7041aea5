"""People of the council: persons, organisations, composition by order, substitutions (section 2; A-01, A-14)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """Functional structure of the council (clause 2.3)."""

    CHAIR = "chair"
    DEPUTY = "deputy"
    SECRETARY = "secretary"
    MEMBER = "member"


class Category(StrEnum):
    """Whom a member represents (clause 2.2)."""

    MINISTRY = "ministry"
    FURTHER_EDUCATION = "further_education"
    MUNICIPAL = "municipal"
    PUBLIC = "public"


#: Roles that lead the council: no experts (A-15).
LEADERSHIP: Final = frozenset({Role.CHAIR, Role.DEPUTY, Role.SECRETARY})

#: Groups that a role of the composition gives: the engine's candidate groups.
GROUPS: Final[dict[Role, frozenset[str]]] = {
    Role.CHAIR: frozenset({"chair", "member"}),
    Role.DEPUTY: frozenset({"deputy", "member"}),
    Role.SECRETARY: frozenset({"secretary", "member"}),
    Role.MEMBER: frozenset({"member", "expert"}),
}

#: Groups that an account has by itself, apart from the composition.
ACCOUNT_ROLES: Final = frozenset({"applicant", "ministry", "analyst", "auditor", "admin"})

#: Role names as users read them.
ROLE_NAMES: Final[dict[Role, str]] = {
    Role.CHAIR: "председатель",
    Role.DEPUTY: "заместитель председателя",
    Role.SECRETARY: "ответственный секретарь",
    Role.MEMBER: "член КЭС",
}


@dataclass(frozen=True, slots=True)
class Organization:
    """An organisation; `inn` is its key, `parent` the INN of the organisation whose branch it is."""

    inn: str
    full_name: str
    short_name: str
    parent: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """Days between two, both included; None leaves an end open."""

    since: date | None = None
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Whether a day lies within."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Person:
    """A person known to the service; `roles` are the account's own groups, `organization` the employer's INN.

    `periods` bound roles in time; a role without one is held for good.
    """

    login: str
    last_name: str
    first_name: str
    patronymic: str = ""
    email: str = ""
    position: str = ""
    degree: str = ""
    academic_rank: str = ""
    organization: str | None = None
    roles: frozenset[str] = frozenset()
    language: str = "ru"
    directions: tuple[str, ...] = ()
    meets_requirements: bool = True
    periods: Mapping[str, Period] = field(default_factory=dict, hash=False)

    def roles_on(self, day: date) -> frozenset[str]:
        """The account's groups on a day in Europe/Moscow."""
        return frozenset(role for role in self.roles if role not in self.periods or self.periods[role].covers(day))

    @property
    def full_name(self) -> str:
        """Surname, name and patronymic."""
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)

    @property
    def short_name(self) -> str:
        """Initials and surname, as under a signature: «С.В. Петрова»."""
        initials = "".join(f"{part[0]}." for part in (self.first_name, self.patronymic) if part)
        return f"{initials} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Member:
    """A person's place in the composition."""

    login: str
    role: Role
    category: Category | None = None


@dataclass(frozen=True, slots=True)
class Composition:
    """The council as an order set it, in force on the days `valid_from` to `valid_until` (both included)."""

    id: str
    order_number: str
    order_date: date
    valid_from: date
    valid_until: date | None
    members: tuple[Member, ...]

    def role_of(self, login: str) -> Role | None:
        """The person's role, None for an outsider."""
        return next((m.role for m in self.members if m.login == login), None)

    def holders(self, role: Role) -> tuple[str, ...]:
        """Logins of those who hold a role."""
        return tuple(m.login for m in self.members if m.role is role)

    @property
    def logins(self) -> tuple[str, ...]:
        """Logins of all members, in the order's order."""
        return tuple(m.login for m in self.members)


@dataclass(frozen=True, slots=True)
class Substitution:
    """Who acts for whom on the days `since` to `until` (both included), and the document that says so (2.4, 2.6)."""

    id: str
    absent: str
    deputy: str
    since: date
    until: date
    basis: str
    entered_by: str
    entered_at: datetime
    revoked_at: datetime | None = None

    def in_force(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.revoked_at is None and self.since <= day <= self.until

    def meets(self, since: date, until: date) -> bool:
        """Whether any of its days lies between the two."""
        return self.revoked_at is None and self.since <= until and since <= self.until


#: What a person may declare towards an organisation: all but a past employment forbid an appointment (A-16).
RELATIONS: Final = ("relative", "contract", "founder", "past_employment")


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A declared relation of a person to an organisation; only a past employment leaves it at a warning (A-16)."""

    login: str
    organization: str
    kind: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an expert would judge: the applicant's INN, the authors' names, the practice bases as written."""

    inn: str
    authors: tuple[str, ...] = ()
    practice_bases: tuple[str, ...] = ()
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why a person may not judge a programme; `blocking` is false for what is only shown (A-16)."""

    kind: str
    reason: str
    blocking: bool = True


@dataclass(frozen=True, slots=True)
class ExpertEntry:
    """What the experts' database keeps besides the person (clause 2.6).

    Consent to be an expert, the protocol that included the expert, and an exclusion with its reason.
    """

    login: str
    consent_on: date | None = None
    included_on: date | None = None
    protocol: str = ""
    excluded_on: date | None = None
    exclusion_reason: str = ""

    @property
    def is_excluded(self) -> bool:
        """Whether the person was excluded and not included anew."""
        return self.excluded_on is not None
