"""Two who administer the same in the same moment: both changes stand, or the later one is judged by the earlier."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from engine.runtime import Runtime, Transaction
from handlers.commands.accounts import let_in
from processes.council import personnel
from processes.council import use_cases as council
from processes.council.model import Period, Person
from processes.council.people import actor_of
from processes.council.records import people
from tests.together import Act, said, together


def by(login: str, act: Callable[[Transaction, Any], object]) -> Act:
    """An act in somebody's name."""
    return lambda tx: act(tx, actor_of(tx.connection, login, tx.now))


def rename(tx: Transaction, actor: Any) -> None:
    """Correct a person's post."""
    person = personnel.find_person(tx, "member01")
    personnel.change_person(tx, replace(person, position="методист"), actor=actor)


def roles(actor: str, login: str, *wanted: str) -> Act:
    """Give a person these roles for good, and no other."""
    given = dict.fromkeys(wanted, Period())
    return by(actor, lambda tx, found: personnel.set_roles(tx, login, given, actor=found))


def test_of_two_who_enter_the_same_login_one_is_told_that_it_is_taken(runtime: Runtime) -> None:
    enter = by("admin", lambda tx, actor: personnel.add_person(tx, Person("anna", "Черновая", "Анна"), actor=actor))
    assert together(runtime, enter, enter) == ["login_taken", "ok"]


def test_of_a_page_and_the_command_that_enter_the_same_login_neither_writes_over_the_other(runtime: Runtime) -> None:
    page = by("admin", lambda tx, actor: personnel.add_person(tx, Person("anna", "Черновая", "Анна"), actor=actor))
    known = Person("anna", "Белова", "Анна", roles=frozenset({"admin"}))
    assert together(runtime, page, lambda tx: let_in(tx, known, "a" * 12)) == ["conflict", "ok"]


def test_a_role_taken_away_does_not_come_back_with_another_change_of_the_person(runtime: Runtime) -> None:
    assert said(runtime, roles("admin", "member01", "auditor")) == "ok"
    assert together(runtime, by("admin", rename), roles("admin", "member01")) == ["ok", "ok"]
    with runtime.reading() as tx:
        person = personnel.find_person(tx, "member01")
    assert (person.position, person.roles) == ("методист", frozenset())


def test_of_two_administrators_who_take_the_right_from_each_other_one_remains(runtime: Runtime) -> None:
    assert said(runtime, roles("admin", "member01", "admin")) == "ok"
    together(runtime, roles("admin", "member01"), roles("member01", "admin"))
    with runtime.reading() as tx:
        assert sum("admin" in person.roles for person in people.all_persons(tx.connection)) == 1


def test_of_two_substitutions_of_one_person_for_the_same_days_one_is_entered(runtime: Runtime) -> None:
    def absent(tx: Transaction, actor: Any) -> None:
        period = {"since": date(2026, 1, 19), "until": date(2026, 1, 23)}
        council.add_substitution(tx, absent="chair", deputy="deputy", basis="приказ № 3", actor=actor, **period)

    assert together(runtime, by("admin", absent), by("chair", absent)) == ["invalid", "ok"]
