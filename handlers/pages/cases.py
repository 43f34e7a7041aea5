"""Cases: the list, and one case with its ladder, steps, documents, letters and history."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from flask import Response, make_response, request

from engine import cases, history
from engine.errors import NotFoundError
from engine.history.reading import version_numbers
from engine.records import messages as post_records
from engine.runtime import Transaction
from handlers.answers import write_json
from handlers.auth import SIGNED_IN
from handlers.pages.admin.office import STAFF
from handlers.pages.desk import Answer, Desk, Pages
from handlers.pages.lines import tasks_of
from handlers.pages.steps import entered_at, ladder_of, steps_of
from handlers.pages.talk import Refused, papers_of, talk_of
from processes.certification import access
from processes.council.people import bases_of

pages = Pages()

_PAGE: Final = 30
_EVENTS: Final = 100
_LETTERS: Final = 20
#: Facts of the machine's own, left out of a history that people read.
_MACHINERY: Final = frozenset({"case.advanced", "timer.set", "timer.fired", "service.called", "letter.queued"})
STATES: Final = ("active", "suspended", "incident", "ended")


@pages.get("/cases", SIGNED_IN)
def show_cases(desk: Desk) -> Answer:
    """Show the cases that the person may see, newest first; a number leads straight to its case."""
    asked = {name: request.args.get(name, "").strip() or None for name in ("q", "state", "process")}
    if asked["state"] not in STATES:
        asked["state"] = None

    def ask(tx: Transaction) -> tuple[list[tuple[dict[str, Any], str]], str | None, str | None]:
        if asked["q"]:
            try:
                return [], None, str(cases.get_case(tx, asked["q"], desk.actor)["id"])
            except NotFoundError:
                pass
        page = cases.list_cases(tx, desk.actor, **asked, limit=_PAGE, cursor=request.args.get("cursor") or None)
        return [(row, cases.stage_of(tx, row)) for row in page.items], page.next, None

    rows, following, exact = desk.read(ask)
    if exact is not None:
        return desk.go("show_case", case_id=exact)
    return desk.show("cases.html", rows=rows, following=following, asked=asked, states=STATES)


@pages.get("/cases/<case_id>", SIGNED_IN)
def show_case(desk: Desk, case_id: str) -> Answer:
    """Show a case."""
    return case_page(desk, case_id)


def case_page(desk: Desk, case_id: str, refused: Refused | None = None, status: int = 200) -> Answer:
    """Return a case's page; `refused` tells of a comment or a file that was. Raises NotFoundError."""
    after, whole = request.args.get("after", "0"), bool(request.args.get("whole"))

    def ask(tx: Transaction) -> dict[str, Any]:
        case = cases.get_case(tx, case_id, desk.actor)
        drawing = tx.runtime.definitions.get(tx, case["definition"]).drawing
        page = history.read(tx, case["id"], after=int(after) if after.isdigit() else 0, limit=_EVENTS)
        told = access.shown_history(tx, case, page, desk.actor)
        stood = history.replay(tx, case["id"], case["seq"])
        documents = access.list_documents(tx, case, desk.actor)
        talk = talk_of(tx, desk, case, documents, refused)
        return {
            "case": case,
            "talk": talk,
            "stage": cases.stage_of(tx, case),
            "version": version_numbers(tx, case["process"]).get(case["definition"]),
            "ladder": ladder_of(drawing, case, entered_at(tx, case["id"])),
            "steps": steps_of(drawing, stood["elements"], case["at"]),
            "lines": tasks_of(tx, desk, case["id"]),
            "documents": papers_of(documents),
            "letters": _letters(tx, desk, case["id"]),
            "events": [event for event in told["items"] if whole or event["kind"] not in _MACHINERY],
            "whole": whole,
            "texts": told["texts"],
            "following": told["next"],
            "names": {**talk.names, "system": "Система"},
            "bases": _bases(tx, told["items"]),
            "may_prove": bool(STAFF.groups & desk.actor.groups),
            "element_names": {one.id: one.name for one in drawing.elements.values()},
        }

    return make_response(desk.show("case.html", **desk.read(ask)), status)


def _bases(tx: Transaction, events: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """The document that each act for another rested on, by the fact's number."""
    acting = {
        e["seq"]: (e["actor"], e["on_behalf_of"], datetime.fromisoformat(e["at"])) for e in events if e["on_behalf_of"]
    }
    found = bases_of(tx.connection, acting.values())
    return {seq: found[act] for seq, act in acting.items() if act in found}


@pages.get("/cases/<case_id>/drawing.xml", SIGNED_IN)
def show_drawing(desk: Desk, case_id: str) -> Answer:
    """Give the drawing that a case runs on, for the viewer."""

    def ask(tx: Transaction) -> str:
        case = cases.get_case(tx, case_id, desk.actor)
        files = tx.runtime.definitions.get(tx, case["definition"]).bundle.files
        return next(text for name, text in files.items() if name.endswith(".bpmn"))

    return Response(desk.read(ask), content_type="application/xml; charset=utf-8")


@pages.get("/cases/<case_id>/state.json", SIGNED_IN)
def show_state(desk: Desk, case_id: str) -> Answer:
    """Give how far a case has come, for the viewer."""

    def ask(tx: Transaction) -> dict[str, Any]:
        case = cases.get_case(tx, case_id, desk.actor)
        stood = history.replay(tx, case["id"], case["seq"])
        return {"elements": stood["elements"], "at": case["at"]}

    return Response(write_json(desk.read(ask)), content_type="application/json")


def _letters(tx: Transaction, desk: Desk, case: str) -> list[dict[str, Any]]:
    actor = desk.actor
    return list(
        post_records.letters(
            tx.connection,
            case_id=case,
            owner=actor.owner,
            login=actor.login,
            everything=actor.sees_all,
            after=None,
            limit=_LETTERS,
        )
    )
