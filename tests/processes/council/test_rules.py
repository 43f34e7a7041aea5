"""Quorum, composition, substitution, conflict of interest, readings, by values alone (sections 2 and 3)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.council.conflicts import blocking, conflicts_of, fold, is_same_name, names_organization, root_of
from processes.council.model import (
    Category,
    Composition,
    Disclosure,
    Member,
    Organization,
    Person,
    Role,
    Subject,
    Substitution,
)
from processes.council.readings import DEFAULTS, READINGS, check_changes
from processes.council.rules import (
    check_composition,
    check_substitution,
    quorum_needed,
)

TODAY = date(2026, 1, 12)
NOW = datetime(2026, 1, 12, 6, tzinfo=UTC)
LEADERS = (
    Member("chair", Role.CHAIR, Category.MINISTRY),
    Member("deputy", Role.DEPUTY, Category.MINISTRY),
    Member("secretary", Role.SECRETARY, Category.MINISTRY),
)
PLAIN = tuple(Member(f"member{n:02}", Role.MEMBER, Category.PUBLIC) for n in range(1, 22))
COUNCIL = Composition("c", "508", date(2020, 2, 10), date(2020, 2, 10), None, (*LEADERS, *PLAIN))


@pytest.mark.parametrize(("total", "needed"), [(24, 17), (23, 16), (22, 15), (21, 15), (20, 14), (3, 3), (1, 1)])
def test_more_than_two_thirds_make_a_quorum(total: int, needed: int) -> None:
    assert quorum_needed(total) == needed


@given(st.integers(1, 500))
def test_a_quorum_is_the_least_number_above_two_thirds(total: int) -> None:
    needed = quorum_needed(total)
    assert 3 * needed > 2 * total
    assert 3 * (needed - 1) <= 2 * total


@pytest.mark.parametrize(
    ("members", "valid_from", "field"),
    [
        ((*LEADERS[1:], *PLAIN), TODAY, "members"),
        ((*LEADERS, Member("x", Role.CHAIR, Category.PUBLIC)), TODAY, "members"),
        (LEADERS[:2], TODAY, "members"),
        ((*LEADERS, PLAIN[0], PLAIN[0]), TODAY, "members"),
        ((*LEADERS, Member("x", Role.MEMBER)), TODAY, "members"),
        ((*LEADERS, *PLAIN), date(2026, 1, 11), "valid_from"),
    ],
)
def test_a_composition_is_one_chair_one_deputy_one_secretary_and_not_back_dated(
    members: Any, valid_from: date, field: str
) -> None:
    assert check_composition((*LEADERS, *PLAIN), TODAY, TODAY) == {}
    assert list(check_composition(members, valid_from, TODAY)) == [field]


def stands_in(absent: str = "chair", deputy: str = "deputy", **more: Any) -> Substitution:
    values = {"since": TODAY, "until": date(2026, 1, 20), "basis": "приказ № 7", **more}
    return Substitution("s", absent, deputy, entered_by="admin", entered_at=NOW, **values)


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (stands_in(basis=" "), "basis"),
        (stands_in(until=date(2026, 1, 11)), "until"),
        (stands_in(since=date(2026, 1, 1), until=date(2026, 1, 10)), "until"),
        (stands_in(absent="member01", deputy="member02"), "absent"),
        (stands_in(absent="ministry"), "absent"),
        (stands_in(deputy="chair"), "deputy"),
        (stands_in(deputy="ministry"), "deputy"),
    ],
)
def test_a_substitution_rests_on_a_document_and_stays_within_the_council(new: Substitution, field: str) -> None:
    assert list(check_substitution(new, [], COUNCIL, TODAY)) == [field]


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (stands_in(deputy="member01"), "absent"),
        (stands_in("secretary", "chair"), "deputy"),
        (stands_in("deputy", "member01"), "absent"),
    ],
)
def test_substitutions_do_not_overlap(new: Substitution, field: str) -> None:
    assert list(check_substitution(new, [stands_in()], COUNCIL, TODAY)) == [field]
    later = Substitution("s", new.absent, new.deputy, date(2026, 1, 21), date(2026, 1, 22), "приказ", "admin", NOW)
    assert check_substitution(later, [stands_in()], COUNCIL, TODAY) == {}


def test_a_revoked_substitution_is_not_in_the_way() -> None:
    assert check_substitution(stands_in(deputy="member01"), [stands_in(revoked_at=NOW)], COUNCIL, TODAY) == {}


ORGANIZATIONS = {
    o.inn: o
    for o in (
        Organization("1", "Университет «Берег»", "Берег-У"),
        Organization("2", "Филиал «Берега» в Дальнем", "ДФ Берега", "1"),
        Organization("3", "Другой филиал", "Другой", "1"),
        Organization("4", "Колледж «Мыс»", "Мыс", "5"),
        Organization("5", "Петля «Залив»", "Залив", "4"),
    )
}


def person(employer: str | None, **more: Any) -> Person:
    return Person("m", "Ёлкина", "Мария", "Петровна", organization=employer, **more)


@pytest.mark.parametrize(
    ("employer", "applicant", "expected"),
    [
        ("1", "1", True),
        ("2", "1", True),
        ("1", "3", True),
        ("2", "3", True),
        ("4", "1", False),
        ("5", "4", True),
    ],
)
def test_employer_parent_and_branch_are_found_by_key(employer: str, applicant: str, expected: bool) -> None:
    found = conflicts_of(person(employer), Subject(applicant), ORGANIZATIONS)
    assert (blocking(found) is not None) == expected


def test_a_loop_of_parents_ends() -> None:
    assert root_of("4", ORGANIZATIONS) == root_of("5", ORGANIZATIONS) == "4"


@pytest.mark.parametrize(
    ("author", "same"),
    [
        ("Елкина Мария Петровна", True),
        ("ЁЛКИНА М.П.", True),
        ("Ёлкина М.", True),
        ("Ёлкина Анна Петровна", False),
        ("Ёлкин Мария Петровна", False),
        ("Ёлкина М.А.", False),
        ("Ёлкина", False),
        ("", False),
    ],
)
def test_an_author_is_recognised_by_name_and_initials(author: str, same: bool) -> None:
    assert is_same_name("Ёлкина Мария Петровна", author) == same


def test_a_practice_base_is_recognised_as_written() -> None:
    organization = ORGANIZATIONS["1"]
    assert names_organization("кафедра, УНИВЕРСИТЕТ «БЕРЕГ»", organization)
    assert names_organization("Берег-У", organization)
    assert not names_organization("Побережье", organization)
    assert fold("Ёж, «Ёж»!") == "еж еж"


def test_a_past_employment_warns_and_a_declared_relation_blocks() -> None:
    past = conflicts_of(person("4"), Subject("1"), ORGANIZATIONS, [Disclosure("m", "2", "past_employment")])
    assert [c.blocking for c in past] == [False]
    kin = conflicts_of(person("4"), Subject("1"), ORGANIZATIONS, [Disclosure("m", "1", "relative")])
    assert [c.blocking for c in kin] == [True]
    assert conflicts_of(person("4"), Subject("1"), ORGANIZATIONS, [Disclosure("other", "1", "relative")]) == []


def test_readings_offer_their_default_and_no_value_unasked() -> None:
    assert len({r.key for r in READINGS}) == len(READINGS)
    assert DEFAULTS["quorum.base"] == "all"
    assert check_changes({"quorum.base": "members_only"}) == {}
    assert list(check_changes({"quorum.base": "half", "nothing": 1, "threshold.num": 74})) == [
        "quorum.base",
        "nothing",
        "threshold.num",
    ]
    assert list(check_changes({"conclusions.returns": True})) == ["conclusions.returns"]
    assert list(check_changes({})) == ["values"]
