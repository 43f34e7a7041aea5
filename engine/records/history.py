"""Queries on facts and their texts."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.records.statements import Statement, Writes
from engine.records.tables import history, text

Row = dict[str, Any]

_INSERT: Final = Statement(history.insert())
_INSERT_TEXT: Final = Statement(text.insert())


def append(writes: Writes, rows: Sequence[Row], texts: Sequence[Row]) -> None:
    """Add facts and their texts; one statement each."""
    writes.add(_INSERT, *rows)
    writes.add(_INSERT_TEXT, *texts)


def page(connection: Connection, case_id: str, after: int, limit: int) -> list[Row]:
    """Facts past a sequence number."""
    query = (
        sa.select(history).where(history.c.case == case_id, history.c.seq > after).order_by(history.c.seq).limit(limit)
    )
    return [dict(r) for r in connection.execute(query).mappings()]


def texts(connection: Connection, case_id: str, first: int, last: int) -> list[Row]:
    """Texts of the facts between two sequence numbers, inclusive."""
    query = (
        sa.select(text).where(text.c.case == case_id, text.c.seq.between(first, last)).order_by(text.c.seq, text.c.ref)
    )
    return [dict(r) for r in connection.execute(query).mappings()]


def get(connection: Connection, case_id: str, seq: int) -> Row | None:
    """One fact."""
    row = connection.execute(sa.select(history).where(history.c.case == case_id, history.c.seq == seq)).mappings()
    found = row.first()
    return dict(found) if found else None


def stream(connection: Connection, case_id: str) -> Iterator[Row]:
    """All facts of a case in order, a few thousand at a time."""
    after = 0
    while True:
        rows = page(connection, case_id, after, 2_000)
        yield from rows
        if len(rows) < 2_000:
            return
        after = rows[-1]["seq"]


def of_kind(connection: Connection, case_id: str, kinds: Sequence[str]) -> list[Row]:
    """Facts of some kinds, in order."""
    query = sa.select(history).where(history.c.case == case_id, history.c.kind.in_(list(kinds))).order_by(history.c.seq)
    return [dict(r) for r in connection.execute(query).mappings()]
