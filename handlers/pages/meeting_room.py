"""The hall of a meeting: who is there, the item under vote, every named vote as it is cast, and the projector.

An open page asks every few seconds whether anything changed, with the mark of what it shows: mostly the answer is 304
and costs three short queries. A stream of events would hold one of the server's threads for each of two dozen members
through the whole meeting, which a WSGI server of a few threads does not have.
"""

from typing import Any, Final

from flask import make_response, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from engine import cases, inbox
from engine.errors import ConflictError, InvalidError
from engine.runtime import Transaction
from handlers.auth import SIGNED_IN
from handlers.pages.desk import Answer, Desk, Pages
from handlers.pages.meeting_frame import STAFF, find_meeting, frame_of_meeting, mark_of, settle
from processes.council_meeting import floor, presence, use_cases
from processes.council_meeting.hall import Hall
from processes.council_meeting.model import Vote

pages = Pages()

_RECUSED: Final = "recused"
_LEFT: Final = "left"


@pages.get("/meetings/<case_id>", STAFF)
def show_meeting(desk: Desk, case_id: str) -> Answer:
    """Show the hall."""
    return _hall(desk, case_id)


@pages.get("/meetings/<case_id>/live", STAFF)
def show_live(desk: Desk, case_id: str) -> Answer:
    """Answer the parts of the hall (or, with `screen`, of the projector) that change, unless they have not."""
    parts = "parts/meeting_screen.html" if "screen" in request.args else "parts/meeting_hall.html"

    def ask(tx: Transaction) -> dict[str, Any] | str:
        case, meeting = find_meeting(tx, desk, case_id)
        mark = mark_of(tx, desk, case, meeting)
        return mark if request.if_none_match.contains(mark) else frame_of_meeting(tx, desk, case_id)

    found = desk.read(ask)
    shown = "" if isinstance(found, str) else desk.show(parts, **found)
    answer: Response = make_response(shown)
    answer.set_etag(found if isinstance(found, str) else found["tag"])
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request.environ)


@pages.get("/meetings/<case_id>/screen", STAFF)
def show_screen(desk: Desk, case_id: str) -> Answer:
    """Show the item under vote in large type, for a projector."""
    return desk.show("meeting_screen.html", **desk.read(lambda tx: frame_of_meeting(tx, desk, case_id)))


@pages.post("/meetings/<case_id>/items/<int:number>/vote", SIGNED_IN)
def cast_vote(desk: Desk, case_id: str, number: int) -> Answer:
    """Cast one's own vote."""
    vote = request.form.get("vote", "")

    def act(tx: Transaction) -> dict[str, Any]:
        if not vote:
            raise InvalidError(errors={"vote": ["Выберите: за, против или воздержаться."]}, rule=False)
        return use_cases.cast_vote(tx, case_id, number, vote, actor=desk.actor)

    return _do(desk, act, case_id, "voted", f"item-{number}")


@pages.post("/meetings/<case_id>/items/<int:number>/recusal", SIGNED_IN)
def declare_recusal(desk: Desk, case_id: str, number: int) -> Answer:
    """Recuse oneself from an item, or take that back."""
    reason, is_back = request.form.get("reason", ""), "withdraw" in request.form

    def act(tx: Transaction) -> dict[str, Any]:
        if is_back:
            return floor.withdraw_recusal(tx, case_id, number, actor=desk.actor)
        return floor.declare_recusal(tx, case_id, number, reason, actor=desk.actor)

    return _do(desk, act, case_id, "unrecused" if is_back else "recused", f"item-{number}")


@pages.post("/meetings/<case_id>/items/<int:number>/floor", SIGNED_IN)
def say_from_floor(desk: Desk, case_id: str, number: int) -> Answer:
    """Put an item to the vote, or end the taking of votes, as the presiding person."""
    said = floor.stop_vote if request.form.get("say") == "stop" else floor.call_vote
    return _do(desk, lambda tx: said(tx, case_id, number, actor=desk.actor), case_id, "said", f"item-{number}")


@pages.post("/meetings/<case_id>/arrivals", SIGNED_IN)
def note_arrivals(desk: Desk, case_id: str) -> Answer:
    """Note who has come; with `open`, open the meeting with those who have."""
    posted = desk.posted
    arrivals = {name.removeprefix("here."): value or None for name, value in posted.items() if name.startswith("here.")}
    is_opening = "open" in posted

    def act(tx: Transaction) -> dict[str, Any]:
        noted = presence.note_arrivals(tx, case_id, arrivals, actor=desk.actor)
        if is_opening:
            present = sorted(login for login, mode in arrivals.items() if mode)
            cases.complete(tx, _task(tx, desk, case_id, "register_attendance"), {"present": present}, actor=desk.actor)
        return noted

    return _do(desk, act, case_id, "opened" if is_opening else "arrived", "quorum")


@pages.post("/meetings/<case_id>/record", SIGNED_IN)
def record_item(desk: Desk, case_id: str) -> Answer:
    """Close the vote on the open item with what the secretary enters for those who did not vote themselves."""
    posted = desk.posted

    def act(tx: Transaction) -> dict[str, Any]:
        frame = frame_of_meeting(tx, desk, case_id)
        task = _task(tx, desk, case_id, "record_votes")
        done = cases.complete(tx, task, read_entry(frame["hall"], posted), actor=desk.actor)
        return {"task": done.task["id"]}

    return _do(desk, act, case_id, "recorded", "vote")


def read_entry(hall: Hall, posted: "MultiDict[str, str]") -> dict[str, Any]:
    """Return the completion data of `record_votes`: one answer a member (`of.LOGIN`), `rest` for those without one."""
    item = next((one for one in hall.ballots if one.told.state == "voting"), None)
    rest = posted.get("rest", "")
    waiting = item.waiting if item is not None and hall.meeting["form"] == "in_person" else ()
    named = {name.removeprefix("of."): value for name, value in posted.items() if name.startswith("of.") and value}
    answers = {login: rest for login in waiting if rest} | named
    return {
        "votes": {login: value for login, value in answers.items() if value in list(Vote)},
        "recused": [login for login, value in answers.items() if value == _RECUSED],
        "left": [login for login, value in answers.items() if value == _LEFT],
        "recommendations": [line.strip() for line in posted.get("recommendations", "").splitlines() if line.strip()],
    }


def _task(tx: Transaction, desk: Desk, case_id: str, element: str) -> str:
    found = inbox.list_tasks(tx, desk.actor, scope="all", case=case_id, element=element, limit=1).items
    if not found:
        raise ConflictError("Это уже сделано. Откройте зал заседания заново.", slug="already_done", case=case_id)
    return str(found[0]["id"])


def _do(desk: Desk, act: Any, case_id: str, done: str, anchor: str) -> Answer:
    return settle(
        desk,
        act,
        case=case_id,
        done=lambda: desk.go("show_meeting", case_id=case_id, done=done, _anchor=anchor),
        page=lambda error: _hall(desk, case_id, error),
    )


def _hall(desk: Desk, case_id: str, error: InvalidError | None = None) -> Answer:
    frame = desk.read(lambda tx: frame_of_meeting(tx, desk, case_id))
    if error is not None:
        frame |= {"error": error, "wrong": dict(error.errors), "typed": desk.posted}
    return desk.show("meeting.html", **frame)
