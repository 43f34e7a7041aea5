"""What a registered function is given: the transaction, the case, and a pen for facts and post."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.actors import Actor, Right
from engine.database import Connection
from engine.facts import Fact
from engine.outbox import queue_letter

if TYPE_CHECKING:
    from engine.calendar import Calendar
    from engine.definitions import Definition
    from engine.runtime import Transaction


@dataclass
class Call:
    """One call from a step into a procedure.

    `case` is the case row as a mapping (id, number, process, owner, title, data, …); `task` the task row of a
    completion (with `local`: the multi-instance items in its scope), else None; `element` the element that calls;
    `variables` the data at that element. `facts` are written by the step that is being made, in order.
    """

    tx: "Transaction"
    actor: Actor
    right: Right | None
    definition: "Definition"
    case: Mapping[str, Any]
    element: str
    task: Mapping[str, Any] | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    title: str | None = None
    owner: str | None = None
    number: str | None = None

    @property
    def connection(self) -> Connection:
        """The transaction's connection, for records modules."""
        return self.tx.connection

    @property
    def now(self) -> datetime:
        """Business time of the act (UTC, aware)."""
        return self.tx.now

    @property
    def calendar(self) -> "Calendar":
        """The working-day calendar in force."""
        return self.tx.calendar

    @property
    def case_id(self) -> str:
        """The case's id."""
        return str(self.case["id"])

    @property
    def on_behalf_of(self) -> str | None:
        """Login of the absent person the actor stands in for, if any."""
        return self.right.on_behalf_of if self.right else None

    def tell(self, kind: str, /, *, element: str | None = None, **data: Any) -> None:
        """Record a fact of the domain in the case's history; free text and personal data are wrapped in Text."""
        self.facts.append(Fact(kind, element or self.element, data))

    def send(self, name: str, correlation: Mapping[str, Any], payload: Mapping[str, Any]) -> None:
        """Leave a message for other cases: delivered after the commit, each in a transaction of its own."""
        self.tx.send(name, correlation, payload, sender=self.case_id)

    def letter(
        self,
        kind: str,
        *,
        to: str,
        subject: str,
        body: str,
        login: str | None = None,
        owner: str | None = None,
        language: str = "ru",
    ) -> str:
        """Queue a letter (plain text) to one address; it leaves by the outbox. Tells `letter.queued`; returns its id.

        `login` is the recipient's account, `owner` the key of the organisation that may read it. Raises InvalidError
        for an address or subject that could smuggle a header.
        """
        identity = queue_letter(
            self.tx,
            kind,
            case=self.case_id,
            to=to,
            subject=subject,
            body=body,
            login=login,
            owner=owner,
            language=language,
        )
        self.facts.append(Fact("letter.queued", self.element, {"letter": identity, "kind": kind}))
        return identity

    def decide(self, decision: str, names: Mapping[str, Any]) -> Any:
        """Ask a decision table of the case's own version, with the same interpreter as the drawing."""
        return self.definition.decide(decision, names)


@dataclass(frozen=True)
class View:
    """What a data provider may read: the connection, the case and task rows, who asks, and when."""

    connection: Connection
    actor: Actor
    now: datetime
    definition: "Definition"
    case: Mapping[str, Any]
    task: Mapping[str, Any]
