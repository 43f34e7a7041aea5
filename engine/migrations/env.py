"""What Alembic runs for every command: revisions on the connection it is given, in that connection's transaction."""

from typing import Final

import sqlalchemy as sa
from alembic import context

#: Two `kes migrate` at once: the second waits here and then finds nothing to do. The number is this application's own.
LOCK: Final = 4_905_001
#: A revision that cannot get a table's lock gives up before every step behind it queues for long.
LOCK_TIMEOUT: Final = "5s"


def run() -> None:
    """Apply the revisions asked for; whoever opened the transaction commits it."""
    connection: sa.Connection = context.config.attributes["connection"]
    # Before `configure`: it must find the transaction begun, or it would commit one of its own.
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
        connection.execute(sa.text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()


run()
