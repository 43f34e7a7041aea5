"""How far a case has come, in words: the ladder of its stages and the list of its steps, the twin of the diagram."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine.drawing import Drawing, Element
from engine.history.chain import served
from engine.records import history
from engine.runtime import Transaction

#: The stages of a certification as an applicant counts them, by the elements at which a case stands in them.
LADDER: Final = (
    ("Registration", ("register_application",)),
    ("Technical review", ("technical_review",)),
    ("Experts' review", ("appoint_experts", "expert_review", "expert_examination", "content_review", "replace_expert")),
    ("Conclusions", ("approve_conclusions",)),
    ("Council", ("await_council_decision",)),
    ("Order of the ministry", ("await_ministry_order",)),
    ("Certificate", ("sign_certificate", "publish_to_depository", "send_refusal")),
    ("In force", ("certificate_in_force", "confirm_removal", "remove_from_depository")),
)
#: An end of a certification -> the last rung reached, and whether it is the way's good end.
_ENDS: Final = {
    "not_accepted": 0,
    "not_considered": 1,
    "refused": 6,
    "expired": 7,
    "revoked": 7,
}

_WORK: Final = frozenset({"userTask", "serviceTask", "receiveTask", "businessRuleTask", "manualTask"})
_ENDS_OF_WAY: Final = frozenset({"startEvent", "endEvent"})


@dataclass(frozen=True, slots=True)
class Rung:
    """One stage: `state` is done, current, ahead or ended (the case ended here); `since` when the case came to it."""

    name: str
    state: str
    since: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step that the case has come to: `state` as in the replay; `lane` is the role."""

    id: str
    name: str
    kind: str
    state: str
    count: int
    lane: str | None


def ladder_of(drawing: Drawing, case: Mapping[str, Any], entered: Mapping[str, str] | None = None) -> list[Rung]:
    """Return the stages of a certification; nothing for another procedure.

    `entered` tells when the case came to each element, as `entered_at` does.
    """
    if drawing.process != "certification":
        return []
    at = [_rung_of(element) for element in case["at"]]
    reached = [place for place in at if place is not None]
    if case["end"]:
        last = _ENDS.get(case["end"])
        states = ["ahead" if last is None or n > last else "ended" if n == last else "done" for n in range(len(LADDER))]
    else:
        now = min(reached, default=0)
        states = ["done" if n < now else "current" if n == now else "ahead" for n in range(len(LADDER))]
    since = [min((at for id_, at in (entered or {}).items() if id_ in ids), default=None) for _, ids in LADDER]
    return [
        Rung(name, state, at if state != "ahead" else None)
        for (name, _), state, at in zip(LADDER, states, since, strict=True)
    ]


def entered_at(tx: Transaction, case: str) -> dict[str, str]:
    """Return when a case first came to each element, as ISO instants in Europe/Moscow."""
    found: dict[str, str] = {}
    for row in history.of_kind(tx.connection, case, ("case.advanced",)):
        event = served(row)
        for element, _state, _token in event["data"]["elements"]:
            found.setdefault(element, event["at"])
    return found


def steps_of(drawing: Drawing, elements: Mapping[str, Mapping[str, Any]], at: Sequence[str]) -> list[Step]:
    """Return the named steps that a case has come to, in the drawing's order.

    Gateways, timers and the inner ends of subprocesses are left out; where the case stands now counts before the past.
    """
    return [
        Step(one.id, one.name, one.kind, _state(elements, one.id, at), int(elements[one.id]["count"]), one.lane)
        for one in drawing.elements.values()
        if one.id in elements and one.name and _is_shown(drawing, one) and elements[one.id]["state"] != "cancelled"
    ]


def _is_shown(drawing: Drawing, one: Element) -> bool:
    return one.kind in _WORK or (one.kind in _ENDS_OF_WAY and one.scope == drawing.process)


def _state(elements: Mapping[str, Mapping[str, Any]], element: str, at: Sequence[str]) -> str:
    found = str(elements[element]["state"])
    return "ready" if element in at and found == "completed" else found


def _rung_of(element: str) -> int | None:
    return next((n for n, (_, ids) in enumerate(LADDER) if element in ids), None)
