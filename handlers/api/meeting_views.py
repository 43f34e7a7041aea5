"""A meeting as the API shows it: the hall, the materials, the protocol's words, the decisions."""

from collections.abc import Mapping
from typing import Any

from engine import cases, documents
from engine.actors import Actor
from engine.errors import NotFoundError
from engine.runtime import Transaction
from handlers.api.views import document_view
from processes.council.records import agenda
from processes.council_meeting import correcting, materials, ordering, sittings
from processes.council_meeting.hall import Ballot, Hall, see_hall
from processes.council_meeting.model import Wording
from processes.council_meeting.protocol import decision_words
from processes.council_meeting.records import meetings, papers, room, wording
from processes.council_meeting.starting import PROCESS

Row = Mapping[str, Any]


def find_meeting(tx: Transaction, case_id: str, actor: Actor) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a meeting's case row and its own row. Raises NotFoundError."""
    case = cases.get_case(tx, case_id, actor)
    meeting = meetings.get_meeting(tx.connection, case["id"])
    if case["process"] != PROCESS or meeting is None:
        raise NotFoundError("Такого заседания нет.")
    return case, dict(meeting)


def hall_view(tx: Transaction, case_id: str, actor: Actor) -> dict[str, Any]:
    """Return the hall of a meeting as a person sees it now."""
    hall = _hall(tx, *find_meeting(tx, case_id, actor), actor)
    case, meeting = hall.case, hall.meeting
    return {
        "case": case["id"],
        "number": case["number"],
        "form": meeting["form"],
        "date": meeting["held_on"],
        "attempt": meeting["attempt"],
        "phase": hall.phase,
        "closes_at": meeting["closes_at"],
        "takes_ballots": _takes_ballots(tx, hall),
        "presiding": meeting["presiding"],
        "quorum": {"here": hall.here, "total": hall.total, "needed": hall.needed, "arrived": hall.arrived},
        "members": [
            {
                "login": seat.member.login,
                "name": seat.member.name,
                "role": seat.member.role,
                "state": seat.state or None,
                "mode": seat.mode,
                "answer": seat.answer["answer"] if seat.answer else None,
                "absent": seat.member.absent,
            }
            for seat in hall.seats
        ],
        "items": [_item(ballot) for ballot in hall.ballots],
        "may_reorder": case["state"] == "active" and ordering.may_reorder(actor, meeting, case["at"]),
        "why_order_stands": ordering.why_fixed(meeting, case["at"]),
    }


def materials_view(tx: Transaction, case_id: str, number: int, actor: Actor) -> list[dict[str, Any]]:
    """Return the materials of an item, and when which member opened each. Raises NotFoundError."""
    case, _meeting = find_meeting(tx, case_id, actor)
    item = agenda.find_item(tx.connection, case["id"], number)
    if item is None:
        raise NotFoundError("Такого вопроса в повестке нет.")
    if item["case"] is None:
        return []
    readings = [row for row in room.readings_of(tx.connection, case["id"]) if row["case"] == item["case"]]
    return [
        {
            **document_view(row),
            "opened_by": {r["member"]: r["opened_at"] for r in readings if r["document"] == row["id"]},
            "read_by": {r["member"]: r["opened_at"] for r in readings if r["document"] == materials.ALL},
        }
        for row in materials.materials_of(tx, item["case"])
    ]


def protocol_view(tx: Transaction, case_id: str, actor: Actor) -> dict[str, Any]:
    """Return the protocol of a meeting: its words by item, its versions, who signed it."""
    case, meeting = find_meeting(tx, case_id, actor)
    row = papers.protocol_of(tx.connection, case["id"])
    signatures = sittings.signed_by(tx.connection, case["id"])
    words, given = wording.wordings_of(tx.connection, case["id"]), tasks_of(tx, case["id"])
    is_active = case["state"] == "active"
    return {
        "number": row["number"] if row else None,
        "version": row["version"] if row else 0,
        "signatures": signatures,
        "may_word": correcting.may_word(actor, meeting, is_active=is_active, is_signed=bool(signatures)),
        "items": [
            {
                "item": n,
                **{name: getattr(words.get(n, Wording()), name) for name in correcting.FIELDS},
                "tasks": given.get(n, []),
            }
            for n in (point["n"] for point in agenda.items_of(tx.connection, case["id"]))
        ],
        "versions": [
            {
                **{name: one[name] for name in ("version", "document", "sha256")},
                "by": one["made_by"],
                "at": one["made_at"],
            }
            for one in wording.versions_of(tx.connection, case["id"])
        ],
    }


