"""What every page of one meeting is given: the hall as the person sees it, its tasks, and how an act there answers."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

from flask import make_response, request
from werkzeug.wrappers import Response

from engine import cases
from engine.clock import moscow
from engine.errors import InvalidError, NotFoundError
from engine.runtime import Transaction
from handlers.auth import Permission
from handlers.pages.admin.year_sheet import name_day
from handlers.pages.desk import Answer, Desk
from handlers.pages.lines import tasks_of
from handlers.pages.words import language
from processes.council.records import agenda
from processes.council_meeting import correcting, floor, ordering, sittings
from processes.council_meeting.hall import Hall, see_hall
from processes.council_meeting.model import Form
from processes.council_meeting.records import meetings, papers
from processes.council_meeting.starting import PROCESS

STAFF: Final = Permission(
    "council", frozenset({"secretary", "chair", "deputy", "member", "ministry", "auditor", "admin"})
)
UNPROCESSABLE: Final = 422

Page = Callable[..., Answer]


def find_meeting(tx: Transaction, desk: Desk, case_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the case row and the meeting's own row. Raises NotFoundError."""
    case = cases.get_case(tx, case_id, desk.actor)
    meeting = meetings.get_meeting(tx.connection, case["id"])
    if case["process"] != PROCESS or meeting is None:
        raise NotFoundError("Такого заседания нет.")
    return case, dict(meeting)


def frame_of_meeting(tx: Transaction, desk: Desk, case_id: str) -> dict[str, Any]:
    """Return what the head of every page of a meeting needs: hall, stage, tasks, and what the person may do."""
    case, meeting = find_meeting(tx, desk, case_id)
    protocol = papers.protocol_of(tx.connection, case["id"])
    minutes = sittings.minutes_of(tx.connection, case["id"], protocol["number"] if protocol else "")
    hall = see_hall(tx.connection, case, meeting, minutes, actor=desk.actor, now=tx.now)
    signatures = sittings.signed_by(tx.connection, case["id"])
    is_active = case["state"] == "active"
    today, day = moscow(tx.now).date(), meeting["held_on"]
    is_ahead = is_active and meeting["form"] == Form.IN_PERSON and day >= today
    return {
        "case": case,
        "meeting": meeting,
        "hall": hall,
        "names": hall.names,
        "stage": cases.stage_of(tx, case),
        "lines": tasks_of(tx, desk, case["id"]),
        "protocol": protocol,
        "signatures": signatures,
        "today": today,
        "day_off": name_day(day) if is_ahead and not tx.calendar.is_working(day) else "",
        "tag": mark_of(tx, desk, case, meeting),
        "is_member": _sits(hall, desk),
        "may_preside": is_active and floor.right_to_preside(meeting, desk.actor) is not None,
        "may_record": is_active and desk.actor.holds("secretary"),
        "may_reorder": is_active and ordering.may_reorder(desk.actor, meeting, case["at"]),
        "may_word": correcting.may_word(desk.actor, meeting, is_active=is_active, is_signed=bool(signatures)),
        "error": None,
        "wrong": {},
        "typed": {},
    }


def mark_of(tx: Transaction, desk: Desk, case: dict[str, Any], meeting: dict[str, Any]) -> str:
    """Return a mark that changes whenever the hall may look different to this person: cheap, three short queries.

    Whatever is done in a meeting is a fact of its history; but a case on its agenda may be withdrawn elsewhere, and a
    window for ballots closes by the clock.
    """
    items = [(row["n"], row["state"], row["outcome"]) for row in agenda.items_of(tx.connection, case["id"])]
    is_open = meeting["closes_at"] is not None and tx.now < meeting["closes_at"]
    actor = desk.actor
    seen = (case["seq"], case["state"], items, is_open, moscow(tx.now).date(), actor.login, sorted(actor.all_groups))
    size = request.cookies.get("kes_size", "")
    return sha256(repr((*seen, actor.absent, language(), size)).encode()).hexdigest()[:32]


def settle(
    desk: Desk,
    change: Callable[[Transaction], Any],
    *,
    case: str,
    done: Callable[[], Response],
    page: Callable[[InvalidError], Answer],
) -> Answer:
    """Do an act of the meeting and go on; what is wrong with it is shown on its page, with what was typed."""
    try:
        desk.act(change, name="meeting", case=case)
    except InvalidError as error:
        return make_response(page(error), UNPROCESSABLE)
    return done()


def _sits(hall: Hall, desk: Desk) -> bool:
    return not desk.actor.absent and any(m.login == desk.actor.login for m in hall.minutes.members)
