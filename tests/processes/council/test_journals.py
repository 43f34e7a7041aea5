"""Journals and agendas: what several acts contend for, on each database (clause 2.6; A-49)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from engine.runtime import Runtime, Transaction
from processes.council.records import agenda, journals


class AbandonedError(Exception):
    """An act that was given up."""


def test_numbers_run_from_one_each_year_and_each_kind_apart(tx: Transaction) -> None:
    given = [
        journals.next_number(tx.connection, kind, year)
        for kind, year in (("protocol", 2026), ("protocol", 2026), ("protocol", 2027), ("certificate", 2026))
    ]
    assert given == [1, 2, 1, 1]


def test_an_act_undone_gives_its_number_back(runtime: Runtime) -> None:
    def give_up() -> None:
        with runtime.transaction() as tx:
            journals.enter(tx.connection, "application", 2026, subject="x", by="secretary", at=tx.now)
            raise AbandonedError

    with pytest.raises(AbandonedError):
        give_up()
    with runtime.transaction() as tx:
        number = journals.enter(tx.connection, "application", 2026, subject="y", by="secretary", at=tx.now, case="c")
    assert number == 1
    with runtime.reading() as tx:
        rows = journals.entries(tx.connection, "application", 2026)
    assert [(row["number"], row["subject"], row["case"]) for row in rows] == [(1, "y", "c")]


def test_acts_at_once_never_share_a_number(runtime: Runtime) -> None:
    def take(_n: int) -> int:
        with runtime.transaction() as tx:
            return journals.next_number(tx.connection, "certificate", 2026)

    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(take, range(24)))
    assert sorted(given) == list(range(1, 25))


def put(tx: Transaction, meeting: str, n: int = 1, case: str | None = "c1") -> bool:
    return agenda.add_item(tx.connection, meeting, n, kind="certification", title="Программа", case=case)


def test_a_case_stands_on_one_open_agenda(tx: Transaction) -> None:
    assert put(tx, "m1")
    assert agenda.cases_on_agendas(tx.connection) == {"c1"}
    assert not put(tx, "m2")
    assert put(tx, "m2", case=None)
    agenda.drop_agenda(tx.connection, "m1", tx.now)
    assert [i["state"] for i in agenda.items_of(tx.connection, "m1")] == ["dropped"]
    assert agenda.cases_on_agendas(tx.connection) == set()
    assert put(tx, "m3")


def test_voting_opens_once_and_the_case_is_then_not_withdrawn_any_more(tx: Transaction) -> None:
    put(tx, "m1")
    assert agenda.open_voting(tx.connection, "m1", 1, tx.now)
    assert not agenda.open_voting(tx.connection, "m1", 1, tx.now)
    assert not agenda.strike_case(tx.connection, "c1", tx.now)
    assert not agenda.open_voting(tx.connection, "m1", 9, tx.now)


def test_a_withdrawn_case_is_struck_and_its_voting_never_opens(tx: Transaction) -> None:
    put(tx, "m1")
    assert agenda.strike_case(tx.connection, "c1", tx.now)
    item = agenda.find_item(tx.connection, "m1", 1)
    assert item is not None
    assert item["state"] == "struck"
    assert not agenda.open_voting(tx.connection, "m1", 1, tx.now)
    assert not put(tx, "m2")
    assert not agenda.strike_case(tx.connection, "c1", tx.now)


def test_an_undecided_case_is_free_and_a_decided_one_until_the_order_leaves_it_out_is_not(tx: Transaction) -> None:
    put(tx, "m1")
    agenda.open_voting(tx.connection, "m1", 1, tx.now)
    agenda.close_item(tx.connection, "m1", 1, state="unreached", outcome=None, decided=False, at=tx.now)
    assert put(tx, "m2")
    agenda.open_voting(tx.connection, "m2", 1, tx.now)
    assert not agenda.strike_case(tx.connection, "c1", tx.now)
    agenda.close_item(tx.connection, "m2", 1, state="decided", outcome="grant", decided=True, at=tx.now)
    assert not put(tx, "m3")
    agenda.free_case(tx.connection, "c1")
    assert put(tx, "m3")


def test_recommendations_of_the_last_decision_begin_the_refusal(tx: Transaction) -> None:
    put(tx, "m1")
    assert agenda.recommendations_for(tx.connection, "c1") == []
    agenda.keep_recommendations(tx.connection, "m1", 1, ["Добавьте практику."])
    assert agenda.recommendations_for(tx.connection, "c1") == ["Добавьте практику."]


def test_either_the_vote_opens_or_the_applicant_withdraws_and_never_both(runtime: Runtime) -> None:
    cases = [f"case-{n}" for n in range(12)]
    with runtime.transaction() as tx:
        for case in cases:
            put(tx, f"m-{case}", case=case)

    def contend(job: tuple[str, str]) -> tuple[str, bool]:
        case, who = job
        with runtime.transaction() as tx:
            if who == "meeting":
                return case, agenda.open_voting(tx.connection, f"m-{case}", 1, tx.now)
            return case, agenda.strike_case(tx.connection, case, tx.now)

    jobs: list[Any] = [(case, who) for case in cases for who in ("meeting", "applicant")]
    with ThreadPoolExecutor(4) as pool:
        won = [case for case, done in pool.map(contend, jobs) if done]
    assert sorted(won) == sorted(cases)
