"""Service tasks of a meeting, as its drawing names them; each runs inside the step and returns one variable."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.calls import Call
from engine.errors import StepFailedError
from engine.registry import Registry
from processes.council.half_years import half_year_of
from processes.council.records import agenda
from processes.council.rules import quorum_needed
from processes.council_meeting import events, paperwork, post, sittings
from processes.council_meeting.model import Outcome, State
from processes.council_meeting.records import agenda as own_agenda
from processes.council_meeting.records import meetings, papers, votes
from processes.council_meeting.starting import AWAITS

Item = Mapping[str, Any]


def convene(call: Call, *, points: Sequence[Item]) -> list[dict[str, Any]]:
    """Invite the council to a meeting with an approved agenda; gives the items in order, from 1."""
    post.invite(call)
    rows = agenda.items_of(call.connection, call.case_id)
    row = meetings.meeting_of(call.connection, call.case_id)
    call.tell(
        events.MEETING_SCHEDULED,
        form=row["form"],
        date=row["held_on"].isoformat(),
        closes_at=None if row["closes_at"] is None else row["closes_at"].isoformat(),
        items=[{"item": r["n"], "kind": r["kind"], "case": r["case"]} for r in rows],
    )
    if len(rows) != len(points):
        raise StepFailedError("Повестка в деле отличается от повестки в журнале вопросов.", element=call.element)
    paperwork.file_agenda(call)
    return [{"number": r["n"], "kind": r["kind"], "case": r["case"], "title": r["title"]} for r in rows]


def open_ballots(call: Call) -> dict[str, list[int]]:
    """Open voting on every item still standing: an absentee meeting takes ballots on all of them at once."""
    rows = agenda.items_of(call.connection, call.case_id)
    opened = [
        r["n"]
        for r in rows
        if _may_open(call, r) and agenda.open_voting(call.connection, call.case_id, r["n"], call.now)
    ]
    meetings.set_ballots_open(call.connection, call.case_id, is_open=True)
    call.tell(events.BALLOTS_OPENED, items=opened)
    return {"open": opened}


def count_ballots(call: Call) -> dict[str, int]:
    """Close the ballots; those who sent one on any item are the participants (A-34)."""
    row = meetings.meeting_of(call.connection, call.case_id)
    meetings.set_ballots_open(call.connection, call.case_id, is_open=False)
    voters = votes.voters_of(call.connection, call.case_id, row["attempt"])
    meetings.insert_attendance(call.connection, call.case_id, row["attempt"], voters, by=call.actor.login, at=call.now)
    counted = sittings.counted_of(call.connection, row)
    attendance = {"present": len(counted & set(voters)), "total": len(counted)}
    call.tell(events.BALLOTS_COUNTED, attempt=row["attempt"], participants=voters, counted=attendance)
    return attendance


def dismiss(call: Call, *, counted: Mapping[str, int]) -> dict[str, Any]:
    """Record that the meeting had no quorum; its agenda waits for another attempt, its ballots count no more (A-32)."""
    row = meetings.meeting_of(call.connection, call.case_id)
    own_agenda.return_items(call.connection, call.case_id)
    failed = {"date": sittings.held_on(row).isoformat(), "present": counted["present"], "total": counted["total"]}
    call.tell(
        events.MEETING_INQUORATE,
        attempt=row["attempt"],
        form=row["form"],
        clause="3.4",
        needed=quorum_needed(counted["total"]),
        counted=failed,
    )
    return failed


def open_meeting(call: Call) -> dict[str, str]:
    """Open a quorate meeting, and tell the watch over half-years (clause 3.3, A-35)."""
    row = meetings.meeting_of(call.connection, call.case_id)
    held_on = sittings.held_on(row)
    meetings.set_opened(call.connection, call.case_id, call.now)
    call.send(
        "quorate_meeting",
        {"process": "meeting_watch", "half_year": half_year_of(held_on).name},
        {"case": call.case_id, "held_on": held_on.isoformat()},
    )
    call.tell(events.MEETING_OPENED, attempt=row["attempt"], date=held_on.isoformat(), presiding=row["presiding"])
    return {"opened_at": call.now.isoformat()}


def open_item(call: Call, *, point: Item) -> dict[str, Any]:
    """Open the vote on an item, unless its case was withdrawn or the quorum is lost."""
    connection, n = call.connection, int(point["number"])
    row = agenda.find_item(connection, call.case_id, n)
    if row is None:
        raise StepFailedError(f"В повестке нет вопроса {n}.", element=call.element)
    if row["state"] == State.STRUCK:
        return {"open": False, "why": State.STRUCK.value}
    if sittings.is_quorum_lost(connection, call.case_id):
        return {"open": False, "why": State.UNREACHED.value}
    if row["state"] == State.PENDING:
        if not _may_open(call, row) or not agenda.open_voting(connection, call.case_id, n, call.now):
            return {"open": False, "why": State.STRUCK.value}
        call.tell(events.VOTING_OPENED, item=n, case=row["case"])
    return {"open": True, "why": None}


def close_item(call: Call, *, point: Item, voted: str) -> dict[str, Any]:
    """Close the vote on an item with its outcome; an undecided case is free for another agenda (A-33)."""
    n, outcome = int(point["number"]), Outcome(voted)
    is_decided = outcome is not Outcome.UNDECIDED
    state = State.DECIDED if is_decided else State.UNREACHED
    agenda.close_item(
        call.connection,
        call.case_id,
        n,
        state=state.value,
        outcome=outcome.value,
        decided=is_decided,
        at=call.now,
    )
    tally = votes.results_of(call.connection, call.case_id)[n]["tally"]
    call.tell(events.VOTING_CLOSED, item=n, case=point["case"], outcome=outcome.value, tally=tally)
    return {"number": n, "case": point["case"], "outcome": outcome.value}


def skip_item(call: Call, *, point: Item, cause: str) -> dict[str, Any]:
    """Pass over an item that opens no vote; where the quorum was lost, its case is free for another agenda."""
    n, state = int(point["number"]), State(cause)
    agenda.close_item(
        call.connection, call.case_id, n, state=state.value, outcome=state.value, decided=False, at=call.now
    )
    call.tell(events.ITEM_SKIPPED, item=n, case=point["case"], why=state.value)
    return {"number": n, "case": point["case"], "outcome": state.value}


def announce(call: Call, *, outcomes: Sequence[Item]) -> dict[str, int]:
    """Send the signed decisions to their cases; approve the documents that were adopted (clauses 3.5, 4.8)."""
    number = _protocol_number(call)
    cases = [result for result in outcomes if result["case"] is not None]
    for result in cases:
        if result["outcome"] not in (Outcome.GRANT, Outcome.REFUSE, Outcome.NOT_ADOPTED):
            continue
        payload = {"decision": result["outcome"], "protocol": number}
        call.send("council_decision", {"case": result["case"]}, payload)
        if result["outcome"] == Outcome.NOT_ADOPTED:
            agenda.free_case(call.connection, result["case"])
        else:
            call.tell(events.DECISION_ADOPTED, item=result["number"], case=result["case"], **payload)
    paperwork.approve_documents(call, number)
    paperwork.file_signed_protocol(call)
    paperwork.file_order_draft(call, outcomes, number)
    post.tell_protocol(call, number)
    post.tell_tasks(call, number)
    return {"to_approve": sum(1 for r in cases if r["outcome"] in (Outcome.GRANT, Outcome.REFUSE))}


def pass_on_order(call: Call, *, outcomes: Sequence[Item]) -> dict[str, int]:
    """Tell each case that was granted or refused what the ministry's order says of it (clause 4.10)."""
    decided = {r["case"] for r in outcomes if r["outcome"] in (Outcome.GRANT, Outcome.REFUSE)}
    rows = [row for row in papers.order_cases(call.connection, call.case_id) if row["case"] in decided]
    for row in rows:
        call.send(
            "ministry_order",
            {"case": row["case"]},
            {"number": row["number"], "signed_on": row["signed_on"].isoformat(), "approved": row["approved"]},
        )
    return {"cases": len(rows)}


