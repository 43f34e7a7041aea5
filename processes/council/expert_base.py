"""The experts' database: who may be appointed, on what protocol, and what each has done (clauses 1.4, 2.6; A-14)."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from engine.actors import Actor
from engine.errors import ForbiddenError, InvalidError
from processes.council.administration import Matter, differences, note, take_turn
from processes.council.model import ExpertEntry, Person
from processes.council.people import day_of
from processes.council.personnel import find_person
from processes.council.records import appointments, compositions, experts, people

if TYPE_CHECKING:
    from engine.runtime import Transaction

_LONGEST = 200


def save_expert(
    tx: "Transaction", person: Person, entry: ExpertEntry, *, actor: Actor, is_import: bool = False
) -> list[str]:
    """Bring an expert's card up to date: what the person is (post, degree, employer, directions), consent, inclusion.

    An expert that meets the council's requirements was included by a protocol and has consented. Returns the names of
    the values changed. Raises ForbiddenError for anybody but the secretary and the administrator, NotFoundError,
    InvalidError.
    """
    check_keeper(actor)
    take_turn(tx)
    known, before = find_person(tx, person.login), experts.find_entry(tx.connection, person.login)
    before = before or ExpertEntry(person.login)
    found = check_card(tx, person, entry)
    if found:
        raise InvalidError("Карточка не сохранена: проверьте отмеченные поля.", errors=found, rule=False)
    kept = replace(
        known,
        position=person.position,
        degree=person.degree,
        academic_rank=person.academic_rank,
        organization=person.organization,
        directions=person.directions,
        meets_requirements=person.meets_requirements and not before.is_excluded,
    )
    entered = replace(entry, excluded_on=before.excluded_on, exclusion_reason=before.exclusion_reason)
    fields = differences({**asdict(known), **asdict(before)}, {**asdict(kept), **asdict(entered)})
    if fields:
        people.save_person(tx.connection, kept)
        experts.save_entry(tx.connection, entered)
        kind = "expert.imported" if is_import else "expert.changed"
        note(tx, actor, Matter.EXPERT, kind, person.login, "secretary", "admin", fields=fields)
    return fields


def exclude_expert(tx: "Transaction", login: str, reason: str, *, actor: Actor) -> None:
    """Exclude an expert: no appointment from now on; reviews under way stay (clause 2.6).

    Raises ForbiddenError, NotFoundError, InvalidError without a reason or for one excluded already.
    """
    check_keeper(actor)
    take_turn(tx)
    person = find_person(tx, login)
    entry = experts.find_entry(tx.connection, login) or ExpertEntry(login)
    if not reason.strip():
        raise InvalidError(errors={"reason": ["Укажите причину исключения: её увидят председатель и аудитор."]})
    if entry.is_excluded:
        raise InvalidError(errors={"reason": ["Эксперт уже исключён."]})
    day = day_of(tx.now)
    experts.save_entry(tx.connection, replace(entry, excluded_on=day, exclusion_reason=reason.strip()))
    people.save_person(tx.connection, replace(person, meets_requirements=False))
    note(tx, actor, Matter.EXPERT, "expert.excluded", login, "secretary", "admin", on=day.isoformat())


def include_expert(tx: "Transaction", login: str, protocol: str, *, actor: Actor) -> None:
    """Include an excluded expert anew, by a protocol of the council. Raises as `exclude_expert`."""
    check_keeper(actor)
    take_turn(tx)
    person = find_person(tx, login)
    entry = experts.find_entry(tx.connection, login) or ExpertEntry(login)
    if not protocol.strip():
        raise InvalidError(errors={"protocol": ["Укажите номер и дату протокола, которым эксперт включён снова."]})
    day = day_of(tx.now)
    experts.save_entry(
        tx.connection,
        replace(entry, included_on=day, protocol=protocol.strip(), excluded_on=None, exclusion_reason=""),
    )
    people.save_person(tx.connection, replace(person, meets_requirements=True))
    note(tx, actor, Matter.EXPERT, "expert.included", login, "secretary", "admin", on=day.isoformat())


def list_experts(tx: "Transaction", *, q: str = "", direction: str = "", state: str = "") -> list[dict[str, Any]]:
    """Everybody of the composition in force who may be an expert, and all who stand in the register.

    Items: `person`, `entry`, `organization`, `role` (None: not in the council today), `state` (`active`, `not_ready`,
    `excluded`, `outside`), `active`, `recent`, `declined`, `last`; by name.
    """
    day = day_of(tx.now)
    composition = compositions.composition_on(tx.connection, day)
    roles = {m.login: m.role for m in composition.members} if composition else {}
    entries = experts.all_entries(tx.connection)
    organizations = people.all_organizations(tx.connection)
    load = appointments.load_since(tx.connection, tx.now - timedelta(days=365))
    known = people.find_persons(tx.connection, {*roles, *entries})
    none = {"active": 0, "recent": 0, "declined": 0, "last": None}
    rows = []
    for login, person in known.items():
        role = roles.get(login)
        if role is not None and role.value != "member" and login not in entries:
            continue
        entry = entries.get(login) or ExpertEntry(login)
        employer = organizations.get(person.organization or "")
        rows.append(
            {
                "person": person,
                "entry": entry,
                "organization": employer,
                "role": role.value if role else None,
                "state": _state(person, entry, is_member=role is not None and role.value == "member"),
                **load.get(login, none),
            }
        )
    wanted = q.casefold().replace("ё", "е").split()
    return sorted(
        (
            row
            for row in rows
            if (not state or row["state"] == state)
            and (not direction or direction in row["person"].directions)
            and all(word in _words(row) for word in wanted)
        ),
        key=lambda row: row["person"].full_name.casefold().replace("ё", "е"),
    )


def directions_known(tx: "Transaction") -> list[str]:
    """Every direction that any person has, by name."""
    return sorted({direction for person in people.all_persons(tx.connection) for direction in person.directions})


def check_keeper(actor: Actor) -> None:
    """Raise ForbiddenError for anybody but those who keep the database (clause 2.6)."""
    if not actor.holds("secretary", "admin"):
        raise ForbiddenError("Базу экспертов ведёт ответственный секретарь.")


def check_card(tx: "Transaction", person: Person, entry: ExpertEntry) -> dict[str, list[str]]:
    """What is wrong with a card, by field."""
    found: dict[str, list[str]] = {}
    today = day_of(tx.now)
    for key in ("position", "degree", "academic_rank"):
        if len(getattr(person, key)) > _LONGEST:
            found[key] = [f"Не длиннее {_LONGEST} знаков."]
    if any(len(direction) > _LONGEST for direction in person.directions):
        found["directions"] = [f"Направление не длиннее {_LONGEST} знаков."]
    if person.organization and people.find_organization(tx.connection, person.organization) is None:
        found["organization"] = ["Организации с таким ИНН в системе нет. Её вносит администратор."]
    for key, name in (("consent_on", "Согласие"), ("included_on", "Включение")):
        value = getattr(entry, key)
        if value and value > today:
            found[key] = [f"{name} не может быть датировано будущим днём."]
    if entry.included_on and not entry.protocol.strip():
        found["protocol"] = ["Укажите номер протокола, которым эксперт включён в базу."]
    return found


def _state(person: Person, entry: ExpertEntry, *, is_member: bool) -> str:
    if entry.is_excluded:
        return "excluded"
    if not is_member:
        return "outside"
    return "active" if person.meets_requirements else "not_ready"


def _words(row: dict[str, Any]) -> str:
    person, employer = row["person"], row["organization"]
    parts: Sequence[str] = (
        person.login,
        person.full_name,
        person.position,
        *person.directions,
        *((employer.full_name, employer.short_name, employer.inn) if employer else ()),
    )
    return " ".join(parts).casefold().replace("ё", "е")
