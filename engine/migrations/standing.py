"""Where a database stands, told without loading what upgrades it: a serving process only asks."""

import re
from functools import cache
from pathlib import Path
from typing import Final

import sqlalchemy as sa

VERSIONS: Final = Path(__file__).parent / "versions"
_REVISION: Final = re.compile(r'^(down_revision|revision)\b[^=]*= (?:"([^"]+)"|None)$', re.MULTILINE)
_TABLE: Final = sa.table("alembic_version", sa.column("version_num", sa.String))


@cache
def newest() -> str:
    """The revision that no other one follows, from the files of the revisions."""
    found, followed = set(), set()
    for path in VERSIONS.glob("v*.py"):
        told = dict(_REVISION.findall(path.read_text(encoding="utf-8")))
        found.add(told["revision"])
        followed.add(told["down_revision"])
    (head,) = found - followed
    return str(head)


def revision_of(connection: sa.Connection) -> str | None:
    """The revision that a database stands at; None for an empty one."""
    if not sa.inspect(connection).has_table(_TABLE.name):
        return None
    return connection.execute(sa.select(_TABLE.c.version_num)).scalar()
