"""What the public is shown and no case stands behind: put in past every use case."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.records.tables import case
from processes.depository.records.tables import certificate, entry

Stray = tuple[str, str]


def find_strays(connection: Connection, process: str) -> list[Stray]:
    """Certificates and entries of the depository whose case does not exist or is of another procedure.

    Each as (table, the certificate's number). Those of a case of `process` are compared with its own facts.
    """
    found: list[Stray] = []
    for table, number in ((certificate, certificate.c.number), (entry, entry.c.certificate)):
        query = (
            sa.select(number)
            .outerjoin_from(table, case, sa.and_(case.c.id == table.c.case, case.c.process == process))
            .where(case.c.id.is_(None))
        )
        found += [(table.name, str(told)) for told in connection.execute(query.order_by(number)).scalars()]
    return found
