"""Keep the facts of an act together.

Revision 0004_facts_of_an_act, after 0003_orders_on_shelves. A row of history holds all facts of one act, packed, where
there was a row a fact; events and hashes stay what they were. Where a fact was changed behind the program's back, its
row tells it still: the last hash is kept as it was written. Three indexes of tasks lose the rows that nobody looks for.
"""

import zlib
from collections.abc import Iterator
from hashlib import sha256
from itertools import pairwise
from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op

revision: str = "0004_facts_of_an_act"
down_revision: str | None = "0003_orders_on_shelves"

#: Facts in one row, rows written at once, rows read at once.
MOST = 128
BATCH = 500
FIRST = "0" * 64
#: As `engine.records.acts` had it when this was written.
WORDS = (
    b'"act.refused"\t"\t{"act":"complete","reason":"case.suspended""case.resumed""case.migrated""incident.raised"'
    b'"incident.retried","cause":"deadline.moved","new_due_at":"task.claimed""task.unclaimed""task.delegated""to":'
    b'"task.declined"\t"declined":true"task.escalated""task.overdue""task.reminded"\t"groups":["],"to":[]'
    b'"message.sent""message.received"\tnull\t{"message":"","payload":{"correlation":"timer.fired"\t"kind":"reminder"'
    b'"task.cancelled"\t"case.ended"\t"{"end":"case.started"\tnull\t{"calendar":"C.","data":{},"definition":"'
    b'"payload":null,"process":"","version":1}\n"letter.queued"\t"\t{"kind":"","letter":"document.filed"\t'
    b'{"document":"","sha256":"","number":"service.called"\t"\t{"operator":"","result":null,"token":true,false'
    b'{"deadline":{"calendar_version":"C:2026.","clause":"","counted_from":"2026-01-12","due_at":"2026-01-13T23:59:59'
    b'+03:00","moves":[],"normative":false,"provisional":false,"rule":"working_days(1)","working_days":1},"due":"2026-'
    b'01-14T00:00:00+03:00","kind":"deadline","token":\n"timer.set"\t"\t{"deadline":null,"due":"T00:00:00+03:00","kind":'
    b'"event","token":2}\n"task.completed"\t"\t{"data":{"remarks":[{"text":{"digest":"","ref":"1.1"}}],"task":"01a2",'
    b'"token":1,"variables":{}}\n"task.created"\t"\t{"assignee":null,"candidates":["],"due":null,"due_at":null,"name":"'
    b'","task":"01a2","token":3}\n"case.advanced"\tnull\t{"at":["],"elements":[["","waiting",1],["","cancelled",1],["",'
    b'"completed",1],["","ready",1]],"flows":["_to_","to_"],"revision":1,"set":{},"state":"","unset":[]}'
)

GUARDS = {
    "sqlite": (
        """CREATE TRIGGER keep_history_update BEFORE UPDATE ON history
BEGIN SELECT RAISE(ABORT, 'history rows stay as written'); END""",
        """CREATE TRIGGER keep_history_delete BEFORE DELETE ON history
BEGIN SELECT RAISE(ABORT, 'history rows stay as written'); END""",
    ),
    # The function stands already, and stays.
    "postgresql": (
        """CREATE TRIGGER keep_history_update BEFORE UPDATE ON history
FOR EACH ROW EXECUTE FUNCTION keep_history()""",
        """CREATE TRIGGER keep_history_delete BEFORE DELETE ON history
FOR EACH ROW EXECUTE FUNCTION keep_history()""",
        """CREATE TRIGGER keep_history_truncate BEFORE TRUNCATE ON history
FOR EACH STATEMENT EXECUTE FUNCTION keep_history()""",
    ),
}

#: Indexes of tasks that have rows only where they lead somewhere; before, each had all, and the state in its key.
TASKS = (
    ("ix_task_assignee", ["assignee", "due_at", "id"], "completed_at IS NULL AND assignee IS NOT NULL"),
    ("ix_task_completed_by", ["completed_by", "due_at", "id"], "completed_by IS NOT NULL"),
    ("ix_task_owner", ["owner", "state", "due_at", "id"], "owner IS NOT NULL"),
)

Row = dict[str, Any]
_SHARED = ("case", "at", "actor", "on_behalf_of")


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("case", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
    ]


def _told_by() -> list[sa.Column[Any]]:
    return [
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=80), nullable=True),
    ]


def _keys() -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["case"], ["case_file.id"], name=op.f("fk_history_case")),
        sa.PrimaryKeyConstraint("case", "seq", name=op.f("pk_history")),
    ]


