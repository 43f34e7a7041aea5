"""Letters: what was written to whom, and what became of it."""

from typing import Any

from engine import cases
from engine.records import messages as records
from engine.runtime import Transaction
from handlers.api import shapes, views
from handlers.api.queries import LetterQuery
from handlers.api.routes import Door, Routes
from handlers.auth import SIGNED_IN

routes = Routes("Письма")


@routes.get(
    "/letters",
    SIGNED_IN,
    "Письма: свои, а ведущим дела — все",
    query=LetterQuery(),
    answer=shapes.list_of(shapes.LetterShape)(),
    others={404: None},
)
def list_letters(door: Door) -> dict[str, Any]:
    """Return a page of letters, newest first; of one case, where the caller may see it."""
    actor, limit = door.actor, door.query["limit"]

    def ask(tx: Transaction) -> dict[str, Any]:
        wanted = door.query["case"]
        case = cases.get_case(tx, wanted, actor)["id"] if wanted else None
        rows = records.letters(
            tx.connection,
            case_id=case,
            owner=actor.owner,
            login=actor.login,
            everything=actor.sees_all,
            after=door.query["cursor"],
            limit=limit + 1,
        )
        following = rows[limit - 1]["id"] if len(rows) > limit else None
        return views.list_view([views.letter_view(row) for row in rows[:limit]], following)

    return door.read(ask)
