"""How far a submitted application has come, as its applicant asks: which stage, since when, by when, what it led to.

Dates come from the case's own facts; who does what by when from its open tasks. Nothing of experts' names or votes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from engine import history
from engine.actors import Actor
from processes.certification import events
from processes.council.records import agenda
from processes.depository.records import certificates

if TYPE_CHECKING:
    from engine.runtime import Transaction

_MOST_FACTS: Final = 1000


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: the elements at which a case stands in it, and the facts that end it, `kind` or `kind@element`."""

    key: str
    elements: tuple[str, ...]
    ended_by: tuple[str, ...]


STAGES: Final = (
    Stage("submission", (), (events.SUBMITTED,)),
    Stage("registration", ("register_application",), (events.REGISTERED, events.NOT_ACCEPTED)),
    Stage("technical", ("technical_review",), ("task.completed@technical_review",)),
    Stage("appointment", ("appoint_experts",), (events.EXPERTS_APPOINTED,)),
    Stage(
        "review",
        ("content_review", "expert_examination", "expert_review", "replace_expert"),
        ("task.created@approve_conclusions",),
    ),
    Stage("conclusions", ("approve_conclusions",), (events.CONCLUSIONS_APPROVED,)),
    Stage("council", ("await_council_decision",), (events.DECISION_RECEIVED,)),
    Stage("order", ("await_ministry_order",), (events.ORDER_RECEIVED,)),
    Stage(
        "certificate",
        ("sign_certificate", "publish_to_depository", "send_refusal"),
        (events.PUBLISHED, events.REFUSED),
    ),
    Stage(
        "in_force",
        ("certificate_in_force", "remove_from_depository", "confirm_removal"),
        (events.REMOVED,),
    ),
)
#: Where a case that ended has come to its end.
_ENDED_AT: Final = {
    "not_accepted": "registration",
    "not_considered": "technical",
    "refused": "certificate",
    "expired": "in_force",
    "revoked": "in_force",
}


@dataclass(frozen=True, slots=True)
class Rung:
    """A stage of the ladder: `done`, `current`, `ahead`, `ended` (the case ended here); when it began and ended."""

    key: str
    state: str
    begun: datetime | None = None
    done: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """The ladder, and what the applicant asks besides.

    `meeting` is the meeting that has the case on its agenda; `decision` is `grant` or `refuse` once there is one.
    """

    rungs: tuple[Rung, ...]
    element: str | None
    meeting: str | None
    certificate: Mapping[str, Any] | None
    may_withdraw: bool
    decision: str | None = None

    @property
    def current(self) -> Rung | None:
        """Where the case stands, or has ended."""
        return next((rung for rung in self.rungs if rung.state in {"current", "ended"}), None)


def progress_of(tx: "Transaction", case: Mapping[str, Any], _actor: Actor) -> Progress:
    """How far a certification has come; `case` is a case that the actor may see."""
    ends = _ends(tx, case["id"])
    place = agenda.place_of(tx.connection, case["id"])
    decision = _decision(case)
    rungs = [rung for rung in _rungs(case, ends) if decision != "refuse" or rung.key != "in_force"]
    return Progress(
        tuple(rungs),
        case["at"][0] if case["at"] else None,
        place["meeting"] if place["state"] in {"pending", "voting"} else None,
        certificates.certificate_of(tx.connection, case["id"]),
        may_withdraw(tx, case),
        decision,
    )


def _decision(case: Mapping[str, Any]) -> str | None:
    told = case["data"].get("decision")
    found = told.get("decision") if isinstance(told, Mapping) else told
    return str(found) if found in {"grant", "refuse"} and "await_council_decision" not in case["at"] else None


def may_withdraw(tx: "Transaction", case: Mapping[str, Any]) -> bool:
    """Whether the applicant may take the application back: the case runs and no vote on it was ever opened (A-49)."""
    if case["state"] == "ended":
        return False
    place = agenda.place_of(tx.connection, case["id"])
    return place["state"] in {"free", "pending"} and place["voted_at"] is None


def _ends(tx: "Transaction", case: str) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    kinds = {kind: stage.key for stage in STAGES for kind in stage.ended_by}
    for fact in history.read(tx, case, limit=_MOST_FACTS)["items"]:
        key = kinds.get(fact["kind"]) or kinds.get(f"{fact['kind']}@{fact['element']}")
        if key is not None:
            found[key] = datetime.fromisoformat(fact["at"]) if isinstance(fact["at"], str) else fact["at"]
    return found


def _rungs(case: Mapping[str, Any], ends: Mapping[str, datetime]) -> list[Rung]:
    keys = [stage.key for stage in STAGES]
    here = next((n for n, stage in enumerate(STAGES) if set(stage.elements) & set(case["at"])), None)
    end = case["end"]
    if end == "withdrawn":
        # It stopped where it stood: after the last stage that was completed.
        here = max((n for n, key in enumerate(keys) if key in ends), default=0) + 1
    elif end is not None:
        here = keys.index(_ENDED_AT.get(end, keys[-1]))
    here = 1 if here is None else min(here, len(keys) - 1)
    rungs = []
    for n, key in enumerate(keys):
        state = "done" if n < here else "ahead" if n > here else "ended" if end else "current"
        before = ends.get(keys[n - 1]) if n else None
        rungs.append(Rung(key, state, before if n <= here else None, ends.get(key) if n < here or end else None))
    return rungs
