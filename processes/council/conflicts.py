"""Conflict of interest of an expert with a programme (clause 1.5.

A-16): by key of organisation and by name, never by guess.

Blocks: the employer is the applicant, its parent or branch; the expert is an author; the employer is a practice base; a
declared relation. A past employment is shown and does not block.
"""

import re
from collections.abc import Iterable, Mapping

from processes.council.model import Conflict, Disclosure, Organization, Person, Subject

_WORD = re.compile(r"[0-9a-zа-я]+")


def root_of(inn: str, organizations: Mapping[str, Organization]) -> str:
    """The INN at the top of an organisation's line of parents; of a loop, the least INN in it."""
    line = [inn]
    while (organization := organizations.get(line[-1])) is not None and organization.parent is not None:
        if organization.parent in line:
            return min(line[line.index(organization.parent) :])
        line.append(organization.parent)
    return line[-1]


def are_related(one: str, other: str, organizations: Mapping[str, Organization]) -> bool:
    """Whether two organisations are one, parent and branch, or branches of one parent."""
    return root_of(one, organizations) == root_of(other, organizations)


def fold(text: str) -> str:
    """Words of a text in lower case, ё as е, without punctuation: a form to compare names by."""
    return " ".join(_WORD.findall(text.lower().replace("ё", "е")))


def is_same_name(one: str, other: str) -> bool:
    """Whether two written names can be one person's: equal surnames, and names or initials that do not differ."""
    first, second = fold(one).split(), fold(other).split()
    if not first or not second or first[0] != second[0]:
        return False
    pairs = list(zip(first[1:], second[1:], strict=False))
    return bool(pairs) and all(_agree(a, b) for a, b in pairs)


def _agree(one: str, other: str) -> bool:
    return one == other or (1 in (len(one), len(other)) and one[0] == other[0])


def names_organization(text: str, organization: Organization) -> bool:
    """Whether a practice base, as written, names the organisation by its full or short name."""
    written = f" {fold(text)} "
    return any(
        name and f" {name} " in written for name in (fold(organization.full_name), fold(organization.short_name))
    )


def conflicts_of(
    person: Person,
    subject: Subject,
    organizations: Mapping[str, Organization],
    disclosures: Iterable[Disclosure] = (),
) -> list[Conflict]:
    """Every conflict of a person with a programme, blocking ones first."""
    found: list[Conflict] = []
    employer = person.organization
    if employer and are_related(employer, subject.inn, organizations):
        own = employer == subject.inn
        found.append(
            Conflict(
                "employer", "работает у заявителя" if own else "работает в головной организации или филиале заявителя"
            )
        )
    found.extend(
        Conflict("author", f"назван автором программы: {author}")
        for author in subject.authors
        if is_same_name(person.full_name, author)
    )
    if employer:
        family = [o for o in organizations.values() if are_related(o.inn, employer, organizations)]
        found.extend(
            Conflict("practice_base", f"работает в организации, на базе которой идёт практика: {base}")
            for base in subject.practice_bases
            if any(names_organization(base, organization) for organization in family)
        )
    for disclosure in disclosures:
        if disclosure.login == person.login and are_related(disclosure.organization, subject.inn, organizations):
            blocking = disclosure.kind != "past_employment"
            reason = "заявлена связь с организацией" if blocking else "раньше работал у заявителя"
            found.append(Conflict(disclosure.kind, reason, blocking))
    return sorted(found, key=lambda conflict: not conflict.blocking)


def blocking(conflicts: Iterable[Conflict]) -> Conflict | None:
    """The first conflict that forbids an appointment."""
    return next((conflict for conflict in conflicts if conflict.blocking), None)
