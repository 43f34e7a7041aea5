"""A meeting's agenda: the order of its items, the materials and who has read them, the invitations and the answers."""

from typing import Any

from flask import redirect, request, url_for

from engine.errors import InvalidError
from engine.runtime import Transaction
from handlers.auth import SIGNED_IN
from handlers.pages.desk import Answer, Desk, Pages
from handlers.pages.meeting_frame import STAFF, frame_of_meeting, settle
from processes.council_meeting import materials, ordering, presence
from processes.council_meeting.records import room

pages = Pages()


@pages.get("/meetings/<case_id>/agenda", STAFF)
def show_agenda(desk: Desk, case_id: str) -> Answer:
    """Show the agenda with its materials."""
    return _agenda(desk, case_id)


@pages.post("/meetings/<case_id>/agenda", SIGNED_IN)
def reorder_agenda(desk: Desk, case_id: str) -> Answer:
    """Put the items in the order posted; the button of one item moves it up or down."""
    order = [int(text) for text in request.form.getlist("order") if text.isdecimal()]
    moved, _, way = request.form.get("move", "").partition("-")
    if moved.isdecimal() and int(moved) in order:
        at = order.index(int(moved))
        to = min(max(at + (-1 if way == "up" else 1), 0), len(order) - 1)
        order.insert(to, order.pop(at))
    return _do(
        desk, lambda tx: ordering.reorder_agenda(tx, case_id, order, actor=desk.actor), case_id, "ordered", "order"
    )


@pages.post("/meetings/<case_id>/answer", SIGNED_IN)
def answer_invitation(desk: Desk, case_id: str) -> Answer:
    """Answer the invitation."""
    answer, reason = request.form.get("answer", ""), request.form.get("reason", "")

    def act(tx: Transaction) -> dict[str, Any]:
        return presence.answer_invitation(tx, case_id, answer, reason, actor=desk.actor)

    return _do(desk, act, case_id, "answered", "invitations")


@pages.post("/meetings/<case_id>/items/<int:number>/materials/<document>", SIGNED_IN)
def open_material(desk: Desk, case_id: str, number: int, document: str) -> Answer:
    """Note that a member opens a material, and show it; a form, because opening leaves a fact."""
    desk.act(
        lambda tx: materials.open_material(tx, case_id, number, document, actor=desk.actor),
        name="meeting",
        case=case_id,
        again=True,
    )
    return redirect(f"/documents/{document}", code=303)


@pages.post("/meetings/<case_id>/items/<int:number>/read", SIGNED_IN)
def mark_read(desk: Desk, case_id: str, number: int) -> Answer:
    """Note that a member has read an item's materials."""
    return _do(
        desk, lambda tx: materials.mark_read(tx, case_id, number, actor=desk.actor), case_id, "read", f"item-{number}"
    )


def _do(desk: Desk, act: Any, case_id: str, done: str, anchor: str) -> Answer:
    return settle(
        desk,
        act,
        case=case_id,
        done=lambda: redirect(url_for("show_agenda", case_id=case_id, done=done, _anchor=anchor), code=303),
        page=lambda error: _agenda(desk, case_id, error),
    )


def _agenda(desk: Desk, case_id: str, error: InvalidError | None = None) -> Answer:
    def ask(tx: Transaction) -> dict[str, Any]:
        frame = frame_of_meeting(tx, desk, case_id)
        case, meeting, hall = frame["case"], frame["meeting"], frame["hall"]
        readings = room.readings_of(tx.connection, case["id"])
        of_cases = {b.told.point.case for b in hall.ballots if b.told.point.case}
        return {
            **frame,
            "materials": {one: materials.materials_of(tx, one) for one in of_cases},
            "read": {
                one: {r["member"]: r["opened_at"] for r in readings if r["case"] == one and r["document"] == ""}
                for one in of_cases
            },
            "opened": {one: {r["document"] for r in readings if _is_mine(r, one, desk)} for one in of_cases},
            "invitations": room.invitations_of(tx.connection, case["id"]),
            "why_fixed": ordering.why_fixed(meeting, case["at"]),
            "may_answer": frame["is_member"] and meeting["form"] == "in_person" and "meeting_day" in case["at"],
        }

    frame = desk.read(ask)
    if error is not None:
        frame |= {"error": error, "wrong": dict(error.errors), "typed": desk.posted}
    return desk.show("meeting_agenda.html", **frame)


def _is_mine(reading: Any, case: str, desk: Desk) -> bool:
    return bool(reading["case"] == case and reading["member"] == desk.actor.login)
