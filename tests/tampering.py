"""Changing a history behind the program's back, as whoever owns the database could."""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from engine.database import Database
from engine.records.acts import FIRST, Line, Seal, pack, unpack
from engine.records.history import rows_of
from engine.records.tables import history

Change = Callable[[dict[str, Any]], None]


def drop_guards(connection: sa.Connection) -> None:
    """Take away what keeps rows of history and its texts as they are."""
    for table, act in (("history", "update"), ("history", "delete"), ("history_text", "update")):
        on = "" if connection.dialect.name == "sqlite" else f" ON {table}"
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS keep_{table}_{act}{on}")


def change_row(database: Database, case: str, seq: int, change: Change) -> int:
    """Change the row in which a fact stands; the number of its last fact. The guards stay dropped."""
    with database.write() as connection:
        drop_guards(connection)
        here = (history.c.case == case, history.c.first <= seq, history.c.seq >= seq)
        row = dict(connection.execute(sa.select(history).where(*here)).mappings().one())
        change(row)
        connection.execute(history.update().where(*here).values(**row))
    return int(row["seq"])


def change_facts(seq: int, change: Callable[[bytes], bytes]) -> Change:
    """A change of one fact's data, its row packed again; the hash stays as it was."""

    def apply(row: dict[str, Any]) -> None:
        lines = unpack(row["facts"])
        place = seq - row["first"]
        lines[place] = lines[place]._replace(data=change(lines[place].data))
        row["facts"] = pack(lines)

    return apply


def chained(shared: Mapping[str, Any], lines: list[Line], first: int = 1, last: str = FIRST) -> list[dict[str, Any]]:
    """Rows of history for facts of one act after (`first` - 1, `last`), truly chained."""
    seal = Seal.of(shared["at"], shared["actor"], shared["on_behalf_of"])
    return rows_of(shared, first, lines, seal.hashes(last, first, lines))
