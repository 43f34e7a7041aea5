"""Letters: what was written to whom, and what became of it."""

from typing import Any, Final

from flask import request

from engine import cases
from engine.records import messages as records
from engine.runtime import Transaction
from handlers.auth import SIGNED_IN
from handlers.pages.desk import Answer, Desk, Pages

pages = Pages()

_PAGE: Final = 30


@pages.get("/letters", SIGNED_IN)
def show_letters(desk: Desk) -> Answer:
    """Show letters, newest first: one's own, and to those who keep cases all."""
    actor, wanted = desk.actor, request.args.get("case") or None

    def ask(tx: Transaction) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
        case = cases.get_case(tx, wanted, actor) if wanted else None
        rows = records.letters(
            tx.connection,
            case_id=case["id"] if case else None,
            owner=actor.owner,
            login=actor.login,
            everything=actor.sees_all,
            after=request.args.get("cursor") or None,
            limit=_PAGE + 1,
        )
        return list(rows), case

    rows, case = desk.read(ask)
    following = rows[_PAGE - 1]["id"] if len(rows) > _PAGE else None
    return desk.show("letters.html", letters=rows[:_PAGE], following=following, case=case)
