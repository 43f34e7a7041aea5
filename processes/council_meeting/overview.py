"""A meeting as its page shows it: agenda with states and votes, who takes part, protocol, signatures, order."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.database import Connection
from processes.council.rules import quorum_needed
from processes.council_meeting import sittings
from processes.council_meeting.model import Form, State
from processes.council_meeting.protocol import Discussed, decision_words
from processes.council_meeting.records import meetings, papers, votes
from processes.council_meeting.rules import why_closed

Data = dict[str, Any]


def describe_meeting(connection: Connection, case: str, *, login: str | None = None, now: datetime) -> Data | None:
    """Everything of a meeting by its case id, or None for another case; for staff and council, not for applicants.

    Each item has `may_vote`: whether `login` may cast a vote on it now; instants are ISO 8601, dates `YYYY-MM-DD`.
    """
    meeting = meetings.get_meeting(connection, case)
    if meeting is None:
        return None
    row = papers.protocol_of(connection, case)
    minutes = sittings.minutes_of(connection, case, row["number"] if row else "")
    present = meetings.attendance_of(connection, case, meeting["attempt"])
    return {
        "case": case,
        "number": meeting["number"],
        "form": meeting["form"],
        "date": meeting["held_on"].isoformat(),
        "closes_at": None if meeting["closes_at"] is None else meeting["closes_at"].isoformat(),
        "attempt": meeting["attempt"],
        "presiding": meeting["presiding"],
        "presiding_for": meeting["presiding_for"],
        "total": len(minutes.counted),
        "needed": quorum_needed(len(minutes.counted)),
        "members": [
            {
                "login": m.login,
                "name": m.name,
                "role": m.role,
                "absent": m.absent,
                "present": m.login in present,
                "left_at": present.get(m.login),
            }
            for m in minutes.members
        ],
        "items": [_item(connection, meeting, item, present=present, login=login, now=now) for item in minutes.items],
        "protocol": None if row is None else {key: row[key] for key in ("number", "document", "sha256")},
        "signatures": sittings.signed_by(connection, case),
        "orders": [
            {
                "case": o["case"],
                "number": o["number"],
                "signed_on": o["signed_on"].isoformat(),
                "approved": o["approved"],
            }
            for o in papers.order_cases(connection, case)
        ],
    }


def _item(
    connection: Connection,
    meeting: Mapping[str, Any],
    item: Discussed,
    *,
    present: Mapping[str, int | None],
    login: str | None,
    now: datetime,
) -> Data:
    n = item.point.number
    so_far = votes.votes_on(connection, meeting["case"], meeting["attempt"], n)
    shown = item.votes or so_far
    closed = why_closed(
        n,
        item.state,
        is_absentee=meeting["form"] == Form.ABSENTEE,
        takes_ballots=meeting["ballots_open"],
        closes_at=meeting["closes_at"],
        now=now,
        present=present,
        login=login or "",
    )
    is_member = login in sittings.members_of(connection, meeting)
    is_over = item.state not in {State.PENDING, State.VOTING}
    return {
        "item": n,
        "kind": item.point.kind.value,
        "case": item.point.case,
        "number": item.number,
        "title": item.point.title,
        "document": item.point.document.value if item.point.document else None,
        "state": item.state.value,
        "outcome": item.outcome.value if item.outcome else None,
        "words": decision_words(item) if is_over else None,
        "votes": {voter: vote.value for voter, vote in shown.items()},
        "tally": item.tally.as_data() if item.tally else None,
        "recused": list(item.recused),
        "left": list(item.left),
        "recommendations": list(item.recommendations),
        "may_vote": is_member and closed is None and login not in so_far,
    }
