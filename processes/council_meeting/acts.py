"""What completing a meeting's tasks means: agenda, attendance, another day (clauses 2.5, 3.3, 3.4)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from engine.calls import Call
from engine.clock import MOSCOW
from engine.errors import InvalidError
from engine.facts import Text
from processes.council.records import agenda
from processes.council_meeting import events, ordering, participants, post, sittings
from processes.council_meeting.model import Form, Plan
from processes.council_meeting.plan import read_date, read_instant
from processes.council_meeting.records import meetings
from processes.council_meeting.rules import check_closing, check_presence, presides


def approve_agenda(call: Call, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Approve the agenda, or cancel the meeting with a reason; then its cases are free for another (clause 2.5)."""
    if data.get("approve") is True:
        call.tell(events.AGENDA_APPROVED)
        return ordering.agenda_if_moved(call)
    reason = str(data.get("reason") or "").strip()
    if not reason:
        raise InvalidError(errors={"reason": ["Укажите, почему повестка не утверждается."]}, rule=False)
    agenda.drop_agenda(call.connection, call.case_id, call.now)
    post.tell_cancelled(call, reason)
    call.tell(events.AGENDA_REJECTED, reason=Text(reason))
    return {}


def register_attendance(call: Call, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Register who is present, and who presides; returns `{"attendance": {"present", "total"}}` for the quorum table.

    Raises InvalidError `present` for an outsider, a double, or one whose duties another holds that day.
    """
    connection = call.connection
    row = meetings.meeting_of(connection, call.case_id)
    members = sittings.members_of(connection, row)
    present = list(data.get("present") or [])
    if errors := check_presence(present, members):
        raise InvalidError(errors=errors)
    presiding = presides(present, members.values(), participants.standins_on(connection, row["held_on"]))
    meetings.insert_attendance(connection, call.case_id, row["attempt"], present, by=call.actor.login, at=call.now)
    meetings.set_presiding(connection, call.case_id, presiding)
    counted = sittings.counted_of(connection, row)
    attendance = {"present": len(counted & set(present)), "total": len(counted)}
    call.tell(
        events.ATTENDANCE_REGISTERED,
        attempt=row["attempt"],
        present=sorted(present),
        presiding=presiding.login if presiding else None,
        on_behalf_of=presiding.on_behalf_of if presiding else None,
        counted=attendance,
    )
    return {"attendance": attendance, **ordering.items_if_moved(call)}


def reschedule(call: Call, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Set another day, or turn the meeting into an absentee one; the failed attempt gives nothing to it (A-32)."""
    today = call.now.astimezone(MOSCOW).date()
    plan = _new_attempt(data, today, call.now)
    meetings.reschedule_meeting(
        call.connection, call.case_id, form=plan.form, held_on=plan.date, closes_at=plan.closes_at
    )
    post.tell_new_day(call)
    closes_at = None if plan.closes_at is None else plan.closes_at.isoformat()
    call.tell(events.MEETING_RESCHEDULED, form=plan.form.value, date=plan.date.isoformat(), closes_at=closes_at)
    return {"form": plan.form.value, "date": plan.date.isoformat(), "closes_at": closes_at}


def _new_attempt(data: Mapping[str, Any], today: date, now: datetime) -> Plan:
    given = {key: value for key, value in data.items() if value is not None}
    if given.get("form") == Form.ABSENTEE:
        if "date" in given:
            raise InvalidError(errors={"date": ["Заочная форма начинается сразу. Уберите дату."]})
        closes_at = read_instant(given.get("closes_at"))
        if closes_at is None:
            message = "Укажите, когда заканчивается приём бюллетеней: дату и время со смещением от UTC."
            raise InvalidError(errors={"closes_at": [message]}, rule=False)
        plan = Plan(Form.ABSENTEE, today, closes_at, ())
    else:
        day = read_date(given.get("date"))
        if day is None:
            raise InvalidError(errors={"date": ["Укажите новую дату заседания в виде ГГГГ-ММ-ДД."]}, rule=False)
        if day < today:
            raise InvalidError(errors={"date": ["Эта дата уже прошла. Укажите сегодняшний или более поздний день."]})
        plan = Plan(Form.IN_PERSON, day, read_instant(given.get("closes_at")), ())
    if errors := check_closing(plan, now):
        raise InvalidError(errors=errors)
    return plan
