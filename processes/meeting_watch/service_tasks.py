"""What the watch does: warns ahead of a half-year's end, and records the violation when it ends without a meeting."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from engine.calls import Call
from engine.clock import MOSCOW
from engine.registry import Registry
from processes.council import people
from processes.council.correspondence import words_of
from processes.meeting_watch import letters

CLAUSE: Final = "3.3"


def warn(call: Call, *, last_day: str) -> dict[str, Any]:
    """Write to chair and secretary how many calendar days are left; nothing on the day on which the watch began."""
    today = call.now.astimezone(MOSCOW).date()
    ends = date.fromisoformat(last_day)
    days_left = (ends - today).days
    if call.case["started_at"].astimezone(MOSCOW).date() == today:
        return {"days_left": days_left, "sent": False}
    _write(call, "meeting_warning", today, letters.warning(str(call.variables["half_year"]), ends, days_left))
    return {"days_left": days_left, "sent": True}


def record_violation(call: Call, *, period: str) -> dict[str, Any]:
    """Record that a half-year had no quorate meeting: the fact `violation.recorded` with `clause` and `half_year`."""
    ends = date.fromisoformat(str(call.variables["half_year_end"]))
    call.tell("violation.recorded", clause=CLAUSE, half_year=period)
    _write(call, "meeting_violation", call.now.astimezone(MOSCOW).date(), letters.violation(period, ends))
    return {"clause": CLAUSE, "half_year": period}


def register(registry: Registry) -> None:
    """Name the operators that the drawing may call."""
    registry.service("meeting_watch.warn", "last_day")(warn)
    registry.service("meeting_watch.record_violation", "period")(record_violation)


def _write(call: Call, kind: str, day: date, values: Mapping[str, str]) -> None:
    subject, body = words_of(call.connection, kind, values)
    logins = dict.fromkeys(
        login for group in ("chair", "secretary") for login in people.holders(call.connection, group, day)
    )
    known = people.persons_of(call.connection, logins)
    for login in logins:
        if login in known and known[login].email:
            call.letter(kind, to=known[login].email, subject=subject, body=body, login=login)
