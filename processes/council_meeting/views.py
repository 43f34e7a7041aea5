"""What a holder of a meeting's task is shown beside the form. Options are lists of `{"value", "label"}`."""

from collections.abc import Mapping
from typing import Any

from engine.calls import View
from engine.clock import MOSCOW
from processes.council.rules import quorum_needed
from processes.council_meeting import participants, sittings
from processes.council_meeting.model import Kind, Member, Outcome, Point
from processes.council_meeting.protocol import decision_words
from processes.council_meeting.records import meetings, papers
from processes.council_meeting.rules import presides

Data = dict[str, Any]
_ROLES = {"chair": "председатель", "deputy": "заместитель председателя", "secretary": "ответственный секретарь"}


def show_agenda(view: View) -> Data:
    """For `approve_agenda` and `reschedule`: form, date, closing instant and items of the meeting."""
    meeting = _meeting(view)
    return {
        "form": meeting["form"],
        "date": meeting["held_on"].isoformat(),
        "closes_at": None if meeting["closes_at"] is None else meeting["closes_at"].isoformat(),
        "attempt": meeting["attempt"],
        "attendance": view.case["data"].get("attendance"),
        "agenda": [_point(point) for point in sittings.points_of(view.connection, view.case["id"])],
    }


def show_members(view: View) -> Data:
    """For `register_attendance`: the composition on the date, how many make a quorum, and who may preside."""
    meeting = _meeting(view)
    members = sittings.members_of(view.connection, meeting)
    counted = sittings.counted_of(view.connection, meeting)
    here = [login for login, member in members.items() if not member.absent]
    leader = presides(here, members.values(), participants.standins_on(view.connection, meeting["held_on"]))
    return {
        **show_agenda(view),
        "members": [_option(member) for member in members.values() if not member.absent],
        "absent": [_option(member) for member in members.values() if member.absent],
        "total": len(counted),
        "needed": quorum_needed(len(counted)),
        "presiding": leader.login if leader else None,
    }


def show_votes(view: View) -> Data:
    """For `record_votes`: `item` (from 1), `case`, `votes` so far, participants, and whose vote is still wanted.

    `conflicts` are participants employed by the applicant: a hint at a recusal, not a bar (A-17).
    """
    meeting = _meeting(view)
    item = int(view.task["local"]["item"]["number"])
    point = next(p for p in sittings.points_of(view.connection, view.case["id"]) if p.number == item)
    members = sittings.members_of(view.connection, meeting)
    sheet = sittings.sheet_of(view.connection, meeting, item, sittings.held_on(meeting))
    here = [members[login] for login in members if login in sheet.participants]
    owner = _owner(view, point)
    return {
        "item": item,
        "kind": point.kind.value,
        "case": point.case,
        "title": point.title,
        "form": meeting["form"],
        "votes": {login: vote.value for login, vote in sheet.own.items()},
        "participants": [_option(member) for member in here],
        "voters": []
        if sheet.absentee
        else [_option(m) for m in here if m.login not in sheet.own and m.login not in sheet.recused],
        "recused": [login for login in members if login in sheet.recused],
        "conflicts": [m.login for m in here if m.inn and owner == f"org:{m.inn}"],
        "casting": sheet.casting,
        "total": len(sheet.counted),
        "needed": quorum_needed(len(sheet.counted)),
    }


def show_protocol(view: View) -> Data:
    """For the signing tasks: the protocol as drawn up, its hash, and who has signed."""
    row = papers.protocol_of(view.connection, view.case["id"])
    if row is None:
        return {"protocol": None, "signatures": {}}
    shown = {key: row[key] for key in ("number", "document", "sha256")}
    return {
        "protocol": {**shown, "text": row["content"]},
        "signatures": sittings.signed_by(view.connection, view.case["id"]),
    }


def show_decisions(view: View) -> Data:
    """For `register_order`: the signed protocol and the cases whose decisions the order may approve."""
    connection, case = view.connection, view.case["id"]
    row = papers.protocol_of(connection, case)
    items = sittings.minutes_of(connection, case, row["number"] if row else "").items
    decided = [i for i in items if i.point.case and i.outcome in (Outcome.GRANT, Outcome.REFUSE)]
    return {
        "protocol": row["number"] if row else None,
        "held_on": sittings.held_on(_meeting(view)).isoformat(),
        "today": view.now.astimezone(MOSCOW).date().isoformat(),
        "decisions": [
            {
                "case": item.point.case,
                "number": item.number,
                "title": item.point.title,
                "decision": str(item.outcome),
                "words": decision_words(item),
            }
            for item in decided
        ],
        "decided_cases": [{"value": i.point.case, "label": f"{i.number}: {i.point.title}"} for i in decided],
    }


def _meeting(view: View) -> Mapping[str, Any]:
    return meetings.meeting_of(view.connection, view.case["id"])


def _owner(view: View, point: Point) -> str | None:
    if point.kind is not Kind.CERTIFICATION or point.case is None:
        return None
    found = meetings.case_rows(view.connection, [point.case])
    return None if point.case not in found else found[point.case]["owner"]


def _option(member: Member) -> Data:
    role = _ROLES.get(member.role)
    return {"value": member.login, "label": f"{member.name}, {role}" if role else member.name}


def _point(point: Point) -> Data:
    document = point.document.value if point.document else None
    return {
        "item": point.number,
        "kind": point.kind.value,
        "case": point.case,
        "title": point.title,
        "document": document,
    }
