from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import rfc8785

from tests.contract.client import Service
from tests.contract.stories import (
    AWAITING,
    IN_FORCE,
    IN_REVIEW,
    UNAPPOINTED,
    UNREGISTERED,
    certify,
    conclusion,
    register,
    review,
)

PROMISED = {"seq", "at", "actor", "on_behalf_of", "kind", "element", "data", "prev_hash", "hash"}


def hash_of(event: Mapping[str, Any]) -> str:
    """What an outsider computes of a served event by the contract's own words."""
    rest = {key: value for key, value in event.items() if key not in {"hash", "prev_hash"}}
    return sha256(event["prev_hash"].encode("ascii") + rfc8785.dumps(rest)).hexdigest()


def references(value: Any) -> list[Mapping[str, str]]:
    """Every `{"ref", "digest"}` in an event's data."""
    if isinstance(value, Mapping):
        if set(value) == {"ref", "digest"}:
            return [value]
        return [found for each in value.values() for found in references(each)]
    return [found for each in value for found in references(each)] if isinstance(value, list) else []


def test_an_outsider_recomputes_every_chain(service: Service) -> None:
    certify(service, service.case(AWAITING))
    auditor = service.as_("auditor")
    for case in auditor.every("/cases", limit=100):
        before = "0" * 64
        events = service.events(case["id"])
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        for event in events:
            assert set(event) == PROMISED
            assert event["prev_hash"] == before
            assert event["hash"] == hash_of(event), (case["title"], event["seq"])
            before = event["hash"]


def test_texts_match_their_digests(service: Service) -> None:
    case = service.case(IN_REVIEW)
    words = "Строка о человеке: Небывалов Н. Н."
    data = review(marks={"T05": "-"}, comments={"T05": words})
    service.as_("secretary").complete(case, "technical_review", data)
    page = service.as_("auditor").get(f"/cases/{case}/history", limit=1000)
    assert words not in str(page["items"])
    assert words in {each["text"] for each in page["texts"].values()}
    found = [each for event in page["items"] for each in references(event["data"])]
    assert found
    for each in found:
        text = page["texts"][each["ref"]]
        assert set(text) == {"text", "salt"}
        assert each["digest"] == sha256((text["salt"] + text["text"]).encode()).hexdigest()


def test_history_is_read_in_pages(standing: Service) -> None:
    case = standing.case(IN_FORCE)
    auditor = standing.as_("auditor")
    first = auditor.get(f"/cases/{case}/history", limit=5)
    assert set(first) >= {"items", "texts", "next"}
    assert [event["seq"] for event in first["items"]] == [1, 2, 3, 4, 5]
    second = auditor.get(f"/cases/{case}/history", after=5, limit=5)
    assert [event["seq"] for event in second["items"]] == [6, 7, 8, 9, 10]
    whole = auditor.get(f"/cases/{case}/history", limit=1000)
    assert whole["next"] is None
    beyond = auditor.get(f"/cases/{case}/history", after=whole["items"][-1]["seq"])
    assert beyond["items"] == []
    for wrong in ({"after": -1}, {"after": "x"}, {"limit": 0}):
        auditor.get(f"/cases/{case}/history", 422, **wrong)


def test_the_promised_kinds_appear(service: Service) -> None:
    certify(service, service.case(AWAITING))
    service.advance("P3Y2D")
    service.as_("secretary").complete(service.case(AWAITING), "confirm_removal", {"confirm": True})
    register(service, service.case(UNREGISTERED))
    seen: set[str] = set()
    for case in service.as_("auditor").every("/cases", limit=100):
        seen |= set(service.kinds(case["id"]))
    assert {
        *("case.started", "case.ended", "task.created", "task.completed", "task.reminded", "task.escalated"),
        *("timer.set", "timer.fired", "message.received", "service.called", "letter.queued", "vote.cast"),
        *("application.submitted", "application.registered", "application.not_considered", "application.withdrawn"),
        *("experts.appointed", "conclusion.submitted", "conclusions.approved", "meeting.scheduled", "decision.adopted"),
        *("order.registered", "certificate.issued", "depository.published", "depository.removed"),
    } <= seen


