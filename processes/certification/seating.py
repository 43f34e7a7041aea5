"""Appointing experts: who may sit on a case, asked of the case's own decision table (clause 4.6; A-14, A-15, A-16)."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.calls import Call
from engine.errors import InvalidError
from processes.certification.post import application_of
from processes.council.conflicts import blocking, conflicts_of
from processes.council.experts import REASONS
from processes.council.model import Subject
from processes.council.people import day_of
from processes.council.records import appointments, compositions, people


def subject_of(data: Mapping[str, Any]) -> Subject:
    """What an expert would judge, from the application; blanks in a draft are left out."""
    authors = tuple(str(a.get("name")) for a in data.get("authors") or () if a.get("name"))
    return Subject(
        inn=str((data.get("organization") or {}).get("inn") or ""),
        authors=authors,
        practice_bases=tuple(str(base) for base in data.get("practice_bases") or () if base),
        direction=str((data.get("depository") or {}).get("direction") or ""),
    )


def check_candidates(call: Call, logins: Sequence[str], field: str, *, seated: Sequence[str] = ()) -> None:
    """Raise InvalidError unless everybody named may be an expert of this case; a conflict is `conflict_of_interest`."""
    day = day_of(call.now)
    composition = compositions.composition_on(call.connection, day)
    persons = people.find_persons(call.connection, logins)
    organizations = people.all_organizations(call.connection)
    disclosures = people.disclosures_on(call.connection, day)
    subject = subject_of(application_of(call)["data"])
    gone = {row["login"] for row in appointments.of_case(call.connection, call.case_id) if row["outcome"] == "declined"}
    messages: list[str] = []
    conflicted: list[str] = []
    for login in logins:
        person = persons.get(login)
        role = composition.role_of(login) if composition else None
        found = conflicts_of(person, subject, organizations, disclosures) if person else []
        verdict = call.decide(
            "expert_eligibility",
            {
                "is_member": role is not None,
                "council_role": role.value if role else "",
                "has_conflict": blocking(found) is not None,
                "meets_criteria": person.meets_requirements if person else False,
                "already_seated": login in seated,
            },
        )
        if not verdict["eligible"]:
            reason = str(verdict["reason"])
            text = found[0].reason if reason == "conflict_of_interest" else REASONS.get(reason, reason)
            messages.append(f"{login}: {text}. Назначьте другого эксперта.")
            if reason == "conflict_of_interest":
                conflicted.append(login)
        elif login in gone:
            messages.append(f"{login}: уже отказался от экспертизы этого дела. Назначьте другого эксперта.")
    if conflicted:
        title = f"Конфликт интересов: {', '.join(conflicted)}."
        raise InvalidError(title, errors={field: messages}, slug="conflict_of_interest")
    if messages:
        raise InvalidError("Эксперты не назначены: проверьте состав.", errors={field: messages})
