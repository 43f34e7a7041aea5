"""Meetings: the list, and calling one."""

from collections.abc import Mapping
from typing import Any, Final

from flask import make_response, request
from werkzeug.datastructures import MultiDict

from engine import cases
from engine.errors import InvalidError
from engine.runtime import Transaction
from handlers.pages.dates import read_day, read_moment
from handlers.pages.desk import Answer, Desk, Pages
from handlers.pages.meeting_frame import STAFF, UNPROCESSABLE
from processes.council.records import agenda
from processes.council_meeting.model import Form
from processes.council_meeting.records import meetings
from processes.council_meeting.starting import AWAITS, DISCUSSED, PROCESS

pages = Pages()

DOCUMENTS: Final = ("standard", "criteria", "form", "expert_requirements", "plan")
_PAGE: Final = 50
_SPARE: Final = 2


@pages.get("/meetings", STAFF)
def show_meetings(desk: Desk) -> Answer:
    """Show the meetings, the newest first."""

    def ask(tx: Transaction) -> tuple[list[dict[str, Any]], str | None]:
        cursor = request.args.get("cursor") or None
        page = cases.list_cases(tx, desk.actor, process=PROCESS, limit=_PAGE, cursor=cursor)
        rows = [{**row, "stage": cases.stage_of(tx, row)} for row in page.items]
        found = meetings.meetings_of(tx.connection, [row["id"] for row in rows])
        return [{**row, "meeting": found.get(row["id"])} for row in rows], page.next

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
        return _form(desk, posted, error, UNPROCESSABLE)
    return desk.go("show_meeting", case_id=done["case"], done="called")


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
    def ask(tx: Transaction) -> list[Mapping[str, Any]]:
        taken = agenda.cases_on_agendas(tx.connection)
        return [r for r in meetings.waiting_cases(tx.connection, DISCUSSED, AWAITS) if r["id"] not in taken]

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
        "error": error,
        "wrong": wrong,
    }
    return make_response(desk.show("meeting_new.html", **values), status)
