"""How an act in the meeting room begins: the meeting seen, locked and still going on; and a call outside a step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine import cases
from engine.actors import Actor, Right
from engine.calls import Call
from engine.errors import ConflictError, ForbiddenError, NotFoundError
from engine.facts import Fact
from processes.council.records import agenda
from processes.council_meeting import sittings
from processes.council_meeting.model import Member
from processes.council_meeting.records import meetings
from processes.council_meeting.starting import PROCESS

if TYPE_CHECKING:
    from engine.runtime import Transaction


@dataclass(frozen=True)
class Sitting:
    """A meeting under its lock: the case row, the meeting's row, and who acts."""

    tx: "Transaction"
    case: Mapping[str, Any]
    meeting: Mapping[str, Any]
    actor: Actor

    @property
    def id(self) -> str:
        """The case's id."""
        return str(self.case["id"])

    @property
    def attempt(self) -> int:
        """Which attempt at holding the meeting this is, from 1."""
        return int(self.meeting["attempt"])

    def stands_at(self, *elements: str) -> bool:
        """Whether the meeting stands at one of the elements."""
        return any(element in self.case["at"] for element in elements)

    def members(self) -> dict[str, Member]:
        """The composition on the meeting's date, by login."""
        return sittings.members_of(self.tx.connection, self.meeting)

    def item(self, number: int) -> dict[str, Any]:
        """An item of the agenda. Raises NotFoundError."""
        row = agenda.find_item(self.tx.connection, self.id, number)
        if row is None:
            raise NotFoundError("Такого вопроса в повестке нет.")
        return row

    def check_member(self) -> None:
        """Raise ForbiddenError unless the actor sits in the council on the meeting's date and acts for themselves."""
        if self.actor.login not in self.members():
            raise ForbiddenError("Это делают члены совета, входящие в состав на дату заседания.", case=self.id)
        if self.actor.absent:
            raise ForbiddenError("На время замещения Вы значитесь отсутствующим и не действуете.", case=self.id)

    def check_right(self, message: str, *groups: str) -> Right:
        """The right to act as one of the groups. Raises ForbiddenError with the message."""
        right = self.actor.right(*groups)
        if right is None:
            raise ForbiddenError(message, case=self.id)
        return right

    def call(self, element: str, right: Right | None) -> Call:
        """A call into the procedure outside a step; its facts are told by `tell`."""
        definition = self.tx.runtime.definitions.get(self.tx, self.case["definition"])
        return Call(self.tx, self.actor, right, definition, self.case, element)

    def tell(self, *facts: Fact, right: Right | None = None) -> None:
        """Record facts in the meeting's history."""
        cases.tell(self.tx, self.id, list(facts), actor=self.actor, right=right)


def enter(tx: "Transaction", meeting_case: str, actor: Actor, *, is_over_too: bool = False) -> Sitting:
    """Lock a meeting that the actor may see.

    Raises NotFoundError; ConflictError `not_open` where it is stopped, or over (unless `is_over_too`).
    """
    found = cases.get_case(tx, meeting_case, actor)
    if found["process"] != PROCESS:
        raise NotFoundError("Такого заседания нет.")
    case = cases.locked(tx, found["id"])
    if case["state"] != "active" and not (is_over_too and case["state"] == "ended"):
        raise ConflictError("Заседание сейчас не идёт: оно окончено или остановлено.", slug="not_open", case=case["id"])
    return Sitting(tx, case, meetings.meeting_of(tx.connection, case["id"]), actor)
