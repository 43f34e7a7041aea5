from typing import Any

import pytest

from tests.contract.client import Service
from tests.contract.stories import (
    AWAITING,
    COUNCIL,
    QUORUM,
    convene,
    open_meeting,
    record,
    sign,
    votes,
)

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"votes": {"member01": "against"}}, "votes.member01"),
    ({"votes": {"member21": "for"}}, "votes.member21"),
    ({"votes": {"nobody": "for"}}, "votes.nobody"),
    ({"votes": {"member02": "maybe"}}, "votes.member02"),
    ({"votes": {"member02": None}}, "votes.member02"),
    ({"recused": ["member03"]}, "votes.member03"),
    ({"recused": ["member21"]}, "recused"),
    ({"left": ["member21"]}, "left"),
    ({"recommendations": [5]}, "recommendations.0"),
    ({"surprise": 1}, "surprise"),
]


def test_the_secretarys_entry_is_refused_by_name(service: Service) -> None:
    meeting = open_meeting(service, service.case(AWAITING))
    service.as_("member01").post(f"/meetings/{meeting}/items/1/vote", {"vote": "for"})
    entry: dict[str, Any] = votes("for")
    for change, path in WRONG:
        merged = {**entry, **change, "votes": {**entry["votes"], **change.get("votes", {})}}
        paths = service.as_("secretary").errors(meeting, "record_votes", merged)
        assert any(each == path or each.startswith(f"{path}.") for each in paths), (change, paths)


def test_every_participant_stands_in_the_entry_once(service: Service) -> None:
    meeting = open_meeting(service, service.case(AWAITING))
    service.as_("member01").post(f"/meetings/{meeting}/items/1/vote", {"vote": "abstain"})
    entry = votes("for", present=QUORUM[2:])
    assert set(service.as_("secretary").errors(meeting, "record_votes", entry)) == {"votes.member02"}
    entry["votes"]["member02"] = "for"
    record(service, meeting, entry)


@pytest.mark.parametrize(
    ("entry", "chairs", "decision"),
    [
        ({"for": 9, "against": 8}, "against", "grant"),
        ({"for": 8, "against": 5, "abstain": 4}, "for", None),
        ({"for": 8, "against": 9}, "for", "refuse"),
        ({"abstain": 17}, "abstain", None),
        ({"for": 9, "against": 9}, "for", "grant"),
        ({"for": 9, "against": 9}, "against", "refuse"),
        ({"for": 8, "against": 8, "abstain": 1}, "for", "grant"),
        ({"for": 8, "against": 8, "abstain": 1}, "abstain", None),
    ],
)
def test_the_majority_is_counted_over_the_participants(
    service: Service, entry: dict[str, int], chairs: str, decision: str | None
) -> None:
    case = service.case(AWAITING)
    people = COUNCIL[: sum(entry.values())]
    meeting = open_meeting(service, case, present=people)
    values = [value for value, count in entry.items() for _ in range(count)]
    values.remove(chairs)
    given = {"chair": chairs, **dict(zip(people[1:], values, strict=True))}
    record(service, meeting, {"votes": given, "recused": [], "recommendations": ["Доработать"]})
    sign(service, meeting)
    if decision is None:
        assert service.stands_at(case) == ["await_council_decision"]
        assert service.shown(meeting)["end"] == "closed"
    else:
        assert service.shown(case)["data"]["decision"]["decision"] == decision
        assert service.stands_at(case) == ["await_ministry_order"]


def test_a_tie_without_the_chairs_vote_adopts_nothing(service: Service) -> None:
    case = service.case(AWAITING)
    people = [login for login in COUNCIL if login != "chair"][:18]
    meeting = open_meeting(service, case, present=people)
    given = dict(zip(people, ["for", "against"] * 9, strict=True))
    record(service, meeting, {"votes": given, "recused": [], "recommendations": []})
    sign(service, meeting)
    assert service.stands_at(case) == ["await_council_decision"]


def test_the_deputy_who_presides_within_a_substitution_decides_a_tie(service: Service) -> None:
    case = service.case(AWAITING)
    asked = {"absent": "chair", "deputy": "deputy", "from": "2026-01-12", "until": "2026-01-13", "basis": "Приказ 1"}
    service.as_("admin").post("/substitutions", asked, 201)
    people = [login for login in COUNCIL if login != "chair"][:18]
    meeting = str(convene(service, case)["id"])
    service.as_("deputy").complete(meeting, "approve_agenda", {"approve": True})
    service.as_("secretary").complete(meeting, "register_attendance", {"present": people})
    given = {"deputy": "for", **dict(zip(people[1:], ["against", "for"] * 9, strict=False))}
    assert sorted(given.values()).count("for") == 9
    record(service, meeting, {"votes": given, "recused": [], "recommendations": []})
    service.as_("secretary").complete(meeting, "sign_protocol_secretary", {"confirm": True})
    service.as_("deputy").complete(meeting, "sign_protocol_chair", {"confirm": True})
    assert service.shown(case)["data"]["decision"]["decision"] == "grant"


def test_the_recused_count_for_the_quorum_and_not_in_the_base(service: Service) -> None:
    case = service.case(AWAITING)
    meeting = open_meeting(service, case)
    entry = votes("for")
    for login in ("member01", "member02", "member03"):
        del entry["votes"][login]
    entry["recused"] = ["member01", "member02", "member03"]
    entry["votes"] |= dict.fromkeys(QUORUM[3:9], "against")
    assert sorted(entry["votes"].values()).count("for") == 8
    record(service, meeting, entry)
    sign(service, meeting)
    assert service.shown(case)["data"]["decision"]["decision"] == "grant"
