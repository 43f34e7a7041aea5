"""Whom the chair may appoint or seat anew: members, free of conflict, fit, not yet asked (2.5, 4.6; A-14 to A-16)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.errors import ForbiddenError, InvalidError
from processes.certification import use_cases
from processes.council.model import Disclosure
from processes.council.records import people
from tests.processes.certification.office import Office
from tests.processes.certification.stages import at_experts, fields


@pytest.mark.parametrize(
    ("logins", "words"),
    [
        (["member02", "member03"], "ровно трёх"),
        (["member02", "member03", "member04", "member05"], "ровно трёх"),
        (["member02", "member02", "member03"], "разными"),
        (["member02", "member03", "ministry"], "не входит в состав"),
        (["member02", "member03", "nobody"], "не входит в состав"),
        (["member02", "member03", "chair"], "экспертами не назначаются"),
        (["deputy", "member03", "member04"], "экспертами не назначаются"),
        (["member02", "secretary", "member04"], "экспертами не назначаются"),
    ],
)
def test_exactly_three_different_members_are_appointed(office: Office, logins: list[str], words: str) -> None:
    case = at_experts(office)
    with pytest.raises(InvalidError) as refused:
        office.appoint(case, logins)
    assert fields(refused) == {"experts"}
    assert words in refused.value.errors["experts"][0]
    assert office.kinds(case)[-1] == "act.refused"


def check_conflict(office: Office, case: str, login: str, field: str = "experts") -> None:
    with pytest.raises(InvalidError) as refused:
        office.appoint(case, [login, "member03", "member04"])
    assert refused.value.slug_ == "conflict_of_interest"
    assert login in refused.value.message
    assert login in refused.value.errors[field][0]


def test_an_expert_does_not_judge_the_own_employer(office: Office) -> None:
    check_conflict(office, at_experts(office), "member01")


def test_an_expert_does_not_judge_an_own_programme(office: Office) -> None:
    authors = [{"name": "Макетов И.Л.", "position": "доцент", "degree": "", "rank": ""}]
    check_conflict(office, at_experts(office, authors=authors), "member02")


def test_an_expert_does_not_judge_where_the_employer_is_a_practice_base(office: Office) -> None:
    check_conflict(office, at_experts(office, practice_bases=["Университет «Эталон-Демо»"]), "member02")


def test_an_expert_of_a_branch_does_not_judge_where_the_parent_is_a_practice_base(office: Office) -> None:
    check_conflict(office, at_experts(office, practice_bases=["университет «эталон-демо», корпус 2"]), "member10")


def test_a_declared_relation_forbids_and_a_past_employment_is_only_shown(office: Office) -> None:
    case = at_experts(office)
    with office.runtime.transaction() as tx:
        people.add_disclosure(tx.connection, Disclosure("member02", "2399000026", "relative"), at=tx.now)
        people.add_disclosure(tx.connection, Disclosure("member03", "2399000026", "past_employment"), at=tx.now)
    check_conflict(office, case, "member02")
    pool = {e["login"]: e for e in office.shown(case, "appoint_experts", "chair")["pool"]}
    assert pool["member03"]["eligible"]
    assert pool["member03"]["conflict"] == {
        "kind": "past_employment",
        "reason": "раньше работал у заявителя",
        "blocking": False,
    }
    office.appoint(case, ["member03", "member04", "member05"])


def test_the_pool_shows_load_conflict_and_whom_to_appoint(office: Office) -> None:
    office.ready(office.submit())
    case = at_experts(office)
    pool = {
        e["login"]: e for e in office.act("chair", lambda tx, actor: use_cases.expert_pool_of(tx, case, actor=actor))
    }
    assert len(pool) == 24
    assert (pool["member02"]["recent"], pool["member02"]["active"], pool["member02"]["days_since"]) == (1, 0, 0)
    assert pool["member01"]["conflict"]["kind"] == "employer"
    assert not pool["member01"]["eligible"]
    assert not pool["chair"]["eligible"]
    assert [e["login"] for e in pool.values() if e["suggested"]] == ["member05", "member06", "member21"]
    with pytest.raises(ForbiddenError):
        office.act("member02", lambda tx, actor: use_cases.expert_pool_of(tx, case, actor=actor))


def test_an_expert_who_does_not_meet_the_requirements_is_not_appointed(office: Office) -> None:
    case = at_experts(office)
    with office.runtime.transaction() as tx:
        person = people.find_person(tx.connection, "member02")
        assert person is not None
        people.save_person(tx.connection, replace(person, meets_requirements=False))
    with pytest.raises(InvalidError) as refused:
        office.appoint(case)
    assert "не отвечает требованиям" in refused.value.errors["experts"][0]


def test_the_chair_frees_a_seat_only_after_the_term(office: Office) -> None:
    case = at_experts(office)
    office.appoint(case)
    with pytest.raises(ForbiddenError):
        office.decline(case, "member02", "chair", "не отвечает")
    with pytest.raises(ForbiddenError):
        office.decline(case, "member02", "secretary", "не отвечает")
    office.move_to(datetime(2026, 1, 27, 6, 0, tzinfo=UTC))
    late = [each for each in office.letters(case, "task_overdue") if "Исполнитель: Макетов" in each["body"]]
    assert {each["login"] for each in late} == {"chair", "member02"}
    office.decline(case, "member02", "chair", "не отвечает")
    assert office.task(case, "replace_expert")
    assert [each["login"] for each in office.letters(case, "expert_released")] == ["member02"]


@pytest.mark.parametrize("login", ["member02", "member03", "member01", "chair", "nobody"])
def test_a_replacement_keeps_the_rules_of_an_appointment(office: Office, login: str) -> None:
    case = at_experts(office)
    office.appoint(case)
    office.decline(case, "member02", "member02")
    with pytest.raises(InvalidError) as refused:
        office.complete(case, "replace_expert", "chair", {"expert": login})
    assert fields(refused) == {"expert"}
