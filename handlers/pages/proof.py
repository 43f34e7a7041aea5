"""The proof of a case's history, and the case as it stood after any entry of it: for those who oversee the council."""

from collections.abc import Mapping
from typing import Any

from flask import request

from engine import cases, history
from engine.errors import DrawingError, NotFoundError
from engine.records import history as records
from engine.runtime import Transaction
from handlers.pages.admin.office import STAFF
from handlers.pages.desk import Answer, Desk, Pages
from handlers.pages.steps import steps_of
from handlers.verification import verify_files

pages = Pages()


@pages.get("/cases/<case_id>/proof", STAFF)
def show_proof(desk: Desk, case_id: str) -> Answer:
    """Verify a case anew, and show it as it stood after entry `?seq=`, after the last one where none is asked.

    Raises NotFoundError for an entry that the history does not have. What cannot be shown of a damaged history is told
    beside what the verification found.
    """
    asked = request.args.get("seq", "").strip()

    def ask(tx: Transaction) -> dict[str, Any]:
        case = cases.get_case(tx, case_id, desk.actor)
        verdict = history.verify(tx, case)
        files = [str(found.message) for found in verify_files(tx, case)]
        seq = int(asked) if asked.isdecimal() and len(asked) < 10 else verdict.events
        try:
            stood = _stood(tx, case, seq)
        except (history.DamagedError, DrawingError, NotFoundError) as error:
            if asked and isinstance(error, NotFoundError):
                raise
            stood = {"damage": error.message}
        return {
            "case": case,
            "verdict": verdict,
            "files": files,
            "is_true": verdict.is_true and not files,
            "seq": seq,
            **stood,
        }

    return desk.show("proof.html", **desk.read(ask))


def _stood(tx: Transaction, case: Mapping[str, Any], seq: int) -> dict[str, Any]:
    """The case after an entry: the entry itself, the steps gone and the tasks open then, named by the drawing."""
    drawing = tx.runtime.definitions.get(tx, case["definition"]).drawing
    stood = history.replay(tx, case["id"], seq)
    fact = records.get(tx.connection, case["id"], seq)
    return {
        "stood": stood,
        "event": history.served(fact) if fact else None,
        "steps": steps_of(drawing, stood["elements"], stood["at"]),
        "element_names": {one.id: one.name for one in drawing.elements.values()},
    }