def test_replay_equals_what_the_case_was(service: Service) -> None:
    case = service.case(UNREGISTERED)
    auditor, secretary = service.as_("auditor"), service.as_("secretary")
    stood = []

    def note() -> None:
        stood.append((service.events(case)[-1]["seq"], auditor.get(f"/cases/{case}")))

    note()
    secretary.complete(case, "register_application", {"accepted": True, "copies": 3})
    note()
    secretary.complete(case, "technical_review", review())
    note()
    service.as_("chair").complete(case, "appoint_experts", {"experts": ["member05", "member06", "member07"]})
    note()
    service.as_("member05").complete(case, "expert_review", conclusion())
    note()
    for seq, then in stood:
        told = auditor.get(f"/cases/{case}/replay", seq=seq)
        assert {"at", "elements", "data", "open_tasks", "version"} <= set(told)
        assert told["data"] == then["data"]
        assert told["at"] == then["at"]
        assert told["version"] == then["version"]
        for element in told["elements"].values():
            assert element["state"] in {"waiting", "ready", "completed", "cancelled"}
            assert element["count"] >= 1
    last = auditor.get(f"/cases/{case}/replay", seq=stood[-1][0])
    assert sorted(task["element"] for task in last["open_tasks"]) == ["expert_review"] * 2
    assert last["elements"]["register_application"] == {"state": "completed", "count": 1}
    auditor.get(f"/cases/{case}/replay", 404, seq=stood[-1][0] + 1)
    auditor.get(f"/cases/{case}/replay", 422)
    auditor.get(f"/cases/{case}/replay", 422, seq="x")


def test_every_case_verifies(service: Service) -> None:
    certify(service, service.case(AWAITING))
    service.advance("P100D")
    auditor = service.as_("auditor")
    for case in auditor.every("/cases", limit=100):
        told = auditor.get(f"/cases/{case['id']}/verify")
        assert told["ok"] is True, (case["title"], told)
        assert told["chain"]["ok"] is True
        assert told["reexecution"] == {"ok": True, "first_difference": None}
        assert told["events"] == len(service.events(case["id"]))


def test_a_refused_act_is_a_fact_and_a_mistyped_field_is_none(service: Service) -> None:
    case = service.case(UNREGISTERED)
    secretary = service.as_("secretary")
    accepted = {"accepted": True, "copies": 3}

    def refused() -> list[Any]:
        return [event for event in service.events(case) if event["kind"] == "act.refused"]

    task = secretary.task(case, "register_application")["id"]
    secretary.errors(case, "register_application", {"accepted": "yes"})
    secretary.errors(case, "register_application", {})
    service.as_("applicant2").post(f"/tasks/{task}/complete", {"data": accepted}, 404)
    assert refused() == []
    service.as_("chair").post(f"/tasks/{task}/complete", {"data": accepted}, 403)
    assert len(refused()) == 1
    assert refused()[0]["actor"] == "chair"
    secretary.errors(case, "register_application", {"accepted": True, "copies": 2})
    assert len(refused()) == 2
    secretary.post(f"/tasks/{task}/complete", {"data": accepted})
    secretary.post(f"/tasks/{task}/complete", {"data": accepted}, 409)
    assert len(refused()) == 3
    service.as_("secretary").post(f"/cases/{case}/suspend", {"reason": "нельзя"}, 403)
    assert len(refused()) == 4
    assert service.as_("auditor").get(f"/cases/{case}/verify")["ok"]


def test_a_conflict_of_interest_is_a_fact(service: Service) -> None:
    case = service.case(UNAPPOINTED)
    service.as_("chair").complete(case, "appoint_experts", {"experts": ["member01", "member05", "member06"]}, 422)
    assert service.kinds(case)[-1] == "act.refused"


def test_letters_are_kept_and_read_by_those_concerned(service: Service) -> None:
    secretary, applicant = service.as_("secretary"), service.as_("applicant1")
    everything = secretary.every("/letters", limit=7)
    assert len({letter["id"] for letter in everything}) == len(everything) > 10
    for letter in everything:
        assert {"id", "case", "kind", "to", "subject", "body", "at", "delivery"} <= set(letter)
        assert letter["subject"]
        assert letter["body"]
    own = applicant.every("/letters", limit=50)
    assert own
    mine = {case["id"] for case in applicant.every("/cases", limit=100)}
    assert {letter["case"] for letter in own} <= mine
    other = next(iter({case["id"] for case in secretary.every("/cases", limit=100)} - mine))
    applicant.get("/letters", 404, case=other)
    case = service.case(UNREGISTERED)
    before = len(service.letters(case))
    secretary.complete(case, "register_application", {"accepted": True, "copies": 3})
    assert len(service.letters(case)) == before + 1
