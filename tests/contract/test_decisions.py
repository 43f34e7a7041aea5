import pytest

from tests.contract.client import Service
from tests.contract.stories import (
    AWAITING,
    DECIDED,
    convene,
    decide,
    open_meeting,
    order,
    record,
    votes,
)


def test_nothing_leaves_before_both_signatures_and_the_order(service: Service) -> None:
    case = service.case(AWAITING)
    meeting = open_meeting(service, case)
    record(service, meeting, votes("for"))
    assert service.stands_at(case) == ["await_council_decision"]
    secretary, chair = service.as_("secretary"), service.as_("chair")
    assert "confirm" in secretary.errors(meeting, "sign_protocol_secretary", {"confirm": False})
    chair.complete(meeting, "sign_protocol_secretary", {"confirm": True}, 403)
    secretary.complete(meeting, "sign_protocol_secretary", {"confirm": True})
    assert service.stands_at(case) == ["await_council_decision"]
    chair.complete(meeting, "sign_protocol_chair", {"confirm": True})
    assert service.stands_at(case) == ["await_ministry_order"]
    assert service.stands_at(meeting) == ["register_order"]
    order(service, meeting, **{case: True})
    assert service.stands_at(case) == ["sign_certificate"]
    assert service.shown(meeting)["end"] == "closed"


def test_who_signed_as_secretary_may_not_sign_as_chair(service: Service) -> None:
    meeting = open_meeting(service, service.case(AWAITING))
    record(service, meeting, votes("for"))
    for absent in ("secretary", "chair"):
        asked = {"absent": absent, "deputy": "deputy", "from": "2026-01-12", "until": "2026-01-13", "basis": "Приказ 1"}
        service.as_("admin").post("/substitutions", asked, 201)
    deputy = service.as_("deputy")
    deputy.complete(meeting, "sign_protocol_secretary", {"confirm": True})
    assert deputy.complete(meeting, "sign_protocol_chair", {"confirm": True}, 403)["type"] == "same_person"


def test_an_order_is_refused_by_field(service: Service) -> None:
    case = service.case(AWAITING)
    meeting = decide(service, case)
    good = {"number": "7", "signed_on": "2026-01-12", "approved": {case: True}}
    secretary = service.as_("secretary")
    for change, path in (
        ({"number": ""}, "number"),
        ({"number": 7}, "number"),
        ({"signed_on": "2026-01-13"}, "signed_on"),
        ({"signed_on": "2026-01-11"}, "signed_on"),
        ({"signed_on": "soon"}, "signed_on"),
        ({"approved": {"nothing": True}}, "approved.nothing"),
        ({"approved": {case: "true"}}, f"approved.{case}"),
        ({"approved": [case]}, "approved"),
        ({"surprise": 1}, "surprise"),
    ):
        assert path in secretary.errors(meeting, "register_order", {**good, **change}), change
    task = secretary.task(meeting, "register_order")["id"]
    for login, status in (("chair", 403), ("member05", 403), ("applicant1", 404)):
        service.as_(login).post(f"/tasks/{task}/complete", {"data": good}, status)
    secretary.complete(meeting, "register_order", good)


@pytest.mark.parametrize("approved", [{}, {"case": False}])
def test_a_case_without_the_order_waits_for_the_council_again(service: Service, approved: dict[str, bool]) -> None:
    case = service.case(DECIDED)
    (meeting,) = [
        each["id"]
        for each in service.as_("secretary").get("/cases", process="council_meeting", state="active")["items"]
        if each["at"] == ["register_order"]
    ]
    order(service, meeting, **({case: False} if approved else {}))
    assert service.stands_at(case) == ["await_council_decision"]
    assert "order.without_case" in service.kinds(case)
    assert service.shown(meeting)["end"] == "closed"
    convene(service, case)
    application = service.shown(case)["data"]["application"]
    owner = next(
        login
        for login in ("applicant1", "applicant2")
        if service.as_(login).ask("GET", f"/cases/{case}").status_code == 200
    )
    service.as_(owner).post(f"/applications/{application}/withdraw", {"reason": "поздно"}, 409)


def test_refusals_wait_for_the_order_too(service: Service) -> None:
    case = service.case(AWAITING)
    meeting = decide(service, case, "against")
    assert service.stands_at(case) == ["await_ministry_order"]
    order(service, meeting, **{case: True})
    assert service.stands_at(case) == ["send_refusal"]
    secretary = service.as_("secretary")
    assert "recommendations" in secretary.errors(case, "send_refusal", {"recommendations": []})
    assert "recommendations" in secretary.errors(case, "send_refusal", {})
    secretary.complete(case, "send_refusal", {"recommendations": ["Увеличить долю практики"]})
    assert service.shown(case)["end"] == "refused"
    assert any("Увеличить долю практики" in letter["body"] for letter in service.letters(case))
