"""What the database itself refuses: a fact, once written, is neither changed nor taken away.

A text that a fact refers to may be erased (its salted digest stays in the chain), but not rewritten. The statements
run when the tables are created, and stand in the first revision of the schema. Whoever owns the database can drop them:
they stop slips and stray scripts, the hash chain tells the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from engine.records.tables import history, text


def _guard_sqlite(table: str, *acts: str) -> tuple[str, ...]:
    return tuple(
        f"CREATE TRIGGER keep_{table}_{act.lower()} BEFORE {act} ON {table}\n"
        f"BEGIN SELECT RAISE(ABORT, '{table} rows stay as written'); END"
        for act in acts
    )


def _guard_postgresql(table: str, *acts: str) -> tuple[str, ...]:
    function = (
        f"CREATE FUNCTION keep_{table}() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        f"BEGIN RAISE EXCEPTION '{table} rows stay as written' USING ERRCODE = 'restrict_violation'; END $$"
    )
    return (
        function,
        *(
            f"CREATE TRIGGER keep_{table}_{act.lower()} BEFORE {act} ON {table}\n"
            f"FOR EACH {'STATEMENT' if act == 'TRUNCATE' else 'ROW'} EXECUTE FUNCTION keep_{table}()"
            for act in acts
        ),
    )


@dataclass(frozen=True, slots=True)
class Guard:
    """Statements by dialect: `raised` after the table was made, `removed` after it and its triggers are gone."""

    table: sa.Table
    raised: Mapping[str, Sequence[str]]
    removed: Mapping[str, Sequence[str]]


def _guard(table: sa.Table, *acts: str) -> Guard:
    name = table.name
    return Guard(
        table,
        {
            "sqlite": _guard_sqlite(name, *(act for act in acts if act != "TRUNCATE")),
            "postgresql": _guard_postgresql(name, *acts),
        },
        {"sqlite": (), "postgresql": (f"DROP FUNCTION keep_{name}()",)},
    )


def _statement(statement: str) -> sa.DDL:
    """The statement as SQLAlchemy runs it (the library's constructor is untyped)."""
    made: sa.DDL = sa.DDL(statement)  # type: ignore[no-untyped-call]
    return made


def _attach(guard: Guard) -> None:
    for moment, statements in (("after_create", guard.raised), ("after_drop", guard.removed)):
        for dialect, texts in statements.items():
            for statement in texts:
                sa.event.listen(guard.table, moment, _statement(statement).execute_if(dialect=dialect))


#: Every guard there is: the engine's own, and those of tables that other packages declare.
GUARDS: list[Guard] = []


def keep_rows(table: sa.Table, *acts: str) -> None:
    """Let the database refuse these acts (`UPDATE`, `DELETE`, `TRUNCATE`) on a table's rows from its making on."""
    guard = _guard(table, *acts)
    GUARDS.append(guard)
    _attach(guard)


keep_rows(history, "UPDATE", "DELETE", "TRUNCATE")
keep_rows(text, "UPDATE")
