"""Two who administer the same in the same moment: both changes stand, or the later one is judged by the earlier."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from threading import Thread
from typing import Any, Final

import sqlalchemy as sa

from engine.doors import perform
from engine.errors import RefusedError
from engine.runtime import Runtime, Transaction
from processes.council import personnel
from processes.council import use_cases as council
from processes.council.model import Period
from processes.council.people import actor_of
from processes.council.records import people

#: How long (seconds) the other one may be at it before the first goes on: who has to wait for the first waits longer.
_HEAD_START: Final = 0.2

Act = Callable[[Transaction, Any], object]


def said(runtime: Runtime, login: str, act: Act) -> str:
    """What an act of somebody was answered with, in a word."""
    try:
        perform(runtime, lambda tx: act(tx, actor_of(tx.connection, login, tx.now)))
    except RefusedError as error:
        return error.slug_
    return "ok"


def together(runtime: Runtime, mine: tuple[str, Act], theirs: tuple[str, Act]) -> list[str]:
    """Both acts, the other one begun when the first is about to write."""
    words: list[str] = []
    other = Thread(target=lambda: words.append(said(runtime, *theirs)))

    def begin(_connection: object, _cursor: object, text: str, *_rest: object) -> None:
        if text.startswith(("UPDATE", "INSERT")) and other.ident is None:
            other.start()
            other.join(_HEAD_START)

    sa.event.listen(runtime.database.engine, "before_cursor_execute", begin)
    words.append(said(runtime, *mine))
    other.join()
    sa.event.remove(runtime.database.engine, "before_cursor_execute", begin)
    return sorted(words)


def rename(tx: Transaction, actor: Any) -> None:
    """Correct a person's post."""
    person = personnel.find_person(tx, "member01")
    personnel.change_person(tx, replace(person, position="методист"), actor=actor)


def roles(login: str, *wanted: str) -> Act:
    """Give a person these roles for good, and no other."""
    return lambda tx, actor: personnel.set_roles(tx, login, dict.fromkeys(wanted, Period()), actor=actor)


def test_a_role_taken_away_does_not_come_back_with_another_change_of_the_person(runtime: Runtime) -> None:
    assert said(runtime, "admin", roles("member01", "auditor")) == "ok"
    assert together(runtime, ("admin", rename), ("admin", roles("member01"))) == ["ok", "ok"]
    with runtime.reading() as tx:
        person = personnel.find_person(tx, "member01")
    assert (person.position, person.roles) == ("методист", frozenset())


def test_of_two_administrators_who_take_the_right_from_each_other_one_remains(runtime: Runtime) -> None:
    assert said(runtime, "admin", roles("member01", "admin")) == "ok"
    together(runtime, ("admin", roles("member01")), ("member01", roles("admin")))
    with runtime.reading() as tx:
        assert sum("admin" in person.roles for person in people.all_persons(tx.connection)) == 1


def test_of_two_substitutions_of_one_person_for_the_same_days_one_is_entered(runtime: Runtime) -> None:
    def absent(tx: Transaction, actor: Any) -> None:
        period = {"since": date(2026, 1, 19), "until": date(2026, 1, 23)}
        council.add_substitution(tx, absent="chair", deputy="deputy", basis="приказ № 3", actor=actor, **period)

    assert together(runtime, ("admin", absent), ("chair", absent)) == ["invalid", "ok"]
