"""Meetings: the list, calling one, and the meeting room."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import make_response, request
from werkzeug.datastructures import MultiDict

from engine import cases, documents, history
from engine.errors import InvalidError, NotFoundError
from engine.runtime import Transaction
from handlers.auth import SIGNED_IN, Permission
from handlers.pages.dates import read_day, read_moment
from handlers.pages.desk import Answer, Desk, Pages
from handlers.pages.lines import tasks_of
from handlers.pages.steps import steps_of
from processes.council.records import agenda
from processes.council_meeting import sittings, use_cases
from processes.council_meeting.model import Form, State, Vote
from processes.council_meeting.protocol import Discussed
from processes.council_meeting.records import meetings, papers, votes
from processes.council_meeting.rules import needed_for_quorum
from processes.council_meeting.starting import AWAITS, DISCUSSED, PROCESS

pages = Pages()

STAFF: Final = Permission(
    "council", frozenset({"secretary", "chair", "deputy", "member", "ministry", "auditor", "admin"})
)
DOCUMENTS: Final = ("standard", "criteria", "form", "expert_requirements", "plan")
_PAGE: Final = 50
_SPARE: Final = 2
_UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Item:
    """One item as the room shows it: what the minutes tell, the votes cast so far, and the person's own place in it."""

    told: Discussed
    votes: Mapping[str, str]
    mine: str | None
    may_vote: bool


@pages.get("/meetings", STAFF)
def show_meetings(desk: Desk) -> Answer:
    """Show the meetings, the newest first."""

    def ask(tx: Transaction) -> tuple[list[dict[str, Any]], str | None]:
        cursor = request.args.get("cursor") or None
        page = cases.list_cases(tx, desk.actor, process=PROCESS, limit=_PAGE, cursor=cursor)
        rows = [{**row, "stage": cases.stage_of(tx, row)} for row in page.items]
        return [{**row, "meeting": meetings.get_meeting(tx.connection, row["id"])} for row in rows], page.next

    rows, following = desk.read(ask)
    may = desk.actor.holds("secretary", "chair")
    return desk.show("meetings.html", rows=rows, following=following, may=may)


@pages.get("/meetings/new", STAFF)
def show_new_meeting(desk: Desk) -> Answer:
    """Ask for the form, the day and the agenda of a meeting."""
    return _form(desk, MultiDict())


@pages.post("/meetings/new", STAFF)
def call_meeting(desk: Desk) -> Answer:
    """Call a meeting."""
    posted = desk.posted
    data = _plan(posted)

    def act(tx: Transaction) -> dict[str, Any]:
        return {"case": cases.start_instance(tx, PROCESS, data, actor=desk.actor)["id"]}

    try:
        done = desk.act(act, name="start")
    except InvalidError as error:
        return _form(desk, posted, error, _UNPROCESSABLE)
    return desk.go("show_meeting", case_id=done["case"], done="called")


@pages.get("/meetings/<case_id>", STAFF)
def show_meeting(desk: Desk, case_id: str) -> Answer:
    """Show the meeting room."""
    return desk.show("meeting.html", **desk.read(lambda tx: _room(tx, desk, case_id)))


@pages.post("/meetings/<case_id>/items/<int:number>/vote", SIGNED_IN)
def cast_vote(desk: Desk, case_id: str, number: int) -> Answer:
    """Cast one's own vote."""
    vote = request.form.get("vote", "")
    desk.act(
        lambda tx: use_cases.cast_vote(tx, case_id, number, vote, actor=desk.actor), name="vote", case=case_id
    )  # fmt: skip
    return desk.go("show_meeting", case_id=case_id, done="voted", _anchor=f"item-{number}")


