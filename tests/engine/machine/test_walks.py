"""Random walks through the real procedures: reading back, re-executing and never stopping all come to the same."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions import Definition, compile_bundle, read_bundle
from engine.machine import Command, Complete, Deliver, FireTimer, NotWaitingError, Start
from tests.engine.house import TOY
from tests.engine.machine.walk import Uninterrupted, Walk, repeat, reread

BPMN = Path(__file__).parents[3] / "bpmn"
FOLDERS = {
    "leave": TOY, "certification": BPMN / "certification", "council_meeting": BPMN / "council_meeting",
}  # fmt: skip
STARTS: Mapping[str, Mapping[str, Any]] = {
    "leave": {"until": "2026-03-01", "reply": None},
    "certification": {
        "application": "a1", "accepted": None, "unmet": None, "experts": [], "seats": {}, "conclusions": {},
        "approve": None, "return_to": [], "decision": None, "order": None, "signed_on": None, "valid_until": None,
        "revocation": None, "withdrawal": None,
    },
    "council_meeting": {
        "form": "in_person", "date": "2026-02-02", "closes_at": None, "agenda": [1, 2], "approve": None, "items": [],
        "attendance": None, "results": [],
    },
}  # fmt: skip
ANSWERS: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "check": ({"result": "yes"}, {"result": "again"}, {"result": "break"}),
    "register_application": (*[{"accepted": True}] * 9, {"accepted": False}),
    "technical_review": (*[{"unmet": 0}] * 9, {"unmet": 2}),
    "appoint_experts": ({"experts": ["anna", "boris", "vera"]},),
    "expert_review": ({"declined": False}, {"declined": False}, {"declined": True}),
    "replace_expert": ({"expert": "gleb"}, {"expert": "dina"}),
    "approve_conclusions": (
        {"approve": True, "return_to": []}, {"approve": False, "return_to": ["anna"]},
        {"approve": False, "return_to": ["boris", "vera"]},
    ),
    "sign_certificate": ({"signed_on": "2026-03-02", "valid_until": "2029-03-02"},),
    "approve_agenda": ({"approve": True}, {"approve": True}, {"approve": False}),
    "register_attendance": (
        {"attendance": {"present": 9, "total": 9}}, {"attendance": {"present": 6, "total": 9}},
    ),
    "reschedule": (
        {"form": "in_person", "date": "2026-03-02"},
        {"form": "absentee", "date": "2026-03-02", "closes_at": "2026-03-05T18:00:00+03:00"},
    ),
    "record_votes": tuple(
        {"tally": {"for": n, "against": 9 - n, "abstain": 0, "base": 9, "casting": None, "quorate": True}}
        for n in (9, 5, 0)
    ),
}  # fmt: skip
MESSAGES: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "council_decision": tuple({"decision": d, "protocol": "1"} for d in ("grant", "grant", "refuse", "not_adopted")),
    "ministry_order": tuple({"approved": a, "number": "7", "signed_on": "2026-03-02"} for a in (True, True, False)),
}
RESULTS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Any]] = {
    "certification.seat_experts": lambda given, _data: {
        str(n): {"number": n, "login": login, "returned": False} for n, login in enumerate(given["logins"], 1)
    },
    "certification.file_conclusion": lambda given, _data: {
        "id": given["holder"]["login"], "score": 20, "verdict": "conforms",
    },
    "certification.seat_replacement": lambda given, _data: {**given["holder"], "login": given["successor"]},
    "certification.return_seats": lambda given, data: {
        key: {**seat, "returned": True}
        for number, (key, seat) in enumerate(data["seats"].items())
        if number == 0 or seat["login"] in given["logins_back"]
    },
    "certification.remove_from_depository": lambda given, _data: {
        "reason": "revoked" if given["revoked_by"] else "expired",
    },
    "council_meeting.convene": lambda given, _data: [{"number": n, "kind": "certification"} for n in given["points"]],
    "council_meeting.count_ballots": lambda _given, _data: {"present": 7, "total": 9},
    "council_meeting.open_item": lambda given, _data: {"open": given["point"]["number"] == 1, "why": None},
    "council_meeting.announce": lambda given, _data: {
        "to_approve": sum(1 for each in given["outcomes"] if each.get("outcome") == "grant"),
    },
}  # fmt: skip


@lru_cache
def compiled(key: str, _copy: int = 0) -> Definition:
    """A definition; each copy is parsed afresh."""
    return compile_bundle(read_bundle(FOLDERS[key]))


def serve(_token: int, _element: str, operator: str, parameters: Mapping[str, Any], data: Mapping[str, Any]) -> Any:
    """A stub of every service: what it says depends only on what it is given."""
    made = RESULTS.get(operator)
    return made(parameters, data) if made else {"outcome": parameters.get("voted"), "given": sorted(parameters)}


def commands(walk: Walk) -> list[Command]:
    """Everything that may happen next, each variant of it; what only diverts a case stands there less often."""
    found: list[Command] = []
    for token, opened in sorted(walk.open.items()):
        if opened.is_timer:
            found.append(FireTimer(token))
        else:
            answers = ANSWERS.get(opened.element, ({},))
            found += [Complete(token, answer) for answer in answers] * (1 if len(answers) > 5 else 4)
    for name in sorted(walk.definition.drawing.message_names()):
        payloads = MESSAGES.get(name, ({"reason": "r"},))
        found += [Deliver(name, payload) for payload in payloads]
    return found


@pytest.mark.parametrize("key", list(FOLDERS))
@given(choices=st.lists(st.integers(0, 10_000), min_size=1, max_size=45))
@settings(max_examples=40)
def test_a_case_read_back_after_every_step_equals_the_one_never_put_away(key: str, choices: list[int]) -> None:
    walk = Walk(compiled(key), service=serve)
    twin = Uninterrupted(compiled(key), service=serve)
    walk.start(**STARTS[key])
    assert twin.go(Start(STARTS[key])) == walk.now
    for choice in choices:
        if walk.now.end is not None:
            break
        assert walk.at, "a case that has not ended stands somewhere"
        possible = commands(walk)
        command = possible[choice % len(possible)]
        before = walk.state
        try:
            step = walk.go(command)
        except NotWaitingError:
            assert isinstance(command, Deliver)
            assert walk.state == before
            continue
        assert twin.go(command) == step
        assert reread(walk.definition, step.state) == step.state
        assert {o.element for o in walk.open.values() if not o.is_timer} <= set(step.at)
    assert repeat(walk, compiled(key, 1)) == [state for _command, state in walk.log]
