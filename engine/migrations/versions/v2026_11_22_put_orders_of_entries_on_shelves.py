"""Put orders of entries on shelves.

Revision 0003_orders_on_shelves, after 0002_index_what_is_done. No table changes: the rough beginnings of titles and the
months of publication go, and each order is kept as sets of neighbours under the least key of each.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op
from pyroaring import BitMap

revision: str = "0003_orders_on_shelves"
down_revision: str | None = "0002_index_what_is_done"

#: Entries of different keys on one shelf, when it is made.
MOST = 256
#: Orders by the column that they go by.
ORDERS = {
    "order.title": "title_key",
    "order.certificate": "certificate",
    "order.published": "published_on",
    "order.valid_until": "valid_until",
}

entry = sa.table(
    "depository_entry",
    sa.column("n", sa.Integer),
    sa.column("title_key", sa.Text),
    sa.column("certificate", sa.Text),
    sa.column("published_on", sa.Date),
    sa.column("valid_until", sa.Date),
    sa.column("removed_at"),
)
posting = sa.table(
    "depository_posting", sa.column("field", sa.Text), sa.column("value", sa.Text), sa.column("entries", sa.LargeBinary)
)


def upgrade() -> None:
    """Bring the rows from the revision before to this one."""
    connection = op.get_bind()
    connection.execute(sa.delete(posting).where(posting.c.field.in_(["title", "published_on.month"])))
    for field, column in ORDERS.items():
        key = entry.c[column]
        rows = connection.execute(
            sa.select(key, entry.c.n).where(entry.c.removed_at.is_(None)).order_by(key, entry.c.n)
        )
        shelves = [{"field": field, "value": bound, "entries": numbers.serialize()} for bound, numbers in _cut(rows)]
        if shelves:
            connection.execute(sa.insert(posting), shelves)


def downgrade() -> None:
    """Bring the rows back to the revision before."""
    connection = op.get_bind()
    connection.execute(sa.delete(posting).where(posting.c.field.in_([*ORDERS])))
    rows = connection.execute(
        sa.select(entry.c.title_key, entry.c.published_on, entry.c.n).where(entry.c.removed_at.is_(None))
    )
    sets: dict[tuple[str, str], BitMap] = {}
    for title, day, number in rows:
        for key in (("title", title[:2]), ("published_on.month", day.isoformat()[:7])):
            sets.setdefault(key, BitMap()).add(number)
    values = [{"field": f, "value": v, "entries": numbers.serialize()} for (f, v), numbers in sets.items()]
    if values:
        connection.execute(sa.insert(posting), values)


def _cut(rows: Iterable[Any]) -> Iterator[tuple[str, BitMap]]:
    """Shelves of entries that come in order, each with its least key; no key stands on two."""
    bound, shelf = "", BitMap()
    for key, run in groupby(rows, lambda row: row[0]):
        numbers = BitMap([row[1] for row in run])
        if shelf and len(shelf) + len(numbers) > MOST:
            yield bound, shelf
            shelf = BitMap()
        if not shelf:
            bound = key if isinstance(key, str) else key.isoformat()
        shelf |= numbers
    if shelf:
        yield bound, shelf
