"""The order of an agenda: changed until the meeting opens, by whom the regulation lets form it (clauses 2.5, 2.6)."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.actors import Actor
from engine.calls import Call
from engine.errors import ConflictError, InvalidError
from engine.facts import Fact
from processes.council.records import agenda
from processes.council_meeting import events, paperwork, post
from processes.council_meeting.acting import enter
from processes.council_meeting.model import Form, Kind
from processes.council_meeting.records.agenda import renumber

if TYPE_CHECKING:
    from engine.runtime import Transaction


def reorder_agenda(tx: "Transaction", meeting_case: str, order: Sequence[int], *, actor: Actor) -> dict[str, Any]:
    """Put the items in another order: `order` lists their present numbers as they are to follow.

    Before the chair's approval by secretary or chair. After it by the chair alone, who thereby approves it anew: it is
    filed again and every member is written to. Returns `{"order"}`. Raises ForbiddenError, ConflictError
    `agenda_frozen` once the meeting has opened, a second attempt has begun (A-32: same agenda) or ballots are taken;
    InvalidError `order`.
    """
    sitting = enter(tx, meeting_case, actor)
    numbers = [row["n"] for row in agenda.items_of(tx.connection, sitting.id)]
    if sorted(order) != numbers:
        raise InvalidError(errors={"order": ["Укажите все вопросы повестки, каждый один раз."]}, rule=False)
    is_approved = not sitting.stands_at("approve_agenda")
    if is_approved:
        right = sitting.check_right("Утверждённую повестку меняет только председатель.", "chair")
    else:
        right = sitting.check_right("Повестку составляют секретарь и председатель.", "secretary", "chair")
    if why := why_fixed(sitting.meeting, sitting.case["at"]):
        raise ConflictError(why, slug="agenda_frozen", case=sitting.id)
    if list(order) == numbers:
        return {"order": list(order)}
    renumber(tx.connection, sitting.id, order)
    call = sitting.call("approve_agenda", right)
    call.facts.append(Fact(events.AGENDA_REORDERED, "approve_agenda", {"order": list(order)}))
    if is_approved:
        paperwork.file_agenda(call)
        post.tell_reordered(call)
    sitting.tell(*call.facts, right=right)
    return {"order": list(order)}


def may_reorder(actor: Actor, meeting: Mapping[str, Any], at: Sequence[str]) -> bool:
    """Whether a person may change the order now."""
    groups = ("secretary", "chair") if "approve_agenda" in at else ("chair",)
    return why_fixed(meeting, at) is None and actor.holds(*groups)


def why_fixed(meeting: Mapping[str, Any], at: Sequence[str]) -> str | None:
    """Why the order of an agenda stands, in words; None where it may be changed."""
    if "approve_agenda" in at:
        return None
    if meeting["form"] == Form.ABSENTEE:
        return "При заочной форме бюллетени принимаются сразу по всем вопросам: порядок после утверждения не меняется."
    if meeting["attempt"] > 1:
        return "Несостоявшееся заседание повторяется с той же повесткой: порядок не меняется."
    if "meeting_day" in at or "register_attendance" in at:
        return None
    return "Заседание открыто или окончено: порядок вопросов больше не меняется."


def agenda_if_moved(call: Call) -> dict[str, Any]:
    """`{"agenda"}` of a case's data in the order of its rows, or nothing where that is how it stands."""
    rows = agenda.items_of(call.connection, call.case_id)
    ordered = [_as_given(row) for row in rows]
    return {} if ordered == call.case["data"]["agenda"] else {"agenda": ordered}


def items_if_moved(call: Call) -> dict[str, Any]:
    """`{"items"}` that the votes go through, in the order of its rows, or nothing where that is how it stands."""
    rows = agenda.items_of(call.connection, call.case_id)
    ordered = [{"number": r["n"], "kind": r["kind"], "case": r["case"], "title": r["title"]} for r in rows]
    return {} if ordered == call.case["data"]["items"] else {"items": ordered}


def _as_given(row: Mapping[str, Any]) -> dict[str, Any]:
    if row["kind"] == Kind.CERTIFICATION:
        return {"kind": row["kind"], "case": row["case"]}
    return {"kind": row["kind"], "title": row["title"], "document": row["document"]}
