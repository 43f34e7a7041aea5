"""A house with very much in it, written straight into the tables, and what a query costs there.

SQLite tells the steps of its virtual machine, PostgreSQL the rows that a plan touched: the same on any machine.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import sqlalchemy as sa

from engine.database import Database
from engine.records.acts import FIRST, Line
from engine.records.tables import history
from processes.depository.records import entries
from tests.tampering import chained

CASES = 10_000
OPEN = 100_000
DONE = 20_000
ENTRIES = 100_000
#: Facts of one act: a completed task, the next one, the step.
ACT = 3
#: Tables that may never be read from end to end.
TABLES = {
    "task",
    "task_candidate",
    "case_file",
    "case_word",
    "timer",
    "history",
    "depository_entry",
}

_CASE = """
INSERT INTO case_file (id, number, process, definition, state, at, title, owner, data, revision, seq, hash, started_by,
                       started_at, changed_at)
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :count - 1)
SELECT 'case-' || i, 'N-' || i, 'crowd', 'crowd-1', 'active', '[]', 'Дело ' || i, 'org:' || i, '{}', 1, 0, '', 'x',
       :moment, :moment
FROM n
"""
#: Half of the open tasks are offered, half are held by two hundred and fifty people; every tenth has no date.
_TASK = """
INSERT INTO task (id, "case", token, process, element, name, state, assignee, fixed, candidates, local, owner,
                  created_at, due_at, completed_at, completed_by)
WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :first + :count - 1)
SELECT :state || '-' || i, 'case-' || (i % :cases), i, 'crowd',
       CASE WHEN i % 10000 = 7 THEN 'rare' ELSE 'review' END, 'Задача', :state,
       CASE WHEN :state <> 'open' OR i % 2 = 0 THEN NULL WHEN i % 10000 = 9 THEN 'few' ELSE 'crowd' || (i % 500) END,
       {false}, '["secretary"]', '{{}}', 'org:' || (i % :cases), :moment, CASE WHEN i % 10 = 3 THEN NULL ELSE {due} END,
       CASE WHEN :state = 'open' THEN NULL ELSE {due} END,
       CASE WHEN :state = 'open' THEN NULL WHEN i % 2000 = 1 THEN 'few' ELSE 'crowd' || (i % 500) END
FROM n
"""
_OFFER = """
INSERT INTO task_candidate ("group", task, element, due_at)
SELECT g.name, t.id, t.element, t.due_at FROM task t, (SELECT 'secretary' AS name UNION ALL SELECT 'member') g
WHERE t.state = 'open' AND t.assignee IS NULL
"""
_WORD = """
INSERT INTO case_word (word, "case")
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :count - 1)
SELECT {word}, 'case-' || i FROM n
"""
_TIMER = """
INSERT INTO timer (id, "case", process, token, host, element, kind, rule, due, deadline, held)
WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :first + :count - 1)
SELECT 'timer-' || i, 'case-' || (i % :cases), 'crowd', i, NULL, 'wait', 'intermediate', 'P1D', {due}, NULL, {false}
FROM n
"""
_ENTRY = """
INSERT INTO depository_entry (id, n, "case", title, title_key, organization, organization_short, authors, direction,
                              level, education_kind, audience, hours, year, study_form, issued_document, certificate,
                              valid_from, valid_until, published_at, published_on, published_by, url)
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :count - 1)
SELECT 'entry-' || i, i + 1, 'case-' || i, 'Программа слово' || (i % 100), 'программа слово' || (i % 100),
       'Организация ' || (i % 500), 'О', '["Иванова Мария","Петров Илья ' || (i % 300) || '"]',
       'направление ' || (i % 30), 'basic', 'вид ' || (i % 7), '["учителя","слушатели ' || (i % 20) || '"]',
       16 + i % 200, 2015 + i % 10, 'очная', 'удостоверение',
       '23-2026-' || (100000 + i), '2026-01-01', {until}, :moment, {day}, 'x', ''
