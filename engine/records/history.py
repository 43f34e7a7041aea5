"""Queries on facts and their texts; a row of the table holds the facts of one act (`engine.records.acts`)."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.records.acts import FIRST, MOST, Line, Seal, pack, unpack
from engine.records.statements import Statement, Writes
from engine.records.tables import history, text

#: A fact: `case`, `seq`, `at`, `actor`, `on_behalf_of`, `kind`, `element`, `data` (JSON text), `prev_hash`, `hash`.
Row = dict[str, Any]

#: The kind of fact that is looked for among all cases.
REFUSED: Final = "act.refused"
_REFUSED: Final = orjson.dumps(REFUSED)

#: Rows that are in memory at once.
_FETCH: Final = 300

_INSERT: Final = Statement(history.insert())
_INSERT_TEXT: Final = Statement(text.insert())

#: PostgreSQL's for many texts: another statement for each number of them would have to be planned and kept there, and
#: none may have more than 65,535 parameters. Each column's values are one array.
_MANY: Final = 16
_ARRAYS: Final[Mapping[str, sa.types.TypeEngine[Any]]] = {
    "ref": sa.Text(),
    "seq": sa.Integer(),
    "text": sa.Text(),
    "salt": sa.Text(),
}
_INSERT_TEXTS: Final = Statement(
    text.insert().from_select(
        ["case", *_ARRAYS],
        sa.select(
            sa.bindparam("case", type_=sa.Text()),
            sa.func.unnest(
                *(sa.cast(sa.bindparam(name, type_=sa.Text()), sa.ARRAY(kind)) for name, kind in _ARRAYS.items())
            )
            .table_valued(*_ARRAYS)
            .render_derived(),
        ),
    )
)


def rows_of(shared: Mapping[str, Any], first: int, lines: Sequence[Line], hashes: Sequence[str]) -> list[Row]:
    """Rows of the table for the facts of one act, numbered from `first`, and their hashes.

    `shared`: `case`, `at`, `actor`, `on_behalf_of`. One row, or several where there are more facts than a row may hold.
    """
    rows = []
    for begin in range(0, len(lines), MOST):
        part = lines[begin : begin + MOST]
        end = begin + len(part)
        rows.append(
            {
                **shared,
                "first": first + begin,
                "seq": first + end - 1,
                "journal": journal_of(part),
                "facts": pack(part),
                "hash": bytes.fromhex(hashes[end - 1]),
            }
        )
    return rows


def journal_of(lines: Sequence[Line]) -> str | None:
    """The kind of fact by which facts of one row are looked for among all cases."""
    return REFUSED if any(line.kind == _REFUSED for line in lines) else None


def append(writes: Writes, rows: Sequence[Row], texts: Sequence[Row], *, is_sqlite: bool) -> None:
    """Add rows of facts (`rows_of`) of one case and their texts; one statement each."""
    writes.add(_INSERT, *rows)
    if is_sqlite or len(texts) <= _MANY:
        writes.add(_INSERT_TEXT, *texts)
    else:
        arrays = {name: _array([each[name] for each in texts]) for name in _ARRAYS}
        writes.add(_INSERT_TEXTS, {"case": texts[0]["case"], **arrays})


def _array(values: Iterable[str | int]) -> str:
    """PostgreSQL's own writing of an array."""
    escaped = (str(value).replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return '{"' + '","'.join(escaped) + '"}'


def page(connection: Connection, case_id: str, after: int, limit: int) -> list[Row]:
    """Facts past a sequence number."""
    found: list[Row] = []
    earlier = history.alias()
    before = sa.select(sa.func.max(earlier.c.seq)).where(earlier.c.case == case_id, earlier.c.seq <= after)
    # From the row before, whose hash is the first fact's `prev_hash`; that row may hold the asked ones itself.
    since = history.c.seq >= sa.func.coalesce(before.scalar_subquery(), 0)
    query = sa.select(history).where(history.c.case == case_id, since, history.c.first <= after + limit)
    prev_hash = FIRST
    for row in map(dict, connection.execute(query.order_by(history.c.seq)).mappings()):
        if row["seq"] > after:
            found += [fact for fact in facts_of(row, prev_hash) if fact["seq"] > after]
        prev_hash = row["hash"].hex()
    return found[:limit]


def facts_of(row: Mapping[str, Any], prev_hash: str, kinds: Collection[bytes] | None = None) -> list[Row]:
    """The facts of a row of the table, after the row whose hash is `prev_hash`; of some kinds (JSON), or all.

    The last fact has the hash that is stored: where anything of the row was changed, it differs from its event's.
    Raises DamagedError.
    """
    lines = unpack(row["facts"])
    if kinds is not None and not any(line.kind in kinds for line in lines):
        return []
    seal = Seal.of(row["at"], row["actor"], row["on_behalf_of"])
    hashes = [*seal.hashes(prev_hash, row["first"], lines[:-1]), row["hash"].hex()]
    return [
        {
            "case": row["case"],
            "seq": seq,
            "at": row["at"],
            "actor": row["actor"],
            "on_behalf_of": row["on_behalf_of"],
            "kind": orjson.loads(line.kind),
            "element": orjson.loads(line.element),
            "data": line.data.decode(),
            "prev_hash": before,
            "hash": told,
        }
        for seq, line, before, told in zip(
            range(row["first"], row["first"] + len(lines)), lines, [prev_hash, *hashes], hashes, strict=False
        )
        if kinds is None or line.kind in kinds
    ]


def texts(connection: Connection, case_id: str, first: int, last: int) -> list[Row]:
    """Texts of the facts between two sequence numbers, inclusive."""
    query = sa.select(text).where(text.c.case == case_id, text.c.seq.between(first, last))
    return [dict(r) for r in connection.execute(query.order_by(text.c.seq, text.c.ref)).mappings()]


def all_texts(connection: Connection, case_id: str) -> list[Row]:
    """Texts of a case's facts, whatever number somebody gave them."""
    query = sa.select(text).where(text.c.case == case_id).order_by(text.c.seq, text.c.ref)
    return [dict(r) for r in connection.execute(query).mappings()]


def get(connection: Connection, case_id: str, seq: int) -> Row | None:
    """One fact."""
    found = page(connection, case_id, seq - 1, 1)
    return found[0] if found and found[0]["seq"] == seq else None


def stream(connection: Connection, case_id: str) -> Iterator[Row]:
    """All facts of a case in order, of some hundred acts at a time."""
    for row, prev_hash in _rows(connection, case_id):
        yield from facts_of(row, prev_hash)


def of_kind(connection: Connection, case_id: str, kinds: Sequence[str]) -> list[Row]:
    """Facts of some kinds, in order."""
    wanted = frozenset(orjson.dumps(kind) for kind in kinds)
    found: list[Row] = []
    for row, prev_hash in _rows(connection, case_id):
        found += facts_of(row, prev_hash, wanted)
    return found


def _rows(connection: Connection, case_id: str) -> Iterator[tuple[Row, str]]:
    """The rows of a case in order, each with the hash of the one before."""
    after, prev_hash = 0, FIRST
    while True:
        query = sa.select(history).where(history.c.case == case_id, history.c.seq > after)
        rows = [dict(row) for row in connection.execute(query.order_by(history.c.seq).limit(_FETCH)).mappings()]
        for row in rows:
            yield row, prev_hash
            after, prev_hash = row["seq"], row["hash"].hex()
        if len(rows) < _FETCH:
            return
