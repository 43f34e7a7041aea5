"""A row of a case changed behind the history's back is told, each column by itself; what is unreadable is told too."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from engine import cases, history, inbox
from engine.definitions import Shelf
from engine.doors import perform
from engine.records.acts import pack, unpack
from engine.records.tables import case as case_file
from engine.records.tables import definition, task
from tests.engine.house import CLERK, House
from tests.tampering import change_facts, change_row

OTHER_DAY = datetime(2026, 1, 9, 9, 0, tzinfo=UTC)
CHANGES: list[tuple[sa.Table, dict[str, Any]]] = [
    (case_file, {"process": "other"}),
    (case_file, {"started_by": "pyotr"}),
    (case_file, {"started_at": OTHER_DAY}),
    (case_file, {"ended_at": OTHER_DAY}),
    (task, {"element": "other"}),
    (task, {"name": "Другая"}),
    (task, {"candidates": ["auditor"]}),
    (task, {"assignee": "pyotr"}),
    (task, {"fixed": True}),
    (task, {"created_at": OTHER_DAY}),
    (task, {"due_at": OTHER_DAY}),
    (task, {"completed_at": OTHER_DAY}),
    (task, {"completed_by": "pyotr"}),
    (task, {"on_behalf_of": "pyotr"}),
    (task, {"state": "cancelled"}),
    (task, {"completion": 1}),
]


@pytest.fixture
def case(house: House) -> str:
    identity = house.start()
    house.complete(identity, "again", remark="ещё раз")
    return identity


def test_each_changed_column_of_a_case_and_its_tasks_is_told(house: House, case: str) -> None:
    assert house.verdict(case).is_true
    for table, values in CHANGES:
        with house.runtime.transaction() as tx, tx.connection.begin_nested() as undo:
            first = tx.connection.execute(sa.select(sa.func.min(table.c.id))).scalar_one()
            tx.connection.execute(sa.update(table).where(table.c.id == first).values(values))
            verdict = history.verify(tx, cases.get_case(tx, case, CLERK))
            undo.rollback()
        assert {difference.table for difference in verdict.rows} == {table.name}, values
    assert house.verdict(case).is_true


def test_a_version_that_cannot_be_read_is_a_difference_and_stops_no_verification(house: House, case: str) -> None:
    with house.runtime.database.write() as connection:
        connection.execute(sa.update(definition).values(files={"procedure.bpmn": "<spoilt"}))
    house.runtime.definitions = Shelf()
    assert {difference.table for difference in house.verdict(case).differences} == {"definition"}


def test_a_fact_that_is_none_of_its_kind_is_a_difference_and_stops_no_verification(house: House, case: str) -> None:
    seq = next(fact["seq"] for fact in house.facts(case) if fact["kind"] == "task.completed")
    last = change_row(house.runtime.database, case, seq, change_facts(seq, lambda _data: b"{}"))
    told = [(difference.table, difference.seq) for difference in house.verdict(case).differences]
    assert told == [("history", last), ("history_text", seq), ("history", seq)]


def test_tasks_that_no_fact_made_are_differences_and_stop_no_verification(house: House, case: str) -> None:
    def forget(row: dict[str, Any]) -> None:
        row["facts"] = pack([line for line in unpack(row["facts"]) if line.kind != b'"task.created"'])

    held = house.task(case)["id"]
    perform(house.runtime, lambda tx: inbox.claim(tx, held, actor=CLERK), actor=CLERK)
    for seq in [fact["seq"] for fact in house.facts(case) if fact["kind"] == "task.created"]:
        change_row(house.runtime.database, case, seq, forget)
    told = [difference.message for difference in house.verdict(case).rows]
    assert len(told) == 2, "of the task that was completed, and of the one that is held"
    assert all("check" in each for each in told)


def test_a_procedure_that_cannot_read_changed_facts_stops_no_verification(house: House, case: str) -> None:
    @house.runtime.registry.audit("leave")
    def read(_connection: object, _case: str, facts: Iterable[Mapping[str, Any]]) -> list[tuple[int, str, str]]:
        return [(fact["seq"], fact["data"]["candidates"], "") for fact in facts if fact["kind"] == "task.reminded"]

    house.advance("2026-01-15T12:00:00+03:00")
    seq = next(fact["seq"] for fact in house.facts(case) if fact["kind"] == "task.reminded")
    with pytest.raises(KeyError):  # a fault of the procedure's own is told as one
        house.verdict(case)
    change_row(house.runtime.database, case, seq, change_facts(seq, lambda _data: b'{"texts":{"digest":"","ref":[]}}'))
    verdict = house.verdict(case)
    assert [difference.table for difference in verdict.chain] == ["history"]
    assert [difference.table for difference in verdict.rows] == ["history"]