def draw_up_protocol(call: Call, *, outcomes: Sequence[Item]) -> dict[str, str]:
    """Draw up the protocol under its journal number; it is not changed after that (clause 3.7)."""
    return paperwork.draw_up(call, items=len(outcomes))


def register(registry: Registry) -> None:
    """Name the operators that the drawing may call, with their parameters."""
    for function, parameters in (
        (convene, ("points",)),
        (open_ballots, ()),
        (count_ballots, ()),
        (dismiss, ("counted",)),
        (open_meeting, ()),
        (open_item, ("point",)),
        (close_item, ("point", "voted")),
        (skip_item, ("point", "cause")),
        (draw_up_protocol, ("outcomes",)),
        (announce, ("outcomes",)),
        (pass_on_order, ("outcomes",)),
    ):
        registry.service(f"council_meeting.{function.__name__}", *parameters)(function)


def _may_open(call: Call, row: Item) -> bool:
    """Whether a case still waits for the council: it may have gone another way since it was put on the agenda."""
    if row["state"] != State.PENDING:
        return False
    if row["case"] is None:
        return True
    found = meetings.case_rows(call.connection, [row["case"]]).get(row["case"])
    return found is not None and found["state"] != "ended" and AWAITS in found["at"]


def _protocol_number(call: Call) -> str:
    row = papers.protocol_of(call.connection, call.case_id)
    if row is None:
        raise StepFailedError("Протокол заседания не составлен.", element=call.element)
    return str(row["number"])