def _room(tx: Transaction, desk: Desk, case_id: str) -> dict[str, Any]:
    case = cases.get_case(tx, case_id, desk.actor)
    meeting = meetings.get_meeting(tx.connection, case["id"])
    if case["process"] != PROCESS or meeting is None:
        raise NotFoundError("Такого заседания нет.")
    protocol = papers.protocol_of(tx.connection, case["id"])
    minutes = sittings.minutes_of(tx.connection, case["id"], protocol["number"] if protocol else "")
    present = meetings.attendance_of(tx.connection, case["id"], meeting["attempt"])
    drawing = tx.runtime.definitions.get(tx, case["definition"]).drawing
    stood = history.replay(tx, case["id"], case["seq"])
    return {
        "case": case,
        "stage": cases.stage_of(tx, case),
        "meeting": meeting,
        "minutes": minutes,
        "names": {member.login: member.short for member in minutes.members},
        "present": present,
        "needed": needed_for_quorum(len(minutes.counted)),
        "items": [_item(tx, desk, case["state"] == "active", meeting, told) for told in minutes.items],
        "protocol": protocol,
        "signatures": sittings.signed_by(tx.connection, case["id"]),
        "order": papers.order_cases(tx.connection, case["id"]),
        "lines": tasks_of(tx, desk, case["id"]),
        "documents": documents.documents_of(tx, case=case["id"]),
        "steps": steps_of(drawing, stood["elements"], case["at"]),
    }


def _item(tx: Transaction, desk: Desk, is_active: bool, meeting: Mapping[str, Any], told: Discussed) -> Item:  # noqa: FBT001
    present = meetings.attendance_of(tx.connection, meeting["case"], meeting["attempt"])
    cast = votes.votes_on(tx.connection, meeting["case"], meeting["attempt"], told.point.number)
    known = {login: vote.value for login, vote in (told.votes or cast).items()}
    login = desk.actor.login
    is_member = login in sittings.members_of(tx.connection, meeting) and not desk.actor.absent
    opened = told.state is State.VOTING and is_active
    if meeting["form"] == Form.ABSENTEE:
        may = opened and bool(meeting["ballots_open"]) and tx.now < meeting["closes_at"]
    else:
        left = present.get(login)
        may = opened and login in present and (left is None or left > told.point.number)
    return Item(told, known, known.get(login), is_member and may and login not in known)


def _plan(posted: "MultiDict[str, str]") -> dict[str, Any]:
    data: dict[str, Any] = {"agenda": [{"kind": "certification", "case": c} for c in posted.getlist("case") if c]}
    if posted.get("form"):
        data["form"] = posted["form"]
    if posted.get("date", "").strip():
        data["date"] = read_day(posted["date"])
    if posted.get("form") == Form.ABSENTEE and posted.get("closes_at", "").strip():
        data["closes_at"] = read_moment(posted["closes_at"])
    for title, kind in zip(posted.getlist("title"), posted.getlist("document"), strict=False):
        if title.strip():
            data["agenda"].append({"kind": "document", "title": title.strip(), "document": kind})
    return data


def _form(desk: Desk, posted: "MultiDict[str, str]", error: InvalidError | None = None, status: int = 200) -> Answer:
    def ask(tx: Transaction) -> list[dict[str, Any]]:
        page = cases.list_cases(tx, desk.actor, process=DISCUSSED, state="active", limit=200)
        return [r for r in page.items if AWAITS in r["at"] and not agenda.is_on_agenda(tx.connection, r["id"])]

    waiting = desk.read(ask)
    chosen = posted.getlist("case") if posted else [row["id"] for row in waiting]
    wrong = dict(error.errors) if error else {}
    typed = [pair for pair in zip(posted.getlist("title"), posted.getlist("document"), strict=False) if pair[0].strip()]
    values = {
        "waiting": waiting,
        "chosen": chosen,
        "typed": posted,
        "extra": [*typed, *((("", "standard"),) * _SPARE)],
        "kinds": DOCUMENTS,
        "forms": [form.value for form in Form],
        "votes": [vote.value for vote in Vote],
        "error": error,
        "wrong": wrong,
    }
    return make_response(desk.show("meeting_new.html", **values), status)
