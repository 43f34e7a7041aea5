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
from engine.records.tables import definition, task, task_candidate, timer
from handlers.verification import verify_all
from tests.engine.house import CLERK, House
from tests.tampering import change_facts, change_row, drop_guards

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
    (task, {"process": "other"}),
    (task, {"on_behalf_of": "pyotr"}),
    (task, {"state": "cancelled"}),
    (task, {"completion": 1}),
    (task, {"local": {"seat": "other"}}),
    (task_candidate, {"group": "auditor"}),
    (task_candidate, {"element": "other"}),
    (task_candidate, {"due_at": OTHER_DAY}),
    (timer, {"case": None}),
    (timer, {"process": "other"}),
    (timer, {"host": None}),
    (timer, {"element": "silence"}),
    (timer, {"kind": "event"}),
    (timer, {"rule": "working_days(4)"}),
    (timer, {"due": OTHER_DAY}),
    (timer, {"held": True}),
]


#: By which column the changed row is found: of the timers it is the deadline.
KEYS = {"task_candidate": "task", "timer": "kind"}
#: What is no JSON, no text of this fact, no refused act; on SQLite a column also takes what is of another kind.
UNREADABLE: list[tuple[str, str, str]] = [
    ("task", "local", "'x'"),
    ("history_text", "seq", "7"),
    ("history", "journal", "'act.refused'"),
]
OF_ANOTHER_KIND: list[tuple[str, str, str]] = [
    ("history", "seq", "'x'"),
    ("history", "first", "'x'"),
    ("history", "first", "1.5"),
    ("history_text", "text", "x'ff'"),
    ("history_text", "seq", "'x'"),
    ("task", "created_at", "'x'"),
    ("case_state", "state", "'x'"),
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
            key = table.c[KEYS.get(table.name, "id")]
            first = tx.connection.execute(sa.select(sa.func.min(key))).scalar_one()
            tx.connection.execute(sa.update(table).where(key == first).values(values))
            verdict = history.verify(tx, cases.get_case(tx, case, CLERK))
            undo.rollback()
        assert {difference.table for difference in verdict.rows} == {table.name}, values
    assert house.verdict(case).is_true


def test_a_row_that_cannot_be_read_is_told_and_stops_no_verification(house: House, case: str) -> None:
    other = house.start()
    for table, column, value in UNREADABLE + (OF_ANOTHER_KIND if house.runtime.database.is_sqlite else []):
        with house.runtime.transaction() as tx, tx.connection.begin_nested() as undo:
            drop_guards(tx.connection)
            which = "rowid" if house.runtime.database.is_sqlite else "ctid"
            query = f"UPDATE {table} SET {column} = {value} WHERE {which} = (SELECT min({which}) FROM {table})"  # noqa: S608
            tx.connection.exec_driver_sql(query)
            verdict = history.verify(tx, cases.get_case(tx, case, CLERK))
            undo.rollback()
        assert table in {difference.table for difference in verdict.differences}, (table, column, value)
    with house.runtime.database.write() as connection:
        connection.execute(sa.text("UPDATE case_file SET data = 'x' WHERE id = :id"), {"id": case})
    assert [(found.case, found.table) for found in verify_all(house.runtime)] == [(case, "case_file")]
    assert house.verdict(other).is_true


@pytest.mark.parametrize("files", [{"procedure.bpmn": "<spoilt"}, 7])
def test_a_version_that_cannot_be_read_is_a_difference_and_stops_no_verification(
    house: House, case: str, files: Any
) -> None:
    with house.runtime.database.write() as connection:
        connection.execute(sa.update(definition).values(files=files))
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
