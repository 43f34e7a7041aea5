"""Who gets which letter of a meeting. Letters are queued in the act's own transaction and leave after its commit."""

from datetime import date

from engine.calls import Call
from engine.clock import MOSCOW
from processes.council.correspondence import words_of
from processes.council_meeting import letters, participants, sittings
from processes.council_meeting.letters import Letter
from processes.council_meeting.model import Form
from processes.council_meeting.records import meetings, wording


def invite(call: Call) -> None:
    """Invite every member of the composition, with the agenda (clause 2.7)."""
    row = meetings.meeting_of(call.connection, call.case_id)
    points = sittings.points_of(call.connection, call.case_id)
    letter = letters.invitation(row["number"], Form(row["form"]), row["held_on"], row["closes_at"], points)
    _to_members(call, "meeting_invitation", row["held_on"], letter)


def tell_new_day(call: Call) -> None:
    """Tell every member that the meeting is held anew (A-32)."""
    row = meetings.meeting_of(call.connection, call.case_id)
    letter = letters.rescheduled(row["number"], Form(row["form"]), row["held_on"], row["closes_at"])
    _to_members(call, "meeting_rescheduled", row["held_on"], letter)


def tell_reordered(call: Call) -> None:
    """Tell every member the new order of the agenda that they already have."""
    row = meetings.meeting_of(call.connection, call.case_id)
    letter = letters.reordered(row["number"], row["held_on"], sittings.points_of(call.connection, call.case_id))
    _to_members(call, "agenda_reordered", row["held_on"], letter)


def tell_cancelled(call: Call, reason: str) -> None:
    """Tell the secretary that the agenda was not approved, and why."""
    number = str(call.case["number"])
    today = call.now.astimezone(MOSCOW).date()
    for login, address in participants.addresses(call.connection, today, "secretary"):
        _send(call, "meeting_cancelled", login, address, letters.cancelled(number, reason))


def tell_protocol(call: Call, protocol: str) -> None:
    """Tell every member that the signed protocol is there."""
    row = meetings.meeting_of(call.connection, call.case_id)
    letter = letters.protocol_ready(row["number"], protocol, sittings.held_on(row))
    _to_members(call, "protocol_signed", row["held_on"], letter)


def tell_tasks(call: Call, protocol: str) -> None:
    """Tell each person what the signed protocol asks of them."""
    row = meetings.meeting_of(call.connection, call.case_id)
    held_on = sittings.held_on(row)
    members = participants.members_on(call.connection, row["held_on"])
    asked: dict[str, list[tuple[str, date]]] = {}
    for task in wording.assignments_of(call.connection, call.case_id):
        asked.setdefault(task["responsible"], []).append((task["text"].rstrip(".") + ".", task["due"]))
    for login, tasks in asked.items():
        if login in members and members[login].email:
            letter = letters.assigned(row["number"], protocol, held_on, tasks)
            _send(call, "assignment", login, members[login].email, letter)


def _to_members(call: Call, kind: str, day: date, letter: Letter) -> None:
    for member in participants.members_on(call.connection, day).values():
        if member.email:
            _send(call, kind, member.login, member.email, letter)


def _send(call: Call, kind: str, login: str, address: str, letter: Letter) -> None:
    subject, body = words_of(call.connection, kind, letter)
    call.letter(kind, to=address, subject=subject, body=body, login=login)
