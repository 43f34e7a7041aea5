"""${message}.

Revision ${up_revision}${f", after {down_revision}" if down_revision else ""}.
"""

import sqlalchemy as sa
from alembic import op

revision: str = ${repr(up_revision)}
down_revision: str | None = ${repr(down_revision)}

INSTANT = sa.String(32).with_variant(sa.DateTime(timezone=True), "postgresql")
% if guards:

#: Facts stay as written, texts may be erased but not rewritten: by dialect, in order.
GUARDS = {
% for dialect in guards:
    "${dialect}": (
% for statement in guards[dialect]:
        ${'"""' + statement + '"""'},
% endfor
    ),
% endfor
}
#: What is left of the guards when their tables are gone.
REMAINS = {
% for dialect in remains:
    "${dialect}": (
% for statement in remains[dialect]:
        ${'"' + statement + '"'},
% endfor
    ),
% endfor
}
% endif


def upgrade() -> None:${"  # noqa: PLR0915 - a long list, no logic" if upgrades.count("op.") > 50 else ""}
    """Bring the tables from the revision before to this one."""
    ${upgrades}
% if guards:
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)
% endif


def downgrade() -> None:${"  # noqa: PLR0915 - a long list, no logic" if downgrades.count("op.") > 50 else ""}
    """Bring the tables back to the revision before."""
    ${downgrades}
% if guards:
    for statement in REMAINS[op.get_bind().dialect.name]:
        op.execute(statement)
% endif
