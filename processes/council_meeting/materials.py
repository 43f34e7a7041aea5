"""Materials of an agenda's cases, and who has read them before the meeting (clause 2.7)."""

from typing import TYPE_CHECKING, Any, Final

from engine import documents
from engine.actors import Actor
from engine.errors import InvalidError, NotFoundError
from engine.facts import Fact
from processes.council_meeting import events
from processes.council_meeting.acting import enter
from processes.council_meeting.records import room

if TYPE_CHECKING:
    from engine.runtime import Transaction

#: Kinds of documents of a case that a member reads before the meeting, in that order.
KINDS: Final = (
    "application_form",
    "application",
    "programme",
    "license_copy",
    "other",
    "technical_review",
    "conclusion",
)
#: The mark of having read all materials of a case.
ALL: Final = ""


def materials_of(tx: "Transaction", case: str) -> list[dict[str, Any]]:
    """Documents of a case that a member reads before the meeting: application, programme, checklist, conclusions."""
    found = [row for row in documents.documents_of(tx, case=case) if row["kind"] in KINDS]
    return sorted(found, key=lambda row: KINDS.index(row["kind"]))


def open_material(tx: "Transaction", meeting_case: str, item: int, document: str, *, actor: Actor) -> dict[str, Any]:
    """Note that a member opens a material of an item, the first time only; of others nothing is noted.

    Returns `{"document"}`. Raises NotFoundError where the item's case has no such material.
    """
    sitting = enter(tx, meeting_case, actor, is_over_too=True)
    case = sitting.item(item)["case"]
    if case is None or document not in {row["id"] for row in materials_of(tx, case)}:
        raise NotFoundError("Такого материала по этому вопросу нет.")
    is_noted = sitting.case["state"] == "active" and actor.login in sitting.members()
    if is_noted and room.add_reading(tx.connection, sitting.id, case, actor.login, document, at=tx.now):
        told = {"item": item, "case": case, "member": actor.login, "document": document}
        sitting.tell(Fact(events.MATERIALS_OPENED, None, told), right=actor.right("member"))
    return {"document": document}


def mark_read(tx: "Transaction", meeting_case: str, item: int, *, actor: Actor) -> dict[str, Any]:
    """Note that a member has read the materials of an item. Raises ForbiddenError for one outside the composition."""
    sitting = enter(tx, meeting_case, actor)
    sitting.check_member()
    case = sitting.item(item)["case"]
    if case is None:
        raise InvalidError(errors={"item": ["У этого вопроса нет материалов."]}, case=sitting.id)
    if room.add_reading(tx.connection, sitting.id, case, actor.login, ALL, at=tx.now):
        told = {"item": item, "case": case, "member": actor.login}
        sitting.tell(Fact(events.MATERIALS_READ, None, told), right=actor.right("member"))
    return {"item": item}