def upgrade() -> None:
    """Bring the tables and rows from the revision before to this one."""
    op.drop_index(
        "ix_history_refused",
        table_name="history",
        sqlite_where=sa.text("kind = 'act.refused'"),
        postgresql_where=sa.text("kind = 'act.refused'"),
    )
    _set_aside()
    acts = op.create_table(
        "history",
        *_columns(),
        sa.Column("first", sa.Integer(), nullable=False),
        *_told_by(),
        sa.Column("journal", sa.String(length=60), nullable=True),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        *_keys(),
    )
    _write(acts, (_row(run) for run in _runs(_read("kind", "element", "data", "hash"))))
    _drop_what_was()
    op.create_index(
        "ix_history_journal",
        "history",
        ["journal", "at"],
        unique=False,
        sqlite_where=sa.text("journal IS NOT NULL"),
        postgresql_where=sa.text("journal IS NOT NULL"),
    )
    for name, columns, condition in TASKS:
        op.drop_index(name, table_name="task")
        where = sa.text(condition)
        op.create_index(name, "task", columns, unique=False, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Bring the tables and rows back to the revision before."""
    for name, columns, condition in TASKS:
        where = sa.text(condition)
        op.drop_index(name, table_name="task", sqlite_where=where, postgresql_where=where)
        op.create_index(name, "task", [columns[0], "state", "due_at", "id"], unique=False)
    op.drop_index(
        "ix_history_journal",
        table_name="history",
        sqlite_where=sa.text("journal IS NOT NULL"),
        postgresql_where=sa.text("journal IS NOT NULL"),
    )
    _set_aside()
    facts = op.create_table(
        "history",
        *_columns(),
        *_told_by(),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("element", sa.String(length=80), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        *_keys(),
    )
    _write(facts, _facts(_read("first", "facts", "hash")))
    _drop_what_was()
    op.create_index(
        "ix_history_refused",
        "history",
        ["at"],
        unique=False,
        sqlite_where=sa.text("kind = 'act.refused'"),
        postgresql_where=sa.text("kind = 'act.refused'"),
    )


def _set_aside() -> None:
    op.rename_table("history", "history_before")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE history_before RENAME CONSTRAINT pk_history TO pk_history_before")


def _drop_what_was() -> None:
    """Drop the table that was set aside, its guards with it, and guard the new one."""
    op.drop_table("history_before")
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def _read(*names: str) -> Iterator[Row]:
    """The rows set aside, in order, some at a time."""
    columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in ("seq", *_SHARED, *names)]
    before = sa.table("history_before", *columns)
    query = sa.select(before).order_by(before.c.case, before.c.seq)
    rows = op.get_bind().execute(query.execution_options(stream_results=True, yield_per=BATCH))
    for row in rows.mappings():
        yield dict(row)


def _write(table: sa.Table, rows: Iterator[Row]) -> None:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            op.get_bind().execute(sa.insert(table), batch)
            batch.clear()
    if batch:
        op.get_bind().execute(sa.insert(table), batch)


def _runs(facts: Iterator[Row]) -> Iterator[list[Row]]:
    """Facts that follow one another and were written at one moment by one person, at most MOST."""
    run: list[Row] = []
    for fact in facts:
        if run and (len(run) == MOST or not _belongs(run[-1], fact)):
            yield run
            run = []
        run.append(fact)
    if run:
        yield run


def _belongs(before: Row, fact: Row) -> bool:
    return fact["seq"] == before["seq"] + 1 and all(fact[name] == before[name] for name in _SHARED)


def _row(run: list[Row]) -> Row:
    lines = [
        b"\t".join((orjson.dumps(fact["kind"]), orjson.dumps(fact["element"]), fact["data"].encode())) for fact in run
    ]
    plain = b"\n".join(lines)
    press = zlib.compressobj(3, zlib.DEFLATED, -12, 6, zlib.Z_DEFAULT_STRATEGY, WORDS)
    packed = b"\x01" + press.compress(plain) + press.flush()
    return {
        **{name: run[0][name] for name in _SHARED},
        "first": run[0]["seq"],
        "seq": run[-1]["seq"],
        "journal": "act.refused" if any(fact["kind"] == "act.refused" for fact in run) else None,
        "facts": packed if len(packed) < len(plain) else plain,
        "hash": _raw(run[-1]["hash"]),
    }


def _raw(told: str) -> bytes:
    """A hash; what is none is the hash of nothing either."""
    try:
        return bytes.fromhex(told)
    except ValueError:
        return told.encode()


def _facts(rows: Iterator[Row]) -> Iterator[Row]:
    case, last = None, FIRST
    for row in rows:
        if row["case"] != case:
            case, last = row["case"], FIRST
        packed = row["facts"]
        plain = packed if packed[:1] != b"\x01" else zlib.decompressobj(-12, WORDS).decompress(packed[1:])
        lines = [line.split(b"\t") for line in plain.split(b"\n")]
        shared = {name: row[name] for name in _SHARED}
        hashes = [last]
        for seq, (kind, element, data) in enumerate(lines, row["first"]):
            event = {
                "seq": seq,
                **{name: shared[name] for name in _SHARED[1:]},
                "kind": orjson.Fragment(kind),
                "element": orjson.Fragment(element),
                "data": orjson.Fragment(data),
            }
            text = orjson.dumps(event, option=orjson.OPT_SORT_KEYS)
            hashes.append(sha256(hashes[-1].encode() + text).hexdigest())
        last = hashes[-1] = row["hash"].hex()
        for seq, (kind, element, data), (before, told) in zip(
            range(row["first"], row["seq"] + 1), lines, pairwise(hashes), strict=False
        ):
            yield {
                **shared,
                "seq": seq,
                "kind": orjson.loads(kind),
                "element": orjson.loads(element),
                "data": data.decode(),
                "prev_hash": before,
                "hash": told,
            }
