"""The rules of a meeting, in numbers: coverage, base, casting vote, orders (clauses 3.4, 3.6, 4.8, 4.10)."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from processes.council_meeting.model import (
    Entry,
    Form,
    Kind,
    Member,
    Outcome,
    Plan,
    Point,
    Presiding,
    Sheet,
    State,
    Vote,
)
from processes.council_meeting.rules import (
    all_votes,
    attendance,
    check_entry,
    check_order,
    check_plan,
    check_presence,
    check_recommendations,
    count,
    presides,
    why_closed,
)

TEN = frozenset(f"m{n}" for n in range(10))
NOW = datetime(2026, 1, 12, 6, 0, tzinfo=UTC)


def sheet(**more: object) -> Sheet:
    given_values: dict[str, object] = {"participants": TEN, "counted": TEN | {"far"}, "casting": "m0", **more}
    return Sheet(**given_values)  # type: ignore[arg-type]


def votes(value: Vote, *logins: str) -> dict[str, Vote]:
    return dict.fromkeys(logins or sorted(TEN), value)


def test_a_plan_is_of_today_or_later_with_each_case_once() -> None:
    twice = tuple(Point(n, Kind.CERTIFICATION, "", "c1") for n in (1, 2))
    errors = check_plan(Plan(Form.IN_PERSON, date(2026, 1, 11), None, twice), NOW)
    assert set(errors) == {"date", "agenda.1.case"}
    assert check_plan(Plan(Form.IN_PERSON, date(2026, 1, 12), None, twice[:1]), NOW) == {}
    assert set(check_plan(Plan(Form.IN_PERSON, date(2026, 1, 12), NOW, ()), NOW)) == {"closes_at", "agenda"}
    never = datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone(timedelta(hours=-11)))
    assert set(check_plan(Plan(Form.ABSENTEE, never.date(), never, twice[:1]), NOW)) == {"date", "closes_at"}


def test_the_absent_and_outsiders_are_not_present() -> None:
    members = {"a": Member("a", "A", "A", "chair", absent=True), "b": Member("b", "B", "B", "member")}
    assert check_presence(["b"], members) == {}
    assert len(check_presence(["a", "b", "b", "z"], members)["present"]) == 3


def test_the_chair_presides_or_a_present_stand_in() -> None:
    chair, away = Member("c", "C", "C", "chair"), Member("c", "C", "C", "chair", absent=True)
    acting = Presiding("d", "c", "приказ")
    assert presides({"c", "d"}, [chair], []) == Presiding("c")
    assert presides({"d"}, [away], [acting]) == acting
    assert presides({"d"}, [chair], []) is None
    assert presides({"e"}, [away], [acting]) is None


def test_every_participant_is_covered_once() -> None:
    entry = Entry(votes=votes(Vote.FOR, "m1", "m2"), recused=("m3",))
    errors = check_entry(sheet(own={"m4": Vote.AGAINST}), entry, quorate=True)
    assert set(errors) == {f"votes.m{n}" for n in (0, 5, 6, 7, 8, 9)}


def test_an_own_vote_is_not_overruled_nor_recused_nor_left() -> None:
    own = {"m1": Vote.FOR, "m2": Vote.FOR, "m3": Vote.FOR}
    entry = Entry(votes={**votes(Vote.FOR), "m1": Vote.AGAINST}, recused=("m2",), left=("m3",))
    errors = check_entry(sheet(own=own), entry, quorate=True)
    assert set(errors) == {"votes.m1", "votes.m2", "votes.m3", "recused", "left"}
    assert check_entry(sheet(own=own), Entry(votes=votes(Vote.FOR)), quorate=True) == {}


def test_in_the_absentee_form_the_secretary_adds_no_vote() -> None:
    absentee = sheet(own={"m1": Vote.FOR}, absentee=True)
    assert set(check_entry(absentee, Entry(votes={"m2": Vote.ABSTAIN}), quorate=True)) == {"votes.m2"}
    assert check_entry(absentee, Entry(), quorate=True) == {}
    assert all_votes(absentee, Entry(recused=("m9",)))["m2"] is Vote.ABSTAIN
    assert count(absentee, Entry(recused=("m9",)), quorate=True).base == 9


def test_the_recused_stand_in_the_quorum_and_not_in_the_base() -> None:
    entry = Entry(votes=votes(Vote.FOR), recused=("m1", "m2"), left=("m3",))
    assert attendance(sheet(), entry) == {"present": 9, "total": 11}
    assert count(sheet(), entry, quorate=True).base == 7


@pytest.mark.parametrize(
    ("for_", "against", "chair", "casting"),
    [
        (4, 4, Vote.FOR, Vote.FOR),
        (4, 4, Vote.AGAINST, Vote.AGAINST),
        (4, 4, Vote.ABSTAIN, None),
        (5, 4, Vote.FOR, None),
        (0, 0, Vote.ABSTAIN, None),
    ],
)
def test_the_chairs_vote_is_wanted_only_where_for_equals_against(
    for_: int, against: int, chair: Vote, casting: Vote | None
) -> None:
    cast = dict.fromkeys(TEN, Vote.ABSTAIN)
    order = ["m0", *sorted(TEN - {"m0"})] if chair is not Vote.ABSTAIN else [*sorted(TEN - {"m0"}), "m0"]
    wanted = [Vote.FOR] * for_ + [Vote.AGAINST] * against
    wanted.sort(key=lambda vote: vote is not chair)
    cast.update(zip(order, wanted, strict=False))
    tally = count(sheet(), Entry(votes=cast), quorate=True)
    assert (tally.votes_for, tally.votes_against, tally.casting) == (for_, against, casting)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({}, None),
        ({"state": State.PENDING}, "not_open"),
        ({"state": State.DECIDED}, "not_open"),
        ({"is_stopped": True}, "not_open"),
        ({"recused": {"m1"}}, "recused"),
        ({"login": "far"}, "not_present"),
        ({"present": {"m1": 3}}, None),
        ({"present": {"m1": 2}}, "not_present"),
        ({"present": {"m1": 1}}, "not_present"),
    ],
)
def test_a_vote_in_person_is_taken_of_the_present_while_the_item_is_open(
    changed: dict[str, Any], reason: str | None
) -> None:
    given_values: dict[str, Any] = {"state": State.VOTING, "present": {"m1": None}, "login": "m1", **changed}
    closed = why_closed(2, is_absentee=False, takes_ballots=False, closes_at=None, now=NOW, **given_values)
    assert closed == reason


@pytest.mark.parametrize(
    ("takes_ballots", "left", "reason"),
    [
        (True, timedelta(microseconds=1), None),
        (True, timedelta(0), "not_open"),
        (True, timedelta(seconds=-1), "not_open"),
        (False, timedelta(days=1), "not_open"),
    ],
)
def test_a_ballot_is_taken_until_the_closing_instant(takes_ballots: bool, left: timedelta, reason: str | None) -> None:
    closed = why_closed(
        1,
        State.VOTING,
        is_absentee=True,
        takes_ballots=takes_ballots,
        closes_at=NOW + left,
        now=NOW,
        present={},
        login="m1",
    )
    assert closed == reason


def test_without_a_quorum_no_vote_is_wanted() -> None:
    assert check_entry(sheet(), Entry(left=("m1",)), quorate=False) == {}


def test_a_refusal_carries_recommendations_and_none_is_blank() -> None:
    assert set(check_recommendations(Outcome.REFUSE, Entry())) == {"recommendations"}
    assert set(check_recommendations(Outcome.GRANT, Entry(recommendations=(" ",)))) == {"recommendations"}
    assert check_recommendations(Outcome.REFUSE, Entry(recommendations=("Дополнить план",))) == {}


def test_an_order_lies_between_the_meeting_and_today() -> None:
    days = {"decided": ["c1"], "held_on": date(2026, 1, 10), "today": date(2026, 1, 12)}
    assert check_order("7", date(2026, 1, 12), ["c1"], **days) == {}  # type: ignore[arg-type]
    assert set(check_order(" ", date(2026, 1, 13), ["c2"], **days)) == {"number", "signed_on", "approved.c2"}  # type: ignore[arg-type]
    assert set(check_order("7", date(2026, 1, 9), [], **days)) == {"signed_on"}  # type: ignore[arg-type]
