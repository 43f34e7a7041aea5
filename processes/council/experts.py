"""The experts' database as the chair sees it before an appointment (clauses 2.6, 4.6; A-14, A-15, A-16)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from engine.database import Connection
from processes.council.conflicts import blocking, conflicts_of
from processes.council.model import LEADERSHIP, Conflict, Role, Subject
from processes.council.people import day_of
from processes.council.records import appointments, compositions, people

Decide = Callable[[Mapping[str, Any]], Mapping[str, Any]]

#: Why a person is not eligible, in words.
REASONS = {
    "not_a_member": "не входит в состав КЭС",
    "leadership": "председатель, заместитель и секретарь экспертами не назначаются",
    "conflict_of_interest": "конфликт интересов",
    "criteria_not_met": "не отвечает требованиям к экспертам",
    "already_seated": "уже назначен экспертом этого дела",
    "absent": "отсутствует в этот день",
}


def judge_eligibility(names: Mapping[str, Any]) -> dict[str, Any]:
    """The rule of the table `expert_eligibility`, for where no case's own table is at hand.

    `{"eligible", "reason"}`.
    """
    if not names["is_member"] or not names["council_role"]:
        return {"eligible": False, "reason": "not_a_member"}
    if names["council_role"] in {role.value for role in LEADERSHIP}:
        return {"eligible": False, "reason": "leadership"}
    if names["has_conflict"]:
        return {"eligible": False, "reason": "conflict_of_interest"}
    if not names["meets_criteria"]:
        return {"eligible": False, "reason": "criteria_not_met"}
    if names["already_seated"]:
        return {"eligible": False, "reason": "already_seated"}
    return {"eligible": True, "reason": ""}


def expert_pool(
    connection: Connection,
    subject: Subject | None,
    on: datetime,
    *,
    seated: Sequence[str] = (),
    decide: Decide = judge_eligibility,
) -> list[dict[str, Any]]:
    """Every member of the composition with load, conflict and eligibility.

    The eligible first, the least loaded of them first.

    Items: `login`, `name`, `position`, `degree`, `organization`, `directions`, `role`, `active` and `recent` (12
    months) appointments, `declined`, `last_appointed_at`, `days_since` (null where never), `conflict` (`kind`,
    `reason`, `blocking`) or null, `eligible`, `why_not`, `suggested` (three, of three organisations where possible).
    """
    day = day_of(on)
    composition = compositions.composition_on(connection, day)
    if composition is None:
        return []
    persons = people.find_persons(connection, composition.logins)
    organizations = people.all_organizations(connection)
    disclosures = people.disclosures_on(connection, day)
    load = appointments.load_since(connection, on - timedelta(days=365))
    pool: list[dict[str, Any]] = []
    for member in composition.members:
        person = persons[member.login]
        found = conflicts_of(person, subject, organizations, disclosures) if subject else []
        verdict = decide(
            {
                "is_member": True,
                "council_role": member.role.value,
                "has_conflict": blocking(found) is not None,
                "meets_criteria": person.meets_requirements,
                "already_seated": member.login in seated,
            }
        )
        work = load.get(member.login, {"active": 0, "recent": 0, "declined": 0, "last": None})
        last = work["last"]
        employer = organizations.get(person.organization or "")
        pool.append(
            {
                "login": person.login,
                "name": person.full_name,
                "position": person.position,
                "degree": person.degree,
                "organization": employer.short_name if employer else None,
                "directions": list(person.directions),
                "role": member.role.value,
                "active": work["active"],
                "recent": work["recent"],
                "declined": work["declined"],
                "last_appointed_at": last.isoformat() if last else None,
                "days_since": (day - day_of(last)).days if last else None,
                "conflict": _describe(found[0]) if found else None,
                "eligible": bool(verdict["eligible"]),
                "why_not": REASONS.get(str(verdict["reason"]), str(verdict["reason"]))
                if not verdict["eligible"]
                else None,
                "suggested": False,
            }
        )
    pool.sort(key=lambda e: (not e["eligible"], e["role"] != Role.MEMBER.value, e["active"], e["recent"], e["login"]))
    _suggest(pool, subject)
    return pool


def _describe(conflict: Conflict) -> dict[str, Any]:
    return {"kind": conflict.kind, "reason": conflict.reason, "blocking": conflict.blocking}


def _suggest(pool: list[dict[str, Any]], subject: Subject | None) -> None:
    direction = subject.direction if subject else ""
    candidates = [e for e in pool if e["eligible"] and e["conflict"] is None]
    candidates.sort(key=lambda e: (e["active"], direction not in e["directions"], e["recent"], e["login"]))
    chosen: list[dict[str, Any]] = []
    employers: set[str] = set()
    for expert in candidates:
        if len(chosen) < 3 and (expert["organization"] is None or expert["organization"] not in employers):
            chosen.append(expert)
            employers.add(str(expert["organization"]))
    for expert in chosen:
        expert["suggested"] = True
