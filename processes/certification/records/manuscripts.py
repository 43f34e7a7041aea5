"""What could be read of the files of a draft (clause 4.3): kept while it is a draft."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from processes.certification.manuscripts import Manuscript
from processes.certification.records.tables import manuscript


def keep(connection: Connection, document: str, application: str, found: Manuscript) -> None:
    """Keep what was read of a file."""
    connection.execute(
        sa.insert(manuscript).values(
            document=document, application=application, problem=found.problem, pages=found.pages, text=found.text
        )
    )


def of_application(connection: Connection, application: str) -> dict[str, Manuscript]:
    """What was read of each file of a draft, by the document's id."""
    rows = connection.execute(sa.select(manuscript).where(manuscript.c.application == application))
    return {row.document: Manuscript(row.problem, pages=row.pages, text=row.text) for row in rows}


def drop(connection: Connection, *, application: str, document: str | None = None) -> None:
    """Forget what was read of one file, or of all of an application."""
    query = sa.delete(manuscript).where(manuscript.c.application == application)
    connection.execute(query if document is None else query.where(manuscript.c.document == document))