def decisions_view(tx: Transaction, case_id: str, actor: Actor) -> list[dict[str, Any]]:
    """Return what was decided on each item closed, its extract, the tasks it gave, and how far its case has come."""
    case, meeting = find_meeting(tx, case_id, actor)
    filed = documents.documents_of(tx, case=case["id"])
    extracts = {row["title"].rpartition(" ")[2]: row["id"] for row in filed if row["kind"] == "protocol_extract"}
    given = tasks_of(tx, case["id"])
    ballots = _hall(tx, case, meeting, actor).ballots
    cases_told = cases.get_cases(tx, [b.told.point.case for b in ballots if b.told.point.case], actor)
    found = []
    for ballot in ballots:
        told = ballot.told
        if told.outcome is None and told.state in {"pending", "voting"}:
            continue
        followed = cases_told.get(told.point.case) if told.point.case else None
        found.append(
            {
                "item": ballot.number,
                "title": told.point.title,
                "case": told.point.case,
                "outcome": told.outcome,
                "decision": decision_words(told),
                "recommendations": list(told.recommendations),
                "extract": extracts.get(told.number) if told.number else None,
                "tasks": given.get(ballot.number, []),
                "stage": cases.stage_of(tx, followed) if followed else None,
            }
        )
    return found


def tasks_of(tx: Transaction, case: str) -> dict[int, list[dict[str, Any]]]:
    """Return the tasks that a meeting gave, by item."""
    found: dict[int, list[dict[str, Any]]] = {}
    for row in wording.assignments_of(tx.connection, case):
        found.setdefault(row["item"], []).append(task_view(row))
    return found


def task_view(row: Row) -> dict[str, Any]:
    """Return a task that a meeting gave; `task` is its number within the item."""
    plain = {name: row[name] for name in ("text", "responsible", "due", "done_on", "done_by")}
    return {"task": row["n"], **plain, "note": row["done_note"]}


def _hall(tx: Transaction, case: Row, meeting: Row, actor: Actor) -> Hall:
    protocol = papers.protocol_of(tx.connection, case["id"])
    minutes = sittings.minutes_of(tx.connection, case["id"], protocol["number"] if protocol else "")
    return see_hall(tx.connection, case, meeting, minutes, actor=actor, now=tx.now)


def _takes_ballots(tx: Transaction, hall: Hall) -> bool:
    closes_at = hall.meeting["closes_at"]
    is_open = hall.case["state"] == "active" and bool(hall.meeting["ballots_open"])
    return is_open and closes_at is not None and bool(tx.now < closes_at)


def _item(ballot: Ballot) -> dict[str, Any]:
    told, tally = ballot.told, ballot.tally
    return {
        "item": ballot.number,
        "kind": told.point.kind,
        "title": told.point.title,
        "case": told.point.case,
        "state": told.state,
        "outcome": told.outcome,
        "votes": dict(ballot.votes),
        "recused": dict(ballot.recused),
        "waiting": list(ballot.waiting),
        "tally": {
            "for": tally.votes_for,
            "against": tally.votes_against,
            "abstain": tally.abstain,
            "base": tally.base,
            "needed": ballot.needed,
        },
        "called_at": ballot.said.get("called_at"),
        "stopped_at": ballot.said.get("stopped_at"),
        "mine": ballot.mine,
        "may_vote": ballot.may_vote,
        "may_recuse": ballot.may_recuse,
        "recommendations": list(told.recommendations),
    }
