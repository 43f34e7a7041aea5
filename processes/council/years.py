"""A year's table of the calendar entered by an administrator: terms move, and the journal says so (section 3)."""

from typing import TYPE_CHECKING, Any

from engine import calendars
from engine.actors import Actor
from engine.calendar import YearTable
from processes.council.administration import Matter, note

if TYPE_CHECKING:
    from engine.runtime import Transaction


def enter_year(tx: "Transaction", table: YearTable, *, actor: Actor) -> list[dict[str, Any]]:
    """Put a year's table in force and move the open terms; gives the moves as `calendars.preview` does.

    Raises ForbiddenError for anybody but the administrator.
    """
    moves = calendars.apply(tx, table, actor=actor)
    year, version = str(table.year), table.version
    note(tx, actor, Matter.CALENDAR, "calendar.entered", year, "admin", version=version, moved=len(moves))
    return moves