FROM n
"""
_DUE = {
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%S.000000Z', '2026-01-01', '+' || (i * 37 % 100000) || ' minutes')",
    "postgresql": "timestamptz '2026-01-01Z' + (i::bigint * 37 % 100000) * interval '1 minute'",
}
_DAY = {
    "sqlite": "date('2018-01-01', '+' || (i % 2900) || ' days')",
    "postgresql": "date '2018-01-01' + (i % 2900)",
}
#: Certificates end on a thousand days of three years.
_UNTIL = {
    "sqlite": "date('2026-02-01', '+' || (i % 1000) || ' days')",
    "postgresql": "date '2026-02-01' + (i % 1000)",
}
_MOMENT = "2026-01-01T00:00:00.000000Z"


def fill_inbox(database: Database, cases: int = CASES) -> None:
    """Put a hundred thousand open tasks, ten a case, and some that are done into an empty house."""
    kind = database.engine.dialect.name
    insert = _TASK.format(due=_DUE[kind], false="0" if kind == "sqlite" else "false")
    shared = {"cases": cases, "moment": _MOMENT}
    tasks, done = cases * (OPEN // CASES), cases * (DONE // CASES)
    with database.write() as connection:
        _run(
            connection,
            "INSERT INTO definition (id, key, number, hash, name, files, author, released_by, basis, released_at,"
            " effective_from) VALUES ('crowd-1', 'crowd', 1, '', '', '{}', '', '', '', :moment, '2026-01-01')",
            {"moment": _MOMENT},
        )
        _run(connection, _CASE, {"count": cases, "moment": _MOMENT})
        _run(connection, insert, {"first": 0, "count": tasks, "state": "open", **shared})
        _run(connection, insert, {"first": tasks, "count": done, "state": "completed", **shared})
        _run(connection, _OFFER, {})
        for word in ("'дело'", "'n-' || i", "'слово' || (i % 100)"):
            _run(connection, _WORD.format(word=word), {"count": cases})
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def fill_timers(database: Database) -> None:
    """Put ten timers on each case of a full inbox, one a minute, and one that starts cases.

    Nobody tells SQLite how many there are, as in a running house; PostgreSQL finds out by itself there.
    """
    insert = _TIMER.format(due=_DUE[database.engine.dialect.name], false="0" if database.is_sqlite else "false")
    with database.write() as connection:
        _run(connection, insert, {"first": 0, "count": OPEN, "cases": CASES})
        connection.execute(sa.text("UPDATE timer SET \"case\" = NULL, token = NULL WHERE id = 'timer-77'"))
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")


def fill_depository(database: Database, count: int = ENTRIES) -> None:
    """Publish entries; every one is a «программа», one of a hundred has the word «слово7»."""
    kind = database.engine.dialect.name
    with database.write() as connection:
        _run(connection, _ENTRY.format(day=_DAY[kind], until=_UNTIL[kind]), {"count": count, "moment": _MOMENT})
        entries.reindex(connection)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def fill_history(database: Database, count: int, cases: int = CASES) -> None:
    """Put facts, truly chained, behind the cases of a full inbox."""
    fact = Line(b'"note"', b"null", b'{"mark":"%b","number":7,"task":"0198-aaaa"}' % (b"x" * 80))
    told = {"at": "2026-01-12T09:00:00+03:00", "actor": "olga", "on_behalf_of": None}
    each = count // cases
    with database.write() as connection:
        for number in range(cases):
            last, rows, shared = FIRST, list[dict[str, Any]](), {**told, "case": f"case-{number}"}
            for first in range(1, each + 1, ACT):
                rows += chained(shared, [fact] * min(ACT, each + 1 - first), first, last)
                last = rows[-1]["hash"].hex()
            connection.execute(history.insert(), rows)
            head = {"seq": each, "hash": last, "id": f"case-{number}"}
            connection.execute(sa.text("UPDATE case_file SET seq = :seq, hash = :hash WHERE id = :id"), head)


def _run(connection: sa.Connection, statement: str, values: dict[str, Any]) -> None:
    types = {"moment": sa.Text, "state": sa.Text, "first": sa.Integer, "count": sa.Integer, "cases": sa.Integer}
    if connection.dialect.name == "postgresql":
        statement = statement.replace(":moment", "CAST(:moment AS timestamptz)")
    text = sa.text(statement).bindparams(*(sa.bindparam(k, v, type_=types[k]) for k, v in values.items()))
    connection.execute(text)


@dataclass
class Cost:
    """What a call asked of its database: the statements, how they were planned, how much they touched."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    plans: list[str] = field(default_factory=list)
    scanned: set[str] = field(default_factory=set)
    work: int = 0


def measure(database: Database, act: Callable[[sa.Connection], Any], *, writes: bool = False) -> Cost:
    """Do an act that changes nothing and have its statements explained; `writes` where it takes locks."""
    cost = Cost()

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        cost.statements.append((statement, tuple(parameters) if isinstance(parameters, (list, tuple)) else parameters))

    with database.write() if writes else database.read() as connection:
        sa.event.listen(connection, "before_cursor_execute", note)
        act(connection)
        sa.event.remove(connection, "before_cursor_execute", note)
        explain = _explain_sqlite if database.is_sqlite else _explain_postgresql
        for statement, parameters in cost.statements:
            explain(connection, statement, parameters, cost)
    return cost


def _explain_sqlite(connection: sa.Connection, statement: str, parameters: Any, cost: Cost) -> None:
    for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
        line = str(row[3])
        cost.plans.append(line)
        if line.startswith("SCAN ") and " USING " not in line:
            cost.scanned |= TABLES & set(line.split())
    driver: Any = connection.connection.driver_connection
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    driver.set_progress_handler(count, 100)
    connection.exec_driver_sql(statement, parameters).all()
    driver.set_progress_handler(None, 100)
    cost.work += steps * 100


def _explain_postgresql(connection: sa.Connection, statement: str, parameters: Any, cost: Cost) -> None:
    # Statements handed to the driver number their parameters; the others name them.
    driver: Any = connection.connection.driver_connection
    kind = psycopg.RawCursor if isinstance(parameters, tuple) else psycopg.Cursor
    with kind(driver) as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)
        (((told,),),) = cursor.fetchall()
    for node in _nodes(told["Plan"]):
        name, table = node["Node Type"], node.get("Relation Name")
        cost.plans.append(f"{name} {table or ''} {node.get('Index Name', '')} {node['Actual Rows']}")
        if table is None:
            continue
        if name == "Seq Scan":
            cost.scanned |= TABLES & {table}
        cost.work += int((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"])


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)
