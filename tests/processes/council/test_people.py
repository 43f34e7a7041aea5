"""Who acts, by date and basis; composition by order; readings by protocol (sections 2 and 3), on each database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from engine.actors import Actor
from engine.errors import ForbiddenError, InvalidError, NotFoundError
from engine.runtime import Transaction
from processes.council import relations
from processes.council import use_cases as council
from processes.council.experts import expert_pool
from processes.council.model import Category, Disclosure, Member, Role, Subject
from processes.council.people import actor_of, holders, members_on, name_of, presiding
from processes.council.records import appointments, compositions, library, people, readings
from processes.demo import LOGINS, demo_persons

TODAY = date(2026, 1, 12)


def actor(tx: Transaction, login: str, on: datetime | None = None) -> Actor:
    found = actor_of(tx.connection, login, on or tx.now)
    assert found is not None
    return found


def substitute(tx: Transaction, absent: str, deputy: str, by: str = "chair", **more: Any) -> dict[str, Any]:
    values = {"since": TODAY, "until": date(2026, 1, 20), "basis": "приказ № 7", **more}
    return council.add_substitution(tx, absent=absent, deputy=deputy, actor=actor(tx, by), **values)


def test_the_demo_council_has_twenty_four_invented_people(tx: Transaction) -> None:
    composition = members_on(tx.connection, TODAY)
    assert composition is not None
    assert len(composition.members) == 24
    assert all("вымышленное лицо" in person.position for person in demo_persons())
    assert {person.login for person in demo_persons()} == set(LOGINS)
    assert len(LOGINS) == 31


@pytest.mark.parametrize(
    ("login", "groups"),
    [
        ("chair", {"chair", "member"}),
        ("deputy", {"deputy", "member"}),
        ("secretary", {"secretary", "member"}),
        ("member01", {"member", "expert"}),
        ("applicant1", {"applicant"}),
        ("ministry", {"ministry"}),
        ("analyst1", {"analyst"}),
    ],
)
def test_groups_come_from_the_composition_and_the_account(tx: Transaction, login: str, groups: set[str]) -> None:
    assert actor(tx, login).all_groups == groups


def test_only_an_applicant_owns_an_organisations_cases(tx: Transaction) -> None:
    assert actor(tx, "applicant1").owner == "org:2399000026"
    assert actor(tx, "member01").owner is None
    assert actor(tx, "member01").details["organization"] == actor(tx, "applicant1").details["organization"]
    assert actor_of(tx.connection, "nobody", tx.now) is None
    assert name_of(tx.connection, "system") == "Система"


def test_nobody_is_of_the_council_before_its_order(tx: Transaction) -> None:
    before = datetime(2020, 2, 9, 20, 59, tzinfo=UTC)
    assert actor(tx, "chair", before).all_groups == set()
    assert actor(tx, "chair", before + timedelta(minutes=1)).all_groups == {"chair", "member"}


def test_a_deputy_acts_within_a_substitution_and_the_absent_chair_does_not(tx: Transaction) -> None:
    assert not actor(tx, "deputy").holds("chair")
    substitute(tx, "chair", "deputy")
    right = actor(tx, "deputy").right("chair")
    assert right is not None
    assert (right.on_behalf_of, right.basis) == ("chair", "приказ № 7")
    assert not actor(tx, "chair").holds("chair", "member")
    assert presiding(tx.connection, TODAY) == ("deputy",)

    last = datetime(2026, 1, 20, 20, 59, tzinfo=UTC)
    assert actor(tx, "deputy", last).holds("chair")
    assert not actor(tx, "deputy", last + timedelta(minutes=1)).holds("chair")
    assert actor(tx, "chair", last + timedelta(minutes=1)).holds("chair")


def test_a_stand_in_takes_over_the_function_and_not_the_vote(tx: Transaction) -> None:
    substitute(tx, "secretary", "member05")
    assert actor(tx, "member05").standins[0].groups == {"secretary"}
    assert holders(tx.connection, "secretary", TODAY) == ("member05",)
    assert "secretary" not in holders(tx.connection, "member", TODAY)


def test_whoever_stands_in_is_not_absent_and_no_second_one_stands_in(tx: Transaction) -> None:
    substitute(tx, "chair", "deputy", until=date(2026, 1, 14))
    for absent in ("deputy", "chair"):
        with pytest.raises(InvalidError) as refused:
            substitute(tx, absent, "member01", by="admin")
        assert set(refused.value.errors) == {"absent"}
    with pytest.raises(InvalidError) as refused:
        substitute(tx, "nobody", "nowhere", by="admin")
    told = {
        "absent": ["Выберите из состава КЭС, кто отсутствует."],
        "deputy": ["Выберите из состава КЭС, кто замещает."],
    }
    assert refused.value.errors == told


@pytest.mark.parametrize("login", ["secretary", "deputy", "member01", "ministry", "applicant1"])
def test_substitutions_are_entered_by_the_chair_or_the_administrator(tx: Transaction, login: str) -> None:
    with pytest.raises(ForbiddenError):
        substitute(tx, "secretary", "member05", by=login)


def test_a_substitution_without_a_basis_is_refused(tx: Transaction) -> None:
    with pytest.raises(InvalidError) as refused:
        substitute(tx, "secretary", "member05", basis="  ")
    assert set(refused.value.errors) == {"basis"}
    with pytest.raises(InvalidError) as refused:
        substitute(tx, "secretary", "nobody")
    assert set(refused.value.errors) == {"deputy"}


def test_a_revoked_substitution_ends_at_once(tx: Transaction) -> None:
    entered = substitute(tx, "chair", "deputy")
    council.revoke_substitution(tx, entered["id"], actor=actor(tx, "admin"))
    assert actor(tx, "chair").holds("chair")
    assert not actor(tx, "deputy").holds("chair")
    assert [s["in_force"] for s in council.list_substitutions(tx)] == [False]
    with pytest.raises(NotFoundError):
        council.revoke_substitution(tx, "nothing", actor=actor(tx, "admin"))
    with pytest.raises(ForbiddenError):
        council.revoke_substitution(tx, entered["id"], actor=actor(tx, "secretary"))


def members(chair: str = "chair") -> list[Member]:
    leaders = [(chair, Role.CHAIR), ("deputy", Role.DEPUTY), ("secretary", Role.SECRETARY)]
    return [
        *(Member(login, role, Category.MINISTRY) for login, role in leaders),
        *(Member(f"member{n:02}", Role.MEMBER, Category.PUBLIC) for n in range(2, 22)),
    ]


def test_a_new_composition_replaces_the_old_one_from_its_day(tx: Transaction) -> None:
    day = date(2026, 2, 1)
    council.set_composition(
        tx, order_number="12", order_date=TODAY, valid_from=day, members=members(), actor=actor(tx, "secretary")
    )
    assert compositions.role_on(tx.connection, "member01", date(2026, 1, 31)) is Role.MEMBER
    assert compositions.role_on(tx.connection, "member01", day) is None
    before, after = members_on(tx.connection, date(2026, 1, 31)), members_on(tx.connection, day)
    assert before is not None
    assert after is not None
    assert (len(before.members), before.valid_until, len(after.members)) == (24, date(2026, 1, 31), 23)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"order_number": " "}, "order_number"),
        ({"order_date": date(2026, 3, 1)}, "order_date"),
        ({"valid_from": date(2026, 1, 11), "order_date": date(2026, 1, 10)}, "valid_from"),
        ({"members": members("nobody")}, "members"),
        ({"members": members()[1:]}, "members"),
    ],
)
def test_a_composition_rests_on_an_order_and_is_not_back_dated(tx: Transaction, change: Any, field: str) -> None:
    given = {"order_number": "12", "order_date": TODAY, "valid_from": TODAY, "members": members(), **change}
    with pytest.raises(InvalidError) as refused:
        council.set_composition(tx, actor=actor(tx, "secretary"), **given)
    assert set(refused.value.errors) == {field}
    with pytest.raises(ForbiddenError):
        council.set_composition(tx, actor=actor(tx, "chair"), **given)


def test_readings_change_by_protocol_and_running_cases_keep_theirs(tx: Transaction) -> None:
    first = readings.version_on(tx.connection, TODAY)
    assert readings.values_of(tx.connection, first)["quorum.base"] == "all"
    given: dict[str, Any] = {"protocol": "протокол № 3", "reason": "решение совета", "valid_from": date(2026, 2, 1)}
    version = council.change_readings(tx, {"quorum.base": "members_only"}, actor=actor(tx, "chair"), **given)
    assert readings.version_on(tx.connection, date(2026, 1, 31)) == first
    assert readings.version_on(tx.connection, date(2026, 2, 1)) == version
    assert readings.values_of(tx.connection, version)["quorum.base"] == "members_only"
    assert readings.values_of(tx.connection, version)["verdict.binding"] == "reason"
    assert readings.values_of(tx.connection, first)["quorum.base"] == "all"
    later = {**given, "valid_from": date(2026, 3, 1)}
    council.change_readings(tx, {"verdict.binding": "block"}, actor=actor(tx, "admin"), **later)
    assert readings.values_of(tx.connection, version + 1)["quorum.base"] == "members_only"
    assert [row["version"] for row in readings.versions(tx.connection)] == [2, 1]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"protocol": ""}, "protocol"),
        ({"reason": " "}, "reason"),
        ({"valid_from": date(2026, 1, 11)}, "valid_from"),
        ({"changes": {"quorum.base": "half"}}, "quorum.base"),
    ],
)
def test_readings_change_only_on_a_protocol_and_to_what_is_offered(tx: Transaction, change: Any, field: str) -> None:
    given = {
        "changes": {"quorum.base": "members_only"},
        "protocol": "3",
        "reason": "решение",
        "valid_from": TODAY,
        **change,
    }
    with pytest.raises(InvalidError) as refused:
        council.change_readings(tx, actor=actor(tx, "chair"), **given)
    assert set(refused.value.errors) == {field}
    with pytest.raises(ForbiddenError):
        council.change_readings(tx, actor=actor(tx, "secretary"), **given)


def test_a_relation_is_declared_and_ended_by_the_person_or_the_secretary(tx: Transaction) -> None:
    value = Disclosure("member02", "2399000026", "relative", "брат работает у заявителя")
    own = relations.declare_relation(tx, value, actor=actor(tx, "member02"))
    other = relations.declare_relation(tx, value, actor=actor(tx, "secretary"), valid_until=TODAY)
    assert people.disclosures_on(tx.connection, TODAY) == [value, value]
    assert people.disclosures_on(tx.connection, TODAY + timedelta(days=1)) == [value]
    for change in (
        lambda: relations.declare_relation(tx, value, actor=actor(tx, "member03")),
        lambda: relations.end_relation(tx, "member02", own, actor=actor(tx, "chair")),
    ):
        with pytest.raises(ForbiddenError):
            change()
    relations.end_relation(tx, "member02", own, actor=actor(tx, "secretary"))
    relations.end_relation(tx, "member02", other, actor=actor(tx, "member02"))
    assert people.disclosures_on(tx.connection, TODAY) == []
    with pytest.raises(NotFoundError):
        relations.end_relation(tx, "member02", own, actor=actor(tx, "secretary"))


@pytest.mark.parametrize(
    ("change", "until", "field"),
    [
        ({"organization": "1"}, None, "organization"),
        ({"kind": "friend"}, None, "kind"),
        ({"note": "а" * 1_001}, None, "note"),
        ({}, TODAY - timedelta(days=1), "valid_until"),
    ],
)
def test_a_relation_names_an_organisation_a_kind_and_no_past_day(
    tx: Transaction, change: dict[str, str], until: date | None, field: str
) -> None:
    value = replace(Disclosure("member02", "2399000026", "relative"), **change)
    with pytest.raises(InvalidError) as refused:
        relations.declare_relation(tx, value, actor=actor(tx, "secretary"), valid_until=until)
    assert set(refused.value.errors) == {field}
    with pytest.raises(NotFoundError):
        relations.declare_relation(tx, replace(value, login="nobody"), actor=actor(tx, "secretary"))


def test_the_pool_counts_work_and_suggests_the_least_loaded(tx: Transaction) -> None:
    for n, login in enumerate(["member02", "member02", "member03"], 1):
        at = tx.now - timedelta(days=400 if n == 1 else 30)
        appointments.open_seat(tx.connection, case=f"c{n}", seat=1, login=login, by="chair", on_behalf_of=None, at=at)
    appointments.close_seat(tx.connection, "c1", 1, outcome="filed", reason=None, at=tx.now)
    appointments.close_seat(tx.connection, "c3", 1, outcome="declined", reason="занят", at=tx.now)
    pool = {e["login"]: e for e in expert_pool(tx.connection, Subject("2399000026"), tx.now, seated=["member04"])}
    assert [pool["member02"][k] for k in ("active", "recent", "declined", "days_since")] == [1, 1, 0, 30]
    assert [pool["member03"][k] for k in ("active", "recent", "declined")] == [0, 1, 1]
    assert pool["member05"]["days_since"] is None
    assert pool["member04"]["why_not"] == "уже назначен экспертом этого дела"
    assert not pool["member01"]["eligible"]
    chosen = [e for e in pool.values() if e["suggested"]]
    assert len(chosen) == len({e["organization"] for e in chosen}) == 3
    assert not {"member02", "member04"} & {e["login"] for e in chosen}


def test_no_demo_person_but_one_is_in_conflict_with_a_demo_applicant(tx: Transaction) -> None:
    for inn in ("2399000026", "2399000033"):
        pool = expert_pool(tx.connection, Subject(inn), tx.now)
        assert [e["login"] for e in pool if e["conflict"]] == (["member01"] if inn == "2399000026" else [])


def test_approved_documents_and_acts_have_versions_and_days(tx: Transaction) -> None:
    assert library.document_on(tx.connection, "form", date(2020, 2, 9)) is None
    day = date(2026, 2, 1)
    version = library.add_document(
        tx.connection, "form", "Новая форма", protocol="5", meeting="m", valid_from=day, at=tx.now
    )
    assert version == 2
    now, later = (library.document_on(tx.connection, "form", day) for day in (TODAY, date(2026, 2, 1)))
    assert now is not None
    assert later is not None
    assert (now["version"], later["version"]) == (1, 2)
    library.add_act(
        tx.connection,
        kind="Приказ",
        number="7120",
        dated=date(2012, 3, 22),
        title="Прежнее положение",
        valid_from=date(2012, 3, 22),
        valid_until=date(2020, 2, 9),
    )
    assert [act["number"] for act in library.acts_on(tx.connection, TODAY)] == ["273-ФЗ", "508"]
    assert "7120" in [act["number"] for act in library.acts_on(tx.connection, date(2015, 1, 1))]
